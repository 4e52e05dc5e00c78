"""The lines of a feed: RFC 5545, whatever the text holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest

from tracker.calendars import Event, EventStatus, write_calendar

CHANGED = datetime(2026, 11, 24, 5, 6, 7, 891011, tzinfo=UTC)


def event(**more: Any) -> Event:
    values: dict[str, Any] = {
        "key": "meeting-1",
        "version": 3,
        "changed_at": CHANGED,
        "first": date(2027, 3, 9),
        "last": date(2027, 3, 11),
        "title": "Session 5",
        "status": EventStatus.CONFIRMED,
    }
    return Event(**(values | more))


def written(*events: Event, name: str = "Entente") -> bytes:
    return b"".join(write_calendar(name, "abc", timedelta(hours=6), events))


def one(text: bytes) -> icalendar.Event:
    (found,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return found


def test_an_event_says_what_it_is() -> None:
    text = written(
        event(
            busy=True,
            place="Tehran, Iran",
            url="http://127.0.0.1/meetings/1",
            text="One\nTwo",
            categories=("visit", "a, b"),
            alarm=timedelta(days=7),
        )
    )

    for expected in (
        b"UID:meeting-1@abc",
        b"SEQUENCE:2",
        b"DTSTAMP:20261124T050607Z",
        b"LAST-MODIFIED:20261124T050607Z",
        b"DTSTART;VALUE=DATE:20270309",
        b"DTEND;VALUE=DATE:20270312",
        b"SUMMARY:Session 5",
        b"STATUS:CONFIRMED",
        b"TRANSP:OPAQUE",
        b"LOCATION:Tehran\\, Iran",
        b"URL:http://127.0.0.1/meetings/1",
        b"DESCRIPTION:One\\nTwo",
        b"CATEGORIES:visit,a\\, b",
        b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Session 5\r\nTRIGGER:-P7D\r\nEND:VALARM",
    ):
        assert b"\r\n" + expected + b"\r\n" in text


def test_the_calendar_has_a_name_and_says_when_to_come_again() -> None:
    text = written(name="Iran – Uzbekistan")

    assert text.startswith(b"BEGIN:VCALENDAR\r\n")
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert "X-WR-CALNAME:Iran – Uzbekistan\r\n".encode() in text
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in text
    assert b"METHOD" not in text


def test_one_day_ends_on_the_next() -> None:
    found = one(written(event(last=date(2027, 3, 9))))

    assert found.decoded("DTSTART") == date(2027, 3, 9)
    assert found.decoded("DTEND") == date(2027, 3, 10)


def test_the_last_day_of_all_needs_no_day_after() -> None:
    assert one(written(event(first=date.max, last=date.max))).decoded("DTSTART") == date.max


HOSTILE = {
    "crlf": "A\r\nSTATUS:CANCELLED\r\nX-EVIL:1",
    "cr": "A\rX-EVIL:1",
    "ls": "A\u2028X-EVIL:1\u2029B\x85C",
    "nul": "A\x00B\x07\x1b\x7fC",
    "override": "A\u202eB\u2066C",
    "half": "A\ud800B",
    "marks": "محمودوف\u200f و \u200eAli",
    "emoji": "🤝🏽" * 200,
    "long": "ў" * 1000,
    "escapes": "a;b,c\\n:d\\\\",
    "component": "END:VEVENT\nEND:VCALENDAR",
    "quotes": '"a":b^n^\'',
}
BREAKS = "\r\n\x85\u2028\u2029"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_stays_in_its_place(text: str) -> None:
    lines = written(
        event(title=text, place=text, text=text, categories=(text,), alarm=timedelta(days=1)),
        event(key="meeting-2"),
        name=text,
    )

    calendar = icalendar.Calendar.from_ical(lines)
    first, second = calendar.walk("VEVENT")
    assert (str(first["STATUS"]), str(second["UID"])) == ("CONFIRMED", "meeting-2@abc")
    assert "X-EVIL" not in calendar
    assert "X-EVIL" not in first
    for raw in lines.split(b"\r\n"):
        assert len(raw) <= 75
        raw.decode()
        assert not any(byte < 32 and byte != 9 for byte in raw)
    for name in ("SUMMARY", "LOCATION"):
        assert not set(str(first[name])) & set(BREAKS + "\x00\u202e\u2066")


@pytest.mark.parametrize("name", ["marks", "emoji", "long", "escapes", "quotes"])
def test_what_is_fair_comes_back_as_it_was(name: str) -> None:
    found = one(written(event(title=HOSTILE[name], text=HOSTILE[name])))

    assert str(found["SUMMARY"]) == HOSTILE[name]
    assert str(found["DESCRIPTION"]) == HOSTILE[name]


def test_endless_text_is_cut() -> None:
    found = one(written(event(text="x" * 20_000)))

    assert len(str(found["DESCRIPTION"])) == 2_000
    assert str(found["DESCRIPTION"]).endswith("…")


@pytest.mark.parametrize(
    "bad", [{"url": "http://a/\r\nX-EVIL:1"}, {"last": date(2027, 3, 1)}, {"title": None}]
)
def test_an_event_that_cannot_be_written_is_logged_and_left_out(
    bad: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    text = written(event(key="meeting-7", **bad), event(key="meeting-8"))

    assert str(one(text)["UID"]) == "meeting-8@abc"
    assert "meeting-7 is left out of the calendar feed" in caplog.text
