"""Who may do what, what a password must be, and how long a guess has to wait."""

from __future__ import annotations

import enum
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.text import N_, Refusal
from tracker.web.rights import Right

EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3: a path of 256 characters less its brackets
PASSWORD_LEAST, PASSWORD_MOST = 12, 200
SESSION_LASTS = timedelta(days=14)
# Between the password and the code of the second factor.
HALF_SIGNED_IN_LASTS = timedelta(minutes=10)
LINK_LASTS = timedelta(hours=24)
# Who has just come by a link need not know the password; a browser left open is no proof for long.
LINK_PROVES = timedelta(hours=1)


class Role(enum.StrEnum):
    """What somebody is trusted with; each may do what the one before may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


_READER = frozenset({Right.OPEN, Right.READ})
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: _READER | {Right.ACCOUNT},
    Role.EDITOR: _READER | {Right.ACCOUNT, Right.EDIT},
    Role.ADMINISTRATOR: frozenset(Right),
}


def may(role: Role | None, right: Right, *, public: bool) -> bool:
    """Whether a role has a right; None is somebody who is not signed in.

    ``public`` says whether anybody may read.
    """
    if role is None:
        return right is Right.OPEN or (public and right is Right.READ)
    return right in RIGHTS[role]


def roles_with(right: Right) -> list[Role]:
    """The roles that have a right."""
    return [role for role in Role if right in RIGHTS[role]]


def read_email(text: str) -> str:
    """An e-mail address, case-folded; raises Refusal for what cannot be one.

    Only its form is looked at: one @ with something on both sides, and no blanks.
    """
    email = text.strip().casefold()
    if not re.fullmatch(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+", email):
        raise Refusal(N_("This is no e-mail address. Write one such as name@example.org."))
    if len(email) > EMAIL_LENGTH:
        raise Refusal(N_("An e-mail address has at most %(most)s characters."), most=EMAIL_LENGTH)
    return email


# The beginnings of the most usual passwords; written once, twice, or with figures after them they
# reach the length and are guessed first.
_WEAK_WORDS = """
password passw0rd administrator admin welcome letmein qwerty qwertyuiop qwertyuiopasdfgh asdfghjkl
zxcvbnm iloveyou changeme secret default login entente trustno1 football baseball princess
sunshine superman batman dragon monkey master shadow whatever freedom computer internet 1q2w3e4r
1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 qazwsx qazwsxedc abc abcd abcdef abcdefgh abcdefghijkl
correcthorsebatterystaple
"""
_WEAK = frozenset(_WEAK_WORDS.split())


def check_password(password: str, email: str) -> None:
    """Raise Refusal for a password that is too short, too long, or guessed first."""
    if len(password) < PASSWORD_LEAST:
        raise Refusal(N_("A password has at least %(least)s characters."), least=PASSWORD_LEAST)
    if len(password) > PASSWORD_MOST:
        raise Refusal(N_("A password has at most %(most)s characters."), most=PASSWORD_MOST)
    plain = password.casefold().strip()
    if plain in (email, email.partition("@")[0]):
        raise Refusal(N_("This is your e-mail address. Choose something that others do not know."))
    if _is_weak(plain):
        raise Refusal(
            N_("This is one of the passwords that are guessed first. Choose another one.")
        )


def _is_weak(plain: str) -> bool:
    word = re.sub(r"[\d\W_]+$", "", plain)
    return (
        any(_repeats(text) in _WEAK or text in _WEAK for text in (plain, word))
        or len(set(plain)) <= 3
        or plain in "01234567890123456789012345678901234567890"
        or plain in "98765432109876543210987654321098765432109"
    )


def _repeats(text: str) -> str:
    """What is written several times over, once: passwordpassword is password."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


# Guesses are counted over this time.
WINDOW = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=4)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Bound:
    """So many guesses in the window are free; after each further one the wait doubles."""

    free: int


OF_PAIR = Bound(5)  # one account from one network
OF_ACCOUNT = Bound(30)  # one account from everywhere
OF_NETWORK = Bound(50)  # all accounts from one network


def wait_left(count: int, latest: datetime | None, bound: Bound, now: datetime) -> timedelta:
    """How long the next guess has to wait after ``count`` in the window, the last at ``latest``.

    It never grows beyond LONGEST_WAIT, so that nobody is locked out for good.
    """
    if count < bound.free or latest is None:
        return timedelta(0)
    doublings = min(count - bound.free, 12)
    wait = min(FIRST_WAIT * int(2**doublings), LONGEST_WAIT)
    return max(latest + wait - now, timedelta(0))


def longest(waits: Iterable[timedelta]) -> timedelta:
    """The longest of several waits."""
    return max(waits, default=timedelta(0))


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


# The first one that is named counts: others name themselves after Chrome and Safari.
_BROWSERS = (
    ("Firefox", "Firefox/"),
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Chrome", "Chrome/"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """What a person calls the browser that names itself so, and its system; else its own words."""
    named = [
        next((name for name, mark in known if mark in agent), None)
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, named)) or agent[:80]
