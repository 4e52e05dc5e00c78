"""The pure rules: rights of roles, e-mail addresses, passwords, networks."""

import pytest

from tracker.accounts.rules import (
    Role,
    browser_of,
    check_password,
    may,
    network_of,
    read_email,
    roles_with,
)
from tracker.text import Refusal
from tracker.web.links import local_target
from tracker.web.rights import Right

R = Right


@pytest.mark.parametrize(
    ("role", "public", "rights"),
    [
        (None, True, {R.OPEN, R.READ}),
        (None, False, {R.OPEN}),
        (Role.VIEWER, False, {R.OPEN, R.READ, R.ACCOUNT}),
        (Role.EDITOR, True, {R.OPEN, R.READ, R.ACCOUNT, R.EDIT}),
        (Role.ADMINISTRATOR, True, set(Right)),
    ],
)
def test_each_role_has_its_rights(role: Role | None, public: bool, rights: set[Right]) -> None:
    assert {right for right in Right if may(role, right, public=public)} == rights


def test_a_right_names_the_roles_that_have_it() -> None:
    assert roles_with(R.EDIT) == [Role.EDITOR, Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 201,
        "dilnoza@example.org",
        "DILNOZA@example.org",
        "password1234",
        "passwordpassword",
        "Administrator!",
        "administrator2026",
        "123456789012",
        "098765432109",
        "aaaaaaaaaaaa",
        "abababababab",
        "qwertyuiop123",
        "1q2w3e4r1q2w3e4r",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Refusal):
        check_password(password, "dilnoza@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "x yw" * 50,
        "رودخانه‌ای آرام در بهار",
        "Tr0ub4dor&3-and-more",
        "n" * 11 + "op3z",
    ],
)
def test_other_passwords_are_taken(password: str) -> None:
    check_password(password, "dilnoza@example.org")


@pytest.mark.parametrize(
    "text", ["", "x", "a@", "@b", "a b@c", "a@b@c", "a\n@b", "x" * 251 + "@b.c"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        read_email(text)


def test_an_address_is_folded() -> None:
    assert read_email(" Dilnoza.Karimova@Example.ORG ") == "dilnoza.karimova@example.org"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_guesser_is_known_by_the_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/x\\..\\evil",
        "/ /evil.example",
        "\t//evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/x\x00y",
        "/x\x85y",
    ],
)
def test_a_target_that_leads_away_becomes_the_start_page(target: str) -> None:
    assert local_target(target) == "/"


@pytest.mark.parametrize(
    "target", ["/", "/people", "/agreements?party=IR&on=2015-06-30", "/parties/IR#x", "/a//b"]
)
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert local_target(target) == target


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, name: str) -> None:
    assert browser_of(agent) == name
