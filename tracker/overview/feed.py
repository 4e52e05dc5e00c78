"""The calendar feed of deadlines: the list of the home page for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.agreements.models import Agreement
from tracker.calendars import Event, EventStatus
from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.commitments.models import Commitment
from tracker.meetings.models import Meeting
from tracker.overview.attention import gather
from tracker.overview.due import KINDS, Due, DueKind
from tracker.overview.rows import lines
from tracker.overview.views import overview
from tracker.parties.pages import party_of
from tracker.text import Refusal
from tracker.web.calendars import asked, feed_answer
from tracker.web.database import db, reading
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

MODELS: dict[str, Any] = {
    "agreements": Agreement,
    "commissions": Commission,
    "commitments": Commitment,
    "meetings": Meeting,
}


@overview.get("/deadlines.ics")
@needs(Right.READ, recorded=True)
def deadlines() -> ResponseReturnValue:
    """Notices, ends of terms, commitments and first sessions by their day.

    Sessions that are recorded stand in the feed of meetings; what waits without a day in neither.
    """
    wanted = asked(today(), ("party",))
    party = None
    if request.args.get("party", "").strip():
        try:
            party = party_of(request.args["party"], reading())
        except Refusal as refusal:
            abort(400, problem_text(refusal))
    dues = [
        due
        for due in gather(db(), wanted.today, wanted.first, wanted.last, party=party)
        if not due.waiting and due.kind is not DueKind.SESSION
    ]
    events = list(_events(dues, wanted.alarm))
    name = _("Deadlines") if party is None else _("Deadlines of %(party)s", party=party.name)
    return feed_answer(f"Entente: {name}", events)


def _events(dues: Sequence[Due], alarm: timedelta | None) -> Iterator[Event]:
    versions = _versions(dues)
    for due in dues:
        if (due.record, due.number) not in versions:
            continue
        version, changed_at = versions[due.record, due.number]
        yield Event(
            key=due.key,
            version=version,
            changed_at=changed_at,
            first=due.due_on,
            last=due.due_on,
            title=f"{due.title}: {due.word}",
            status=EventStatus.TENTATIVE if due.possibly else EventStatus.CONFIRMED,
            url=urljoin(request.host_url, due.address),
            text="\n".join(filter(None, (" – ".join(s.name for s in due.sides), due.note))),
            categories=(str(KINDS[due.kind]), *(side.name for side in due.sides)),
            alarm=_lead(due, alarm),
        )


def _lead(due: Due, alarm: timedelta | None) -> timedelta | None:
    """How long before the day to remind: the agreement's own lead time where it has one."""
    if alarm is None or due.remind_on in (None, date.min):
        return alarm
    own = due.due_on - due.remind_on if due.remind_on else alarm
    return own or alarm


def _versions(dues: Sequence[Due]) -> dict[tuple[str, int], tuple[int, datetime]]:
    """How often each record was changed, and when last; one query a kind of record.

    One whose moment cannot be read is missing.
    """
    wanted: dict[str, set[int]] = {}
    for due in dues:
        wanted.setdefault(due.record, set()).add(due.number)
    found = {}
    for record, numbers in wanted.items():
        model = MODELS[record]
        query = select(model.id, model.version, model.changed_at).where(model.id.in_(numbers))
        rows = lines(db(), query, model.id, lambda row: [row[:3]], whole=True)
        for number, version, changed_at in rows:
            found[record, number] = (version, changed_at)
    return found
