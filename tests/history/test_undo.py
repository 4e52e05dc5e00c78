"""Whole entries are taken back, or say what was built on them since."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.history.test_record_history import changes, newest
from tests.migrations.snapshot import rows_of
from tracker.history.models import Change

KEPT = {"change", "change_entry", "change_counter"}


def contents(engine: Engine) -> dict[str, Any]:
    return {table: rows for table, rows in rows_of(engine).items() if table not in KEPT}


def take(client: CheckedClient, record: str, file: bytes) -> None:
    upload = {"file": (BytesIO(file), f"{record}.csv")}
    page = client.submit(f"/{record}/import", upload)
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    sent = client.post(
        f"/{record}/import?step=apply",
        data={
            "token": token,
            "filename": f"{record}.csv",
            "csrf_token": client.page("/people/new").form().values["csrf_token"],
        },
    )
    assert sent.status_code == 303, sent.text


def undo(client: CheckedClient, number: int, status: int = 303) -> str:
    answer = client.submit(f"/changes/{number}", action=f"/changes/{number}/undo")
    assert answer.status_code == status, answer.text
    return answer.text


def people(client: CheckedClient, *names: str) -> bytes:
    header, *_rows = client.get("/people.csv").data.decode("utf-8-sig").splitlines()
    blank = "," * (header.count(",") - 1)
    return "\r\n".join([header, *(f",{name}{blank}" for name in names), ""]).encode("utf-8-sig")


def test_an_import_is_one_entry_and_is_taken_back_whole(
    seeded: Session, client: CheckedClient, engine: Engine
) -> None:
    before = contents(engine)
    take(client, "people", people(client, "First", "Second", "Third"))
    entry = newest(seeded)

    undo(client, entry.id)

    assert entry.note == "people.csv"
    assert len(entry.changes) == 3
    assert contents(engine) == before
    assert newest(seeded).undoes_id == entry.id


def test_an_import_with_changes_is_taken_back(
    seeded: Session, client: CheckedClient, engine: Engine
) -> None:
    file = client.get("/agreements.csv").data
    before = {table: len(rows) for table, rows in contents(engine).items()}
    take(client, "agreements", file.replace(b"Iran", b"Persia").replace(b"security", b"safety"))

    undo(client, newest(seeded).id)

    assert client.get("/agreements.csv").data == file
    assert {table: len(rows) for table, rows in contents(engine).items()} == before


def test_what_was_built_on_since_is_named_and_nothing_is_changed(
    seeded: Session, client: CheckedClient, engine: Engine
) -> None:
    take(client, "people", people(client, "First", "Second"))
    entry = newest(seeded).id
    first = changes(seeded, Change.entry_id == entry)[0].record_id
    client.submit("/agreements/1/edit", {"signatories-0-person": f"#{first}"})
    before = rows_of(engine)

    said = undo(client, entry, 422)

    assert "points at what was recorded here" in said
    assert "/agreements/1/history" in said
    assert rows_of(engine) == before


def test_what_was_changed_since_is_named(
    seeded: Session, client: CheckedClient, engine: Engine
) -> None:
    client.submit("/people/1/edit", {"note": "once"})
    entry = newest(seeded).id
    client.submit("/people/1/edit", {"note": "twice"})
    before = rows_of(engine)

    said = undo(client, entry, 422)

    assert "changed later" in said
    assert rows_of(engine) == before


def test_a_citation_made_since_for_what_was_recorded_stands_in_the_way(
    seeded: Session, client: CheckedClient, engine: Engine
) -> None:
    client.submit("/people/new", {"name": "Somebody"})
    entry = newest(seeded).id
    person = changes(seeded, Change.entry_id == entry)[0].record_id
    cited = client.submit(f"/people/{person}/cite", {"citation-title": "Any words #1"})
    assert cited.status_code == 303, cited.text

    assert "changed later" in undo(client, entry, 422)


@pytest.mark.parametrize("record", ["people", "topics", "sources"])
def test_a_deletion_is_taken_back(
    seeded: Session, client: CheckedClient, engine: Engine, record: str
) -> None:
    typed = {
        "people": {"name": "Somebody", "names": "Other\nThird"},
        "topics": {"code": "ZZZ", "name": "Passing"},
        "sources": {"title": "Passing", "kind": "gazette"},
    }[record]
    client.submit(f"/{record}/new", typed)
    number = changes(seeded, Change.entry_id == newest(seeded).id)[0].record_id
    file = client.get(f"/{record}.csv").data
    client.submit(f"/{record}/{number}/delete")

    undo(client, newest(seeded).id)

    assert client.get(f"/{record}.csv").data == file


def test_taking_back_is_taken_back(seeded: Session, client: CheckedClient) -> None:
    client.submit("/people/1/edit", {"note": "once"})
    file = client.get("/people.csv").data
    undo(client, newest(seeded).id)

    undo(client, newest(seeded).id)

    assert client.get("/people.csv").data == file


def test_an_act_on_a_meeting_is_taken_back(seeded: Session, client: CheckedClient) -> None:
    file = client.get("/meetings.csv").data
    assert client.submit("/meetings/5/postpone", {}).status_code == 303

    undo(client, newest(seeded).id)

    assert client.get("/meetings.csv").data == file


def test_all_changes_are_listed_and_filed(seeded: Session, client: CheckedClient) -> None:
    client.submit("/people/1/edit", {"note": "once"})
    number = newest(seeded).id

    page = client.page("/changes?record=person&number=1&way=form").text
    file = client.get("/changes.csv?record=person&number=1&way=form").data.decode("utf-8-sig")

    assert f"/changes/{number}" in client.get("/changes").text
    assert "changed" in page
    assert file.count("\r\n") == 2
    assert ",update," in file


def test_the_list_of_changes_costs_the_same_queries_however_long(
    seeded: Session, client: CheckedClient, query_counter: Any
) -> None:
    def cost() -> int:
        with query_counter() as statements:
            client.get("/changes")
        return len(statements)

    client.submit("/people/1/edit", {"note": "0"})
    client.submit("/agreements/1/edit", {"note": "0"})
    client.submit("/meetings/1/edit", {"note": "0"})
    few = cost()
    for n in range(1, 12):
        client.submit("/people/1/edit", {"note": str(n)})
        client.submit(f"/people/{n % 3 + 1}/edit", {"note": str(n)})

    assert cost() == few


@pytest.mark.parametrize(
    "query", ["from=never", "record=ship", "way=pigeon", "number=x", "colour=red", "before=z"]
)
def test_an_address_that_cannot_be_meant_is_answered_400(client: CheckedClient, query: str) -> None:
    client.page(f"/changes?{query}", status=400)


def test_nobody_is_told_of_what_is_not_there(client: CheckedClient) -> None:
    for address in ("/changes/999", "/people/999/history", "/people/1/history/99", "/x/1/history"):
        client.page(address, status=404)
