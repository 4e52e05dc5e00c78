"""What other pages show of commitments: lines that are ready to print, and panels of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import exists
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commitments.models import Commitment
from tracker.commitments.queries import Clause, of_pair, open_due_within, overdue_on
from tracker.commitments.queries import of_meeting as at_meeting
from tracker.commitments.queries import of_party as with_party
from tracker.commitments.story import describe_commitment, state_of
from tracker.commitments.telling import CommitmentTold, told, told_of
from tracker.meetings.models import Meeting
from tracker.parties.models import Party
from tracker.parties.queries import ONE, OTHER, pair_values
from tracker.web.belongings import NUMBER
from tracker.web.links import Address, addresses_of
from tracker.web.pages import Panel, PanelLine, Pointing, list_panel
from tracker.web.site import date_text

MOST = 20
# Kept, so that a page need not build them anew.
_OF_AGREEMENT = told_of(Commitment.agreement_id == NUMBER, most=MOST)
_OF_PAIR = told_of(of_pair(ONE, OTHER), most=MOST)


def _of_agreement(agreement: Agreement, reading: Reading) -> Panel | None:
    """The commitments that an agreement contains; no panel where there are none."""
    lines = _lines(told(reading.session, _OF_AGREEMENT, {"number": agreement.id}), reading.today)
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
    return _lines(told(session, _OF_PAIR, pair_values(one, other)), day)


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
    return _lines(told(session, told_of(*clauses, most=most)), day)


def _lines(commitments: Iterable[CommitmentTold], day: date) -> list[PanelLine]:
    address = addresses_of(Commitment)
    return [_line(one, day, address) for one in commitments]


def _line(one: CommitmentTold, day: date, address: Address) -> PanelLine:
    state = state_of(one, day)
    return PanelLine(
        date_text(one.due_on) if one.due_on else _("no due date"),
        describe_commitment(one),
        address(one.id),
        state.shape,
        state.word,
        " – ".join(one.parties),
    )
