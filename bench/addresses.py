"""The pages that are measured: for each, addresses of the program and of the limit, in pairs.

Several of each kind, so that no answer is simply the last one again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

from bench.dataset import TODAY
from bench.visitor import Visitor

Pair = tuple[str, str]
LIST, RECORD = 5.0, 3.5


@dataclass(frozen=True)
class Page:
    """A row of the table; ``most`` is its goal, as a multiple of the limit.

    Where it is ``changed``, something is recorded before each time that it is asked for.
    """

    key: str
    what: str
    most: float
    pairs: Callable[[int, int], Sequence[Pair]]
    changed: bool = False


def _fixed(ours: str, theirs: str) -> Callable[[int, int], Sequence[Pair]]:
    return lambda _n, _first: [(ours, theirs)]


def _filtered(_n: int, _first: int) -> Iterator[Pair]:
    for party in ("FR", "JP", "UZ", "NO", "KE"):
        for begin in (1970, 1990, 2005):
            asked = f"party={party}&status=in-force&signed_from={begin}&signed_to={begin + 15}"
            limits = f"party={party}&status=in-force&from={begin}-01-01&to={begin + 15}-12-31"
            yield f"/agreements?{asked}", f"/party?{limits}"


def _words(words: Sequence[str], path: str, kind: str) -> Callable[[int, int], Sequence[Pair]]:
    return lambda _n, _first: [(f"{path}?q={quote(w)}", f"/{kind}?q={quote(w)}") for w in words]


def _records(n: int, first: int) -> Iterator[Pair]:
    for place in range(40):
        number = 1 + place * 7919 % n
        yield f"/agreements/{first + number}", f"/agreement?number={number}"


def _relations(_n: int, _first: int) -> Iterator[Pair]:
    for a, b in (("DE", "FR"), ("CN", "RU"), ("IT", "TR"), ("EG", "NO"), ("KZ", "UZ")):
        yield f"/relations/{a}-{b}", f"/relation?a={a}&b={b}"


SOON = f"from={TODAY}"
RARE, COMMON = ("desalination", "glaciology", "seismology"), ("cooperation", "between", "field")

PAGES = (
    Page("first", "first list", LIST, _fixed("/agreements", "/newest")),
    Page("oldest", "by date, oldest first", LIST, _fixed("/agreements?sort=oldest", "/oldest")),
    Page("filtered", "party + status + years", LIST, lambda n, first: [*_filtered(n, first)]),
    Page("last", "last page", LIST, _fixed("/agreements", "/last")),
    Page("rare", "rare word, in the list", LIST, _words(RARE, "/agreements", "rare")),
    Page("common", "common word, in the list", LIST, _words(COMMON, "/agreements", "common")),
    Page("search-rare", "rare word, over all", LIST, _words(RARE, "/search", "rare")),
    Page("search-common", "common word, over all", LIST, _words(COMMON, "/search", "common")),
    Page("record", "one agreement", RECORD, lambda n, first: [*_records(n, first)]),
    Page("coming", "coming meetings", RECORD, _fixed(f"/meetings?{SOON}", f"/coming?{SOON}")),
    Page("relation", "relation of two parties", RECORD, lambda n, first: [*_relations(n, first)]),
    Page("home", "home page", RECORD, _fixed("/", "/home")),
    Page("home-changed", "home page, after a change", RECORD, _fixed("/", "/home"), changed=True),
)  # fmt: skip


def last_page(visitor: Visitor, path: str) -> str | None:
    """The address of a list's last page, as the list itself links to it."""
    page = visitor.get(path).body.decode()
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>\s*Last\s*</a>', page)
    return unescape(links[0]) if links else None
