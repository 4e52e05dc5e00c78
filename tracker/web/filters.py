"""Filters that lists of several kinds of record have alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.columns import CellError
from tracker.dates import PartialDate, read_date
from tracker.db import first_day, last_day
from tracker.text import N_
from tracker.web.pages import Clause, Filter, Label


def day_of(text: str) -> PartialDate:
    """The date that a filter means; raises a Refusal."""
    day = read_date(text)
    if day is None:
        raise CellError(N_("“%(text)s” is no date."), text=text)
    return day


def listed(text: str, members: Any) -> str:
    """A member of a closed list; raises CellError."""
    if text not in list(members):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return text


def one_of(
    label: Label, attribute: Any, words: Mapping[Any, Label], *, rare: bool = False
) -> Filter:
    """Records of which a fact is this member of a closed list."""
    choices = [(member.value, word) for member, word in words.items()]
    return Filter(
        label, lambda text, _reading: attribute == listed(text, words), choices, rare=rare
    )


def from_day(attribute: Any) -> Clause:
    """Dates that may be of this day or later."""
    return lambda text, _reading: last_day(attribute) >= day_of(text).first


def to_day(attribute: Any) -> Clause:
    """Dates that may be of this day or earlier."""
    return lambda text, _reading: first_day(attribute) <= day_of(text).last
