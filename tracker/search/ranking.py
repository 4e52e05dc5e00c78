"""Which of some records fits best; the same on both databases, since neither is asked."""

from __future__ import annotations

from typing import NamedTuple

from tracker.search.asking import Asked
from tracker.search.texts import NAMES_END


class Fit(NamedTuple):
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


class Scale:
    """Tells of many records how well they fit what is asked for."""

    def __init__(self, asked: Asked) -> None:
        self._terms = [(term.held, len(term.words)) for term in asked.terms]

    def fit(self, words: str) -> Fit:
        """How well a record fits, by its words as `texts.joined` makes them."""
        names = words.partition(NAMES_END)[0] + " "
        if len(self._terms) == 1:
            # Most look for one word, and most records have one name.
            (held, length), at = self._terms[0], names.find(self._terms[0][0])
            if at >= 0 and "|" not in names:
                return Fit(0, 0, names.count(" ") - 1 - length, at)
        by_sound = beside_names = 0
        for held, _length in self._terms:
            if held not in names:
                if held in words:
                    beside_names += 1
                else:
                    by_sound += 1
        return Fit(by_sound, beside_names, *min(map(self._of_name, names.split("|"))))

    def _of_name(self, name: str) -> tuple[int, int]:
        """How many words a name has beside those asked for, and where the first of these stands.

        A term that is not in it counts for many.
        """
        more, places = name.count(" ") - 1, []
        for held, length in self._terms:
            at = name.find(held)
            if at < 0:
                more += MANY
            else:
                more -= length
                places.append(at)
        return more, min(places, default=0)
