"""The spans of a status are what the rule says on each day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreements.histories import days, histories
from tests.agreements.test_life_stories import TOLD, Story
from tracker.agreements.phases import Facts, Phase, phases, phases_by_rule
from tracker.agreements.rules import History, status_on
from tracker.dates import PartialDate


def facts_of(known: History) -> Facts:
    def span(on: PartialDate | None) -> tuple[date | None, date | None]:
        return (on.first, on.last) if on else (None, None)

    return Facts(
        span(known.signed_on),
        span(known.provisionally_applied_on),
        span(known.in_force_on),
        span(known.ended_on),
        known.ended_how,
        known.duration_months,
        known.renewal,
        known.renewal_months,
        tuple((deed.kind, span(deed.done_on), span(deed.effective_on)) for deed in known.deeds),
    )


def beside(asked: set[date]) -> set[date]:
    """These days, and those beside them."""
    inner = {day for day in asked if date.min < day < date.max}
    return asked | {day + timedelta(days=by) for day in inner for by in (-1, 1)}


def assert_right(known: History, found: list[Phase], more: set[date]) -> None:
    assert found[0][1] == date.min
    assert found[-1][2] == date.max
    for (_one, _first, last), (_other, first, _last) in pairwise(found):
        assert last + timedelta(days=1) == first
    ends = {day for _status, first, last in found for day in (first, last)}
    for day in beside(ends | more):
        (status,) = (status for status, first, last in found if first <= day <= last)
        assert status == status_on(known, day).status, day


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.title)
def test_a_story_on_each_day_that_it_names_and_beside_it(story: Story) -> None:
    known = story.history
    dates = [known.signed_on, known.provisionally_applied_on, known.in_force_on, known.ended_on]
    dates += [on for deed in known.deeds for on in (deed.done_on, deed.effective_on)]
    asked = {one.day for one in story.asked}
    asked |= {day for on in dates if on for day in (on.first, on.last)}

    found = phases(facts_of(known))

    assert_right(known, found, asked)
    assert found == phases_by_rule(known)


@settings(max_examples=400)
@given(histories(), st.lists(days, max_size=5))
def test_whatever_is_recorded(known: History, asked: list[date]) -> None:
    found = phases(facts_of(known))

    assert found == phases_by_rule(known)
    assert_right(known, found, set(asked))


@given(histories(on=days.map(PartialDate.day)), st.lists(days, max_size=5))
def test_whole_days(known: History, asked: list[date]) -> None:
    found = phases(facts_of(known))

    assert found == phases_by_rule(known)
    assert_right(known, found, set(asked))
