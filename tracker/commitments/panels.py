"""What other pages show of commitments: lines that are ready to print, and panels of them."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import exists
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commitments.models import Commitment
from tracker.commitments.queries import (
    Clause,
    of_pair,
    open_due_within,
    overdue_on,
    select_commitments,
)
from tracker.commitments.queries import of_agreement as in_agreement
from tracker.commitments.queries import of_meeting as at_meeting
from tracker.commitments.queries import of_party as with_party
from tracker.commitments.story import describe_commitment, state_of
from tracker.commitments.table import COMMITMENTS
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.parties.models import Party
from tracker.web.belongings import NUMBER
from tracker.web.links import record_url
from tracker.web.pages import Panel, PanelLine, Pointing, list_panel
from tracker.web.site import date_text

MOST = 20


def _of_agreement(agreement: Agreement, reading: Reading) -> Panel | None:
    """The commitments that an agreement contains; no panel where there are none."""
    lines = lines_of(reading.session, reading.today, in_agreement(agreement.id))
    return _panel(lines, {"agreement": str(agreement.id)})


of_agreement = Pointing(_of_agreement, exists().where(Commitment.agreement_id == NUMBER))


def of_meeting(meeting: Meeting, reading: Reading) -> Panel | None:
    """The commitments made at a meeting; no panel where there are none."""
    return _panel(lines_of(reading.session, reading.today, at_meeting(meeting.id)))


def of_party(party: Party, reading: Reading) -> Panel | None:
    """The commitments between a party and any other; no panel where there are none."""
    lines = lines_of(reading.session, reading.today, with_party(party.id))
    return _panel(lines, {"party": party.code})


def _panel(lines: list[PanelLine], filters: dict[str, str] | None = None) -> Panel | None:
    if not lines:
        return None
    more = (_("All commitments"), url_for("commitments.index", **filters)) if filters else None  # type: ignore[arg-type]
    return list_panel(_("Commitments"), lines, more=more, empty="")


def pair_lines(session: Session, one: Party, other: Party, day: date) -> list[PanelLine]:
    """All commitments between two parties, the earliest due first."""
    return lines_of(session, day, of_pair(one, other))


def overdue_lines(
    session: Session, day: date, party: Party | None = None, most: int = MOST
) -> list[PanelLine]:
    """Commitments that are overdue on a day, of one party or of all, the oldest first."""
    return lines_of(session, day, overdue_on(day), *_of(party), most=most)


def due_lines(
    session: Session, day: date, days: int, party: Party | None = None, most: int = MOST
) -> list[PanelLine]:
    """Open commitments that fall due within so many days, of one party or of all."""
    return lines_of(session, day, open_due_within(day, days), *_of(party), most=most)


def _of(party: Party | None) -> list[Clause]:
    return [] if party is None else [with_party(party.id)]


def lines_of(session: Session, day: date, *clauses: Clause, most: int = MOST) -> list[PanelLine]:
    """The commitments that fit all clauses, as they stand on a day."""
    query = select_commitments(*clauses).options(*COMMITMENTS.load).limit(most)
    return [_line(one, day) for one in session.scalars(query)]


def _line(one: Commitment, day: date) -> PanelLine:
    state = state_of(one, day)
    due: PartialDate | None = one.due_on
    return PanelLine(
        date_text(due) if due else _("no due date"),
        describe_commitment(one),
        record_url(one),
        state.shape,
        state.word,
        f"{one.side_a.name} – {one.side_b.name}",
    )
