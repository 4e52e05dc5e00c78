"""What a process that serves reads and keeps."""

import gc
import subprocess
import sys

import pytest

from tracker.memory import share_arena, uncollected

LATER = ("xlsxwriter", "holidays", "icalendar")


def test_the_collector_works_again_afterwards() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_also_after_an_error_and_where_it_stood_still_before() -> None:
    with pytest.raises(ValueError, match="wrong"), uncollected():
        raise ValueError("wrong")
    assert gc.isenabled()

    with uncollected(), uncollected():
        pass
    assert gc.isenabled()


def test_where_there_is_one_place_for_all_threads_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    share_arena()
    # As on systems whose library has no such function, and where Python has no ctypes.
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    share_arena()
    monkeypatch.setitem(sys.modules, "ctypes", None)
    share_arena()


def test_what_the_first_page_does_not_need_is_read_later() -> None:
    said = f"import sys, tracker.serving; print(*(set({LATER}) & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, timeout=60, check=True
    )

    assert found.stdout.split() == []
