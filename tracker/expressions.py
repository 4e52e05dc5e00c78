"""Texts that each kind of database is to take in its own way, for its indexes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Index, String, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal


class _OfText(ColumnElement[str]):
    """Something that is made of a text; the text itself, where a database needs nothing else."""

    inherit_cache = True
    type = String()
    _traverse_internals = [("text", InternalTraversal.dp_clauseelement)]

    def __init__(self, text: ColumnElement[str]) -> None:
        self.text = text

    @property
    def _from_objects(self) -> list[Any]:
        return self.text._from_objects


class beginning(_OfText):
    """A text for an order: PostgreSQL's indexes take its first 300 characters and no more."""

    inherit_cache = True
    LENGTH = 300


class unindexed(_OfText):
    """A text for a condition, to which SQLite adds nothing so that it takes no index of the text.

    It holds each condition for one that hardly any row passes, where nobody has said ANALYZE.
    PostgreSQL knows how many pass, and takes the text as it is.
    """

    inherit_cache = True


class caseless(_OfText):
    """A text that is compared whatever its letters' case; SQLite knows that of A to Z alone.

    What it is compared with is in small letters, see `caseless_index`.
    """

    inherit_cache = True


@compiles(_OfText)
def _as_it_is(element: _OfText, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.text, **options))


@compiles(beginning, "postgresql")
def _first_characters(element: beginning, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.text, **options)}, 1, {beginning.LENGTH})"


@compiles(caseless, "sqlite")
def _without_case(element: caseless, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.text, **options)} COLLATE NOCASE"


@compiles(caseless, "postgresql")
def _in_small_letters(element: caseless, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.text, **options)})"


@compiles(unindexed, "sqlite")
def _with_nothing(element: unindexed, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.text, **options)} || '')"


def beginning_index(
    name: str, column: str, *further: str, before: str | None = None
) -> tuple[Index, Index]:
    """An index for an order by `beginning`; SQLite has no limit, and shows no expressions.

    Where a column stands ``before``, it is for the order among rows that hold the same there.
    """
    head = () if before is None else (before,)
    shortened = Index(name, *head, text(f"substr({column}, 1, {beginning.LENGTH})"), *further)
    return (
        Index(name, *head, column, *further).ddl_if(dialect="sqlite"),
        shortened.ddl_if(dialect="postgresql"),
    )


def caseless_index(name: str, column: str, *further: str) -> tuple[Index, Index]:
    """An index for what is `caseless`, of the rows that have such a text at all."""
    some = text(f"{column} IS NOT NULL")
    nocase = Index(name, text(f"{column} COLLATE NOCASE"), *further, sqlite_where=some)
    lower = Index(name, text(f"lower({column})"), *further, postgresql_where=some)
    return nocase.ddl_if(dialect="sqlite"), lower.ddl_if(dialect="postgresql")
