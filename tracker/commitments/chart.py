"""Where things stand in the drawing of a commitment: observations against the target over time.

Pure: values in, places out. Places are in the units of the drawing, from its upper left corner;
time runs from left to right, or from right to left where the page does. Only places are floats:
the numbers themselves stay exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.dates import PartialDate

WIDTH, HEIGHT = 440, 280
TOP, BOTTOM, END = 48, 34, 14
LETTER, WIDEST = 8.5, 190
MOST_TICKS = 4
# Months between two marks of the time axis.
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000)
SHORTEST = 60
LAST_DAY = date.max.toordinal()


@dataclass(frozen=True)
class Drawn:
    """What is to be drawn. `points` are the numbers observed."""

    points: Sequence[tuple[PartialDate, Decimal]]
    baseline: Decimal | None = None
    baseline_on: PartialDate | None = None
    target: Decimal | None = None
    due_on: PartialDate | None = None


@dataclass(frozen=True)
class Mark:
    """A mark of an axis and its label."""

    place: float
    label: str


@dataclass(frozen=True)
class Point:
    """An observation; a partial date spans from the one place to the other."""

    x: float
    y: float
    from_x: float
    to_x: float

    @property
    def spans(self) -> bool:
        """Whether the date is so imprecise that it shows."""
        return abs(self.to_x - self.from_x) > 4


@dataclass(frozen=True)
class Chart:
    """The drawing: the field between four edges, two axes, and what stands in it.

    `start` and `end` are the edges at which time begins and ends: left and right, or the other
    way round in a mirrored drawing.
    """

    start: float
    end: float
    top: float
    bottom: float
    mirrored: bool
    amounts: Sequence[Mark]
    times: Sequence[Mark]
    points: Sequence[Point]
    path: str
    target_y: float | None
    baseline_y: float | None
    due_x: float | None
    width: int = WIDTH
    height: int = HEIGHT


def nice_amounts(lowest: Decimal, highest: Decimal) -> list[Decimal]:
    """Three to six round numbers that reach from at or under the lowest to at or over the highest.

    Nought is among them unless all numbers lie close together, far from it.
    """
    if lowest >= 0 and lowest < highest * Decimal("0.7"):
        lowest = Decimal(0)
    if lowest == highest:
        lowest, highest = lowest - 1, highest + 1
    step = _nice_step((highest - lowest) / MOST_TICKS)
    first = (lowest / step).to_integral_value(rounding="ROUND_FLOOR")
    last = (highest / step).to_integral_value(rounding="ROUND_CEILING")
    return [(first + count) * step for count in range(int(last - first) + 1)]


def _nice_step(rough: Decimal) -> Decimal:
    power = Decimal(10) ** rough.adjusted()
    return next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough)


def nice_times(first: int, last: int) -> tuple[list[date], int]:
    """A few first days of months between two day numbers, and how many months part them."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    # Months are counted from the year nought; the first must not begin before the first day.
    from_month = begin.year * 12 + begin.month - (begin.day == 1)
    to_month = end.year * 12 + end.month - 1
    for step in STEPS:
        months = range(-(-from_month // step) * step, to_month + 1, step)
        if len(months) <= MOST_TICKS:
            return [date(month // 12, month % 12 + 1, 1) for month in months], step
    return [], STEPS[-1]


def draw(
    drawn: Drawn,
    *,
    amount: Callable[[Decimal], str],
    time: Callable[[date, bool], str],
    mirrored: bool = False,
) -> Chart | None:
    """The drawing, or None where there is nothing to compare.

    `amount` writes a number, `time` a day (and whether its month is to be told).
    """
    numbers = [value for _, value in drawn.points]
    numbers += [n for n in (drawn.baseline, drawn.target) if n is not None]
    if not drawn.points or len(numbers) < 2:
        return None
    amounts = nice_amounts(min(numbers), max(numbers))
    labels = [amount(one) for one in amounts]
    start = min(16 + LETTER * max(map(len, labels)), WIDEST)
    first, last = _days(drawn)
    days, step = nice_times(first, last)

    def x(day: float) -> float:
        place = start + (day - first) / (last - first) * (WIDTH - END - start)
        return round(WIDTH - place if mirrored else place, 1)

    def y(value: Decimal) -> float:
        part = float((value - amounts[0]) / (amounts[-1] - amounts[0]))
        return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)

    points = [_point(on, value, x, y) for on, value in sorted(drawn.points, key=_by_time)]
    return Chart(
        start=x(first),
        end=x(last),
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        mirrored=mirrored,
        amounts=[Mark(y(one), label) for one, label in zip(amounts, labels, strict=True)],
        times=[Mark(x(day.toordinal()), time(day, step % 12 != 0)) for day in days],
        points=points,
        path=" ".join(f"{point.x},{point.y}" for point in points),
        target_y=None if drawn.target is None else y(drawn.target),
        baseline_y=None if drawn.baseline is None else y(drawn.baseline),
        due_x=None if drawn.due_on is None else x(drawn.due_on.last.toordinal()),
    )


def _by_time(pair: tuple[PartialDate, Decimal]) -> date:
    return pair[0].middle


def _point(
    on: PartialDate,
    value: Decimal,
    x: Callable[[float], float],
    y: Callable[[Decimal], float],
) -> Point:
    first, last = on.first.toordinal(), on.last.toordinal()
    return Point(x(on.middle.toordinal()), y(value), x(first), x(last))


def _days(drawn: Drawn) -> tuple[int, int]:
    """The first and last day number of the time axis, with some room at both ends."""
    dates = [on for on, _ in drawn.points]
    dates += [on for on in (drawn.baseline_on, drawn.due_on) if on is not None]
    days = list(itertools.chain.from_iterable((d.first, d.last) for d in dates))
    first, last = min(days).toordinal(), max(days).toordinal()
    room = max((SHORTEST - (last - first)) // 2, (last - first) // 20)
    return max(first - room, 1), min(last + room, LAST_DAY)
