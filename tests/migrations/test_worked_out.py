"""After an upgrade what is derived is worked out anew as far as the migrations say, else wholly."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, delete, insert, text, update
from sqlalchemy.orm import Session

from tracker import migrate
from tracker.agreements.kept_spans import SPANS
from tracker.agreements.term_due import TERM_DUE
from tracker.derived import DERIVATIONS, triggers
from tracker.derived.checking import faults
from tracker.derived.models import Stale
from tracker.history import triggers as history

Upgrade = Callable[[str], None]
DAY = date(2031, 5, 1)
# One that comes after the newest.
MIGRATION = """
revision = "following"
down_revision = "{head}"
branch_labels = None
depends_on = None
{says}

def upgrade():
    pass
"""


@pytest.fixture
def upgrade(engine: Engine, tmp_path: Path) -> Upgrade:
    """Take a database in service over one more migration, whose module has this line."""

    def run(says: str) -> None:
        (tmp_path / "following.py").write_text(MIGRATION.format(head=migrate.head(), says=says))
        config = migrate.config(engine)
        folders = (str(migrate.ROOT / "migrations" / "versions"), str(tmp_path))
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", os.pathsep.join(folders))
        command.upgrade(config, "head")

    return run


@pytest.fixture
def spoilt(seeded: Session) -> Session:
    """Rows of two derivations are wrong, and nobody noted it."""
    seeded.execute(update(SPANS).where(SPANS.c.agreement_id == 1).values(status="draft"))
    days = {f"{name}_{end}": DAY for name in ("known", "due") for end in ("first", "last")}
    seeded.execute(insert(TERM_DUE).values(agreement_id=1, kind="expiry", number=0, **days))
    seeded.execute(delete(Stale))
    seeded.commit()
    return seeded


def wrong(session: Session) -> set[str]:
    """The kinds of which something is wrong."""
    kinds = {"its status is": "status", "its due is": "due"}
    lines = list(faults(session.connection()))
    session.rollback()
    return {kind for words, kind in kinds.items() if any(words in line for line in lines)}


@pytest.mark.parametrize(
    ("says", "left"),
    [
        ("works_out = ()", {"status", "due"}),
        ("works_out = ('status',)", {"due"}),
        ("works_out = ('status', 'due')", set()),
        ("", set()),
    ],
)
def test_what_a_migration_names_is_worked_out_anew(
    spoilt: Session, upgrade: Upgrade, says: str, left: set[str]
) -> None:
    before = wrong(spoilt)

    upgrade(says)

    assert before == {"status", "due"}
    assert wrong(spoilt) == left


def test_where_triggers_were_missing_all_is_worked_out_anew(
    spoilt: Session, engine: Engine, upgrade: Upgrade
) -> None:
    with engine.begin() as connection:
        triggers.drop(connection)

    upgrade("works_out = ()")

    assert wrong(spoilt) == set()


def test_what_waits_to_be_worked_out_still_waits(
    seeded: Session, engine: Engine, upgrade: Upgrade
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE agreement SET signed_on_first = NULL, signed_on_last = NULL WHERE id = 1")
        )

    upgrade("works_out = ('due',)")

    kinds = set(seeded.scalars(Stale.__table__.select().with_only_columns(Stale.kind)))
    assert "status" in kinds
    assert "due" not in kinds


def told(engine: Engine) -> int:
    """Of how many rows the history tells that a migration found them changed."""
    query = "SELECT count(*) FROM change JOIN change_entry e ON e.id = entry_id WHERE e.way = :way"
    with engine.connect() as connection:
        return int(connection.scalar(text(query), {"way": "migration"}) or 0)


@pytest.mark.parametrize(("says", "more"), [("changes_rows = False", 0), ("", 1)])
def test_rows_are_compared_with_the_history_where_a_migration_may_have_changed_them(
    seeded: Session, engine: Engine, upgrade: Upgrade, says: str, more: int
) -> None:
    """A row is changed behind the triggers, as a migration would: they are put back afterwards."""
    before = told(engine)
    with engine.begin() as connection:
        history.drop(connection)
        connection.execute(text("UPDATE agreement SET note = 'behind the triggers' WHERE id = 1"))
        history.install(connection)

    upgrade(says)

    assert told(engine) - before == more


def test_where_triggers_of_the_history_were_missing_all_rows_are_compared(
    seeded: Session, engine: Engine, upgrade: Upgrade
) -> None:
    before = told(engine)
    with engine.begin() as connection:
        history.drop(connection)
        connection.execute(text("UPDATE agreement SET note = 'behind the triggers' WHERE id = 1"))

    upgrade("changes_rows = False")

    assert told(engine) - before == 1


def test_migrations_name_kinds_that_there_are() -> None:
    scripts = ScriptDirectory.from_config(migrate.config()).walk_revisions()

    named = {kind for one in scripts for kind in getattr(one.module, "works_out", ())}

    assert named <= {derivation.kind for derivation in DERIVATIONS}
