"""What the page of one commission shows beside its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.agreements.models import Side
from tracker.columns import Reading
from tracker.commissions import words
from tracker.commissions.models import CoChair, Commission
from tracker.people.models import Person
from tracker.web.site import date_text

# Facts that are shown where they are known; the rule in words says what is not.
_WHERE_KNOWN = (
    "cadence_every",
    "cadence_unit",
    "cadence_week",
    "cadence_weekday",
    "cadence_month",
    "cadence_from",
    "first_due_on",
    "turns",
    "hosts",
    "note",
)


@dataclass(frozen=True)
class Chair:
    """A person who chairs for one side, in what office and when."""

    person: Person
    words: Sequence[str]


@dataclass(frozen=True)
class SideOf:
    """One side: the party and its co-chairs."""

    name: str
    url: str
    chairs: Sequence[Chair]


def present(commission: Commission, _reading: Reading) -> Mapping[str, Any]:
    """The context of the commission's own template."""
    known = [name for name in _WHERE_KNOWN if getattr(commission, name)]
    state = (str(words.KINDS[commission.kind]), str(words.STATUSES[commission.status]))
    return {
        "state_line": ", ".join(state),
        "sides": {side: _side(commission, side) for side in ("A", "B")},
        "known": [*(["other_names"] if commission.names else []), *known],
    }


def _side(commission: Commission, side: str) -> SideOf:
    party = commission.side_a if side == "A" else commission.side_b
    chairs = [
        Chair(one.person, list(_office(one)))
        for one in commission.co_chairs
        if one.side is Side(side)
    ]
    return SideOf(party.name, url_for("parties.coded", code=party.code), chairs)


def _office(chair: CoChair) -> Iterator[str]:
    if chair.capacity:
        yield chair.capacity
    if chair.since_on:
        yield _("from %(day)s", day=date_text(chair.since_on))
    if chair.until_on:
        yield _("until %(day)s", day=date_text(chair.until_on))
