"""The two ways to a file's cells, over objects and over rows, give the same for every record."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.catalogue import TABLES
from tracker.columns import Table
from tracker.columns.batches import Batches


def over_objects(session: Session, table: Table, ids: list[int]) -> tuple[list[Any], list[Any]]:
    """Texts and JSON values as `cells` and `plain` say of each record."""
    query = select(table.model).options(*table.load).where(table.model.id.in_(ids))
    records = {record.id: record for record in session.scalars(query).unique()}
    found = [records[number] for number in ids]
    plain = [list(table.plain(record).values()) for record in found]
    return [table.cells(record) for record in found], plain


def over_rows(session: Session, table: Table, ids: list[int]) -> tuple[list[Any], list[Any]]:
    """The same from rows, with numbers as their texts and nothing as an empty text."""
    connection = session.connection()
    texts = zip(*Batches(table).read(connection, ids), strict=True)
    plain = zip(*Batches(table, plain=True).read(connection, ids), strict=True)
    cells = [["" if text is None else str(text) for text in row] for row in texts]
    return cells, [list(row) for row in plain]


@pytest.mark.parametrize("name", TABLES)
def test_the_seeds_are_the_same_both_ways(seeded: Session, name: str) -> None:
    table = TABLES[name]
    ids = list(seeded.scalars(select(table.model.id).order_by(table.model.id.desc())))

    assert over_rows(seeded, table, ids) == over_objects(seeded, table, ids)
    assert ids
