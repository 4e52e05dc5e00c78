"""What holds for the status of every agreement, whatever is recorded of it."""

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.agreements.histories import days, histories
from tracker.agreements.rules import Deed, History, status_on
from tracker.dates import PartialDate

_NEVER_UNDONE = [
    "adopted",
    "initialled",
    "signed",
    "ratified",
    "provisionally-applied",
    "entered-into-force",
    "suspended",
    "notice-of-termination",
    "terminated",
    "superseded",
]


def _dated(history: History) -> History:
    """The same without what has no date at all, and with a known renewal."""
    deeds = (d for d in history.deeds if d.done_on or d.effective_on)
    return replace(history, deeds=tuple(deeds), renewal=history.renewal or "none")


@given(histories(on=days.map(PartialDate.day)), days)
def test_whole_days_leave_nothing_open(history: History, day: date) -> None:
    assert status_on(_dated(history), day).others == ()


@given(histories(), days, days)
def test_the_status_is_among_the_candidates_and_named_once(
    history: History, day: date, today: date
) -> None:
    found = status_on(history, day, known_by=today)

    assert found.candidates[0] == found.status
    assert len(set(found.candidates)) == len(found.candidates)


@given(histories(kinds=_NEVER_UNDONE), days, st.randoms(use_true_random=False))
def test_whatever_the_days_really_were_the_status_was_a_candidate(
    history: History, day: date, chance: Random
) -> None:
    def some_day(on: PartialDate | None) -> PartialDate | None:
        if on is None:
            return None
        number = chance.randint(on.first.toordinal(), on.last.toordinal())
        return PartialDate.day(date.fromordinal(number))

    known = _dated(history)
    real = replace(
        known,
        signed_on=some_day(known.signed_on),
        provisionally_applied_on=some_day(known.provisionally_applied_on),
        in_force_on=some_day(known.in_force_on),
        ended_on=some_day(known.ended_on),
        deeds=tuple(
            Deed(d.kind, some_day(d.done_on), some_day(d.effective_on)) for d in known.deeds
        ),
    )

    assert status_on(real, day).status in status_on(known, day).candidates


@given(histories(kinds=_NEVER_UNDONE), days)
def test_the_order_of_the_list_says_nothing(history: History, day: date) -> None:
    turned = replace(history, deeds=history.deeds[::-1])

    assert status_on(turned, day) == status_on(history, day)
