"""The bytes of files: the same as over objects, from one state, in steady memory."""

import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from tracker.catalogue import TABLES
from tracker.exporting import Contents, Format, TooManyRows, files, pieces, records
from tracker.exporting.contents import BATCH
from tracker.exporting.files import shortened
from tracker.people.models import Person
from tracker.people.table import PEOPLE
from tracker.tabular import write_json, write_rows

TEXTS = (Format.CSV, Format.JSON, Format.JSON_LINES)
ContentsOf = Callable[[str], Contents]


def loaded(session: Session, name: str) -> list[Any]:
    table = TABLES[name]
    query = select(table.model).options(*table.load).order_by(table.model.id)
    return list(session.scalars(query).unique())


def spreadsheet(contents: Contents) -> CalamineWorkbook:
    file = io.BytesIO()
    files.write_spreadsheet(contents, file)
    return CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue()))


def test_each_byte_is_the_one_that_objects_give(recorded: Session, contents_of: ContentsOf) -> None:
    for name, table in TABLES.items():
        found = loaded(recorded, name)

        given = {kind: b"".join(pieces(kind, contents_of(name))) for kind in TEXTS}

        rows, objects = map(table.cells, found), [table.plain(record) for record in found]
        assert given[Format.CSV] == b"".join(write_rows(table.header, rows)), name
        assert given[Format.JSON] == b"".join(write_json(objects)), name
        lines = given[Format.JSON_LINES].splitlines(keepends=True)
        assert [json.loads(line) for line in lines] == objects, name
        assert all(line.endswith(b"}\n") for line in lines)


def test_a_spreadsheet_holds_texts_as_they_are_and_numbers_as_numbers(
    recorded: Session, contents_of: ContentsOf
) -> None:
    for name, table in TABLES.items():
        book = spreadsheet(contents_of(name))
        header, *rows = book.get_sheet_by_name(name).to_python()

        assert tuple(header) == table.header
        cells = [["" if value == "" else _text(value) for value in row] for row in rows]
        assert cells == [table.cells(record) for record in loaded(recorded, name)]
        assert all(isinstance(row[0], float) for row in rows)


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) else value


def test_more_rows_than_a_sheet_holds_are_refused(
    recorded: Session, contents_of: ContentsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", len(loaded(recorded, "people")) - 1)

    with pytest.raises(TooManyRows, match="take the CSV file"):
        spreadsheet(contents_of("people"))


@pytest.mark.parametrize("letter", ["a", "ی", "😀"])
def test_a_text_that_no_cell_holds_is_cut_and_says_so(letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    fits = letter * (32_767 // units)

    assert shortened(fits) == fits
    cut = shortened(fits + letter)
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut.endswith("…")
    assert fits.startswith(cut[:-1])


def people(session: Session, count: int) -> None:
    rows = [{"id": n, "name": f"Person {n}", "name_key": str(n)} for n in range(1, count + 1)]
    session.execute(insert(Person), rows)
    session.commit()


def test_a_file_is_of_one_state_of_the_database(db_session: Session, engine: Engine) -> None:
    people(db_session, 2 * BATCH + 1)
    contents = records(engine, PEOPLE, select(Person).order_by(Person.id.desc()))
    given = contents.batches(False)
    first = next(given)

    db_session.execute(update(Person).values(name="Renamed"))
    db_session.execute(insert(Person), [{"id": 9_999, "name": "New", "name_key": "new"}])
    db_session.commit()
    rest = list(given)

    names = [name for batch in (first, *rest) for name in batch[1]]
    assert names == [f"Person {n}" for n in range(2 * BATCH + 1, 0, -1)]


def test_who_stops_reading_leaves_no_connection(db_session: Session, engine: Engine) -> None:
    people(db_session, BATCH + 1)
    given = pieces(Format.CSV, records(engine, PEOPLE, select(Person)))
    next(given), next(given)
    held = engine.pool.checkedout()

    given.close()

    assert engine.pool.checkedout() == held - 1


def peak(engine: Engine, kind: Format, rows: int) -> int:
    """The most memory that a file of so many rows takes at once, in bytes."""
    contents = records(engine, PEOPLE, select(Person).limit(rows))
    tracemalloc.start()
    try:
        if kind is Format.XLSX:
            with open("/dev/null", "w+b") as nowhere:  # noqa: PTH123
                files.write_spreadsheet(contents, nowhere)
        else:
            for _piece in pieces(kind, contents):
                pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", Format)
def test_ten_times_the_rows_take_no_more_memory(
    db_session: Session, engine: Engine, kind: Format
) -> None:
    people(db_session, 20_000)
    peak(engine, kind, 10)  # what is kept for good is there now

    few, many = peak(engine, kind, 2_000), peak(engine, kind, 20_000)

    assert many < few * 1.2 + 100_000
    assert many < 8_000_000


def test_memory_that_grows_with_the_rows_is_found(db_session: Session, engine: Engine) -> None:
    people(db_session, 20_000)

    tracemalloc.start()
    try:
        kept = list(pieces(Format.CSV, records(engine, PEOPLE, select(Person))))
        assert tracemalloc.get_traced_memory()[1] > 1_000_000
    finally:
        tracemalloc.stop()
    assert len(kept) == 21
