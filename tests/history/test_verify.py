"""The history is checked against the tables, and replayed it gives them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker import migrate
from tracker.cli import cli
from tracker.history import triggers
from tracker.history.kept import kept_tables
from tracker.history.models import Change, ChangeEntry
from tracker.history.reconcile import present_rows
from tracker.history.verify import faults


@contextmanager
def unwatched(engine: Engine) -> Iterator[Connection]:
    """A connection whose writes no trigger sees."""
    with engine.connect().execution_options(writing=True) as connection:
        triggers.drop(connection)
        yield connection
        triggers.install(connection)
        connection.commit()


def found(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(faults(connection))


def edit_much(client: CheckedClient) -> None:
    client.submit("/agreements/1/edit", {"title": "Other", "signatories-0-capacity": "Secretary"})
    client.submit("/agreements/1/edit", {"topics": ["SEC-TERROR"], "languages": "fa;en"})
    client.submit("/meetings/5/postpone", {})
    client.submit("/people/new", {"name": "Somebody", "names": "One\nTwo"})
    client.submit("/citations/1/delete")


def test_replayed_from_empty_it_gives_the_tables(
    engine: Engine, seeded: Session, client: CheckedClient
) -> None:
    edit_much(client)

    rows: dict[str, dict[str, Any]] = {}
    for change in seeded.scalars(select(Change).order_by(Change.id)):
        table = rows.setdefault(change.table_name, {})
        if change.operation == "delete":
            del table[change.row_key]
        else:
            assert (change.row_key in table) == (change.operation == "update")
            table[change.row_key] = change.after

    with engine.connect() as connection:
        for kept in kept_tables():
            there = {key: json.loads(content) for key, content in present_rows(connection, kept)}
            replayed = json.loads(json.dumps(rows.get(kept.name, {}), default=float))
            assert replayed == there, kept.name


def test_nothing_is_found_where_all_is_well(
    engine: Engine, seeded: Session, client: CheckedClient
) -> None:
    edit_much(client)

    assert found(engine) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE person SET note = 'x' WHERE id = 1", "person 1 is not as the history left it"),
        ("DELETE FROM host WHERE id = 1", "host 1 is gone, and the history does not say so"),
        (
            "INSERT INTO agreement_language (agreement_id, language, position) VALUES (1, 'xx', 9)",
            "agreement_language 1|xx is not in the history",
        ),
    ],
)
def test_a_change_that_no_trigger_saw_is_found(
    engine: Engine, seeded: Session, statement: str, said: str
) -> None:
    with unwatched(engine) as connection:
        connection.execute(text(statement))

    assert found(engine) == [said]


def test_a_gap_is_found(engine: Engine, seeded: Session, client: CheckedClient) -> None:
    client.submit("/people/1/edit", {"note": "once"})
    client.submit("/people/1/edit", {"note": "twice"})
    last = max(seeded.scalars(select(Change.id).where(Change.record == "person")))
    seeded.rollback()
    with unwatched(engine) as connection:
        connection.execute(text("DELETE FROM change WHERE id = :id"), {"id": last - 1})

    assert found(engine) == [
        f"change {last}: person 1 does not begin as the change before it ended"
    ]


def test_a_missing_trigger_is_found_and_keeps_the_program_from_starting(
    engine: Engine, seeded: Session
) -> None:
    with engine.connect().execution_options(writing=True) as connection:
        triggers.drop(connection)
        connection.commit()

    assert "trigger" in found(engine)[0]
    with pytest.raises(Exception, match="tracker init"):
        migrate.check_ready(engine)


def test_an_upgrade_without_migrations_compares_only_where_it_is_asked_to(
    engine: Engine, seeded: Session
) -> None:
    with unwatched(engine) as connection:
        connection.execute(text("UPDATE person SET note = 'moved' WHERE id = 1"))

    migrate.upgrade(engine)

    assert found(engine) == ["person 1 is not as the history left it"]


def test_comparing_tells_what_was_written_around_the_history(
    engine: Engine, seeded: Session, database_url: str
) -> None:
    with unwatched(engine) as connection:
        connection.execute(text("UPDATE person SET note = 'moved' WHERE id = 1"))

    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
    ran = CliRunner().invoke(cli, ["init", "--compare"], env=env)

    assert ran.exit_code == 0, ran.output
    entry = seeded.scalars(select(ChangeEntry).where(ChangeEntry.way == "migration")).one()
    assert [change.after["note"] for change in entry.changes] == ["moved"]
    assert found(engine) == []


def test_rows_from_before_the_history_are_told_as_found(engine: Engine, seeded: Session) -> None:
    seeded.rollback()
    migrate.downgrade(engine, "a1c7e2d94b10")

    migrate.upgrade(engine)

    assert found(engine) == []
    ways = set(seeded.scalars(select(ChangeEntry.way)))
    assert ways == {"migration"}


def test_no_history_holds_a_secret(engine: Engine, seeded: Session, client: CheckedClient) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET password_hash = 'hash', totp_secret = 'totp'"))

    rows = seeded.scalars(select(Change).where(Change.record == "account")).all()
    assert rows
    for change in rows:
        for row in filter(None, (change.before, change.after)):
            assert not {"password_hash", "totp_secret", "totp_step"} & row.keys()
