"""Calendar feeds over HTTP: what the address asks for, and answers that need not be sent twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.calendars import Event, write_calendar
from tracker.dates import PartialDate, read_date
from tracker.installation import installation_uid
from tracker.text import Refusal
from tracker.web.database import db
from tracker.web.links import record_url
from tracker.web.site import problem_text

YEARS_BACK, YEARS_AHEAD = 1, 5
ALARM = 7
MOST_ALARM = 365
REFRESH = timedelta(hours=6)


@dataclass(frozen=True)
class Asked:
    """What the address of a feed asks for: the days to show, and how long before to remind."""

    first: date
    last: date
    alarm: timedelta | None
    today: date

    @property
    def window(self) -> tuple[date, date]:
        """The first and the last day to show."""
        return self.first, self.last


def asked(today: date, filters: Collection[str] = ()) -> Asked:
    """Read the address; 400 for a day that is none, or a name that the feed does not know."""
    for name in request.args:
        if name not in (*filters, "from", "to", "alarm"):
            abort(400, _("The address has “%(name)s”, which this feed does not know.", name=name))
    begin, until = _day("from"), _day("to")
    first = begin.first if begin else _years_from(today, -YEARS_BACK)
    last = until.last if until else _years_from(today, YEARS_AHEAD)
    if last < first:
        abort(400, _("“to” is before “from”, so no day is left to show."))
    return Asked(first, last, _alarm(), today)


def _day(name: str) -> PartialDate | None:
    try:
        return read_date(request.args.get(name, ""))
    except Refusal as refusal:
        abort(400, problem_text(refusal))


def _years_from(day: date, years: int) -> date:
    # 29 February of another year is 28 February.
    return day.replace(
        year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day
    )


def _alarm() -> timedelta | None:
    typed = request.args.get("alarm", str(ALARM)).strip()
    if typed == "none":
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 3 or int(typed) > MOST_ALARM:
        abort(400, _("“alarm” is a number of days from 0 to %(most)s, or none.", most=MOST_ALARM))
    return timedelta(days=int(typed))


def outside_url(record: Any) -> str:
    """The address of a record's page, as other programs need it; the host is a trusted one."""
    return urljoin(request.host_url, record_url(record))


def feed_answer(name: str, events: Iterable[Event]) -> ResponseReturnValue:
    """A feed, with the ETag that all has that is recorded (`tracker.web.fresh`).

    No Last-Modified: a row that was deleted takes its moment along, so a client that went by the
    newest moment would keep an event that is gone. Who asks with If-Modified-Since alone gets the
    whole feed.
    """
    answer = Response(content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="entente.ics"'
    if request.method == "GET":
        # Whole: the window bounds it, and a feed cut off in the middle would drop what it lacks.
        answer.set_data(b"".join(write_calendar(name, installation_uid(db()), REFRESH, events)))
    return answer
