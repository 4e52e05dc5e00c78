"""What is checked before the site answers, and the site as it is really run, beside a copy."""

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from tests.databases import Databases, empty, migrated, prepare_once
from tests.identities import add_account, session_token
from tests.replica.standby import Standby, until
from tests.soak.server import RunningServer
from tests.soak.visitor import signed_in
from tracker.accounts.rules import Role
from tracker.cli import cli
from tracker.counter import COUNTERS
from tracker.settings import Settings, SettingsError

BASE = {"TRACKER_SECRET_KEY": "for tests"}
OURS = BASE | {"TRACKER_DATABASE_URL": "postgresql://a@db/entente"}


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (BASE | {"TRACKER_REPLICA_URL": "postgresql://a@db/entente"}, "SQLite has no copies"),
        (OURS | {"TRACKER_REPLICA_URL": "sqlite:///copy.db"}, "SQLite has no copies"),
        (OURS | {"TRACKER_REPLICA_URL": "postgresql://a@db/entente"}, "the database itself"),
        (OURS | {"TRACKER_REPLICA_URL": "mysql://a@db/entente"}, "TRACKER_REPLICA_URL names"),
        (OURS | {"TRACKER_REPLICA_URL": "nonsense"}, "TRACKER_REPLICA_URL is 'nonsense'"),
    ],
)
def test_what_cannot_be_a_copy_is_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.from_environ(environ)


def test_no_copy_is_needed() -> None:
    assert Settings.from_environ(OURS | {"TRACKER_REPLICA_URL": " "}).replica_url is None
    copy = Settings.from_environ(OURS | {"TRACKER_REPLICA_URL": "postgresql://a@copy/entente"})
    assert copy.replica_url == "postgresql+psycopg://a@copy/entente"


def run(monkeypatch: pytest.MonkeyPatch, url: str, replica_url: str) -> tuple[int, str]:
    for name, value in (BASE | {"TRACKER_DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TRACKER_REPLICA_URL", replica_url)
    done = CliRunner().invoke(cli, ["run", "--port", "0"])
    return done.exit_code, done.output


def test_another_database_is_refused(
    databases: Databases, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    with databases.fresh(empty, folder) as other:
        # Its own installation, not a copy of the same beginning.
        prepare_once(other, migrated)
        status, said = run(monkeypatch, database_url, other)

    assert status == 1
    assert "leads to another database" in said
    assert "Correct it, or take it out." in said


def served(database_url: str, engine: Engine, folder: Path, copy: str) -> RunningServer:
    token = session_token(engine, add_account(engine, Role.EDITOR))
    more = {"TRACKER_REPLICA_URL": copy}
    return RunningServer(database_url, folder, processes=2, token=token, more=more)


def test_processes_read_from_the_standby_and_go_on_without_it(
    database_url: str, engine: Engine, standby: Standby, tmp_path: Path
) -> None:
    """What ran on the standby is what the standby itself has noted."""
    server = served(database_url, engine, tmp_path, standby.url(database_url))
    try:
        standby.catch_up()
        with closing(signed_in(server)) as visitor:
            at_first = standby.ran("FROM person")
            before = visitor.get("/people")
            until_saved = standby.ran("FROM person")
            form = visitor.get("/people/new").fields()
            saved = visitor.post("/people/new", form | {"name": ["Somebody New"]})
            at_once = visitor.get("/people")
            standby.kill()
            without = visitor.get("/people")
            standby.start()
            standby.catch_up()
            until_now = standby.ran("FROM person")
            until(lambda: bool(visitor.get("/people")) and standby.ran("FROM person") > until_now)
            again = visitor.get("/people")
    finally:
        server.kill()

    assert (before.status, saved.status) == (200, 303)
    assert until_saved > at_first
    assert all("Somebody New" in page.text for page in (at_once, without, again))
    log = server.log.read_text()
    assert "The copy is not read from: " in log
    assert log.count("The copy is read from.") >= 2
    assert "Traceback" not in log


def test_a_copy_that_is_gone_keeps_nobody_from_starting(
    database_url: str, engine: Engine, tmp_path: Path
) -> None:
    nobody = engine.url.update_query_dict({"host": str(tmp_path)})
    copy = nobody.render_as_string(hide_password=False)
    server = served(database_url, engine, tmp_path, copy)
    try:
        with closing(signed_in(server)) as visitor:
            assert visitor.get("/people").status == 200
    finally:
        server.kill()

    log = server.log.read_text()
    assert "The copy of the database cannot be read from" in log
    assert "Entente starts without it" in log


def test_a_copy_without_the_schema_is_waited_for(
    databases: Databases, database_url: str, engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    with databases.fresh(empty, folder) as other:
        server = served(database_url, engine, tmp_path, other)
        try:
            with closing(signed_in(server)) as visitor:
                assert visitor.get("/people").status == 200
        finally:
            server.kill()

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM change_counter")) == COUNTERS
    assert "Entente starts without it" in server.log.read_text()
