"""Records by many ids at once: one parameter, whatever their number.

A list of a thousand marks has SQLAlchemy write, and the database read, another statement each time,
which takes longer than to find the rows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BindParameter, Boolean, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import BigInteger, TypeEngine


class _Ids(TypeDecorator[Sequence[int]]):
    """Whole numbers: an array for PostgreSQL, JSON for SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger))
        return super().load_dialect_impl(dialect)

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        given = list(value or ())
        return given if dialect.name == "postgresql" else json.dumps(given)


class among(FunctionElement[bool]):
    """Whether a column holds one of the numbers that a statement is given as ``ids``."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: Any, name: str = "ids") -> None:
        ids: BindParameter[Any] = bindparam(name, type_=_Ids())
        super().__init__(column, ids)

    def self_group(self, against: Any = None) -> Any:
        """Itself: with the “= 1” that SQLite is given for a truth, it would not use an index."""
        return self


@compiles(among)
def _sqlite(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - parts of a statement


@compiles(among, "postgresql")
def _postgres(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} = ANY ({ids})"
