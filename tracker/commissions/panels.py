"""What other records' pages show of commissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, or_, select

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commissions import words
from tracker.commissions.models import CoChair, Commission
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.web.belongings import NUMBER
from tracker.web.links import addresses_of
from tracker.web.pages import Panel, PanelLine, Pointing, list_panel

MOST = 20


def _named(which: ColumnElement[bool]) -> Select[Any]:
    """Commissions by name, with the names of both sides."""
    own, (a, b) = Commission.__table__.c, (Party.__table__.alias() for _ in range(2))
    return (
        select(own.id, own.name, own.status, a.c.name, b.c.name)
        .join(a, own.side_a_id == a.c.id)
        .join(b, own.side_b_id == b.c.id)
        .where(which)
        .order_by(own.name, own.id)
        .limit(MOST)
    )


_OF_AGREEMENT = _named(Commission.agreement_id == NUMBER)


def of_party(party: Party, reading: Reading) -> Panel:
    """The commissions in which a party sits."""
    own = or_(Commission.side_a_id == party.id, Commission.side_b_id == party.id)
    return _panel(_named(own), reading)


def _of_agreement(agreement: Agreement, reading: Reading) -> Panel:
    """The commissions that an agreement sets up."""
    return _panel(_OF_AGREEMENT, reading, {"number": agreement.id})


def of_person(person: Person, reading: Reading) -> Panel | None:
    """The commissions that a person chairs or chaired for a side."""
    panel = _panel(_named(Commission.co_chairs.any(CoChair.person_id == person.id)), reading)
    return replace(panel, title=_("Chairs")) if panel.content["lines"] else None


def _listed(lines: list[PanelLine]) -> Panel:
    return list_panel(_("Commissions"), lines, empty=_("No commission is recorded."))


of_agreement = Pointing(
    _of_agreement,
    exists().where(Commission.agreement_id == NUMBER),
    without=lambda _agreement, _reading: _listed([]),
)


def _panel(query: Select[Any], reading: Reading, given: Mapping[str, Any] | None = None) -> Panel:
    address = addresses_of(Commission)
    return _listed(
        [
            PanelLine(
                "", name, address(number), word=str(words.STATUSES[status]), note=f"{a} – {b}"
            )
            for number, name, status, a, b in reading.session.execute(query, given)
        ]
    )
