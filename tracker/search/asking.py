"""What somebody asks for: words, "phrases", -exclusions and beginnings*, read from one line.

Pure. No text is wrong: signs that mean nothing here are left out, and AND, NEAR( and the like are
words as others.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.search.folding import SILENT, Sounds, pieces, sounds_of, spellings, spellings_of

MOST_CHARACTERS = 500
MOST_TERMS = 16

_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟″＂", '"'))
_PART = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<typed>[^\s"]+))')
_NUMBER_WORDS = frozenset({"no", "nr", "num", "n"})


class Hearing(enum.Enum):
    """Whether a word may be there by its sound, and how far that may be from it."""

    NOT = 0
    NEAR = 1
    WIDELY = 2


@dataclass(frozen=True)
class Term:
    """Words that must stand beside each other; the last one may be the beginning of a word.

    ``sounds`` are those of a single word that is not quoted: a name may be written otherwise. The
    wide ones are for names of persons.
    """

    words: tuple[str, ...]
    open_end: bool = False
    sounds: Sounds = SILENT

    def heard(self, hearing: Hearing) -> Sequence[str]:
        """The sounds by which it may be there, too."""
        if hearing is Hearing.NOT:
            return ()
        return sorted(self.sounds.wide if hearing is Hearing.WIDELY else self.sounds.near)

    @property
    def held(self) -> str:
        """What a text of words holds where the term is in it, see `texts.joined`."""
        return f" {' '.join(self.words)}{'' if self.open_end else ' '}"


class Way(enum.StrEnum):
    """In what way something is there: as it was typed, by its sound, or as a word's beginning."""

    TYPED = "typed"
    SOUND = "sound"
    BEGINNING = "beginning"


@dataclass(frozen=True)
class Asked:
    """All of ``terms`` must be there, and none of ``without``.

    ``shortened``: more was typed than is sought. ``way`` is how it was found in the end.
    """

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()
    hearing: Hearing = Hearing.NOT
    shortened: bool = False
    way: Way = Way.TYPED

    def by_sound(self) -> Asked:
        """The same, with names in other spellings."""
        return replace(self, hearing=Hearing.NEAR, way=Way.SOUND)

    def open_ended(self) -> Asked:
        """The same, with the last word as the beginning of one, as while somebody is typing."""
        *others, last = self.terms
        return replace(self, terms=(*others, replace(last, open_end=True)), way=Way.BEGINNING)

    @property
    def has_sounds(self) -> bool:
        """Whether other spellings may find more."""
        return any(term.sounds.consonants for term in self.terms)


def read(text: str) -> Asked | None:
    """What a typed line asks for; None where it holds neither letters nor figures."""
    shortened = len(text) > MOST_CHARACTERS
    found = list(_terms(text[:MOST_CHARACTERS].replace("\0", " ").translate(_QUOTES)))
    terms = _without_number_words([term for excluded, term in found if not excluded])
    without = [term for excluded, term in found if excluded]
    if not terms:
        terms, without = without, []
    if not terms:
        return None
    unique = tuple(dict.fromkeys(terms))
    return Asked(
        unique[:MOST_TERMS],
        tuple(dict.fromkeys(without))[:MOST_TERMS],
        shortened=shortened or len(unique) > MOST_TERMS,
    )


def _terms(text: str) -> Iterator[tuple[bool, Term]]:
    for part in _PART.finditer(text):
        excluded = part["not"] is not None
        if part["phrase"] is not None:
            words = tuple(spellings(part["phrase"]))
            if words:
                yield excluded, Term(words)
        else:
            if term := _typed(part["typed"]):
                yield excluded, term


def _typed(typed: str) -> Term | None:
    """A word; one with hyphens, points or strokes in it is several beside each other."""
    written = [piece for _start, _end, piece in pieces(typed)]
    words = tuple(word for piece in written for word in spellings_of(piece))
    if len(words) > 1 and words[0] in _NUMBER_WORDS and words[1][0].isdigit():
        words = words[1:]
    if not words:
        return None
    open_end = typed.endswith("*")
    sounds = sounds_of(written[0]) if len(words) == 1 and not open_end else SILENT
    return Term(words, open_end, sounds)


def _without_number_words(terms: list[Term]) -> list[Term]:
    """In `No. 45678` the number counts, whatever stands before it where it is recorded."""
    kept = []
    for term, following in zip(terms, [*terms[1:], None], strict=False):
        numbered = following is not None and following.words[0][0].isdigit()
        if not (numbered and len(term.words) == 1 and term.words[0] in _NUMBER_WORDS):
            kept.append(term)
    return kept
