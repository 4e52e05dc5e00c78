"""The group of commands, and what each of them begins and ends with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker import migrate
from tracker.accounts.commands import author_here, user
from tracker.authorship import AUTHOR, Way
from tracker.db import DatabaseUnusable, WritersBusy, make_engine
from tracker.settings import Settings, SettingsError


def refuse(reason: object) -> NoReturn:
    """Say why not, and end with status 1."""
    click.echo(str(reason), err=True)
    sys.exit(1)


def open_database(*, ready: bool = True, touch: bool = True) -> tuple[Settings, Engine]:
    """The settings and the engine; a database that cannot be used ends the command.

    With ``ready`` it must have the newest schema. Without ``touch`` it is not opened yet: opening
    a file of SQLite that is not there makes it.
    """
    try:
        settings = Settings.from_environ(os.environ)
        engine = make_engine(settings.database_url)
        click.get_current_context().call_on_close(engine.dispose)
        if ready:
            migrate.check_ready(engine)
        if touch:
            migrate.check_writable(engine)
    except (SettingsError, DatabaseUnusable) as error:
        refuse(error)
    return settings, engine


@contextmanager
def writing(engine: Engine, way: Way = Way.COMMAND) -> Iterator[Session]:
    """A session that writes, with the system's user as its author."""
    with Session(engine.execution_options(writing=True)) as session:
        session.info[AUTHOR] = author_here(way)
        yield session


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Entente: a tracker of bilateral agreements."""
    context.obj = open_database


cli.add_command(user)


def main() -> None:
    """Run the command."""
    try:
        cli(prog_name="tracker")
    except WritersBusy as busy:
        refuse(busy)
