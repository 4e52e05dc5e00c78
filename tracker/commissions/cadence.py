"""How often a commission is to meet: the periods in which its sessions are due."""

from __future__ import annotations

import calendar
import enum
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.text import N_, Refusal


class ScheduleError(Refusal):
    """A cadence that cannot be, or a plan that is too long."""


class CadenceUnit(enum.StrEnum):
    """What a cadence counts in."""

    MONTH = "month"
    YEAR = "year"


class Weekday(enum.StrEnum):
    """Days of the week by their names in RFC 5545, section 3.3.10."""

    MONDAY = "mo"
    TUESDAY = "tu"
    WEDNESDAY = "we"
    THURSDAY = "th"
    FRIDAY = "fr"
    SATURDAY = "sa"
    SUNDAY = "su"


LAST_WEEK = -1
WEEKS = (1, 2, 3, 4, LAST_WEEK)


@dataclass(frozen=True)
class Period:
    """The first and the last day on which a session satisfies its due."""

    first: date
    last: date


@dataclass(frozen=True)
class Cadence:
    """Every so many months or years, counted from the day by which the first session is due.

    `week` and `weekday` (the third Wednesday) or `month` alone make the cadence *fixed*: each
    session is then due on that day, or in that month. A fixed cadence in years begins in the year
    of `first_due`, one in months with its month. Raises ScheduleError for a rule that cannot be.
    """

    every: int
    unit: CadenceUnit
    first_due: date
    week: int | None = None
    weekday: Weekday | None = None
    month: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.every <= 1200:
            raise ScheduleError(N_("Sessions come every 1 to 1200 months or years."))
        if (self.week is None) != (self.weekday is None):
            raise ScheduleError(N_("A day of the month needs both: which week, and which weekday."))
        if self.week is not None and self.week not in WEEKS:
            raise ScheduleError(N_("The week is the first, second, third, fourth or last."))
        if self.month is not None and not 1 <= self.month <= 12:
            raise ScheduleError(N_("There is no month %(month)s."), month=self.month)
        if self.month is not None and self.unit == CadenceUnit.MONTH:
            raise ScheduleError(
                N_("A month can be named only where sessions come every so many years.")
            )

    @property
    def months(self) -> int:
        """The length of a period."""
        return self.every * (12 if self.unit == CadenceUnit.YEAR else 1)

    @property
    def fixed(self) -> bool:
        """Whether the rule names the day or the month."""
        return self.week is not None or self.month is not None

    def period(self, index: int) -> Period:
        """When the session of the index-th period is due; the first period is 1.

        Counted from `first_due` each time and never from the period before, so that a cadence that
        began on the 31st comes back to the 31st, and one of 29 February to 29 February.
        """
        if self.fixed:
            return self._fixed_period(index)
        before, last = (
            _months_after(self.first_due, (steps - 1) * self.months) for steps in (index - 1, index)
        )
        return Period(before if before == date.min else before + timedelta(days=1), last)

    def day(self, index: int) -> date | None:
        """The one day on which the index-th session is due, where the rule names a weekday."""
        return self.period(index).last if self.week is not None else None

    def index_of(self, day: date) -> int:
        """The period that a day belongs to; 0 and less for days before the first.

        The days between two due days belong to the later one: a session is due *by* then. Under a
        fixed rule the due month (or year) and what follows belong to the earlier one: a session
        that misses its Wednesday is late.
        """
        if self.fixed and self.unit == CadenceUnit.YEAR:
            return (day.year - self.first_due.year) // self.every + 1
        ahead = (day.year - self.first_due.year) * 12 + day.month - self.first_due.month
        if self.fixed:
            return ahead // self.every + 1
        if day > _months_after(self.first_due, ahead):
            ahead += 1
        return 1 - (-ahead // self.months)

    def year_of(self, day: date) -> int:
        """The commission's year, by which turns may go: its period if it lasts whole years.

        So a cadence whose years run from March to March changes hosts in March. Shorter and
        uneven cadences go by the calendar year.
        """
        return self.index_of(day) if self.months % 12 == 0 else day.year

    def year_name(self, year: int) -> str:
        """What people call a commission's year: 2024, or 2023–2024 where it is not a calendar's."""
        if self.months % 12:
            return f"{year:04}"
        due = self.period(year)
        names = dict.fromkeys(f"{day.year:04}" for day in (due.first, due.last))
        return "–".join(names)

    def _fixed_period(self, index: int) -> Period:
        start = self.first_due.replace(day=1, month=self.month or self.first_due.month)
        start = _months_after(start, (index - 1) * self.months)
        if self.week is None or self.weekday is None:
            return Period(start, start.replace(day=_length(start)))
        day = _weekday_of_month(start, self.week, list(Weekday).index(Weekday(self.weekday)))
        return Period(day, day)


def _months_after(day: date, months: int) -> date:
    """The same day so many months on, or the month's last; the ends of the calendar at most."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    start = date(year, month + 1, 1)
    return start.replace(day=min(day.day, _length(start)))


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _weekday_of_month(start: date, week: int, weekday: int) -> date:
    """The n-th or last such weekday (Monday is 0) of the month that begins on `start`."""
    if week == LAST_WEEK:
        end = start.replace(day=_length(start))
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    return start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (week - 1))
