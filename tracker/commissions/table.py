"""The columns of commissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from tracker.agreements.models import Agreement, Side
from tracker.agreements.words import SIDES
from tracker.columns import (
    Choice,
    Column,
    Dated,
    Identity,
    Items,
    Line,
    Names,
    Paragraphs,
    Problem,
    Reading,
    Table,
    Whole,
)
from tracker.columns.references import Reference
from tracker.commissions import words
from tracker.commissions.cadence import CadenceUnit, Weekday
from tracker.commissions.models import (
    CoChair,
    Commission,
    CommissionKind,
    CommissionName,
    CommissionStatus,
    Host,
)
from tracker.commissions.rotation import TurnRule
from tracker.constraints import means
from tracker.parties.columns import PartyColumn
from tracker.people.columns import PersonColumn
from tracker.text import N_


class WeekOfMonth(Whole):
    """Which week of a month: the first to the fourth, or -1 for the last."""

    def __init__(self, name: str, label: Any, **options: Any) -> None:
        super().__init__(name, label, -1, 4, **options)

    def parse(self, text: str, reading: Reading) -> int:
        week = super().parse(text, reading)
        return week or super().parse("none", reading)


def _pair(values: Mapping[str, Any], first: str, second: str, message: str) -> Iterator[Problem]:
    """Two columns that are both filled or both empty."""
    if (values[first] is None) != (values[second] is None):
        yield Problem((second if values[second] is None else first,), message)


def check_commission(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Two sides, those of the agreement; a whole cadence; hosts of the two sides; no circle."""
    sides = {values["side_a"], values["side_b"]}
    if len(sides) == 1:
        yield Problem(("side_b",), N_("A commission has two different sides."))
    agreement = values["agreement"]
    if agreement is not None and {agreement.side_a, agreement.side_b} != sides:
        yield Problem(("agreement",), N_("This agreement is between other parties."))
    message = N_("Say both how many and what: every 1 year, every 6 months.")
    yield from _pair(values, "cadence_every", "cadence_unit", message)
    message = N_("Say both which week and which day: the third Wednesday.")
    yield from _pair(values, "cadence_week", "cadence_weekday", message)
    for index, host in enumerate(values["hosts"]):
        if host["party"] not in sides:
            yield Problem(("hosts", index, "party"), N_("Only one of the two sides can be host."))
    above = values.get("parent")
    while above is not None:
        if above is reading.record:
            yield Problem(("parent",), N_("A commission cannot stand above itself."))
            return
        above = above.parent


CO_CHAIRS = Items(
    "co_chairs",
    _l("Co-chairs"),
    attribute="co_chairs",
    model=CoChair,
    parts=(
        Choice("side", _l("Side"), Side, SIDES, required=True),
        PersonColumn("person", _l("Person"), required=True),
        Line("capacity", _l("Capacity")),
        Dated("since_on", _l("From")),
        Dated("until_on", _l("Until")),
    ),
)

HOSTS = Items(
    "hosts",
    _l("Hosts in turn"),
    attribute="hosts",
    model=Host,
    parts=(PartyColumn("party", _l("Party"), required=True), Line("city", _l("City"))),
)

_COLUMNS: tuple[Column, ...] = (
    Identity(),
    Line("name", _l("Name"), required=True),
    PartyColumn("side_a", _l("Side A"), required=True),
    PartyColumn("side_b", _l("Side B"), required=True),
    Choice("kind", _l("Kind"), CommissionKind, words.KINDS, required=True),
    Choice("status", _l("Status"), CommissionStatus, words.STATUSES, required=True),
    Reference("agreement", _l("Set up by the agreement"), Agreement, offers="agreements"),
    Line("article", _l("Article"), hint=_l("The article that provides for it.")),
    Reference(
        "parent",
        _l("Commission above it"),
        Commission,
        wording="name",
        late=True,
        offers="commissions",
    ),
    Names("other_names", _l("Other names"), CommissionName, hint=_l("One a line.")),
    Paragraphs("mandate", _l("Mandate")),
    CO_CHAIRS,
    Whole("cadence_every", _l("Meets every"), 1, 1_200),
    Choice("cadence_unit", _l("Months or years"), CadenceUnit, words.UNITS),
    WeekOfMonth("cadence_week", _l("Week of the month"), hint=_l("1 to 4, or -1 for the last.")),
    Choice("cadence_weekday", _l("Day of the week"), Weekday, words.WEEKDAYS),
    Whole("cadence_month", _l("Month"), 1, 12),
    Dated("cadence_from", _l("Counted from")),
    Dated("first_due_on", _l("First session due by")),
    Choice("turns", _l("How turns go"), TurnRule, words.TURNS),
    HOSTS,
    Paragraphs("note", _l("Note")),
)

COMMISSIONS = Table(
    name="commissions",
    model=Commission,
    columns=_COLUMNS,
    check=check_commission,
    load=(
        joinedload(Commission.side_a),
        joinedload(Commission.side_b),
        joinedload(Commission.agreement),
        joinedload(Commission.parent),
        selectinload(Commission.names),
        selectinload(Commission.co_chairs).joinedload(CoChair.person),
        selectinload(Commission.hosts).joinedload(Host.party),
    ),
)

means("ck_commission_two_different_sides", "side_b", N_("A commission has two different sides."))
means("ck_commission_not_above_itself", "parent", N_("A commission cannot stand above itself."))
means("ck_commission_cadence_every_positive", "cadence_every", N_("Write 1 to 1,200, or nothing."))
means(
    "ck_commission_cadence_whole",
    "cadence_unit",
    N_("Say both how many and what: every 1 year, every 6 months."),
)
means(
    "ck_commission_cadence_weekday_whole",
    "cadence_weekday",
    N_("Say both which week and which day: the third Wednesday."),
)
means("ck_commission_cadence_week_range", "cadence_week", N_("Write 1 to 4, or -1 for the last."))
means("ck_commission_cadence_month_range", "cadence_month", N_("Write a month from 1 to 12."))
means(
    "uq_commission_name_commission_id_name",
    "other_names",
    N_("The commission has this other name already."),
)
