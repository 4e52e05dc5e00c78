"""Many commissions of many parties, each with sessions in every state, and what came of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.commitments.models import Commitment
from tracker.meetings.models import ActionItem, Meeting
from tracker.parties.models import Party

FIRST = 10_000  # The numbers of the archive begin behind those of the seeds.
COMMISSIONS = 800
SESSIONS = 10
# Days from today on which the sessions of a commission begin, or by which they are due.
STATES = (
    *(("held", -365 * year) for year in range(1, 6)),
    ("planned", -40),
    ("due", 200),
    ("confirmed", 20),
    ("postponed", None),
    ("cancelled", -100),
)


def write(session: Session, commissions: int = COMMISSIONS) -> None:
    """Write the archive, with an action item and a commitment of each session."""
    parties = list(session.scalars(select(Party.id).order_by(Party.id)))
    numbers = range(FIRST, FIRST + commissions)
    session.execute(insert(Commission), [_commission(number, parties) for number in numbers])
    sessions = [row for number in numbers for row in _sessions(number)]
    session.execute(insert(Meeting), sessions)
    session.execute(insert(ActionItem), [_item(row["id"]) for row in sessions])
    session.execute(insert(Commitment), [_commitment(row["id"]) for row in sessions])
    session.commit()


def _commission(number: int, parties: list[int]) -> dict[str, Any]:
    place = number % len(parties)
    other = (place + 1 + number // len(parties)) % len(parties)
    return {
        "id": number,
        "name": f"Commission {number}",
        "name_key": f"commission {number}",
        "side_a_id": parties[place],
        "side_b_id": parties[other],
        "kind": "joint-commission",
        "status": "active",
    }


def _sessions(commission: int) -> Iterator[dict[str, Any]]:
    for place, (state, ahead) in enumerate(STATES):
        day = None if ahead is None else today() + timedelta(days=ahead + commission % 300 % 15)
        due = state == "due"
        yield {
            "id": commission * SESSIONS + place,
            "commission_id": commission,
            "number": place + 1,
            "kind": "session",
            "status": "planned" if due else state,
            "due_from": day - timedelta(days=30) if due and day else None,
            "due_to": day if due else None,
            **_span("begins_on", None if due else day),
        }


def _item(meeting: int) -> dict[str, Any]:
    return {
        "meeting_id": meeting,
        "text": f"Item {meeting}",
        "side": "A",
        "state": "open" if meeting % 3 else "done",
        "position": 0,
    }


def _commitment(meeting: int) -> dict[str, Any]:
    return {
        "meeting_id": meeting,
        "made_by": "both",
        "text": f"Promise {meeting}",
        "kind": "decision",
        "status": "open" if meeting % 2 else "met",
        **_span("due_on", date(2030, 1, 1) if meeting % 5 else None),
    }


def _span(name: str, day: date | None) -> dict[str, date | None]:
    return {f"{name}_first": day, f"{name}_last": day}
