"""`tracker init` and `tracker run`: make the database ready, and serve the site."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tracker import migrate
from tracker.accounts.commands import offer_first_link
from tracker.authorship import Way
from tracker.catalogue import TABLES
from tracker.cli.files import take
from tracker.cli.group import cli, open_database, refuse, writing
from tracker.columns import Table
from tracker.db import DatabaseUnusable, make_copy_engine
from tracker.memory import uncollected
from tracker.settings import Settings, SettingsError
from tracker.web import log, uploads

SEEDS = migrate.ROOT / "seeds"


@cli.command()
@click.option(
    "--compare",
    is_flag=True,
    help="Compare every row with the history, and tell there what was written around it.",
)
def init(compare: bool) -> None:
    """Bring the database to the newest schema and load the seeds. Safe to repeat.

    Until an administrator has signed in, it prints a link that lets one in.
    """
    settings, engine = open_database(ready=False)
    try:
        new = migrate.current(engine) is None
        migrate.upgrade(engine, compare=compare)
    except DatabaseUnusable as error:
        refuse(error)
    if new or _is_empty(engine):
        with writing(engine, Way.SEEDS) as session:
            for name, table in TABLES.items():
                _seed(session, name, table)
            session.commit()
    click.echo("The database is ready.")
    with writing(engine) as session:
        offer_first_link(session, settings)


def _is_empty(engine: Engine) -> bool:
    with Session(engine) as session:
        return all(
            session.scalar(select(table.model.id).limit(1)) is None for table in TABLES.values()
        )


def _seed(session: Session, name: str, table: Table) -> None:
    path = SEEDS / f"{name}.csv"
    report = take(session, table, path)
    if report.errors_total:
        refuse("\n".join([f"{path.name} was not taken:", *map(str, report.errors)]))
    click.echo(f"{name}: {report.totals['new']} new")


def _look_at_copy(settings: Settings, engine: Engine) -> None:
    """Refuse an address that leads to no copy. One that is gone keeps nobody from starting."""
    if settings.replica_url is None:
        return
    from tracker.web.replica import NoCopy, Unfit, check_is_copy

    copy = make_copy_engine(settings.replica_url)
    try:
        with Session(copy) as session:
            check_is_copy(session, engine)
    except NoCopy as error:
        refuse(f"{error}. Correct it, or take it out.")
    except (Unfit, DBAPIError) as error:
        said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        click.echo(f"The copy of the database cannot be read from: {said}.", err=True)
        click.echo("Entente starts without it, and reads from it as soon as it can.", err=True)
    finally:
        copy.dispose()


@cli.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port; 8000 if not given, and 0 for any that is free.",
)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, help="How many share the work; 1."
)
def run(port: int | None, processes: int) -> None:
    """Serve the site, on this computer only."""
    with uncollected():
        # Commands that serve nothing need not read all pages.
        from tracker.oidc.setup import check_installed
        from tracker.serving import CannotServe, listen, serve

    settings, engine = open_database()
    _look_at_copy(settings, engine)
    engine.dispose()
    try:
        check_installed(settings)
        uploads.prepare(settings.uploads)
        listener = listen("127.0.0.1", settings.port if port is None else port)
    except (SettingsError, CannotServe) as error:
        refuse(error)
    click.echo(f"Entente answers on http://127.0.0.1:{listener.getsockname()[1]} (Ctrl-C ends it).")
    sys.stdout.flush()
    log.to_stderr()
    sys.exit(serve(settings, listener, processes))
