"""`tracker check`, `backup` and `restore`: keep what is recorded whole."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from tracker import integrity
from tracker.cli.group import cli, open_database, refuse


@cli.command()
def check() -> None:
    """Verify the database: its files, its keys, its rules, and what holds between columns."""
    _settings, engine = open_database()
    with Session(engine) as session:
        found = integrity.problems(session)
    if found:
        refuse("\n".join(found))
    click.echo("The database is in order.")
