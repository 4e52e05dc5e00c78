"""Which act may follow which, what taking one back leads to, and where a meeting stands."""

from datetime import date

import pytest

from tracker.dates import PartialDate
from tracker.meetings.rules import (
    MAY_FOLLOW,
    ActRefused,
    Done,
    Section,
    check_act,
    check_follows,
    section_of,
    state_before,
)
from tracker.meetings.sequence import MeetingStatus as S

TODAY = date(2026, 11, 24)
MAY, JUNE = PartialDate.from_iso("2026-05-04"), PartialDate.from_iso("2026-06-01")
ALLOWED = {
    (S.PLANNED, S.CONFIRMED),
    (S.PLANNED, S.HELD),
    (S.PLANNED, S.POSTPONED),
    (S.PLANNED, S.CANCELLED),
    (S.CONFIRMED, S.HELD),
    (S.CONFIRMED, S.POSTPONED),
    (S.CONFIRMED, S.CANCELLED),
    (S.POSTPONED, S.PLANNED),
    (S.POSTPONED, S.CONFIRMED),
    (S.POSTPONED, S.HELD),
    (S.POSTPONED, S.POSTPONED),
    (S.POSTPONED, S.CANCELLED),
    (S.CANCELLED, S.PLANNED),
}


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("act", list(S))
def test_each_act_follows_only_what_it_may(status: S, act: S) -> None:
    if (status, act) in ALLOWED:
        check_follows(status, act)
    else:
        with pytest.raises(ActRefused, match=r"already|held|cancelled") as refused:
            check_follows(status, act)
        assert refused.value.field == "status"


def test_nothing_follows_what_was_held() -> None:
    assert MAY_FOLLOW[S.HELD] == ()


@pytest.mark.parametrize(
    ("kind", "begins", "ends", "on", "field", "said"),
    [
        (S.HELD, None, None, None, "begins_on", "which day"),
        (S.CONFIRMED, None, None, None, "begins_on", "which day"),
        (S.HELD, JUNE, MAY, None, "ends_on", "end before it begins"),
        (S.PLANNED, None, MAY, None, "begins_on", "when it begins"),
        (S.HELD, PartialDate.from_iso("2026-11-25"), None, None, "begins_on", "day to come"),
        (S.HELD, MAY, PartialDate.from_iso("2027"), None, "ends_on", "day to come"),
        (S.CANCELLED, None, None, PartialDate.from_iso("2026-12"), "on", "still to come"),
    ],
)
def test_days_that_cannot_be_are_named(
    kind: S,
    begins: PartialDate | None,
    ends: PartialDate | None,
    on: PartialDate | None,
    field: str,
    said: str,
) -> None:
    with pytest.raises(ActRefused, match=said) as refused:
        check_act(kind, begins, ends, on, TODAY)

    assert refused.value.field == field


def test_taking_back_leads_to_the_act_before_and_its_day() -> None:
    acts = [Done(S.PLANNED, MAY), Done(S.POSTPONED), Done(S.CONFIRMED, JUNE)]

    assert state_before(acts, JUNE) == (S.POSTPONED, None)
    assert state_before(acts[:2], None) == (S.PLANNED, MAY)


def test_taking_back_the_only_act_leads_to_planned() -> None:
    assert state_before([Done(S.CONFIRMED, MAY)], MAY) == (S.PLANNED, None)
    assert state_before([Done(S.HELD)], MAY) == (S.PLANNED, MAY)


@pytest.mark.parametrize("acts", [[], [Done(S.PLANNED, MAY)]])
def test_without_an_act_nothing_is_taken_back(acts: list[Done]) -> None:
    with pytest.raises(ActRefused, match="No act"):
        state_before(acts, MAY)


@pytest.mark.parametrize(
    ("status", "begins", "due_to", "section"),
    [
        (S.PLANNED, None, date(2026, 11, 23), Section.OVERDUE),
        (S.PLANNED, None, TODAY, Section.DUE),
        (S.PLANNED, None, None, Section.DUE),
        (S.PLANNED, PartialDate.from_iso("2026-11"), None, Section.PLANNED),
        (S.CONFIRMED, MAY, date(2027, 1, 1), Section.OVERDUE),
        (S.POSTPONED, MAY, None, Section.POSTPONED),
        (S.HELD, MAY, None, Section.HELD),
        (S.CANCELLED, None, date(2020, 1, 1), Section.CANCELLED),
    ],
)
def test_where_a_meeting_stands(
    status: S, begins: PartialDate | None, due_to: date | None, section: Section
) -> None:
    assert section_of(status, begins, None, due_to, TODAY) == section
