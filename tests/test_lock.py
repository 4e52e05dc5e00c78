"""The lock that `make run` installs from fits pyproject.toml and is safe to install from."""

from scripts.check_lock import findings, pins, unmet, unsafe

LOCK = """\
flask==3.1.3 \\
    --hash=sha256:00
    # via entente (pyproject.toml)
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""


def test_our_lock_is_sound() -> None:
    assert list(findings()) == []


def test_a_sound_lock_has_no_faults() -> None:
    assert list(unmet(["Flask>=3.1,<3.2", "colorama"], pins(LOCK), "x")) == []
    assert list(unsafe(LOCK, "x")) == []


def test_what_is_left_out_or_excluded_is_told() -> None:
    assert list(unmet(["Flask>=4", "pytz"], pins(LOCK), "x")) == [
        "x holds Flask 3.1.3: not >=4",
        "x lacks pytz",
    ]


def test_a_missing_hash_and_a_named_host_are_told() -> None:
    planted = "flask==3.1.3\n--index-url https://example.org/simple\n"

    assert [fault.partition(":")[0] for fault in unsafe(planted, "x")] == ["x", "x, line 2"]
