"""What is asked for, as conditions on rows: by the index of words, and by the row itself.

Both say the same; which is quicker depends on how many rows there are. The index gives the rows of
a rare word at once. A common word is in the next rows anyway, wherever one looks.

They are texts: to put together a statement for nine kinds of record out of expressions, and to know
it again, takes longer than to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, bindparam, text

from tracker.search.asking import Asked, Hearing, Term
from tracker.search.models import VECTOR, SearchText

WORDS = f"{SearchText.__tablename__}.words"


class Given:
    """The values of a statement that is a text, and how it names them; each stands there once."""

    def __init__(self, dialect: str, mark: str | None = None) -> None:
        self.dialect = dialect
        self.mark = mark or {"sqlite": ":{}", "postgresql": "%({})s"}[dialect]
        self._names: dict[str, str] = {}

    def __call__(self, value: str) -> str:
        """What stands for a value in the statement."""
        return self.mark.format(self._names.setdefault(value, f"sought_{len(self._names)}"))

    @property
    def values(self) -> dict[str, str]:
        """The values by their names, as the driver takes them."""
        return {name: value for value, name in self._names.items()}


def as_clause(dialect: str, make: Callable[[Given], str]) -> ColumnElement[bool]:
    """A condition for a statement that is put together out of expressions."""
    given = Given(dialect, ":{}")
    made = text(make(given))
    values = given.values.items()
    return made.bindparams(  # type: ignore[return-value]
        *(bindparam(name, value, unique=True) for name, value in values)
    )


def in_row(asked: Asked, words: str, given: Given) -> str:
    """All that is asked for, looked for in the words of a row."""
    there = (_term_in_row(term, words, asked.hearing, given) for term in asked.terms)
    gone = (f"NOT {_holds(words, term, given)}" for term in asked.without)
    return " AND ".join((*there, *gone))


def _term_in_row(term: Term, words: str, hearing: Hearing, given: Given) -> str:
    sounds = [_found(words, f" {sound} ", given) for sound in term.heard(hearing)]
    held = _holds(words, term, given)
    return f"({' OR '.join((held, *sounds))})" if sounds else held


def beside_index(asked: Asked, words: str, given: Given) -> str:
    """What the index does not know, that words stand beside each other; empty if nothing is."""
    there = (_holds(words, term, given) for term in asked.terms if len(term.words) > 1)
    gone = (f"NOT {_holds(words, term, given)}" for term in asked.without if len(term.words) > 1)
    return " AND ".join((*there, *gone))


def _holds(words: str, term: Term, given: Given) -> str:
    return _found(words, term.held, given)


def _found(words: str, part: str, given: Given) -> str:
    """Whether a text holds another one, letter by letter."""
    place = "instr" if given.dialect == "sqlite" else "strpos"
    return f"{place}({words}, {given(part)}) > 0"


def by_index(asked: Asked, given: Given) -> str:
    """The single words that are asked for, looked for in the index.

    On SQLite that is the table `search_fts`, which has to be joined by its rowid.
    """
    if given.dialect == "sqlite":
        return f"search_fts MATCH {given(_fts5(asked))}"
    return f"{VECTOR.replace('words', WORDS)} @@ CAST({given(_tsquery(asked))} AS tsquery)"


def _fts5(asked: Asked) -> str:
    """In the words of FTS5; they are letters and figures only, so none of them is an operator."""
    parts = list(_wanted(asked, '"{}"', '"{}" *', " OR "))
    without = [f'"{term.words[0]}"' + " *" * term.open_end for term in _excluded(asked)]
    sought = " AND ".join(parts)
    return f"({sought}) NOT ({' OR '.join(without)})" if without else sought


def _tsquery(asked: Asked) -> str:
    parts = list(_wanted(asked, "'{}'", "'{}':*", " | "))
    without = [f"!'{term.words[0]}'" + ":*" * term.open_end for term in _excluded(asked)]
    return " & ".join([*parts, *without])


def _wanted(asked: Asked, whole: str, open_end: str, either: str) -> Iterator[str]:
    for term in asked.terms:
        *words, last = term.words
        yield from map(whole.format, words)
        one = (open_end if term.open_end else whole).format(last)
        sounds = [whole.format(sound) for sound in term.heard(asked.hearing)]
        yield f"({either.join([one, *sounds])})" if sounds else one


def _excluded(asked: Asked) -> list[Term]:
    return [term for term in asked.without if len(term.words) == 1]
