"""`tracker import`: files of records in."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy.orm import Session

from tracker.authorship import ABOUT
from tracker.catalogue import TABLES
from tracker.cli.group import cli, open_database, refuse, writing
from tracker.cli.progress import Progress
from tracker.clock import today
from tracker.columns import Reading, Table
from tracker.derived.working_out import work_out_now
from tracker.importing import (
    FOLLOWING,
    Importer,
    ImportRefused,
    Processes,
    Report,
    differences,
    read_as,
    silent,
)
from tracker.importing import Progress as Told
from tracker.tabular import FileRefused, SheetFile

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

    Others wait for the session's turn to write only from when the file has been checked. A session
    that has written already checks for itself: nobody else sees yet what it wrote.
    """
    sheet = SheetFile(path)
    fields = read_as(sheet.header, wanted, table) if wanted else None
    writes = session.in_transaction()
    only_reading = session.get_bind().engine.execution_options(writing=False)
    with Session(only_reading) as looking:
        importer = Importer(
            table,
            Reading(session, today(), bulk=True),
            partial=partial,
            fields=fields,
            checking=None if writes else Reading(looking, today(), bulk=True),
            beside=None if writes else Processes.of(only_reading.engine, today()),
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
                if not (report.errors_total or dry_run):
                    # The commit would do so, too, but says nothing and cannot be stopped.
                    work_out_now(session, lambda *far: progress(FOLLOWING, *far))
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
