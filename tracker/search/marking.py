"""Where in a text as it is written stands what was asked for, and which part of it to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.search.asking import Asked, Hearing, Term
from tracker.search.folding import pieces, readings, sounds_of, spellings_of

BEFORE = 60
SHOWN = 180


@dataclass(frozen=True)
class Part:
    """A part of a text, and whether it was asked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    word: str
    heard: frozenset[str]


def marked(text: str, asked: Asked) -> list[Part]:
    """The text in parts."""
    return _parted(text, _spans(text, asked))


def snippet(texts: Sequence[str], asked: Asked) -> list[Part]:
    """The part of the first of some texts that holds something asked for; nothing if none does."""
    for text in texts:
        spans = _spans(text, asked)
        if spans:
            first = _beginning(text, spans[0][0])
            last = _ending(text, first + SHOWN)
            inside = [
                (start - first, min(end, last) - first) for start, end in spans if start < last
            ]
            parts = _parted(text[first:last], inside)
            return [*[Part("… ")] * (first > 0), *parts, *[Part(" …")] * (last < len(text))]
    return []


def missing(text: str, asked: Asked) -> Asked | None:
    """What is asked for and does not stand in a text; None where all of it does."""
    words = list(_words(text))
    terms = tuple(one for one in asked.terms if not any(_found(words, one, asked.hearing)))
    return replace(asked, terms=terms) if terms else None


def _spans(text: str, asked: Asked) -> list[tuple[int, int]]:
    words = list(_words(text))
    found = sorted(span for term in asked.terms for span in _found(words, term, asked.hearing))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _words(text: str) -> Iterator[_Word]:
    for start, end, piece in pieces(text):
        words = spellings_of(piece)
        read = [_Word(start, end, word, frozenset()) for word in readings(piece)]
        if read and len(words) == len(piece):
            yield from (
                _Word(start + i, start + i + 1, one, frozenset()) for i, one in enumerate(words)
            )
        else:
            yield from (_Word(start, end, word, sounds_of(piece).told) for word in words)
        yield from read


def _found(words: Sequence[_Word], term: Term, hearing: Hearing) -> Iterator[tuple[int, int]]:
    length = len(term.words)
    # Only single words have sounds.
    for first in range(len(words) - length + 1):
        run = words[first : first + length]
        if _is(run, term) or (run[0].heard.intersection(term.heard(hearing))):
            yield run[0].start, run[-1].end


def _is(run: Sequence[_Word], term: Term) -> bool:
    *before, last = term.words
    if [one.word for one in run[:-1]] != before:
        return False
    return run[-1].word == last or (term.open_end and run[-1].word.startswith(last))


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
