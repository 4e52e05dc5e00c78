"""Record the commission that an agreement sets up from within the agreement's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.agreements.models import Side
from tracker.agreements.words import SIDES
from tracker.columns import Choice, Column, Line, Outcome, Reading
from tracker.commissions.models import Commission, CommissionKind, CommissionStatus
from tracker.commissions.table import COMMISSIONS
from tracker.web.companions import Companion

_ASKED = (
    "name",
    "kind",
    "status",
    "article",
    "cadence_every",
    "cadence_unit",
    "first_due_on",
    "turns",
)


class SettingUp(Companion):
    """The section “What it sets up” of an agreement's form."""

    name = "commission"
    legend = _l("What it sets up")
    hint = _l("A joint commission of the two sides, if the agreement provides for one.")
    columns: tuple[Column, ...] = (
        *(COMMISSIONS[name] for name in _ASKED),
        Line("city_a", _l("City where side A hosts")),
        Line("city_b", _l("City where side B hosts")),
        Choice("first_host", _l("Who hosts first"), Side, SIDES),
    )
    layout = (
        "name",
        ("kind", "status"),
        "article",
        ("cadence_every", "cadence_unit"),
        "first_due_on",
        ("city_a", "city_b"),
        ("first_host", "turns"),
    )
    preset: Mapping[str, str] = {
        "kind": CommissionKind.JOINT_COMMISSION.value,
        "status": CommissionStatus.FORESEEN.value,
    }

    def read(
        self, given: Mapping[str, Any], reading: Reading, values: Mapping[str, Any]
    ) -> Outcome:
        outcome = COMMISSIONS.read(self.columns, given, reading)
        found = outcome.values
        sides = {Side.A: values.get("side_a"), Side.B: values.get("side_b")}
        cities = {Side.A: found.pop("city_a", None), Side.B: found.pop("city_b", None)}
        first = found.pop("first_host", None)
        hosts = []
        if first or any(cities.values()):
            order = (Side.B, Side.A) if first is Side.B else (Side.A, Side.B)
            hosts = [{"party": sides[side], "city": cities[side]} for side in order]
        whole = {column.name: column.cleared for column in COMMISSIONS.stored} | found
        whole |= {"side_a": sides[Side.A], "side_b": sides[Side.B], "hosts": tuple(hosts)}
        if not outcome.problems and all(sides.values()):
            outcome.problems.extend(COMMISSIONS.check(whole, reading))
        outcome.values = whole
        return outcome

    def attach(
        self, session: Session, record: Any, made: Sequence[Any], values: Mapping[str, Any]
    ) -> list[Any]:
        commission = Commission()
        COMMISSIONS.apply(commission, {**values, "agreement": record})
        session.add(commission)
        return [commission]

    def present(self, session: Session, record: Any) -> Sequence[Any]:
        if record is None:
            return ()
        of_agreement = Commission.agreement_id == record.id
        return list(session.scalars(select(Commission).where(of_agreement).order_by(Commission.id)))
