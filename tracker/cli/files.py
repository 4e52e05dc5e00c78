"""`tracker import` and `tracker export`: files of records in and out."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.authorship import ABOUT
from tracker.catalogue import PAGES, TABLES
from tracker.cli.group import cli, open_database, refuse, writing
from tracker.cli.progress import Progress
from tracker.clock import as_of, today
from tracker.columns import Reading, Table
from tracker.dates import read_day
from tracker.importing import Importer, ImportRefused, Report, differences, read_as, silent
from tracker.importing import Progress as Told
from tracker.tabular import FileRefused, SheetFile, write_json, write_rows
from tracker.text import Refusal
from tracker.web.pages import FilterRefused, RecordPages

RECORD = click.argument("record", type=click.Choice(list(TABLES)))


STOPPED = 130  # what a shell takes for a command that Ctrl-C ended


def take(
    session: Session,
    table: Table,
    path: Path,
    *,
    partial: bool = False,
    wanted: Mapping[str, str] | None = None,
    progress: Told = silent,
) -> Report:
    """Write a file into the session, or only say what is wrong with it; raises FileRefused.

    Others wait for the session's turn to write only from when the file has been checked.
    """
    sheet = SheetFile(path)
    fields = read_as(sheet.header, wanted, table) if wanted else None
    only_reading = session.get_bind().engine.execution_options(writing=False)
    with Session(only_reading) as looking:
        importer = Importer(
            table,
            Reading(session, today(), bulk=True),
            partial=partial,
            fields=fields,
            checking=Reading(looking, today(), bulk=True),
            progress=progress,
        )
        try:
            return importer.run(sheet)
        except ImportRefused as refused:
            return refused.report


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
    with writing(engine) as session:
        session.info[ABOUT] = {"note": file.name}
        try:
            with Progress() as progress:
                report = take(
                    session,
                    TABLES[record],
                    file,
                    partial=partial,
                    wanted=wanted,
                    progress=progress,
                )
        except FileRefused as refused:
            refuse(refused)
        except KeyboardInterrupt:
            session.rollback()
            click.echo("Stopped. Nothing was changed.", err=True)
            sys.exit(STOPPED)
        _finish(session, report, dry_run=dry_run)


def _finish(session: Session, report: Report, *, dry_run: bool) -> None:
    """Let all of a file be written, or nothing of it, and say so."""
    if report.errors_total:
        session.rollback()
        refuse("\n".join([*map(str, report.errors), _counted(report)]))
    if dry_run:
        session.rollback()
        for line in differences(report):
            click.echo(line)
    else:
        # From here on it is done: who would stop it now must not be told otherwise.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        session.commit()
        signal.signal(signal.SIGINT, before)
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
