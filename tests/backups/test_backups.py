"""A backup goes back whole into an empty place, or not at all."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from tests.backups.conftest import Run, refusal, tracker
from tests.migrations.snapshot import rows_of, schema_of
from tests.soak.server import environ
from tracker import migrate
from tracker.backups import postgres
from tracker.db import make_engine
from tracker.people.models import Person

KNOWN = "747eecb963f3"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "entente.backup"


def content_of(url: str) -> tuple[object, object]:
    engine = make_engine(url)
    try:
        schema = schema_of(engine)
        if engine.dialect.name == "postgresql":
            # A rule that went through an archive means the same and is worded otherwise;
            # what it forbids, `tracker check` asks of each row.
            for table in schema.values():
                table["checks"] = sorted(table["checks"])
                for index in table["indexes"].values():
                    index.get("dialect_options", {}).pop("postgresql_where", None)
        rows = rows_of(engine)
        # A restored place has a state of its own: pages of the other are no pages of this one.
        rows.pop("change_counter")
        return schema, rows
    finally:
        engine.dispose()


def is_untouched(place: str) -> bool:
    """Whether nothing is in a place that a restore was refused for."""
    if place.startswith("sqlite"):
        return list(Path(place.removeprefix("sqlite:///")).parent.iterdir()) == []
    engine = make_engine(place)
    try:
        return inspect(engine).get_table_names() == []
    finally:
        engine.dispose()


def only(folder: Path, *names: str) -> bool:
    """Whether a folder has these files of backups and no draft of one."""
    return sorted(p.name for p in folder.glob("*entente.backup*")) == sorted(names)


def test_what_is_saved_comes_back_whole(
    seeded: Session, backup: Run, restore: Run, database_url: str, place: str, file: Path
) -> None:
    saved = backup(file)
    restored = restore(file)

    assert saved.exit_code == 0, saved.output
    assert restored.exit_code == 0, restored.output
    assert content_of(place) == content_of(database_url)
    assert "parties: 332\n" in restored.stdout
    assert "citations: 94\n" in restored.stdout
    assert tracker(place, "check").stdout == "The database is in order.\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_ids_are_not_used_again_after_a_restore(
    engine: Engine, db_session: Session, backup: Run, restore: Run, place: str, file: Path
) -> None:
    for name in ("One", "Two"):
        db_session.add(Person(name=name))
        db_session.flush()
    db_session.delete(db_session.get(Person, 2))
    db_session.commit()
    backup(file)
    restore(file)
    restored = make_engine(place)

    with Session(restored.execution_options(writing=True)) as session:
        person = Person(name="Three")
        session.add(person)
        session.commit()
        number = person.id
    restored.dispose()

    assert number == 3


def test_a_file_that_is_there_stays_unless_told_otherwise(
    db_session: Session, backup: Run, file: Path
) -> None:
    file.write_text("what was here")

    words = refusal(backup(file))
    kept = file.read_text()
    forced = backup(file, "--force")

    assert f"{file} is there already. Name another file, or add --force." in words
    assert kept == "what was here"
    assert forced.exit_code == 0, forced.output
    assert file.read_bytes()[:5] in (b"SQLit", b"PGDMP")
    assert file.stat().st_mode & 0o777 == 0o600
    assert only(file.parent, file.name)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_database_itself_is_no_place_for_its_backup(
    backup: Run, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "other name").symlink_to(database_url.removeprefix("sqlite:///"))

    words = refusal(backup(tmp_path / "other name", "--force"))

    assert "is the database itself. Name another file." in words
    assert (tmp_path / "other name").is_symlink()


NO_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from tracker.cli import main
main()
"""


def test_a_disk_without_room_leaves_what_was_there(
    seeded: Session, database_url: str, file: Path, tmp_path: Path
) -> None:
    seeded.close()
    file.write_text("the backup of yesterday")
    command = [sys.executable, "-c", NO_ROOM, "backup", "--force", str(file)]

    done = subprocess.run(
        command, env=environ(database_url, tmp_path), capture_output=True, text=True
    )

    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert str(file) in done.stderr or "pg_dump has failed" in done.stderr
    assert file.read_text() == "the backup of yesterday"
    assert only(tmp_path, file.name)


def test_a_folder_that_is_not_there_is_refused(backup: Run, tmp_path: Path) -> None:
    words = refusal(backup(tmp_path / "nowhere" / "file"))

    assert "cannot be written: No such file or directory." in words


def test_a_database_with_tables_is_not_restored_into(
    seeded: Session, backup: Run, database_url: str, file: Path
) -> None:
    backup(file)
    before = content_of(database_url)

    words = refusal(tracker(database_url, "restore", str(file)))

    assert "is not empty, and a backup is restored into an empty one only." in words
    assert content_of(database_url) == before


def damaged(file: Path, how: str) -> None:
    size = file.stat().st_size
    if how == "truncated":
        os.truncate(file, size * 2 // 3)
    elif how == "cut short by a byte":
        os.truncate(file, size - 1)
    elif how == "garbage":
        file.write_bytes(bytes(range(256)) * 64)
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "zeros inside":
        with file.open("r+b") as stream:
            stream.seek(size // 2)
            stream.write(b"\0" * (size // 4))


@pytest.mark.parametrize(
    "how", ["truncated", "cut short by a byte", "garbage", "empty", "zeros inside"]
)
def test_a_damaged_backup_is_refused(
    seeded: Session, backup: Run, restore: Run, place: str, file: Path, how: str
) -> None:
    backup(file)
    damaged(file, how)

    words = refusal(restore(file))

    assert str(file) in words
    assert "damaged" in words or "is no backup of Entente" in words or "read whole" in words
    assert is_untouched(place)


def test_a_database_without_tables_is_not_saved(empty_database_url: str, file: Path) -> None:
    words = refusal(tracker(empty_database_url, "backup", str(file)))

    assert "The database has no tables yet, so there is nothing to save." in words
    assert not file.exists()


def rewritten(url: str, *statements: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def saved_with(
    database_url: str, backup: Run, file: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    """A backup of a database that this program would not have opened."""
    rewritten(database_url, statement)
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "is_known", lambda _revision: True)
        result = backup(file)
    assert result.exit_code == 0, result.output


def test_a_backup_of_a_newer_program_is_refused(
    database_url: str,
    backup: Run,
    restore: Run,
    place: str,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = "UPDATE alembic_version SET version_num = 'ffff00000000'"
    saved_with(database_url, backup, file, monkeypatch, newer)

    words = refusal(restore(file))

    assert f"{file} was made by a newer Entente (its revision is ffff00000000)." in words
    assert is_untouched(place)


def test_a_backup_of_an_older_program_is_brought_up(
    empty_database_url: str,
    restore: Run,
    place: str,
    file: Path,
) -> None:
    engine = make_engine(empty_database_url)
    migrate.upgrade(engine, KNOWN)
    engine.dispose()

    saved, result = tracker(empty_database_url, "backup", str(file)), restore(file)

    assert (saved.exit_code, result.exit_code) == (0, 0), saved.output + result.output
    assert tracker(place, "check").exit_code == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_another_program_s_database_is_refused(restore: Run, place: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)")

    words = refusal(restore(file))

    assert f"{file} is no backup of Entente: it does not say its schema." in words
    assert is_untouched(place)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_another_program_s_archive_is_refused(
    empty_database_url: str, restore: Run, place: str, file: Path, backup: Run
) -> None:
    rewritten(empty_database_url, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    engine = make_engine(empty_database_url)
    address, _secrets = postgres._address(engine)
    program = postgres._program("pg_dump")
    postgres._run([program, "-Fc", f"--file={file}", f"--dbname={address}"], {}, "")
    engine.dispose()

    words = refusal(restore(file))

    assert f"{file} is no backup of Entente: it does not say its schema." in words
    assert is_untouched(place)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_wrong_kind_of_backup_is_refused(
    backup: Run, restore: Run, place: str, file: Path, tmp_path: Path
) -> None:
    backup(file)
    sqlite = tmp_path / "sqlite.backup"
    with closing(sqlite3.connect(sqlite)) as database:
        database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)")

    into_sqlite = refusal(tracker(f"sqlite:///{tmp_path}/other.db", "restore", str(file)))
    into_postgres = refusal(restore(sqlite))

    assert f"{file} is a backup of PostgreSQL, and TRACKER_DATABASE_URL names" in into_sqlite
    assert f"{sqlite} is a backup of SQLite, and TRACKER_DATABASE_URL names" in into_postgres
    assert is_untouched(place)
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_leftovers_of_another_database_are_not_played_into_it(
    backup: Run, restore: Run, place: str, file: Path, end: str
) -> None:
    backup(file)
    left = Path(place.removeprefix("sqlite:///") + end)
    left.write_bytes(b"frames")

    words = refusal(restore(file))

    assert f"{left} is left over from another database." in words
    assert left.read_bytes() == b"frames"
    assert [p.name for p in left.parent.iterdir()] == [left.name]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_database_in_use_is_no_backup(
    engine: Engine, restore: Run, place: str, database_url: str
) -> None:
    with Session(engine.execution_options(writing=True)) as session:
        session.add(Person(name="Not in the file yet"))
        session.commit()

        words = refusal(restore(database_url.removeprefix("sqlite:///")))

    assert "is a database in use" in words
    assert is_untouched(place)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_empty_file_of_sqlite_is_an_empty_place(
    backup: Run, restore: Run, place: str, file: Path
) -> None:
    backup(file)
    Path(place.removeprefix("sqlite:///")).touch()

    assert restore(file).exit_code == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_backup_of_a_damaged_database_is_not_kept(
    seeded: Session, engine: Engine, backup: Run, file: Path, database_url: str
) -> None:
    seeded.close()
    engine.dispose()
    damaged(Path(database_url.removeprefix("sqlite:///")), "zeros inside")

    words = refusal(backup(file))

    assert "damaged" in words or "malformed" in words
    assert only(file.parent)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs of PostgreSQL are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "none")
    return folder


def pretend(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_missing_program_is_named(backup: Run, file: Path, programs: Path) -> None:
    words = refusal(backup(file, PATH=str(programs)))

    assert "The program pg_dump is not installed here." in words
    assert "sudo apt-get install postgresql-client" in words


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_program_older_than_the_server_is_named(backup: Run, file: Path, programs: Path) -> None:
    pretend(programs, "pg_dump", 'echo "pg_dump (PostgreSQL) 9.6.1"')

    words = refusal(backup(file, PATH=str(programs)))

    assert "The program pg_dump here is of version 9, too old for a server of version" in words
    assert not file.exists()


def with_password(url: str) -> str:
    return url.replace("@/", ":a secret word@/")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_password_is_on_no_command_line(
    database_url: str, file: Path, programs: Path, tmp_path: Path
) -> None:
    real = postgres._installed("pg_dump") or [shutil.which("pg_dump") or ""]
    noted = tmp_path / "noted"
    asks = f'case "$1" in --version) exec {real[-1]} --version;; esac'
    pretend(
        programs, "pg_dump", f'{asks}\necho "$*" >{noted}\necho "$PGPASSWORD" >>{noted}\nexit 1'
    )
    path = f"{programs}:{os.environ['PATH']}"

    result: Result = tracker(with_password(database_url), "backup", str(file), PATH=path)

    arguments, password = noted.read_text().splitlines()
    assert "pg_dump has failed" in refusal(result)
    assert "secret" not in arguments
    assert password == "a secret word"  # noqa: S105
    assert only(file.parent)
