"""`tracker check`, `reindex`, `backup` and `restore`: keep what is recorded whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tracker import backups, integrity
from tracker.catalogue import TABLES
from tracker.cli.group import cli, open_database, refuse, writing
from tracker.counter import rise
from tracker.db import DatabaseUnusable
from tracker.derived import DERIVATIONS
from tracker.derived.working_out import count_records, work_out_batch
from tracker.search import index


@cli.command()
def check() -> None:
    """Verify the database: its files, its keys, its rules, and what holds between columns."""
    _settings, engine = open_database()
    with Session(engine) as session:
        found = integrity.problems(session)
    if found:
        refuse("\n".join(found))
    click.echo("The database is in order.")


@cli.command()
def reindex() -> None:
    """Work out anew all that is derived from the records, while people go on working."""
    _settings, engine = open_database()
    for derivation in DERIVATIONS:
        after: int | None = 0
        done = 0
        with engine.connect() as connection:
            total = count_records(connection, derivation)
        with _shown(f"Working out {derivation.kind}") as progress:
            while after is not None:
                with writing(engine) as session:
                    after, worked_out = work_out_batch(session.connection(), derivation, after)
                    session.commit()
                done += worked_out
                progress(done, max(done, total))
        click.echo(f"{derivation.kind}: {done} records were worked out.")
    with writing(engine) as session:
        index.rebuild(session.connection())
        # Pages that were shown before may have been wrong.
        rise(session.connection())
        session.commit()
    click.echo("The index of words was made anew.")


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def backup(file: Path, force: bool) -> None:
    """Write the whole database into one file, while people go on working."""
    _settings, engine = open_database(ready=False)
    try:
        with _shown("Copying") as progress:
            backups.save(engine, file, progress, force=force)
    except (backups.BackupRefused, DatabaseUnusable) as refused:
        refuse(refused)
    click.echo(f"{file} holds the database, {file.stat().st_size:,} bytes. It was checked.")


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup into an empty place, the one that TRACKER_DATABASE_URL names."""
    _settings, engine = open_database(ready=False, touch=False)
    try:
        with _shown("Restoring") as progress:
            backups.restore(engine, file, progress)
    except (backups.BackupRefused, DatabaseUnusable) as refused:
        refuse(refused)
    click.echo("The backup is in place. It holds:")
    for line in _counts(engine):
        click.echo(line)


@contextmanager
def _shown(word: str) -> Iterator[backups.Progress]:
    """A bar on a terminal, elsewhere one line at the beginning; both on standard error."""
    if not sys.stderr.isatty():
        click.echo(f"{word} …", err=True)
        yield lambda _done, _total: None
        return
    with click.progressbar(length=1, label=word, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield show


def _counts(engine: Engine) -> Iterator[str]:
    with Session(engine) as session:
        for name, table in TABLES.items():
            count = session.scalar(select(func.count()).select_from(table.model))
            yield f"{name}: {count}"
