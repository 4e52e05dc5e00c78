"""Upgrades keep the data, and lead to exactly the schema that the program declares."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Engine, text

from tests.databases import Databases, empty
from tests.migrations.snapshot import rows_of, schema_of
from tracker import migrate
from tracker.cli import cli
from tracker.db import make_engine
from tracker.schema import Base

SCRIPTS = ScriptDirectory.from_config(migrate.config())
REVISIONS = list(SCRIPTS.walk_revisions())  # the newest first


@pytest.fixture
def blank(empty_database_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def declared(databases: Databases, tmp_path: Path) -> Iterator[Engine]:
    """A second database, whose tables come straight from the models."""
    folder = tmp_path / "declared"
    folder.mkdir()
    with databases.fresh(empty, folder) as url:
        engine = make_engine(url)
        Base.metadata.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def seeded(blank: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The newest schema with the seeds in it, as the program itself loads them."""
    url = blank.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TRACKER_DATABASE_URL", url)
    monkeypatch.setenv("TRACKER_SECRET_KEY", "a key for tests only")
    done = CliRunner().invoke(cli, ["init"])
    assert done.exit_code == 0, done.output
    return blank


def test_there_is_one_head_and_one_way_to_it() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1
    assert not any(script.is_merge_point for script in REVISIONS)


def test_migrations_sort_by_their_day() -> None:
    names = [Path(script.path).name for script in reversed(REVISIONS)]

    assert names == sorted(names)


def test_the_migrated_schema_is_the_declared_one(blank: Engine, declared: Engine) -> None:
    migrate.upgrade(blank)

    assert schema_of(blank) == schema_of(declared)


def test_upgrading_twice_changes_nothing(blank: Engine) -> None:
    migrate.upgrade(blank)
    before = schema_of(blank)

    migrate.upgrade(blank)

    assert schema_of(blank) == before
    assert migrate.current(blank) == migrate.head()


def test_revisions_are_known_as_alembic_knows_them(blank: Engine) -> None:
    every = [script.revision for script in SCRIPTS.walk_revisions()]
    before = migrate.current(blank)
    migrate.upgrade(blank, every[3])

    assert migrate.head() == SCRIPTS.get_current_head()
    assert all(map(migrate.is_known, every))
    assert not migrate.is_known("0123456789ab")
    assert (before, migrate.current(blank)) == (None, every[3])


def test_the_program_serves_without_what_only_upgrades_need() -> None:
    """Each process that serves would hold it in its memory."""
    asked = "import sys, tracker.app, tracker.cli; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, check=True, text=True
    )

    assert {"alembic", "mako", "psycopg"} & {*found.stdout.split()} == set()


def test_a_changed_check_is_seen(blank: Engine, declared: Engine) -> None:
    """The control of the comparison: it must see what `alembic check` does not."""
    migrate.upgrade(blank)
    with blank.begin() as connection:
        connection.execute(text("DROP TABLE citation"))
        connection.execute(text("CREATE TABLE citation (id INTEGER PRIMARY KEY CHECK (id > 0))"))

    assert schema_of(blank) != schema_of(declared)


def test_each_migration_goes_down_and_up_again_with_data(seeded: Engine) -> None:
    """From the seeded head down to nothing; each step is also taken up again on the way."""
    for script in REVISIONS:
        before, data = schema_of(seeded), rows_of(seeded)
        below = str(script.down_revision or "base")
        migrate.downgrade(seeded, below)
        kept = rows_of(seeded)
        migrate.upgrade(seeded, script.revision)

        assert data
        assert schema_of(seeded) == before
        # What attests a record that the way down takes away goes with it.
        assert _count(rows_of(seeded), kept) == _count(kept, kept)
        assert _count(kept, kept.keys() - {"citation"}) == _count(data, kept.keys() - {"citation"})
        migrate.downgrade(seeded, below)

    assert schema_of(seeded) == {}


def _count(data: dict[str, list[Any]], tables: Iterable[str]) -> dict[str, int]:
    """How many rows stand in each of those tables, which a way down and up must not lose."""
    return {table: len(data.get(table, [])) for table in tables}
