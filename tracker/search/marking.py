"""Where in a text as it is written stands what was asked for, and which part of it to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from tracker.search.asking import Asked, Hearing, Term
from tracker.search.folding import pieces, readings, sounds_of, spellings_of

BEFORE = 60
SHOWN = 180


class Part(NamedTuple):
    """A part of a text, and whether it was asked for."""

    text: str
    marked: bool = False


class _Words(NamedTuple):
    """The words of a text in order, where each of them stands in it, and how it may sound."""

    words: list[str]
    spans: list[tuple[int, int]]
    heard: list[frozenset[str]]


class Marker:
    """Finds in texts what is asked for."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._terms = [_Sought(term, asked.hearing) for term in asked.terms]

    def marked(self, text: str) -> list[Part]:
        """The text in parts."""
        return _parted(text, self._spans(_line(text)))

    def snippet(self, texts: Iterable[str]) -> list[Part]:
        """The part of the first of some texts that holds something; nothing if none does."""
        for text in texts:
            spans = self._spans(_words(text))
            if spans:
                first = _beginning(text, spans[0][0])
                last = _ending(text, first + SHOWN)
                inside = [
                    (start - first, min(end, last) - first) for start, end in spans if start < last
                ]
                parts = _parted(text[first:last], inside)
                return [*[Part("… ")] * (first > 0), *parts, *[Part(" …")] * (last < len(text))]
        return []

    def missing(self, texts: Sequence[str]) -> Marker | None:
        """Finds what does not stand in texts beside each other; None where all of it does."""
        lines = [_line(text) for text in texts]
        words = _Words(*map(list, map(chain.from_iterable, zip(*lines, strict=True))))
        terms = tuple(one.term for one in self._terms if not any(one.spans(words)))
        return Marker(replace(self.asked, terms=terms)) if terms else None

    def _spans(self, words: _Words) -> list[tuple[int, int]]:
        apart: list[tuple[int, int]] = []
        for start, end in sorted(span for term in self._terms for span in term.spans(words)):
            if apart and start < apart[-1][1]:
                apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
            else:
                apart.append((start, end))
        return apart


class _Sought:
    """A term, made ready to be found in many texts."""

    def __init__(self, term: Term, hearing: Hearing) -> None:
        self.term = term
        self.sounds = frozenset(term.heard(hearing))
        *self.before, self.last = term.words

    def spans(self, words: _Words) -> Iterator[tuple[int, int]]:
        """Where it stands."""
        written, spans, heard = words
        last, open_end, sounds = self.last, self.term.open_end, self.sounds
        if not open_end and not sounds and last not in written:
            return
        length = len(self.before)
        for place, word in enumerate(written[length:], length):
            is_last = word == last or (open_end and word.startswith(last))
            if is_last and written[place - length : place] == self.before:
                yield spans[place - length][0], spans[place][1]
            # Only single words have sounds.
            elif sounds and not sounds.isdisjoint(heard[place]):
                yield spans[place]


def _words(text: str) -> _Words:
    found = _Words([], [], [])
    for start, _end, piece in pieces(text):
        for first, last, word, heard in _words_of(piece):
            found.words.append(word)
            found.spans.append((start + first, start + last))
            found.heard.append(heard)
    return found


# The lines of one page are asked several times, and the names of parties stand in many.
_line = lru_cache(maxsize=500)(_words)


@lru_cache(maxsize=20_000)
def _words_of(piece: str) -> Sequence[tuple[int, int, str, frozenset[str]]]:
    """The words that a written piece is, with where each begins and ends in it."""
    end = len(piece)
    words = spellings_of(piece)
    read = [(0, end, word, frozenset[str]()) for word in readings(piece)]
    if read and len(words) == end:
        return (*((i, i + 1, one, frozenset[str]()) for i, one in enumerate(words)), *read)
    return (*((0, end, word, sounds_of(piece).told) for word in words), *read)


def _parted(text: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    parts, at = [], 0
    for start, end in spans:
        parts += [Part(text[at:start]), Part(text[start:end], True)]
        at = end
    return [part for part in (*parts, Part(text[at:])) if part.text]


def _beginning(text: str, mark: int) -> int:
    """Some words before the first mark."""
    if mark <= BEFORE:
        return 0
    return text.find(" ", mark - BEFORE, mark) + 1 or mark


def _ending(text: str, last: int) -> int:
    if last >= len(text):
        return len(text)
    blank = text.rfind(" ", last - BEFORE, last)
    return blank if blank > 0 else last
