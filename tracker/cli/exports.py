"""`tracker export`: files of records out."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl

import click
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from tracker.catalogue import PAGES, TABLES
from tracker.cli.group import cli, open_database, refuse
from tracker.clock import as_of, today
from tracker.columns import Reading
from tracker.dates import read_day
from tracker.exporting import (
    Contents,
    Format,
    Rows,
    TooManyRows,
    pieces,
    records,
    write_spreadsheet,
)
from tracker.text import Refusal
from tracker.web.pages import FilterRefused, RecordPages
from tracker.web.pointing import count_rows

# How often a line says how far it is where there is no terminal.
SAY_SECONDS = 10
STOPPED = 130  # as shells say of what Ctrl-C ended


@cli.command()
@click.argument("record", type=click.Choice(list(TABLES)))
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file, written whole or not at all; standard output if not given.",
)
@click.option(
    "--filter",
    "filters",
    default="",
    metavar="QUERY",
    help="The filters of the list's page, such as 'party=IR&status=in-force'.",
)
@click.option("--format", "kind", type=click.Choice([f.value for f in Format]), default="csv")
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
    query, total = _wanted(engine, pages, wanted)
    contents = records(engine, pages.table, query, as_of.get())
    try:
        with _shown(f"Writing {record}", total) as progress, _whole(output) as target:
            _write(Format(kind), _counted(contents, progress), target)
    except TooManyRows as refused:
        refuse(refused)
    except KeyboardInterrupt:
        click.echo("Stopped. " + ("Nothing was written." if output else ""), err=True)
        sys.exit(STOPPED)


def _wanted(
    engine: Engine, pages: RecordPages, wanted: dict[str, str]
) -> tuple[Select[tuple[object]], int]:
    with Session(engine) as session:
        query = select(pages.table.model).order_by(pages.table.model.id)
        if wanted:
            try:
                query = pages.select(wanted, Reading(session, today()))
            except FilterRefused as refused:
                refuse(f"Filter {refused.name}: {refused}")
        return query, count_rows(session, query)


def _write(kind: Format, contents: Contents, target: IO[bytes]) -> None:
    if kind is not Format.XLSX:
        for piece in pieces(kind, contents):
            target.write(piece)
        return
    # A pipe cannot go back to what is written at the end.
    with tempfile.TemporaryFile() as file:
        write_spreadsheet(contents, file)
        file.seek(0)
        shutil.copyfileobj(file, target)


def _counted(contents: Contents, progress: Callable[[int], None]) -> Contents:
    def batches(plain: bool) -> Rows:
        with closing(contents.batches(plain)) as found:
            for batch in found:
                yield batch
                progress(len(batch[0]))

    return replace(contents, batches=batches)


@contextmanager
def _whole(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that takes its name when it is whole; else nothing stays of it."""
    if output is None:
        with click.open_file("-", "wb") as stream:
            yield stream
        return
    try:
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115
            dir=output.parent, prefix=f".{output.name}.", suffix=".part", delete=False
        )
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror}.")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(_usual_mode())
        Path(file.name).replace(output)
    except BaseException as error:
        with suppress(FileNotFoundError):
            Path(file.name).unlink()
        if isinstance(error, OSError):
            refuse(f"{output} cannot be written: {error.strerror}. Nothing was written.")
        raise


def _usual_mode() -> int:
    """The rights that a new file gets; a temporary one is its owner's alone."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def _shown(word: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, elsewhere a line now and then; both on standard error."""
    if sys.stderr.isatty():
        with click.progressbar(length=max(total, 1), label=word, file=sys.stderr) as bar:
            yield bar.update
        return
    done, said = 0, time.monotonic()

    def say(more: int) -> None:
        nonlocal done, said
        done += more
        if time.monotonic() - said >= SAY_SECONDS:
            said = time.monotonic()
            click.echo(f"{word}: {done:,} of {total:,}", err=True)

    yield say


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
