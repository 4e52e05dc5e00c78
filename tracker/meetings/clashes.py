"""What speaks against a proposed day: holidays, weekends, another session of a co-chair.

A flag warns and never refuses. Holidays and weekends are those of the `holidays` library; the ones
that follow the moon are estimates for the years to come, and say so.
"""

from __future__ import annotations

import enum
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.text import N_
from tracker.wording import Wording

if TYPE_CHECKING:
    import holidays


class FlagKind(enum.StrEnum):
    """What a flag warns of."""

    HOLIDAY = "holiday"
    ESTIMATED_HOLIDAY = "estimated-holiday"
    WEEKEND = "weekend"
    CO_CHAIR = "co-chair"


_SENTENCES = {
    FlagKind.HOLIDAY: N_("%(day)s is a public holiday in %(country)s: %(name)s."),
    FlagKind.ESTIMATED_HOLIDAY: N_(
        "%(day)s may be a public holiday in %(country)s: %(name)s. "
        "Its day follows the moon and is an estimate."
    ),
    FlagKind.WEEKEND: N_("%(day)s falls on the weekend in %(country)s."),
    FlagKind.CO_CHAIR: N_("On %(day)s %(person)s co-chairs %(meeting)s."),
}


@dataclass(frozen=True)
class Flag:
    """A warning about a day: its kind, and what the sentence names."""

    kind: FlagKind
    values: Mapping[str, object]

    @property
    def wording(self) -> Wording:
        """The warning as a sentence to translate."""
        return Wording(_SENTENCES[self.kind], self.values)

    def __str__(self) -> str:
        return str(self.wording)


@dataclass(frozen=True)
class OtherMeeting:
    """A meeting, of any commission, that a co-chair of this one chairs too, from day to day."""

    person: str
    meeting: str
    first: date
    last: date


def day_flags(
    day: date,
    country: str | None,
    other_meetings_of_co_chairs: Iterable[OtherMeeting] = (),
    language: str = "en",
) -> list[Flag]:
    """What speaks against a day in the host's country, by its ISO 3166-1 alpha-2 code.

    Holidays are named in `language` where the library can, else in English, else as the country
    calls them. A country, former state or organisation that the library lacks gets no flags.
    """
    return [
        *_holiday(day, country or "", language),
        *_weekend(day, country or ""),
        *_co_chairs(day, other_meetings_of_co_chairs),
    ]


def _holiday(day: date, country: str, language: str) -> list[Flag]:
    calendar = _calendar(country, day.year, language)
    names = calendar.get_list(day) if calendar else []
    if calendar is None or not names:
        return []
    # Whether a day is sure stands only in its name; with two on one day, the surer counts.
    remark = _estimate_remark(calendar)
    estimated = bool(remark) and all(remark in name for name in names)
    plain = tuple(name.replace(f"({remark})", "").strip() for name in names)
    return [
        Flag(
            FlagKind.ESTIMATED_HOLIDAY if estimated else FlagKind.HOLIDAY,
            {"day": day, "country": country, "name": plain},
        )
    ]


def _estimate_remark(calendar: holidays.HolidayBase) -> str:
    """What the library writes behind the name of an estimated day, in the calendar's language."""
    label = getattr(calendar, "estimated_label", "")
    return calendar.tr(label).strip("%s ()（）") if label else ""


def _weekend(day: date, country: str) -> list[Flag]:
    """A weekend day by the country's own week, unless it was made a working day that year."""
    calendar = _calendar(country, day.year, "en")
    if calendar is None or not calendar.is_weekend(day) or day in calendar.weekend_workdays:
        return []
    return [Flag(FlagKind.WEEKEND, {"day": day, "country": country})]


def _co_chairs(day: date, others: Iterable[OtherMeeting]) -> list[Flag]:
    return [
        Flag(FlagKind.CO_CHAIR, {"day": day, "person": other.person, "meeting": other.meeting})
        for other in others
        if other.first <= day <= other.last
    ]


@lru_cache(maxsize=256)
def _calendar(country: str, year: int, language: str) -> holidays.HolidayBase | None:
    """A country's public holidays of a year, or None for a code that the library lacks."""
    if country not in _supported():
        return None
    # Here and below: only plans and forms of meetings need it.
    import holidays

    spoken = getattr(holidays, country).supported_languages
    with warnings.catch_warnings():
        # Some calendars warn that they know only certain years; the others' days are then missing.
        warnings.simplefilter("ignore")
        return holidays.country_holidays(
            country, years=year, expand=False, language=_spoken(language, spoken)
        )


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    import holidays

    return frozenset(holidays.list_supported_countries())


def _spoken(language: str, spoken: Iterable[str]) -> str | None:
    """The library's own name for a language or, failing that, for English; None for neither."""
    for wanted in (language.partition("_")[0].partition("-")[0], "en"):
        for name in spoken:
            if name.partition("_")[0] == wanted:
                return name
    return None
