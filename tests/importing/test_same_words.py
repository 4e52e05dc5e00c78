"""A form and the import accept and refuse the same values of each column, with the same words."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict

from tracker.agreements.models import Agreement
from tracker.agreements.topics import Topic
from tracker.catalogue import TABLES
from tracker.columns import Codes, Items, Reading, Table, join_items
from tracker.commissions.models import Commission
from tracker.importing import Importer
from tracker.parties.models import Body, Party
from tracker.people.models import Person
from tracker.sources.models import Source
from tracker.tabular import read_sheet, write_rows
from tracker.web.forms import form_class

TODAY = date(2026, 11, 24)
SIDES = {"side_a": "IR", "side_b": "UZ"}
SMALLEST = {
    "parties": {"code": "XX", "name": "X", "kind": "state"},
    "bodies": {"party": "IR", "name": "X"},
    "people": {"name": "X"},
    "topics": {"code": "XX", "name": "X"},
    "sources": {"title": "X", "kind": "minutes"},
    "agreements": {"title": "X", "kind": "treaty", **SIDES},
    "commissions": {"name": "X", "kind": "committee", "status": "active", **SIDES},
    "meetings": {"kind": "session", "commission": "1", "status": "planned"},
    "commitments": {"text": "X", "kind": "clause", "made_by": "both", **SIDES},
    "citations": {"source": "1", "record": "party", "record_id": "1", "basis": "stated"},
}
FORMS = {name: form_class(table) for name, table in TABLES.items()}

TELLING = [
    *("", " ", "1", "0", "-1", "13", "1.5", "1e3", "２０２２", "99999999999", "#1", "X #1", "#2"),
    *("2022", "2022-03", "2022-3-9", "2022-13", "31/04/2022", "0000", "9 March 2022", "2023-02-29"),
    *("IR", "ir", "Iran (IR)", "Irann", "UZ", "T1", "Topic", "Ali", "Ali #1", "New One #new"),
    *("yes", "no", "perhaps", "treaty", "Joint Document", "held", "state", "A", "B", "both", "en"),
    *("https://a.example/x", "javascript:alert(1)", "ftp://a", "http://", "a;b|c\\d", "a\nb", "\t"),
    *("a\x07b", "a\u202eb", "e\u0301", "x" * 301, "x" * 2001, "x" * 20001, "'=1", "=1", "party"),
]
TEXTS = (
    st.sampled_from(TELLING)
    | st.integers(-20, 200_000).map(str)
    | st.dates().map(str)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)


@pytest.fixture
def recorded(db_session: Session, app: Flask) -> Iterator[Session]:
    """One record of each kind, so that there is something to point at."""
    iran = Party(code="IR", name="Iran", kind="state")
    uzbekistan = Party(code="UZ", name="Uzbekistan", kind="state")
    agreement = Agreement(title="X", kind="treaty", side_a=iran, side_b=uzbekistan)
    commission = Commission(name="X", kind="committee", status="active")
    commission.side_a, commission.side_b = iran, uzbekistan
    for record in (
        *(iran, uzbekistan, agreement, commission, Person(name="Ali")),
        *(Body(name="Council", party=iran), Topic(code="T1", name="Topic")),
        Source(title="X", kind="minutes"),
    ):
        db_session.add(record)
        db_session.flush()
    db_session.commit()
    with app.test_request_context():
        yield db_session


Typed = str | list[list[str]]


@st.composite
def changed_cells(draw: st.DrawFn) -> tuple[Table, str, Typed]:
    """One column of one kind of record, and what is typed into it."""
    table = TABLES[draw(st.sampled_from(sorted(TABLES)))]
    # Topics and the like are ticked, and cannot be typed wrong.
    columns = [c for c in table.stored if not (isinstance(c, Codes) and c.ticked)]
    column = draw(st.sampled_from(columns))
    if not isinstance(column, Items):
        return table, column.name, draw(TEXTS)
    row = st.tuples(*(TEXTS for _part in column.parts)).map(list)
    rows = draw(st.lists(row, min_size=1, max_size=3))
    return table, column.name, [r for r in rows if any(part.strip() for part in r)]


Said = set[tuple[str, str]]


def by_form(session: Session, table: Table, name: str, typed: Typed) -> Said:
    sent: dict[str, str] = {column.name: "" for column in table.stored}
    sent |= SMALLEST[table.name]
    if isinstance(typed, str):
        sent[name] = typed
    else:
        parts = table[name].parts  # type: ignore[attr-defined]
        for place, row in enumerate(typed):
            for part, text in zip(parts, row, strict=True):
                sent[f"{name}-{place}-{part.name}"] = text
    with session.no_autoflush:
        form = FORMS[table.name](ImmutableMultiDict(sent))
        outcome = form.read(Reading(session, TODAY))
    session.rollback()
    return {(problem.column, str(problem)) for problem in outcome.problems}


def by_file(session: Session, table: Table, name: str, typed: Typed) -> Said:
    # An id that no text draws: a record that could point at itself would differ from a form's.
    cells = dict.fromkeys(table.header, "") | SMALLEST[table.name] | {"id": "1999999999"}
    cells[name] = typed if isinstance(typed, str) else join_items(typed)
    content = b"".join(write_rows(table.header, [list(cells.values())]))
    report = Importer(table, Reading(session, TODAY, bulk=True)).run(read_sheet(content))
    session.rollback()
    return {(error.column, str(error.problem)) for error in report.all_errors}


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changed=changed_cells())
def test_a_form_and_a_file_say_the_same(
    recorded: Session, changed: tuple[Table, str, Typed]
) -> None:
    table, name, typed = changed
    # A code that is recorded makes a new record in a form, and means that record in a file.
    assume(name != table.key or str(typed).strip().upper() not in ("IR", "UZ", "T1"))

    assert by_file(recorded, table, name, typed) == by_form(recorded, table, name, typed)
