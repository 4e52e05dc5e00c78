"""The quick ways along which lists of agreements are walked by the day of signing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, false, true

from tracker.agreements.filters import in_place, with_status
from tracker.agreements.models import Agreement
from tracker.agreements.sides import AGREEMENT_SIDE, AGREEMENT_SUBJECT
from tracker.agreements.topics_table import topics_below
from tracker.columns import Reading
from tracker.expressions import beginning
from tracker.parties.pages import parties_of
from tracker.text import Refusal
from tracker.web.filters import day_of
from tracker.web.keyset import Order, Stretch, by
from tracker.web.pages import FilterRefused, Path

_OWN: Any = Agreement.__table__


def _orders(table: Any) -> dict[str | None, Order]:
    """The list's own order and `oldest`, along a table."""
    signed = table.c.signed_on_first
    return {None: by(signed, descending=True, nullable=True), "oldest": by(signed, nullable=True)}


_ORDERS = {table: _orders(table) for table in (_OWN, AGREEMENT_SIDE, AGREEMENT_SUBJECT)}
_ORDERS[_OWN] |= {"title": by(beginning(_OWN.c.title)), "recorded": (Stretch(descending=True),)}
# Those of the list itself.
ORDERS = _ORDERS[_OWN]
_SIGNED = {"signed_from", "signed_to"}


def path(wanted: Mapping[str, str], reading: Reading, sort: str | None) -> Path | None:
    """Along the sides for a list of one party or two, along the subjects for one of a topic.

    A list of a place is that of the city and that of the country, each by its own index.
    """
    if "party" in wanted:
        table, answered, find = AGREEMENT_SIDE, "party", _of_parties
    elif "topic" in wanted:
        table, answered, find = AGREEMENT_SUBJECT, "topic", _about
    elif "place" in wanted:
        table, answered, find = _OWN, "place", _in_place
    elif _SIGNED & wanted.keys():
        table, answered, find = _OWN, "", _any
    else:
        return None
    if sort not in _ORDERS[table]:
        return None
    number = _OWN.c.id if table is _OWN else table.c.agreement_id
    try:
        clauses, branches = find(wanted.get(answered, ""), reading)
        days = list(_signed(table.c, wanted))
        # The status is looked up by the numbers that the path has, without a look at the records.
        status = [with_status(wanted["status"], reading, number)] if "status" in wanted else []
    except Refusal as refusal:
        raise FilterRefused(answered, refusal) from None
    # What was signed within some years has a day: the undated ones need not be looked through.
    order = _ORDERS[table][sort][: 1 if days else None]
    joined = true() if table is _OWN else _OWN.c.id == number
    found = [*clauses, *days, *status]
    return Path(number, order, found, {answered, "status", *_SIGNED}, joined, branches)


Clauses = list[ColumnElement[bool]]


def _any(text: str, reading: Reading) -> tuple[Clauses, Clauses]:
    return [], []


def _of_parties(text: str, reading: Reading) -> tuple[Clauses, Clauses]:
    parties = parties_of(text, reading)
    if len(parties) > 2:
        return [false()], []
    columns = (AGREEMENT_SIDE.c.party_id, AGREEMENT_SIDE.c.other_id)
    return [c == party.id for c, party in zip(columns, parties, strict=False)], []


def _about(text: str, reading: Reading) -> tuple[Clauses, Clauses]:
    return [], [AGREEMENT_SUBJECT.c.topic_id == number for number in topics_below(text, reading)]


def _in_place(text: str, reading: Reading) -> tuple[Clauses, Clauses]:
    return [], in_place(text, reading)


def _signed(columns: Any, wanted: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    if "signed_from" in wanted:
        day = day_of(wanted["signed_from"]).first
        # No partial date reaches over the end of a year: the index can begin with that year.
        yield columns.signed_on_first >= day.replace(month=1, day=1)
        yield columns.signed_on_last >= day
    if "signed_to" in wanted:
        yield columns.signed_on_first <= day_of(wanted["signed_to"]).last
