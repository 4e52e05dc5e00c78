"""Plain rows into tables of the database, and the ids that they are given beforehand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from tracker.importing.plain import Plain, Target

BLOCK = 1_000


def put(connection: Connection, target: Target, rows: Sequence[Plain]) -> None:
    """Insert plain rows. The schema's refusals come as the driver or SQLAlchemy names them."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, target, rows)
        return
    quoted = ", ".join(f'"{name}"' for name in target.columns)
    places = ", ".join("?" * len(target.columns))
    statement = f'INSERT INTO "{target.table.name}" ({quoted}) VALUES ({places})'  # noqa: S608
    connection.exec_driver_sql(statement, list(rows))


def _copy(connection: Connection, target: Target, rows: Sequence[Plain]) -> None:
    quoted = ", ".join(f'"{name}"' for name in target.columns)
    driver: Any = connection.connection.driver_connection
    statement = f'COPY "{target.table.name}" ({quoted}) FROM STDIN'
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def free_ids(session: Session, model: type[Any], highest: int) -> Iterator[int]:
    """Ids that no record of a table had, all of them above ``highest``.

    Nobody else is given one of them, nor any up to ``highest``: SQLite has one writer, and
    PostgreSQL's counter, which it does not turn back, is moved on beforehand.
    """
    if session.get_bind().dialect.name == "postgresql":
        if highest:
            align_ids(session, model, highest)
        return _from_counter(session, model)
    given = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name")
    last = session.scalar(given, {"name": model.__tablename__}) or 0
    return itertools.count(max(last, session.scalar(select(func.max(model.id))) or 0, highest) + 1)


def _from_counter(session: Session, model: type[Any]) -> Iterator[int]:
    query = text(
        "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
    )
    while True:
        yield from session.scalars(query, {"name": model.__tablename__, "count": BLOCK}).all()


def align_ids(session: Session, model: type[Any], highest: int | None = None) -> None:
    """PostgreSQL's counter does not see ids that a file brought along."""
    if session.get_bind().dialect.name != "postgresql":
        return
    name = model.__tablename__
    highest = highest or session.scalar(select(func.max(model.id)))
    if highest:
        session.execute(
            text(
                "SELECT setval(pg_get_serial_sequence(:name, 'id'), greatest(:highest,"
                " nextval(pg_get_serial_sequence(:name, 'id')) - 1))"
            ),
            {"name": name, "highest": highest},
        )
