"""Dates as sources give them: a year, a month or a day (ISO 8601, reduced precision)."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Self

from tracker.text import N_, REMEMBERED, Refusal
from tracker.wording import Wording

Precision = Literal["year", "month", "day"]

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


class DateError(Refusal):
    """A date that cannot be; values may hold a Wording, such as a month's name."""

    @property
    def wording(self) -> Wording:
        """The message and its values as one thing to translate."""
        return Wording(self.message, self.values)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A whole year, month or day of the years 0001 to 9999, as its earliest and latest day.

    Raises DateError when the two days bound nothing of the kind.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if (self.first, self.last) not in _whole_spans(self.first):
            raise DateError(
                N_("%(first)s to %(last)s is not a whole year, month or day."),
                first=self.first.isoformat(),
                last=self.last.isoformat(),
            )

    @classmethod
    def year(cls, year: int) -> Self:
        """All of a year; raises DateError outside 1 to 9999."""
        return cls._build(year)

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """All of a month; raises DateError for a month or year that does not exist."""
        return cls._build(year, month)

    @classmethod
    def day(cls, day: date) -> Self:
        """One day."""
        return cls(day, day)

    @classmethod
    def from_iso(cls, text: str) -> Self:
        """Exactly 2022, 2022-03 or 2022-03-09, as iso() writes it; anything else is a DateError."""
        found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
        if not found:
            raise _not_a_date(text)
        return cls._build(*(int(part) for part in found.groups() if part))

    @classmethod
    def from_span(cls, first: date | None, last: date | None) -> Self | None:
        """From two columns: None when both are empty; DateError when they bound no whole period."""
        if first is None and last is None:
            return None
        if first is None or last is None:
            raise DateError(N_("A date needs its earliest and its latest day, or neither."))
        return cls(first, last)

    @classmethod
    def _build(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        if not 1 <= year <= 9999:
            raise DateError(N_("There is no year %(year)s. Years go from 0001 to 9999."), year=year)
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        if not 1 <= month <= 12:
            raise DateError(
                N_("There is no month %(month)s. Write 2022, 2022-03 or 2022-03-09."), month=month
            )
        days = calendar.monthrange(year, month)[1]
        if day is None:
            return cls(date(year, month, 1), date(year, month, days))
        if not 1 <= day <= days:
            raise _no_such_day(year, month, day)
        return cls.day(date(year, month, day))

    @property
    def precision(self) -> Precision:
        """How much of the date is known; the day of a lone day, else the month, else the year."""
        if self.first == self.last:
            return "day"
        return "month" if self.first.month == self.last.month else "year"

    @property
    def middle(self) -> date:
        """The day half way, for what needs one day: the longer part of the date lies around it."""
        return self.first + (self.last - self.first) // 2

    def iso(self) -> str:
        """2022, 2022-03 or 2022-03-09, with four digits for every year."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def __str__(self) -> str:
        return self.iso()

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: PartialDate) -> bool:
        """Some day satisfies both; where none does, the two dates contradict each other."""
        return self.first <= other.last and other.first <= self.last

    def certainly_before(self, other: PartialDate) -> bool:
        """Every day of this is before every day of the other."""
        return self.last < other.first

    def possibly_before(self, other: PartialDate) -> bool:
        """Some day of this is before some day of the other."""
        return self.first < other.last

    def can_precede(self, other: PartialDate) -> bool:
        """This may be before the other or on its day: no order of the two is contradicted."""
        return not other.certainly_before(self)

    def __composite_values__(self) -> tuple[date, date]:
        """The two columns, as SQLAlchemy's composite() asks for them."""
        return self.first, self.last


@lru_cache(REMEMBERED)
def read_date(text: str) -> PartialDate | None:
    """What a person types for a date; None for nothing.

    Year first (2022, 2022-03, 2022-03-09), day first (9/3/2022, 09.03.2022, 03/2022) or with the
    English name of the month (9 March 2022, March 9, 2022, Mar 2022). Between two numbers the day
    comes first, always. Digits may be Persian, Arabic or of any other script.
    Raises DateError with what is wrong and what to write.
    """
    plain = _plain(text)
    if not plain:
        return None
    for pattern in _FORMS:
        if found := pattern.fullmatch(plain):
            return _from_parts(plain, **found.groupdict())
    raise _not_a_date(plain)


_SHORT = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
_NAMES = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
_MONTH_NAMES = _NAMES | _SHORT | {"sept": 9}

_YEAR = r"(?P<year>[0-9]+)"
_MONTH = r"(?P<month>[0-9]{1,2})"
_DAY = r"(?P<day>[0-9]{1,2})"
_NAME = rf"(?P<name>{'|'.join(sorted(_MONTH_NAMES, key=len, reverse=True))})\.?"
_ORDINAL = r"(?:st|nd|rd|th)?"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        _YEAR,
        rf"(?P<year>[0-9]{{4,}})(?P<sep>[-/.]){_MONTH}(?:(?P=sep){_DAY})?",
        rf"{_DAY}(?P<sep>[-/.]){_MONTH}(?P=sep){_YEAR}",
        rf"{_MONTH}[-/.]{_YEAR}",
        rf"{_DAY}{_ORDINAL}\.?[ -]?{_NAME}[ ,-] ?{_YEAR}",
        rf"{_NAME} ?{_DAY}{_ORDINAL}(?:, ?| ){_YEAR}",
        rf"{_NAME}[ ,-] ?{_YEAR}",
    )
)

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_COMMAS = {ord("،"): ","}


def _plain(text: str) -> str:
    """ASCII digits, one kind of dash, single blanks, and no invisible direction marks."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join("".join(_plain_letters(text.translate(_DASHES | _COMMAS))).split())


def _plain_letters(text: str) -> Iterator[str]:
    for letter in text:
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            yield str(digit)
        # Persian keyboards and copied text bring marks of direction, which nobody sees.
        elif unicodedata.category(letter) != "Cf":
            yield letter


def _from_parts(
    text: str,
    year: str,
    month: str | None = None,
    day: str | None = None,
    name: str | None = None,
    sep: str | None = None,
) -> PartialDate:
    """The date of what a form found; `text` is what was typed."""
    if len(year) < 4:
        raise DateError(
            N_("“%(text)s” has no full year. Write the year with four digits, such as 2022."),
            text=_shortened(text),
        )
    if len(year) > 4:
        raise DateError(N_("“%(text)s”: years go from 0001 to 9999."), text=_shortened(text))
    number = _MONTH_NAMES[name.lower()] if name else int(month) if month else None
    if number is not None and number > 12 and day and sep and text.startswith(day + sep):
        _refuse_month_first(year, number, int(day))
    return PartialDate._build(int(year), number, int(day) if day else None)


def _refuse_month_first(year: str, month: int, day: int) -> None:
    """Raises DateError for 3/13/2022, which only an American order can mean."""
    if 1 <= day <= 12 and month <= 31:
        raise DateError(
            N_("There is no month %(month)s. The day comes first: %(example)s, or write %(iso)s."),
            month=month,
            example=f"{month}/{day}/{year}",
            iso=f"{year}-{day:02}-{month:02}",
        )


def _whole_spans(first: date) -> set[tuple[date, date]]:
    """The day, and the month and year that begin with it."""
    spans = {(first, first)}
    if first.day == 1:
        days = calendar.monthrange(first.year, first.month)[1]
        spans.add((first, first + timedelta(days=days - 1)))
    if (first.month, first.day) == (1, 1):
        spans.add((first, date(first.year, 12, 31)))
    return spans


def _no_such_day(year: int, month: int, day: int) -> DateError:
    message = N_("There is no %(day)s %(month)s %(year)s. %(month)s has %(days)s days.")
    if month == 2:
        message = N_(
            "There is no %(day)s %(month)s %(year)s. %(month)s %(year)s has %(days)s days."
        )
    return DateError(
        message,
        day=day,
        month=Wording(MONTHS[month - 1]),
        year=f"{year:04}",
        days=calendar.monthrange(year, month)[1],
    )


def _not_a_date(text: str) -> DateError:
    return DateError(
        N_("“%(text)s” is not a date. Write 2022, 2022-03 or 2022-03-09."), text=_shortened(text)
    )


def _shortened(text: str) -> str:
    """What was typed, fit to stand in a message: no invisible characters, 40 letters at most."""
    visible = "".join(letter for letter in text if letter.isprintable())
    return visible if len(visible) <= 40 else visible[:39] + "…"


def read_day(text: str) -> date:
    """Read a whole day; raises a Refusal for anything less precise."""
    found = read_date(text)
    if found is None or found.precision != "day":
        raise Refusal(N_("“%(text)s” is no day. Write one such as 2015-06-30."), text=text)
    return found.first
