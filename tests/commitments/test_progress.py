"""Overdue, latest and share of a commitment on a day: a table of cases, and what always holds."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.commitments.progress import (
    Answer,
    Observed,
    Promise,
    latest,
    overdue,
    percent,
    reached,
    share,
)
from tracker.dates import PartialDate

YES, POSSIBLY, NO = Answer.YES, Answer.POSSIBLY, Answer.NO


def on(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


def seen(day: str, value: str | None = None) -> Observed:
    return Observed(on(day), None if value is None else Decimal(value))


def promise(due: str | None = None, target: str | None = None, *observed: Observed, **more):
    for name in ("baseline",):
        more[name] = Decimal(more[name]) if name in more else None
    return Promise(
        due_on=on(due) if due else None,
        target=Decimal(target) if target else None,
        observed=observed,
        **more,
    )


CASES = {
    "without a date never": (promise(), "2099-01-01", NO),
    "without a date never, target or not": (promise(None, "1"), "2099-01-01", NO),
    "on its day not yet": (promise("2024-06-30"), "2024-06-30", NO),
    "the day after": (promise("2024-06-30"), "2024-07-01", YES),
    "before its day": (promise("2024-06-30"), "2024-01-01", NO),
    "on the first day of its year not yet": (promise("2024"), "2024-01-01", NO),
    "within its year possibly": (promise("2024"), "2024-01-02", POSSIBLY),
    "on the last day of its year possibly": (promise("2024"), "2024-12-31", POSSIBLY),
    "after its year": (promise("2024"), "2025-01-01", YES),
    "within its month possibly": (promise("2024-06"), "2024-06-15", POSSIBLY),
    "met": (promise("2024", status="met"), "2025-01-01", NO),
    "missed": (promise("2024", status="missed"), "2025-01-01", NO),
    "dropped": (promise("2024", status="dropped"), "2025-01-01", NO),
    "superseded": (promise("2024", status="superseded"), "2025-01-01", NO),
    "a remark": (promise("2024", status=None), "2025-01-01", NO),
    "target not reached": (promise("2024", "2", seen("2024-05", "1.9")), "2025-01-01", YES),
    "target reached": (promise("2024", "2", seen("2024-05", "2")), "2025-01-01", NO),
    "target reached and lost again": (
        promise("2024", "2", seen("2023", "2.1"), seen("2024", "1.5")),
        "2025-01-01",
        NO,
    ),
    "target reached too late is reached": (
        promise("2024", "2", seen("2025-03-01", "2")),
        "2025-03-01",
        NO,
    ),
    "seen from before it was reached": (
        promise("2024", "2", seen("2025-03-01", "2")),
        "2025-02-28",
        YES,
    ),
    "perhaps reached in this year": (
        promise("2024", "2", seen("2025", "2")),
        "2025-06-01",
        POSSIBLY,
    ),
    "words reach no target": (promise("2024", "2", seen("2024-05")), "2025-01-01", YES),
    "words do not meet what has no target": (
        promise("2024", None, seen("2024")),
        "2025-01-01",
        YES,
    ),
    "reached only before the baseline": (
        promise("2024", "2", seen("2010", "3"), baseline="1", baseline_on=on("2020")),
        "2025-01-01",
        YES,
    ),
    "reached in the baseline's own year counts": (
        promise("2024", "2", seen("2020-05", "3"), baseline="1", baseline_on=on("2020")),
        "2025-01-01",
        NO,
    ),
    "downwards: not there yet": (
        promise("2024", "5", seen("2024-05", "12"), baseline="20"),
        "2025-01-01",
        YES,
    ),
    "downwards: there": (
        promise("2024", "5", seen("2024-05", "4"), baseline="20"),
        "2025-01-01",
        NO,
    ),
    "downwards only with a baseline": (
        promise("2024", "5", seen("2024-05", "12")),
        "2025-01-01",
        NO,
    ),
    "a sum of floats would not reach it": (
        promise("2024", "0.3", seen("2024-05", "0.3"), baseline="0.1"),
        "2025-01-01",
        NO,
    ),
}


@pytest.mark.parametrize(("what", "day", "wanted"), CASES.values(), ids=CASES)
def test_overdue(what: Promise, day: str, wanted: Answer) -> None:
    assert overdue(what, date.fromisoformat(day)) is wanted


LATEST = {
    "none": ((), "2025-01-01", None, True),
    "none until then": ((seen("2025-01-02", "1"),), "2025-01-01", None, True),
    "the newest, whatever the order": (
        (seen("2024", "2"), seen("2022", "1")),
        "2025-01-01",
        "2",
        True,
    ),
    "of one day the last recorded": (
        (seen("2024-01-01", "1"), seen("2024-01-01", "2")),
        "2025-01-01",
        "2",
        True,
    ),
    "a month within a year leaves it open": (
        (seen("2024", "1"), seen("2024-06", "2")),
        "2025-01-01",
        "1",
        False,
    ),
    "a year that is not over leaves it open": (
        (seen("2023", "1"), seen("2024", "2")),
        "2024-06-01",
        "2",
        False,
    ),
}


@pytest.mark.parametrize(("observed", "day", "value", "certain"), LATEST.values(), ids=LATEST)
def test_latest(observed, day: str, value: str | None, certain: bool) -> None:
    found = latest(Promise(observed=observed), date.fromisoformat(day))

    if value is None:
        assert found is None
    else:
        assert found is not None
        assert (found.observed.value, found.certain) == (Decimal(value), certain)


SHARES = {
    "a quarter": (promise(None, "2", seen("2024", "0.8"), baseline="0.4"), Fraction(1, 4)),
    "all of it": (promise(None, "2", seen("2024", "2"), baseline="0.4"), Fraction(1)),
    "more": (promise(None, "2", seen("2024", "3.6"), baseline="0.4"), Fraction(2)),
    "backwards": (promise(None, "2", seen("2024", "0"), baseline="0.4"), Fraction(-1, 4)),
    "downwards": (promise(None, "5", seen("2024", "12.5"), baseline="20"), Fraction(1, 2)),
    "no baseline": (promise(None, "2", seen("2024", "1")), None),
    "no target": (promise(None, None, seen("2024", "1"), baseline="1"), None),
    "no way": (promise(None, "1", seen("2024", "1"), baseline="1"), None),
    "nothing seen": (promise(None, "2", baseline="1"), None),
    "words after a number": (
        promise(None, "2", seen("2023", "1"), seen("2024"), baseline="0"),
        Fraction(1, 2),
    ),
}


@pytest.mark.parametrize(("what", "wanted"), SHARES.values(), ids=SHARES)
def test_share(what: Promise, wanted: Fraction | None) -> None:
    assert share(what, date(2025, 1, 1)) == wanted


@pytest.mark.parametrize(("part", "wanted"), [("0.996", 99), ("1", 100), ("-0.25", -25)])
def test_almost_there_is_not_there(part: str, wanted: int) -> None:
    assert percent(Fraction(part)) == wanted


dates = st.one_of(
    st.dates(date(2019, 1, 1), date(2027, 12, 31)).map(PartialDate.day),
    st.builds(PartialDate.month, st.integers(2019, 2027), st.integers(1, 12)),
    st.builds(PartialDate.year, st.integers(2019, 2027)),
)
numbers = st.decimals(-5, 5, places=1)
promises = st.builds(
    Promise,
    st.sampled_from(["open", "open", "met", "superseded", None]),
    st.none() | dates,
    st.none() | numbers,
    st.none() | dates,
    st.none() | numbers,
    st.lists(st.builds(Observed, dates, st.none() | numbers), max_size=4).map(tuple),
)
days = st.dates(date(2019, 1, 1), date(2027, 12, 31))


def sharper(what: PartialDate, day: date) -> PartialDate:
    """One of the days that a partial date may mean."""
    return PartialDate.day(min(max(day, what.first), what.last))


@given(promises, days, days, days)
def test_a_certain_answer_holds_whatever_day_was_meant(
    what: Promise, day: date, due: date, made: date
) -> None:
    told = Promise(
        what.status,
        sharper(what.due_on, due) if what.due_on else None,
        what.baseline,
        what.baseline_on,
        what.target,
        [Observed(sharper(one.on, made), one.value) for one in what.observed]
        if what.baseline_on is None
        else what.observed,
    )

    if overdue(what, day) is not POSSIBLY:
        assert overdue(told, day) is overdue(what, day)


@given(promises, days)
def test_only_what_is_open_and_dated_is_overdue(what: Promise, day: date) -> None:
    if overdue(what, day) is not NO:
        assert what.status == "open"
        assert what.due_on is not None
        assert what.due_on.first < day
        assert reached(what, day) is not YES


@given(promises, days)
def test_the_share_is_whole_exactly_at_the_target(what: Promise, day: date) -> None:
    part = share(what, day)

    if part is not None:
        found = latest(Promise(observed=[o for o in what.observed if o.value is not None]), day)
        assert found is not None
        assert (part == 1) == (found.observed.value == what.target)
