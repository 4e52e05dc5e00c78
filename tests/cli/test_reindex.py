"""`tracker reindex` puts right what is derived; `tracker check` says when that is needed."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Delete, Engine, Update, delete, text, update
from sqlalchemy.orm import Session

from tracker.agreements.kept_spans import SPANS
from tracker.agreements.sides import AGREEMENT_SIDE
from tracker.cli import cli
from tracker.derived import triggers
from tracker.migrate import DatabaseUnusable, check_ready, upgrade

UNSIGNED = "UPDATE agreement SET signed_on_first = NULL, signed_on_last = NULL WHERE id = 1"
Run = Callable[[str], Result]


@pytest.fixture
def run(database_url: str) -> Run:
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
    return lambda command: CliRunner().invoke(cli, [command], env=env)


FIRST = SPANS.c.agreement_id == 1
ITS_SIDES = AGREEMENT_SIDE.c.agreement_id == 1


@pytest.mark.parametrize(
    "fault",
    [
        update(SPANS).where(FIRST).values(status="draft"),
        delete(SPANS).where(FIRST),
        update(AGREEMENT_SIDE).where(ITS_SIDES).values(last_status="draft"),
        update(AGREEMENT_SIDE).where(ITS_SIDES).values(last_status=None, last_since=None),
    ],
)
def test_what_is_wrong_is_named_and_put_right(
    seeded: Session, run: Run, fault: Update | Delete
) -> None:
    seeded.execute(fault)
    seeded.commit()

    before = run("check")
    done = run("reindex")
    after = run("check")

    assert before.exit_code == 1
    assert before.stderr == "agreement 1: its status is not right; run: tracker reindex\n"
    assert done.exit_code == 0
    assert "status: 1 records were worked out.\n" in done.stdout
    assert (after.exit_code, after.stdout) == (0, "The database is in order.\n")


def test_what_was_written_around_the_program_is_put_right(
    engine: Engine, seeded: Session, run: Run
) -> None:
    with engine.begin() as connection:
        connection.execute(text(UNSIGNED))

    before = run("check")
    run("reindex")

    assert "stale: 1 records wait for their status to be worked out" in before.stderr
    assert run("check").exit_code == 0


def test_a_database_without_the_triggers_is_not_served_and_init_puts_it_right(
    engine: Engine, seeded: Session
) -> None:
    with engine.begin() as connection:
        triggers.drop(connection)
        connection.execute(text(UNSIGNED))
    with pytest.raises(DatabaseUnusable, match="Run: tracker init"):
        check_ready(engine)
    upgrade(engine)

    check_ready(engine)
    with engine.connect() as connection:
        rows = connection.execute(SPANS.select().where(SPANS.c.agreement_id == 1)).all()
    assert {row.signed_on_first for row in rows} == {None}
