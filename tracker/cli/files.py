"""`tracker import`: files of records in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy.orm import Session

from tracker.authorship import ABOUT
from tracker.catalogue import TABLES
from tracker.cli.group import cli, open_database, refuse, writing
from tracker.clock import today
from tracker.columns import Reading, Table
from tracker.importing import Importer, ImportRefused, Report, differences, read_as
from tracker.tabular import FileRefused, read_sheet

RECORD = click.argument("record", type=click.Choice(list(TABLES)))


def take(
    session: Session,
    table: Table,
    content: bytes,
    *,
    partial: bool,
    wanted: Mapping[str, str] | None = None,
) -> Report:
    """Write a file into the session, or only say what is wrong with it; raises FileRefused."""
    reading = Reading(session, today(), bulk=True)
    sheet = read_sheet(content)
    fields = read_as(sheet.header, wanted, table) if wanted else None
    try:
        return Importer(table, reading, partial=partial, fields=fields).run(sheet)
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
            content = file.read_bytes()
            report = take(session, TABLES[record], content, partial=partial, wanted=wanted)
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
