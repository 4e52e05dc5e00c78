"""`tracker plan` and `tracker due`: the sessions to come, and what falls due."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import click
from flask import Flask
from flask_babel import Babel
from sqlalchemy.orm import Session

from tracker.cli.group import cli, open_database, refuse, writing
from tracker.clock import today
from tracker.columns import Reading
from tracker.commissions.models import Commission
from tracker.dates import PartialDate, read_day
from tracker.meetings.operations import plan_meetings
from tracker.overview.attention import gather
from tracker.overview.due import HEADER, Due, plain
from tracker.overview.due import cells as due_cells
from tracker.parties.pages import party_of
from tracker.tabular import write_json, write_rows
from tracker.text import Refusal


@cli.command()
@click.argument("commission", type=int)
@click.option("--until", type=click.IntRange(1, 9998), required=True, help="The last year.")
def plan(commission: int, until: int) -> None:
    """Add the sessions of a commission that are expected until the end of a year."""
    _settings, engine = open_database()
    with writing(engine) as session:
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
