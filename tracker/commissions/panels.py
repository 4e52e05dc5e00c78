"""What other records' pages show of commissions."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commissions import words
from tracker.commissions.models import CoChair, Commission
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.web.belongings import NUMBER
from tracker.web.links import record_url
from tracker.web.pages import Panel, PanelLine, Pointing, list_panel

MOST = 20


def of_party(party: Party, reading: Reading) -> Panel:
    """The commissions in which a party sits."""
    own = or_(Commission.side_a_id == party.id, Commission.side_b_id == party.id)
    return _panel(own, reading)


def _of_agreement(agreement: Agreement, reading: Reading) -> Panel:
    """The commissions that an agreement sets up."""
    return _panel(Commission.agreement_id == agreement.id, reading)


def of_person(person: Person, reading: Reading) -> Panel | None:
    """The commissions that a person chairs or chaired for a side."""
    panel = _panel(Commission.co_chairs.any(CoChair.person_id == person.id), reading)
    return replace(panel, title=_("Chairs")) if panel.content["lines"] else None


def _listed(lines: list[PanelLine]) -> Panel:
    return list_panel(_("Commissions"), lines, empty=_("No commission is recorded."))


of_agreement = Pointing(
    _of_agreement,
    exists().where(Commission.agreement_id == NUMBER),
    without=lambda _agreement, _reading: _listed([]),
)


def _panel(which: ColumnElement[bool], reading: Reading) -> Panel:
    query = (
        select(Commission)
        .where(which)
        .options(joinedload(Commission.side_a), joinedload(Commission.side_b))
        .order_by(Commission.name, Commission.id)
        .limit(MOST)
    )
    lines = [_line(commission) for commission in reading.session.scalars(query)]
    return _listed(lines)


def _line(commission: Commission) -> PanelLine:
    return PanelLine(
        "",
        commission.name,
        record_url(commission),
        word=str(words.STATUSES[commission.status]),
        note=f"{commission.side_a.name} – {commission.side_b.name}",
    )
