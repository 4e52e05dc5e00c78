"""Where things stand in the drawing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.commitments.chart import MOST_TICKS, Chart, Drawn, draw, nice_amounts
from tracker.commitments.columns import plain_number
from tracker.dates import PartialDate


def picture(drawn: Drawn, *, mirrored: bool = False) -> Chart | None:
    def time(day: date, with_month: bool) -> str:
        return day.isoformat()[: 7 if with_month else 4]

    return draw(drawn, amount=plain_number, time=time, mirrored=mirrored)


TRADE = Drawn(
    [
        (PartialDate.year(2021), Decimal("0.4")),
        (PartialDate.day(date(2025, 3, 31)), Decimal("1.1")),
    ],
    baseline=Decimal("0.4"),
    baseline_on=PartialDate.year(2021),
    target=Decimal(2),
    due_on=PartialDate.year(2025),
)


def test_higher_numbers_stand_higher_and_later_ones_further_on() -> None:
    chart = picture(TRADE)
    assert chart is not None
    first, second = chart.points

    assert first.x < second.x
    assert first.y > second.y
    assert chart.target_y is not None
    assert chart.target_y < second.y
    assert chart.baseline_y == first.y


def test_a_year_spans_and_a_day_does_not() -> None:
    chart = picture(TRADE)
    assert chart is not None

    assert [point.spans for point in chart.points] == [True, False]


def test_marks_are_few_and_round() -> None:
    chart = picture(TRADE)
    assert chart is not None

    assert [mark.label for mark in chart.amounts] == ["0", "0.5", "1", "1.5", "2"]
    assert [mark.label for mark in chart.times] == ["2022", "2024", "2026"]


def test_a_mirrored_drawing_runs_from_right_to_left() -> None:
    plain, mirrored = picture(TRADE), picture(TRADE, mirrored=True)
    assert plain is not None
    assert mirrored is not None

    for one, other in zip(plain.points, mirrored.points, strict=True):
        assert one.x + other.x == pytest.approx(plain.width)
        assert one.y == other.y
    assert mirrored.start > mirrored.end


def test_a_short_time_has_marks_by_the_month() -> None:
    days = (date(2026, 3, 1), date(2026, 3, 9))
    chart = picture(Drawn([(PartialDate.day(day), Decimal(day.day)) for day in days]))
    assert chart is not None

    assert [mark.label for mark in chart.times] == ["2026-03", "2026-04"]


def test_one_number_alone_is_no_drawing() -> None:
    assert picture(Drawn([(PartialDate.year(2021), Decimal(1))])) is None
    assert picture(Drawn([], target=Decimal(2), baseline=Decimal(1))) is None


numbers = st.decimals(Decimal("-99999999999999"), Decimal("99999999999999"), places=4)
dates = st.one_of(
    st.dates().map(PartialDate.day), st.builds(PartialDate.year, st.integers(1, 9999))
)


@given(
    st.builds(
        Drawn,
        st.lists(st.tuples(dates, numbers), min_size=1, max_size=5),
        st.none() | numbers,
        st.none() | dates,
        st.none() | numbers,
        st.none() | dates,
    ),
    st.booleans(),
)
def test_everything_stands_inside_the_drawing(drawn: Drawn, mirrored: bool) -> None:
    chart = picture(drawn, mirrored=mirrored)
    if chart is None:
        return

    heights = [point.y for point in chart.points] + [mark.place for mark in chart.amounts]
    heights += [y for y in (chart.target_y, chart.baseline_y) if y is not None]
    widths = [point.x for point in chart.points] + [mark.place for mark in chart.times]
    assert all(chart.top <= y <= chart.bottom for y in heights)
    assert all(0 <= x <= chart.width for x in widths)
    assert len(chart.times) <= MOST_TICKS
    assert 2 <= len(chart.amounts) <= MOST_TICKS + 2


@given(numbers, numbers)
def test_round_amounts_enclose_all_numbers(one: Decimal, other: Decimal) -> None:
    amounts = nice_amounts(min(one, other), max(one, other))

    assert amounts[0] <= min(one, other)
    assert amounts[-1] >= max(one, other)
