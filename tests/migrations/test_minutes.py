"""The migration that brings minutes: up, down and up again with decisions and items in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tests.migrations.snapshot import rows_of, schema_of
from tracker import migrate
from tracker.db import make_engine

BEFORE, AFTER = "7d20c6a1f4be", "3a6d1f0b85c2"


@pytest.fixture
def before(empty_database_url: str) -> Iterator[Engine]:
    """The schema before, with a meeting of two parties that was held."""
    engine = make_engine(empty_database_url)
    migrate.upgrade(engine, BEFORE)
    run(
        engine,
        "INSERT INTO party (id, name, name_key, code, kind, version)"
        " VALUES (1, 'Iran', 'iran', 'IR', 'state', 1),"
        " (2, 'Uzbekistan', 'uzbekistan', 'UZ', 'state', 1)",
        "INSERT INTO meeting (id, kind, status, side_a_id, side_b_id, begins_on_first,"
        " begins_on_last, extraordinary, version)"
        " VALUES (5, 'visit', 'held', 1, 2, '2024-03-05', '2024-03-05', false, 1)",
    )
    yield engine
    engine.dispose()


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def minute(engine: Engine) -> None:
    """A decision and two items, of which the second was deleted."""
    run(
        engine,
        "INSERT INTO decision (meeting_id, text, reference, position) VALUES (5, 'x', 'p. 4', 0)",
        "INSERT INTO action_item (meeting_id, text, side, state, position)"
        " VALUES (5, 'first', 'A', 'open', 0), (5, 'second', 'B', 'open', 1)",
        "DELETE FROM action_item WHERE text = 'second'",
    )


def test_up_down_and_up_again_with_minutes_in_it(before: Engine) -> None:
    kept = rows_of(before)
    migrate.upgrade(before, AFTER)
    schema = schema_of(before)
    minute(before)

    migrate.downgrade(before, BEFORE)
    without = rows_of(before)
    migrate.upgrade(before, AFTER)
    minute(before)

    assert without == kept
    assert schema_of(before) == schema
    assert {"decision", "action_item"} <= set(rows_of(before))


def test_minutes_go_with_their_meeting(before: Engine) -> None:
    migrate.upgrade(before, AFTER)
    minute(before)

    run(before, "DELETE FROM meeting WHERE id = 5")

    assert not {"decision", "action_item"} & set(rows_of(before))


def test_the_number_of_a_deleted_item_is_not_given_again(before: Engine) -> None:
    migrate.upgrade(before, AFTER)
    minute(before)

    run(
        before,
        "INSERT INTO action_item (meeting_id, text, side, state, position)"
        " VALUES (5, 'third', 'A', 'open', 1)",
    )

    assert [row[0] for row in rows_of(before)["action_item"]] == [1, 3]


@pytest.mark.parametrize(
    "columns",
    [
        "side = NULL",
        "done_on_first = '2024-04-01', done_on_last = '2024-04-01'",
        "state = 'lost'",
        "due_on_first = '2024-04-01'",
        "text = ''",
    ],
)
def test_the_database_keeps_what_holds_of_an_item(before: Engine, columns: str) -> None:
    migrate.upgrade(before, AFTER)
    minute(before)

    with pytest.raises(IntegrityError):
        run(before, f"UPDATE action_item SET {columns}")  # noqa: S608
