"""Other views of the list of meetings: a year as a grid, a month as an agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import Select
from werkzeug.datastructures import ImmutableMultiDict

from tracker.clock import today
from tracker.dates import PartialDate
from tracker.meetings.grid import MONTHS, year_grid
from tracker.meetings.models import Meeting
from tracker.meetings.pages import MEETING_PAGES
from tracker.meetings.queries import between, in_year
from tracker.meetings.shown import Line, day_text, lines
from tracker.text import Refusal, whole_number
from tracker.web.database import db
from tracker.web.forms import filter_form
from tracker.web.site import date_text

FIRST_YEAR, LAST_YEAR = 1, 9998
FILTERS = filter_form(MEETING_PAGES.filters)
Wanted = Mapping[str, str]


@dataclass(frozen=True)
class Word:
    """A filter that is set, with the address of the view without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Day:
    """One day of a month, or what lies in the month without a day, and its meetings."""

    label: str
    lines: list[Line]


def year(query: Select[tuple[Meeting]], wanted: Wanted) -> ResponseReturnValue:
    """The meetings of a year as a grid; the filters are those of the list."""
    shown = _year(request.args.get("year") or str(today().year))
    meetings = db().scalars(in_year(query, shown))
    months = [
        str(format_date(date(shown, month, 1), "LLL"))  # type: ignore[no-untyped-call]
        for month in MONTHS
    ]
    return _page(
        "meetings/year.html",
        wanted,
        {"view": "year", "year": str(shown)},
        grid=year_grid(meetings, shown, months, today()),
        neighbours=[
            (str(other), _address(wanted, view="year", year=str(other)))
            for other in (shown - 1, shown + 1)
            if FIRST_YEAR <= other <= LAST_YEAR
        ],
    )


def month(query: Select[tuple[Meeting]], wanted: Wanted) -> ResponseReturnValue:
    """The meetings of a month, day by day, and then those that are due in it."""
    typed = request.args.get("month") or today().isoformat()[:7]
    try:
        shown = PartialDate.from_iso(typed)
    except Refusal:
        shown = None
    if shown is None or shown.precision != "month" or shown.first.year > LAST_YEAR:
        abort(400, _("“%(typed)s” is no month. Write one such as 2026-11.", typed=typed))
    meetings = db().scalars(between(query, shown.first, shown.last)).all()
    around = [shown.last + timedelta(days=1)]
    if shown.first > date.min:
        around.insert(0, shown.first - timedelta(days=1))
    return _page(
        "meetings/month.html",
        wanted,
        {"view": "month", "month": shown.iso()},
        month=date_text(shown),
        days=_days(meetings, shown),
        neighbours=[
            (
                date_text(PartialDate.month(day.year, day.month)),
                _address(wanted, view="month", month=day.isoformat()[:7]),
            )
            for day in around
        ],
    )


def _days(meetings: Sequence[Meeting], shown: PartialDate) -> list[Day]:
    """Days with meetings in their order, then what has no day in this month."""
    dated: dict[date, list[Line]] = {}
    others: list[Line] = []
    for meeting, (_part, line) in zip(meetings, lines(meetings, today()), strict=True):
        begins = meeting.begins_on
        if begins is None or begins.precision != "day":
            others.append(line)
        else:
            dated.setdefault(max(begins.first, shown.first), []).append(line)
    days = [Day(day_text(day), dated[day]) for day in sorted(dated)]
    if others:
        days.append(Day(_("Due, or on a day that is not known"), others))
    return days


def _page(
    template: str, wanted: Wanted, view: Mapping[str, str], **more: Any
) -> ResponseReturnValue:
    filters = FILTERS(ImmutableMultiDict(request.args))
    return render_template(
        template,
        pages=MEETING_PAGES,
        filters=filters,
        active=_active(wanted, view),
        wanted=wanted,
        kept=view,
        reset_url=_address({}, **view),
        views=views_of(wanted),
        view=view["view"],
        new_url=None,
        import_url=None,
        files=[],
        count=0,
        **more,
    )


def views_of(wanted: Wanted) -> list[tuple[str, str, str]]:
    """The ways to see the list: name, word, address."""
    return [
        ("list", _("List"), _address(wanted)),
        ("year", _("Year"), _address(wanted, view="year")),
        ("month", _("Month"), _address(wanted, view="month")),
    ]


def _active(wanted: Wanted, view: Mapping[str, str]) -> list[Word]:
    words = []
    for name, text in wanted.items():
        one = MEETING_PAGES.filters[name]
        rest = {other: value for other, value in wanted.items() if other != name}
        value = str(dict(one.choices).get(text, text))
        words.append(Word(str(one.label), value, _address(rest, **view)))
    return words


def _address(wanted: Wanted, **more: str) -> str:
    address: dict[str, Any] = {**wanted, **more}
    return url_for("meetings.index", **address)


def _year(typed: str) -> int:
    year = whole_number(typed, LAST_YEAR)
    if year is None or year < FIRST_YEAR:
        abort(400, _("“%(typed)s” is no year.", typed=typed))
    return year
