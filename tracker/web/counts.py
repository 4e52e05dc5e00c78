"""How many records a list has, and how they are spread; both bounded in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from tracker.columns import Reading
from tracker.web.keyset import Walk, numbers, walked
from tracker.web.pages import MakeFacets
from tracker.web.speaking import language
from tracker.web.walking import count_to

COUNTED = 10_000


@dataclass(frozen=True)
class Count:
    """A number of records; with ``more``, there are more of them than that."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return number_text(self.number)


@dataclass(frozen=True)
class ShareShown:
    """One value of a facet: how many records have it, and the list of these."""

    word: str
    count: str
    url: str


@dataclass(frozen=True)
class FacetShown:
    """One facet, as a page shows it."""

    label: str
    shares: Sequence[ShareShown]


def number_text(number: int) -> str:
    """A number as the page's language writes it."""
    return _number_text(language(), number)


@lru_cache(maxsize=8_192)
def _number_text(language: str, number: int) -> str:
    return format_decimal(number, locale=language)


def count_walk(session: Session, walk: Walk) -> Count:
    """How many rows a list has; beyond 10,000 it is not worth the time to count them all."""
    found = count_to(session, walk, COUNTED + 1)
    return Count(min(found, COUNTED), found > COUNTED)


def spread(
    facets: MakeFacets,
    walk: Walk,
    count: Count,
    wanted: Mapping[str, str],
    reading: Reading,
    url: Callable[[Mapping[str, str]], str],
) -> list[FacetShown]:
    """The facets of all records, or of the first 10,000 in the list's order."""
    if count.more:
        first = walked(walk, size=COUNTED).subquery()
        some = first.select().with_only_columns(first.c.number)
    else:
        some = numbers(walk, COUNTED)
    return [
        FacetShown(
            str(facet.label),
            [ShareShown(s.word, number_text(s.count), url(s.filters)) for s in facet.shares],
        )
        for facet in facets(some, wanted, reading)
    ]
