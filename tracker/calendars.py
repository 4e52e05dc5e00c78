"""Mechanics of calendar feeds (RFC 5545): whole-day events in, lines out; knows no feature."""

from __future__ import annotations

import enum
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

if TYPE_CHECKING:
    import icalendar

logger = logging.getLogger(__name__)

PRODUCT = "-//Entente//Entente//EN"
MOST_TEXT = 2_000
BATCH = 500

# What a row of a damaged database raises when it is read or shown.
BAD_ROW = (ValueError, TypeError, LookupError, AttributeError, AssertionError, DBAPIError)

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, halves of characters, non-characters, and what turns the direction of other text.
# Marks of direction (U+200E, U+200F) stay: Persian names need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)


class EventStatus(enum.StrEnum):
    """How sure an event is (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Event:
    """Something that takes whole days, the last of them included.

    ``key`` names it for ever in this installation; ``version`` counts its changes from 1;
    ``busy`` events keep their days from being offered to others; ``alarm`` is how long before the
    first day a program reminds of it.
    """

    key: str
    version: int
    changed_at: datetime
    first: date
    last: date
    title: str
    status: EventStatus
    busy: bool = False
    place: str = ""
    url: str = ""
    text: str = ""
    categories: tuple[str, ...] = ()
    alarm: timedelta | None = None


def write_calendar(
    name: str, installation: str, refresh: timedelta, events: Iterable[Event]
) -> Iterator[bytes]:
    """A calendar, piece by piece. An event that cannot be written is logged and left out."""
    # Here and below: eighty modules, of which the first page needs none.
    import icalendar

    head = icalendar.Calendar()
    head.add("prodid", PRODUCT)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    head.add("name", line(name))
    head.add("x-wr-calname", line(name))
    head.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", icalendar.vDuration(refresh))
    end = b"END:VCALENDAR\r\n"
    yield head.to_ical().removesuffix(end)
    for event in events:
        try:
            written = component(event, installation).to_ical()
        except BAD_ROW as error:
            left_out(event.key, error)
        else:
            yield written
    yield end


def component(event: Event, installation: str) -> icalendar.Event:
    """An event as the library writes it; raises ValueError for what cannot be one."""
    import icalendar

    made = icalendar.Event()
    made.add("uid", f"{event.key}@{installation}")
    made.add("sequence", event.version - 1)
    # Without METHOD, DTSTAMP is the moment of the last change (RFC 5545, 3.8.7.2).
    made.add("dtstamp", event.changed_at)
    made.add("last-modified", event.changed_at)
    made.add("dtstart", event.first)
    made.add("dtend", _end(event))
    made.add("summary", line(event.title))
    made.add("status", event.status.value)
    made.add("transp", "OPAQUE" if event.busy else "TRANSPARENT")
    for name, words in (("description", paragraphs(event.text)), ("location", line(event.place))):
        if words:
            made.add(name, words)
    if event.url:
        made.add("url", event.url)
    if event.categories:
        made.add("categories", [line(one) for one in event.categories])
    if event.alarm is not None:
        made.add_component(_alarm(event.alarm, line(event.title)))
    return made


def _end(event: Event) -> date:
    """The day after the last one: DTEND is exclusive (RFC 5545, 3.6.1)."""
    if event.last < event.first:
        raise ValueError(f"{event.key} ends before it begins")
    return event.last + timedelta(days=1) if event.last < date.max else event.last


def _alarm(before: timedelta, title: str) -> icalendar.Alarm:
    import icalendar

    made = icalendar.Alarm()
    made.add("action", "DISPLAY")
    made.add("description", title)
    made.add("trigger", -before)
    return made


def line(text: str) -> str:
    """Text on one line, without what nobody can see."""
    return " ".join(paragraphs(text).split())


def paragraphs(text: str) -> str:
    """Text with line breaks of one kind, without what nobody can see, and not endless."""
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text)).strip()
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1].rstrip()}…"


def left_out(key: str, error: Exception, where: str = "the calendar feed") -> None:
    """Say in the log which row a feed or a list goes without, and why."""
    # The text of a database error holds the statement with its values: its kind is enough.
    reason = type(error).__name__ if isinstance(error, DBAPIError) else repr(error)
    logger.error("%s is left out of %s: %s", key, where, paragraphs(reason))


def events_of(
    session: Session,
    numbers: Select[tuple[int]],
    rows: Select[Any],
    number: InstrumentedAttribute[int],
    event_of: Callable[..., Event | None],
) -> Iterator[Event]:
    """The events of the rows that ``numbers`` selects, in one query; ``number`` is their id.

    A row that cannot be read or shown is logged and left out. As reading a row that is damaged
    gives up the rows fetched along with it, all that are missing are then read one by one.
    """
    done: set[int] = set()

    def seen(row: Sequence[Any]) -> Iterator[Event]:
        *values, found = row
        done.add(found)
        try:
            event = event_of(*values)
        except BAD_ROW as error:
            left_out(f"{number.class_.__tablename__}-{found}", error)
        else:
            yield from [event] if event else []

    def read(which: Any) -> Iterator[Event]:
        query = rows.add_columns(number).where(number.in_(which)).order_by(number)
        with session.execute(query.execution_options(yield_per=BATCH)) as found:
            for row in found:
                yield from seen(row)

    try:
        yield from read(numbers)
        return
    except BAD_ROW:
        session.expunge_all()
    for found in session.scalars(numbers.order_by(number)).all():
        if found not in done:
            try:
                yield from read([found])
            except BAD_ROW as error:
                left_out(f"{number.class_.__tablename__}-{found}", error)
