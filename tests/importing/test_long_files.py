"""Files of any length: written in bulk as they would be record by record, and in little memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from tests.databases import Databases, migrated
from tests.importing.generated import agreements, people
from tracker.agreements.table import AGREEMENTS
from tracker.agreements.topics import Topic
from tracker.authorship import AUTHOR, Author, Way
from tracker.columns import Reading, Table
from tracker.db import make_engine
from tracker.derived import DERIVATIONS
from tracker.importing import Importer, Progress, Report, silent
from tracker.importing.rows import CHECKING
from tracker.integrity import problems
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.people.table import PEOPLE
from tracker.schema import Base
from tracker.sources.table import SOURCES
from tracker.tabular import SheetFile, read_sheet, write_rows

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
Take = Callable[[Table, bytes], Report]
LEFT_OUT = {"change", "change_entry", "change_context", "installation"}


def take(
    engine: Engine, table: Table, content: bytes | SheetFile, progress: Progress = silent
) -> Report:
    """Import with a session that only reads for the checking, as the command and the page do."""
    with (
        Session(engine.execution_options(writing=True)) as session,
        Session(engine) as looking,
        time_machine.travel(NOON, tick=False),
    ):
        session.info[AUTHOR] = Author("somebody", Way.COMMAND)
        checking = Reading(looking, TODAY, bulk=True)
        at_hand = Reading(session, TODAY, bulk=True)
        importer = Importer(table, at_hand, checking=checking, progress=progress)
        report = importer.run(read_sheet(content) if isinstance(content, bytes) else content)
        if report.errors_total:
            session.rollback()
        else:
            session.commit()
    return report


def one_by_one(table: Table) -> Table:
    """The same table, of which the import thinks that its rows bear upon each other."""
    return replace(table, apart=False)


def contents(engine: Engine) -> dict[str, Any]:
    """All rows of all tables, and what the history says of each, whatever the order."""
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in LEFT_OUT and table.info.get("history", True):
                rows = connection.execute(select(table)).all()
                found[table.name] = sorted(map(repr, map(tuple, rows)))
        query = text(
            "SELECT record, record_id, also, also_id, table_name, row_key, operation,"
            ' CAST("before" AS text), CAST("after" AS text), author, way FROM change'
            " JOIN change_entry ON change_entry.id = entry_id WHERE author = 'somebody'"
        )
        found["change"] = sorted(map(repr, map(tuple, connection.execute(query))))
        # Among them: triggers in their places, derived rows as they should be, a whole history.
        assert problems(Session(connection)) == []
    return found


def lay_ground(engine: Engine) -> None:
    with Session(engine) as session:
        for code in ("IR", "UZ", "TJ", "KZ"):
            session.add(Party(code=code, name=f"Party {code}", kind="state"))
        for code in ("T1", "T2", "T3", "T4"):
            session.add(Topic(code=code, name=f"Topic {code}"))
        with time_machine.travel(NOON, tick=False):
            session.commit()


def file_of_agreements(count: int) -> bytes:
    return agreements(count, ["IR", "UZ", "TJ", "KZ"], ["T1", "T2", "T3", "T4"])


def without_ids(content: bytes) -> bytes:
    """The same rows without ids, and so without relations to each other."""
    sheet = read_sheet(content)
    relations = sheet.header.index("relations")
    rows = [list(row.cells) for row in sheet.rows]
    for row in rows:
        row[0] = row[relations] = ""
    return b"".join(write_rows(sheet.header, rows))


def changed(content: bytes) -> bytes:
    """Half of the rows with another title, the others as they were, and some new ones."""
    sheet = read_sheet(content)
    rows = [list(row.cells) for row in sheet.rows]
    more = [["", *row[1:]] for row in rows[:40]]
    for row in rows[::2]:
        row[1] += " (amended)"
    return b"".join(write_rows(sheet.header, [*rows, *more]))


def sources() -> bytes:
    names = ("id", "title", "kind", "published_on", "link", "language")
    rows = (
        (str(n), f"Source {n}", "press", "2020-05", f"https://example.org/{n}", "fa")
        for n in range(7, 30)
    )
    cells = [dict(zip(names, row, strict=True)) for row in rows]
    made = [[row.get(name, "") for name in SOURCES.header] for row in cells]
    return b"".join(write_rows(SOURCES.header, made))


FILES: dict[str, Callable[[], list[tuple[Table, bytes]]]] = {
    "with ids": lambda: [(AGREEMENTS, file_of_agreements(700)), (SOURCES, sources())],
    "without ids": lambda: [(AGREEMENTS, without_ids(file_of_agreements(600)))],
    "twice": lambda: [
        (AGREEMENTS, file_of_agreements(600)),
        (AGREEMENTS, changed(file_of_agreements(600))),
    ],
}


def told(report: Report) -> dict[str, Any]:
    rows = [
        (r.number, r.label, r.verdict, r.changes, list(map(str, r.warnings))) for r in report.rows
    ]
    return {"totals": report.totals, "rows": rows, "errors": list(map(str, report.errors))}


def indexes(engine: Engine) -> list[str]:
    """What makes each index."""
    query = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()"
        if engine.dialect.name == "postgresql"
        else "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    )
    with engine.connect() as connection:
        return sorted(connection.scalars(text(query)))


def taken(url: str, files: str, way: Callable[[Table], Table]) -> tuple[Any, dict[str, Any]]:
    """What the reports say, and what is in the database then."""
    engine = make_engine(url)
    lay_ground(engine)
    reports = [told(take(engine, way(PEOPLE), people()))]
    reports += [told(take(engine, way(table), content)) for table, content in FILES[files]()]
    found = contents(engine)
    found["indexes"] = indexes(engine)
    engine.dispose()
    return reports, found


@pytest.mark.parametrize("files", list(FILES))
def test_in_bulk_and_one_by_one_everything_is_the_same(
    files: str, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows, versions, moments, keys of names, history, report, and indexes."""
    monkeypatch.setattr("tracker.indexes.LEAST", 100)
    monkeypatch.setattr("tracker.derived.working_out.BATCH", 100)
    found = []
    for way in (lambda table: table, one_by_one):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        with databases.fresh(migrated, folder) as url:
            found.append(taken(url, files, way))

    (reports, rows), (reports_one_by_one, rows_one_by_one) = found
    assert reports == reports_one_by_one
    for name, wanted in rows_one_by_one.items():
        assert rows[name] == wanted, name
    assert len(rows["change"]) > 5_000


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_follows_from_new_rows_is_worked_out_without_reading_whole_tables(
    engine: Engine,
) -> None:
    """SQLite last looked at its tables when they were small, and would read them for each batch."""
    lay_ground(engine)
    take(engine, PEOPLE, people())
    take(engine, AGREEMENTS, file_of_agreements(20))
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    take(engine, AGREEMENTS, file_of_agreements(1_100))

    plans = [plan for plan in _plans(engine, list(range(1, 51))) if "SCAN" in plan]
    assert [plan for plan in plans if "VIRTUAL TABLE" not in plan] == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_new_rows_are_written_without_reading_whole_tables(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor where the indexes that nobody asks meanwhile are away."""
    monkeypatch.setattr("tracker.importing.bulk.CHUNK", 20)
    monkeypatch.setattr("tracker.indexes.LEAST", 100)
    lay_ground(engine)
    take(engine, PEOPLE, people())
    take(engine, AGREEMENTS, without_ids(file_of_agreements(5)))
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    # How each batch's rows were found, of which the last ones count.
    plans: dict[str, list[str]] = {}
    gone: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("INSERT INTO") and " SELECT " in statement:
            driver = connection.connection.driver_connection
            found = driver.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            plans[statement] = [row[3] for row in found]
        gone.extend([statement] if statement.startswith("DROP INDEX") else [])

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        take(engine, AGREEMENTS, without_ids(file_of_agreements(300)))
    finally:
        event.remove(Engine, "before_cursor_execute", explain)

    assert 'DROP INDEX "ix_agreement_title"' in gone
    assert any("agreement_side" in statement for statement in plans)
    read = [line for lines in plans.values() for line in lines if line.startswith("SCAN")]
    assert [line for line in read if "VIRTUAL TABLE" not in line] == []


def _plans(engine: Engine, ids: list[int]) -> list[str]:
    """How SQLite finds what the derivations of agreements ask for."""
    asked: list[tuple[str, Any]] = []
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
        for derivation in DERIVATIONS:
            if derivation.record == "agreement":
                derivation.work_out(connection, ids)
        found = [
            row[3]
            for statement, values in list(asked)
            if statement.startswith(("SELECT", "DELETE", "UPDATE"))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
        connection.rollback()
    assert found
    return found


def test_what_only_the_database_refuses_is_named_and_nothing_stays(
    engine: Engine, tmp_path: Path
) -> None:
    """Somebody deletes a person between the two passes, so that batches have to be taken apart."""
    lay_ground(engine)
    take(engine, PEOPLE, people())
    path = tmp_path / "agreements.csv"
    path.write_bytes(file_of_agreements(1_200))
    sheet = read_sheet(path.read_bytes())
    column = sheet.header.index("signatories")
    signed = [row.number for row in sheet.rows if "#1001" in row.cells[column]]
    after: list[dict[str, Any]] = []

    def delete_when_checked(stage: str, done: int, total: int) -> None:
        if stage == CHECKING and done == total and not after:
            with Session(engine.execution_options(writing=True)) as session:
                session.delete(session.get_one(Person, 1001))
                session.commit()
            after.append(contents(engine))

    report = take(engine, AGREEMENTS, SheetFile(path), delete_when_checked)

    assert len(signed) > 1
    assert [(error.row, error.column) for error in report.errors] == [
        (number, "signatories") for number in signed
    ]
    assert "There is no record with the number 1001." in str(report.errors[0])
    assert report.totals == {"new": 1_200 - len(signed), "changed": 0, "unchanged": 0} | {
        "wrong": len(signed)
    }
    assert contents(engine) == after[0]
