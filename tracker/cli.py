"""The `tracker` command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl

import click
from flask import Flask
from flask_babel import Babel
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tracker import migrate
from tracker.accounts.commands import author_here, offer_first_link, user
from tracker.authorship import Way
from tracker.catalogue import PAGES, TABLES
from tracker.clock import as_of, today
from tracker.columns import Reading, Table
from tracker.commissions.models import Commission
from tracker.dates import PartialDate, read_day
from tracker.db import DatabaseUnusable, make_engine
from tracker.importing import Importer, ImportRefused, Report, differences, read_as
from tracker.meetings.operations import plan_meetings
from tracker.overview.attention import gather
from tracker.overview.due import HEADER, Due, plain
from tracker.overview.due import cells as due_cells
from tracker.parties.pages import party_of
from tracker.settings import Settings, SettingsError
from tracker.tabular import FileRefused, read_sheet, write_json, write_rows
from tracker.text import Refusal
from tracker.web import log
from tracker.web.pages import FilterRefused, RecordPages

SEEDS = migrate.ROOT / "seeds"
RECORD = click.argument("record", type=click.Choice(list(TABLES)))


def refuse(reason: object) -> NoReturn:
    """Say why not, and end with status 1."""
    click.echo(str(reason), err=True)
    sys.exit(1)


def open_database(*, ready: bool = True) -> tuple[Settings, Engine]:
    """The settings and the engine; a database that cannot be used ends the command."""
    try:
        settings = Settings.from_environ(os.environ)
        engine = make_engine(settings.database_url)
        click.get_current_context().call_on_close(engine.dispose)
        if ready:
            migrate.check_ready(engine)
        migrate.check_writable(engine)
    except (SettingsError, DatabaseUnusable) as error:
        refuse(error)
    return settings, engine


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Entente: a tracker of bilateral agreements."""
    context.obj = open_database


cli.add_command(user)


def main() -> None:
    """Run the command."""
    cli(prog_name="tracker")


@cli.command()
def init() -> None:
    """Bring the database to the newest schema and load the seeds. Safe to repeat.

    Until an administrator has signed in, it prints a link that lets one in.
    """
    settings, engine = open_database(ready=False)
    try:
        new = migrate.current(engine) is None
        migrate.upgrade(engine)
    except DatabaseUnusable as error:
        refuse(error)
    if new or _is_empty(engine):
        with _writing(engine, Way.SEEDS) as session:
            for name, table in TABLES.items():
                _seed(session, name, table)
            session.commit()
    click.echo("The database is ready.")
    with _writing(engine) as session:
        offer_first_link(session, settings)


@contextmanager
def _writing(engine: Engine, way: Way = Way.COMMAND) -> Iterator[Session]:
    """A session that writes, with the system's user as its author."""
    with Session(engine.execution_options(writing=True)) as session:
        session.info["author"] = author_here(way)
        yield session


def _is_empty(engine: Engine) -> bool:
    with Session(engine) as session:
        return all(
            session.scalar(select(table.model.id).limit(1)) is None for table in TABLES.values()
        )


def _seed(session: Session, name: str, table: Table) -> None:
    path = SEEDS / f"{name}.csv"
    report = _take(session, table, path.read_bytes(), partial=False)
    if report.all_errors:
        refuse("\n".join([f"{path.name} was not taken:", *map(str, report.errors)]))
    click.echo(f"{name}: {report.totals['new']} new")


def _take(
    session: Session,
    table: Table,
    content: bytes,
    *,
    partial: bool,
    wanted: Mapping[str, str] | None = None,
) -> Report:
    reading = Reading(session, today(), bulk=True)
    sheet = read_sheet(content)
    fields = read_as(sheet.header, wanted, table) if wanted else None
    try:
        return Importer(table, reading, partial=partial, fields=fields).run(sheet)
    except ImportRefused as refused:
        return refused.report


@cli.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=None, help="The port; 8000 if not given."
)
def run(port: int | None) -> None:
    """Serve the site, on this computer only."""
    from waitress import serve

    from tracker.app import create_app

    settings, engine = open_database()
    engine.dispose()
    port = port or settings.port
    click.echo(f"Entente answers on http://127.0.0.1:{port} (Ctrl-C ends it).")
    log.to_stderr()
    serve(
        create_app(settings),
        host="127.0.0.1",
        port=port,
        ident=None,
        threads=8,
        _quiet=True,
        # What a trusted proxy says is read by the application.
        clear_untrusted_proxy_headers=not settings.proxies,
    )


@cli.command("import")
@RECORD
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be, and change nothing.")
@click.option("--partial", is_flag=True, help="Columns that the file lacks stay as they are.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Read a column of the file as one of ours; an empty FIELD leaves it out. Repeatable.",
)
def import_(record: str, file: Path, dry_run: bool, partial: bool, mapped: tuple[str, ...]) -> None:
    """Take a CSV file of records: all of it, or nothing."""
    wanted = dict(_split_mapping(one) for one in mapped)
    _settings, engine = open_database()
    with _writing(engine) as session:
        try:
            content = file.read_bytes()
            report = _take(session, TABLES[record], content, partial=partial, wanted=wanted)
        except FileRefused as refused:
            refuse(refused)
        if report.all_errors:
            session.rollback()
            refuse("\n".join([*map(str, report.errors), _counted(report)]))
        if dry_run:
            session.rollback()
            for line in differences(report):
                click.echo(line)
        else:
            session.commit()
    totals = ", ".join(f"{count} {verdict}" for verdict, count in report.totals.items())
    click.echo(f"{totals}." + (" Nothing was written (dry run)." if dry_run else ""))


def _counted(report: Report) -> str:
    shown, total = len(report.errors), report.errors_total
    count = "1 error" if total == 1 else f"{total} errors"
    return f"{count}{', the first ' + str(shown) + ' above' if shown < total else ''}. " + (
        "Nothing was written."
    )


def _split_mapping(text: str) -> tuple[str, str]:
    column, sign, field = text.rpartition("=")
    if not sign:
        raise click.UsageError(f"--map {text}: write COLUMN=FIELD, or COLUMN= to leave it out.")
    return column.strip(), field.strip()


@cli.command()
@RECORD
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file; standard output if not given.",
)
@click.option(
    "--filter",
    "filters",
    default="",
    metavar="QUERY",
    help="The filters of the list's page, such as 'party=IR&status=in-force'.",
)
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv")
def export(record: str, output: Path | None, filters: str, kind: str) -> None:
    """Write records of a kind: all by their ids, or those of a filter in the order of the page."""
    pages = next(pages for pages in PAGES if pages.name == record)
    wanted = _read_filters(filters, pages)
    if "on" in wanted:
        try:
            as_of.set(read_day(wanted["on"]))
        except Refusal as refusal:
            refuse(refusal)
    _settings, engine = open_database()
    with Session(engine) as session:
        query = select(pages.table.model).options(*pages.table.load).order_by(pages.table.model.id)
        if wanted:
            try:
                query = pages.select(wanted, Reading(session, today()))
            except FilterRefused as refused:
                refuse(f"Filter {refused.name}: {refused}")
        records = session.scalars(query.execution_options(yield_per=500))
        pieces = (
            write_json(map(pages.table.plain, records))
            if kind == "json"
            else write_rows(pages.table.header, map(pages.table.cells, records))
        )
        with click.open_file(str(output or "-"), "wb") as stream:
            for piece in pieces:
                stream.write(piece)


def _read_filters(text: str, pages: RecordPages) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise click.UsageError(f"--filter {text}: write NAME=VALUE&NAME=VALUE.") from None
    names = [name for name, _value in pairs]
    for name in names:
        if name not in pages.filters:
            known = ", ".join(pages.filters) or "none"
            refuse(f"{pages.name} has no filter “{name}”. Known are: {known}.")
        if names.count(name) > 1 and not pages.filters[name].repeats:
            refuse(f"The filter “{name}” stands there twice. Give it once.")
    given = {name: [v.strip() for n, v in pairs if n == name and v.strip()] for name in names}
    return {name: "; ".join(values) for name, values in given.items() if values}


@cli.command()
@click.argument("commission", type=int)
@click.option("--until", type=click.IntRange(1, 9998), required=True, help="The last year.")
def plan(commission: int, until: int) -> None:
    """Add the sessions of a commission that are expected until the end of a year."""
    _settings, engine = open_database()
    with _writing(engine) as session:
        found = session.get(Commission, commission)
        if found is None:
            refuse(f"There is no commission with the number {commission}.")
        try:
            planned = plan_meetings(session, found, date(until, 12, 31))
        except Refusal as refusal:
            refuse(refusal)
        for meeting in planned:
            host = (
                f"{meeting.host.code}, {meeting.city or 'city not known'}"
                if meeting.host
                else "host not known"
            )
            click.echo(f"session {meeting.number or '-'}: due by {meeting.due_to}, {host}")
        session.commit()
    click.echo(f"{len(planned)} sessions were added.")


@cli.command()
@click.option("--days", type=click.IntRange(0, 3660), default=90, help="How far to look ahead.")
@click.option("--party", help="Only what concerns this party, by its code or name.")
@click.option("--commission", type=int, help="Only what concerns this commission, by its number.")
@click.option("--on", "on", help="As of this day, such as 2024-01-01; today if not given.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    help="How to write it.",
)
def due(days: int, party: str | None, commission: int | None, on: str | None, form: str) -> None:
    """List what is overdue or due soon; the status is 3 when something is overdue."""
    _settings, engine = open_database()
    with Session(engine) as session:
        try:
            day = read_day(on) if on else today()
            found_party = party_of(party, Reading(session, today())) if party else None
        except Refusal as refusal:
            refuse(refusal)
        found_commission = session.get(Commission, commission) if commission else None
        if commission is not None and found_commission is None:
            refuse(f"There is no commission with the number {commission}.")
        last = min(day, date.max - timedelta(days=days)) + timedelta(days=days)
        with _english():
            lines = gather(
                session,
                day,
                date.min,
                last,
                party=found_party,
                commission=found_commission,
                show=_iso,
            )
            _write_due(lines, form)
    sys.exit(3 if any(line.overdue for line in lines) else 0)


def _iso(when: PartialDate) -> str:
    return when.iso()


def _write_due(lines: list[Due], form: str) -> None:
    if form == "text":
        for line in lines:
            word = "overdue" if line.overdue else "waiting" if line.waiting else "due"
            sides = "-".join(side.code for side in line.sides)
            said = " · ".join(filter(None, (line.word, line.note)))
            click.echo(f"{word}  {line.when.iso()}  {sides}  {line.title}  ({said})")
        return
    rows = write_rows(HEADER, map(due_cells, lines))
    with click.open_file("-", "wb") as stream:
        for piece in rows if form == "csv" else write_json(map(plain, lines)):
            stream.write(piece)


@contextmanager
def _english() -> Iterator[None]:
    """Let the words of pages be used where there is no page."""
    app = Flask("tracker")
    Babel(app)  # type: ignore[no-untyped-call]
    with app.app_context():
        yield


@cli.command()
def check() -> None:
    """Verify the database: its integrity, its keys, and the rules between columns."""
    _settings, engine = open_database()
    with Session(engine) as session:
        problems = [*_integrity(session), *_broken_rules(session)]
    if problems:
        refuse("\n".join(problems))
    click.echo("The database is in order.")


def _integrity(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name == "sqlite":
        for (line,) in session.execute(text("PRAGMA integrity_check")):
            if line != "ok":
                yield line
        for table, row, parent, _key in session.execute(text("PRAGMA foreign_key_check")):
            yield f"{table} {row} points at a row of {parent} that is not there"


def _broken_rules(session: Session) -> Iterator[str]:
    for name, table in TABLES.items():
        reading = Reading(session, today(), bulk=True)
        for record in session.scalars(select(table.model).options(*table.load)):
            reading.record = record
            values = {column.name: column.get(record) for column in table.stored}
            for problem in table.check(values, reading):
                yield f"{name} {record.id}, {problem.column}: {problem}"
