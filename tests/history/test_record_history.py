"""What happened to a record: told by the database, shown, and brought back."""

from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.migrations.snapshot import rows_of
from tracker.agreements.models import Agreement, Signature
from tracker.authorship import Author, Way
from tracker.catalogue import PAGES
from tracker.history.models import Change, ChangeEntry
from tracker.history.reconcile import differ
from tracker.people.models import Person
from tracker.sources.models import Citation

EDIT = "/agreements/1/edit"


def changes(session: Session, *clauses: Any) -> list[Change]:
    session.rollback()
    return list(session.scalars(select(Change).where(*clauses).order_by(Change.id)))


def newest(session: Session) -> ChangeEntry:
    session.rollback()
    entry = session.scalar(select(ChangeEntry).order_by(ChangeEntry.id.desc()).limit(1))
    assert entry is not None
    return entry


def test_a_save_leaves_one_entry_with_who_and_what(seeded: Session, client: CheckedClient) -> None:
    before = newest(seeded).id

    client.submit(EDIT, {"title": "Another title", "signatories-0-capacity": "Secretary"})

    entry = newest(seeded)
    assert entry.id == before + 1
    assert (entry.way, entry.origin) == ("form", "127.0.0.1")
    title = next(c for c in entry.changes if c.table_name == "agreement")
    signature = next(c for c in entry.changes if c.table_name == "signature")
    assert title.after["title"] == "Another title"
    assert title.before["title"] != "Another title"
    assert signature.after["capacity"] == "Secretary"
    assert {(c.record, c.record_id) for c in entry.changes} == {("agreement", 1)}


def test_a_save_that_changes_nothing_leaves_nothing(seeded: Session, client: CheckedClient) -> None:
    before = newest(seeded).id

    client.submit(EDIT, {})

    assert newest(seeded).id == before


def test_what_is_refused_leaves_nothing(seeded: Session, client: CheckedClient) -> None:
    before = newest(seeded).id

    assert client.submit(EDIT, {"title": ""}).status_code == 422

    assert newest(seeded).id == before


def test_what_is_written_around_the_program_is_kept_too(engine: Engine, seeded: Session) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE person SET note = 'by hand' WHERE id = 1"))

    entry = newest(seeded)
    assert entry.way == "outside"
    assert entry.changes[0].after["note"] == "by hand"


def test_a_part_that_is_rolled_back_leaves_no_entry_of_its_own(
    seeded: Session, engine: Engine
) -> None:
    before = newest(seeded).id
    with Session(engine.execution_options(writing=True)) as session:
        session.info["author"] = Author("somebody", Way.COMMAND)
        nested = session.begin_nested()
        session.add(Person(name="Given up"))
        session.flush()
        nested.rollback()
        session.add(Person(name="Kept"))
        session.commit()
        session.add(Person(name="Kept, too"))
        session.commit()

    seeded.rollback()
    first, second = seeded.scalars(
        select(ChangeEntry).where(ChangeEntry.id > before).order_by(ChangeEntry.id)
    )
    assert [c.after["name"] for c in first.changes] == ["Kept"]
    assert [c.after["name"] for c in second.changes] == ["Kept, too"]
    assert first.author == second.author == "somebody"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET operation = 'insert'",
        "DELETE FROM change",
        "UPDATE change_entry SET author = 'nobody'",
        "DELETE FROM change_entry",
    ],
)
def test_the_database_refuses_to_change_the_history(
    engine: Engine, seeded: Session, statement: str
) -> None:
    before = rows_of(engine)

    with pytest.raises(DBAPIError, match="history cannot be changed"), engine.begin() as connection:
        connection.execute(text(statement))

    assert rows_of(engine) == before


def test_the_page_says_what_changed(seeded: Session, client: CheckedClient) -> None:
    client.submit(EDIT, {"title": "Another title", "signed_on": "2022-03"})

    page = client.page("/agreements/1/history").text

    assert "Another title" in page
    assert "March 2022" in page
    assert "by form" in page


@pytest.mark.parametrize("name", [pages.name for pages in PAGES])
def test_each_record_has_its_history(seeded: Session, client: CheckedClient, name: str) -> None:
    assert "recorded" in client.page(f"/{name}/1/history").text
    assert f"/{name}/1/history" in client.get(f"/{name}/1").text


def test_an_earlier_state_is_seen_and_brought_back(seeded: Session, client: CheckedClient) -> None:
    then = changes(seeded, Change.record == "agreement", Change.record_id == 1)[-1].id
    file = client.get("/agreements.csv").data
    client.submit(EDIT, {"title": "Another title", "signatories-0-capacity": "Secretary"})
    client.submit(EDIT, {"summary": "More"})

    page = client.page(f"/agreements/1/history/{then}").text
    answer = client.submit(f"/agreements/1/history/{then}")

    assert "Another title" not in page
    assert answer.status_code == 303
    assert client.get("/agreements.csv").data == file
    assert "as it was on" in client.get("/agreements/1/history").text


def test_a_save_from_before_a_state_was_brought_back_is_stale(
    seeded: Session, client: CheckedClient
) -> None:
    then = changes(seeded, Change.record == "agreement", Change.record_id == 1)[-1].id
    client.submit(EDIT, {"title": "Another title"})
    version = client.page(EDIT).form().values["version"]
    client.submit(f"/agreements/1/history/{then}")

    answer = client.submit(EDIT, {"title": "Third title", "version": version})

    assert answer.status_code == 409


def test_a_deleted_record_comes_back_with_its_links(
    seeded: Session, client: CheckedClient, engine: Engine
) -> None:
    client.submit("/commissions/1/edit", {"agreement": ""})
    for commitment in (1, 2):
        client.submit(f"/commitments/{commitment}/edit", {"agreement": ""})
    before = rows_of(engine)
    assert client.submit("/agreements/1/delete").status_code == 303
    assert "recorded" in client.page("/agreements/1/history").text
    assert not seeded.scalars(select(Citation).where(Citation.agreement_id == 1)).all()
    then = changes(seeded, Change.record == "agreement", Change.operation != "delete")[-1].id

    assert client.submit(f"/agreements/1/history/{then}").status_code == 303

    after = rows_of(engine)
    for table in before.keys() - {
        "agreement",
        "citation",
        "change",
        "change_entry",
        "change_counter",
    }:
        assert after[table] == before[table], table
    assert len(after["citation"]) == len(before["citation"])
    assert "Ali Shamkhani" in client.get("/agreements/1").text


def test_a_deleted_record_says_where_its_history_is(seeded: Session, client: CheckedClient) -> None:
    client.submit("/topics/new", {"code": "ZZZ", "name": "Passing"})
    number = changes(seeded, Change.record == "topic")[-1].record_id
    client.submit(f"/topics/{number}/delete")

    answer = client.get(f"/topics/{number}")

    assert answer.status_code == 404
    assert f"/topics/{number}/history" in answer.text


def test_what_cannot_be_again_says_why(seeded: Session, client: CheckedClient) -> None:
    client.submit("/people/new", {"name": "Somebody"})
    person = changes(seeded, Change.record == "person")[-1].record_id
    client.submit(EDIT, {"rows": None, "signatories-0-person": f"#{person}"})
    then = changes(seeded, Change.record == "agreement", Change.record_id == 1)[-1].id
    first = seeded.scalars(select(Signature.person_id).where(Signature.agreement_id == 1)).all()
    assert person in first
    client.submit(EDIT, {"signatories-0-person": "#1"})
    assert client.submit(f"/people/{person}/delete").status_code == 303

    answer = client.submit(f"/agreements/1/history/{then}")

    assert answer.status_code == 422
    assert "not there any more" in answer.text
    assert "Somebody" in answer.text


def test_the_history_has_no_gap_and_ends_with_what_is_there(
    seeded: Session, client: CheckedClient
) -> None:
    for word in ("One", "Two", "Three"):
        client.submit(EDIT, {"title": word, "signatories-0-capacity": word})

    last: dict[tuple[str, str], Any] = {}
    for change in changes(seeded):
        place = (change.table_name, change.row_key)
        assert change.before == last.get(place), place
        last[place] = change.after
    assert last["agreement", "1"]["title"] == "Three"
    assert seeded.get_one(Agreement, 1).title == "Three"


def test_rows_are_compared_by_the_columns_that_both_have() -> None:
    assert not differ('{"a": 1, "new": null}', '{"a": 1}')
    assert differ('{"a": 1.10}', '{"a": 1.2}')
