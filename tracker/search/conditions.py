"""What is asked for, as conditions on rows: by the index of words, and by the row itself.

Both say the same; which is quicker depends on how many rows there are. The index gives the rows of
a rare word at once. A common word is in the next rows anyway, wherever one looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, cast, literal_column, not_, or_, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement, bindparam

from tracker.search.asking import Asked, Hearing, Term
from tracker.search.models import VECTOR, SearchText


class holds(FunctionElement[bool]):
    """Whether a text holds another one, letter by letter."""

    type = Boolean()
    inherit_cache = True
    name = "holds"


@compiles(holds, "sqlite")
def _holds_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)}) > 0"


@compiles(holds, "postgresql")
def _holds_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)}) > 0"


def in_row(asked: Asked, words: ColumnElement[str]) -> ColumnElement[bool]:
    """All that is asked for, looked for in the words of a row."""
    there = [_term_in_row(term, words, asked.hearing) for term in asked.terms]
    return and_(*there, *(not_(holds(words, term.held)) for term in asked.without))


def _term_in_row(term: Term, words: ColumnElement[str], hearing: Hearing) -> ColumnElement[bool]:
    sounds = (holds(words, f" {sound} ") for sound in term.heard(hearing))
    return or_(holds(words, term.held), *sounds)


def beside_index(asked: Asked, words: ColumnElement[str]) -> ColumnElement[bool] | None:
    """What the index does not know, that words stand beside each other; None if nothing is."""
    there = [holds(words, term.held) for term in asked.terms if len(term.words) > 1]
    gone = [not_(holds(words, term.held)) for term in asked.without if len(term.words) > 1]
    return and_(*there, *gone) if there or gone else None


def by_index(asked: Asked, dialect: str) -> ColumnElement[bool]:
    """The single words that are asked for, looked for in the index."""
    if dialect == "sqlite":
        # On the table `search_fts`, which has to be joined by its rowid.
        return text("search_fts MATCH :sought").bindparams(  # type: ignore[return-value]
            bindparam("sought", _fts5(asked), unique=True)
        )
    vector: ColumnElement[Any] = literal_column(VECTOR.replace("words", "search_text.words"))
    return vector.op("@@", is_comparison=True)(cast(bindparam(None, _tsquery(asked)), TSQUERY))


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


WORDS = SearchText.__table__.c.words
