"""Whether the index of words fits what stands in `search_text`, and how it is made anew."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select
from sqlalchemy.exc import DatabaseError

from tracker.search.declared import SEARCHED
from tracker.search.models import SearchText

TEXT = SearchText.__table__
ADVICE = "run: tracker reindex"


def faults(connection: Connection) -> Iterator[str]:
    """Rows of records that are not there, and an index that does not hold what the rows do.

    PostgreSQL makes its index out of the rows by itself.
    """
    lost = select(func.count()).select_from(TEXT).where(_lost())
    if count := connection.scalar(lost):
        yield f"search_text: {count} rows are of records that are not there; {ADVICE}"
    if connection.dialect.name == "sqlite":
        try:
            connection.exec_driver_sql(
                "INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)"
            )
        except DatabaseError:
            yield f"search_fts: the index of words does not hold what search_text does; {ADVICE}"


def rebuild(connection: Connection) -> None:
    """Take the rows of lost records away, and make the index of words anew, in this transaction."""
    connection.execute(delete(TEXT).where(_lost()))  # type: ignore[arg-type]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")


def _lost() -> ColumnElement[bool]:
    """Rows of which there is no record."""
    return or_(
        TEXT.c.kind.not_in([one.number for one in SEARCHED.values()]),
        *(
            and_(
                TEXT.c.kind == one.number,
                ~exists().where(one.model.__table__.c.id == TEXT.c.record_id),
            )
            for one in SEARCHED.values()
        ),
    )
