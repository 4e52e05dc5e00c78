"""Which of some records fits best; the same on both databases, since neither is asked."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.search.asking import Asked
from tracker.search.texts import NAMES_END


@dataclass(frozen=True, order=True)
class Fit:
    """How far a record is from what was asked for; the smallest is the best.

    First how many terms are there by their sound only, then how many stand in no name of it, then
    how many more words the name has that holds them, then how far into it the first one stands.
    """

    by_sound: int
    beside_names: int
    more_words: int
    first_at: int


MANY = 1_000
# What is common is in the names of many, and nobody has looked which of them fits.
OF_MANY = Fit(0, 0, MANY, 0)


def fit(words: str, asked: Asked) -> Fit:
    """How well a record fits, by its words as `texts.joined` makes them."""
    names = words.partition(NAMES_END)[0] + " "
    elsewhere = [term.held in words for term in asked.terms if term.held not in names]
    by_sound, beside_names = elsewhere.count(False), elsewhere.count(True)
    more_words, first_at = min((_fit(name, asked) for name in names.split("|")), default=(MANY, 0))
    return Fit(by_sound, beside_names, more_words, first_at)


def _fit(name: str, asked: Asked) -> tuple[int, int]:
    """How many words a name has beside those asked for, and where the first of these stands.

    A term that is not in it counts for many.
    """
    places = [name.find(term.held) for term in asked.terms]
    held = sum(len(term.words) for term, at in zip(asked.terms, places, strict=True) if at >= 0)
    more = name.count(" ") - 1 - held + MANY * places.count(-1)
    return more, min((at for at in places if at >= 0), default=0)
