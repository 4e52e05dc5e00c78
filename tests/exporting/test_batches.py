"""The two ways to a file's cells, over objects and over rows, give the same for every record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exporting.generated import COUNT, record_all
from tracker.agreements.table import AGREEMENTS
from tracker.catalogue import TABLES
from tracker.clock import as_of
from tracker.columns import Codes, Identity, Items, Line, Table
from tracker.columns.batches import Batches, Listed
from tracker.meetings.item_pages import ACTION_ITEMS
from tracker.people.table import PEOPLE

DAY = date(2024, 2, 29)


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


@pytest.mark.parametrize("seed", [1, 2])
def test_generated_records_are_the_same_both_ways(db_session: Session, seed: int) -> None:
    record_all(db_session, seed)
    # What is derived from them is worked out before a commit.
    db_session.commit()
    as_of.set(DAY)

    for table in (*TABLES.values(), ACTION_ITEMS):
        ids = list(db_session.scalars(select(table.model.id).order_by(table.model.id.desc())))
        assert over_rows(db_session, table, ids) == over_objects(db_session, table, ids), table.name
        assert len(ids) >= COUNT / 2
    as_of.set(None)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_column_that_is_read_another_way_over_rows_is_found(db_session: Session) -> None:
    class Louder(Line):
        def format(self, value: Any) -> str:
            return str(value).upper()

    record_all(db_session, 1)
    loud = replace(PEOPLE, columns=(Identity(), Louder("name", "Name")))
    ids = list(db_session.scalars(select(loud.model.id)))

    assert over_rows(db_session, loud, ids) != over_objects(db_session, loud, ids)


def test_a_batch_asks_once_for_the_records_and_once_for_each_list(
    db_session: Session, query_counter: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    record_all(db_session, 1)
    reader, connection = Batches(AGREEMENTS), db_session.connection()

    counts = []
    for many in (1, COUNT):
        with query_counter() as statements:
            reader.read(connection, list(range(1, many + 1)))
        counts.append(len(statements))

    lists = [column for column in AGREEMENTS.columns if isinstance(column, Items | Codes)]
    assert counts == [1 + len(lists)] * 2


def test_the_rows_of_a_batch_are_found_by_indexes(db_session: Session) -> None:
    record_all(db_session, 1)
    connection = db_session.connection()
    explain, scan = "EXPLAIN QUERY PLAN ", "SCAN "
    if connection.dialect.name == "postgresql":
        explain, scan = "EXPLAIN ", "Seq Scan"
        # With so few rows it would read them all.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")

    for table in TABLES.values():
        reader = Batches(table)
        lists = [cells.query for cells in reader.columns if isinstance(cells, Listed)]
        for query in (reader.query, *lists):
            bound = query.params(batch="1,2")
            text = bound.compile(connection, compile_kwargs={"literal_binds": True})
            plan = [row[-1] for row in connection.exec_driver_sql(explain + str(text))]
            assert [line for line in plan if scan in line and "json_each" not in line] == []
