"""The columns of what came of a meeting: decisions and action items, and what holds of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.agreements.models import Side
from tracker.agreements.words import SIDES
from tracker.columns import Choice, Dated, Items, Line, Problem, Reading
from tracker.constraints import means
from tracker.meetings import words
from tracker.meetings.models import ActionItem, Decision, ItemState
from tracker.meetings.sequence import MeetingStatus
from tracker.people.columns import PersonColumn
from tracker.text import N_, TITLE

DECISIONS = Items(
    "decisions",
    _l("Decisions"),
    attribute="decisions",
    model=Decision,
    parts=(
        Line("text", _l("Decision"), required=True, limit=TITLE),
        Line("reference", _l("Where in the minutes"), hint=_l("For example ¶ 4.")),
    ),
)

ACTION_ITEMS = Items(
    "action_items",
    _l("Action items"),
    attribute="action_items",
    model=ActionItem,
    key=("text", "side", "person"),
    steady=True,
    parts=(
        Line("text", _l("What is to be done"), required=True, limit=TITLE),
        Choice("side", _l("By side"), Side, SIDES),
        PersonColumn("person", _l("By person")),
        Dated("due_on", _l("Until")),
        Choice("state", _l("State"), ItemState, words.ITEM_STATES, default=ItemState.OPEN),
        Dated("done_on", _l("Closed on")),
        Line("note", _l("Note"), limit=TITLE),
    ),
)


def check_minutes(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Only what was held has decided something; items have somebody, and days that can be."""
    if values["status"] is not MeetingStatus.HELD:
        message = N_("Only a meeting that was held has these. Mark it as held first.")
        for name in ("decisions", "action_items"):
            if values.get(name):
                yield Problem((name,), message)
    for index, item in enumerate(values.get("action_items", ())):
        for part, message in _item_problems(item, values["begins_on"], reading):
            yield Problem(("action_items", index, part), message)


def _item_problems(
    item: Mapping[str, Any], begins: Any, reading: Reading
) -> Iterator[tuple[str, str]]:
    if item["side"] is None and item["person"] is None:
        yield "side", N_("Say which side or which person is to do it.")
    if begins and item["due_on"] and not begins.can_precede(item["due_on"]):
        yield "due_on", N_("This is before the session began.")
    done = item["done_on"]
    if done and item["state"] is ItemState.OPEN:
        yield "done_on", N_("It is open: leave this empty, or say that it is done or dropped.")
    if done and done.first > reading.today:
        yield "done_on", N_("It cannot have been closed on a day to come.")
    if begins and done and not begins.can_precede(done):
        yield "done_on", N_("This is before the session began.")


means("ck_action_item_somebody", "action_items", N_("Say which side or person is to do it."))
means(
    "ck_action_item_closed_when_dated",
    "action_items",
    N_("An open item has no day on which it was closed."),
)
