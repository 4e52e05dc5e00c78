"""Feeds as a calendar program reads them, and meetings to show in them."""

from collections.abc import Callable
from datetime import timedelta

import icalendar
import pytest

from tests.client import CheckedClient
from tests.meetings.conftest import chair, make_commission, make_session, parties
from tracker.clock import today
from tracker.dates import PartialDate

__all__ = ["chair", "make_commission", "make_session", "parties"]

Events = dict[int, icalendar.Event]


def in_days(days: int) -> PartialDate:
    """The day so many days from today."""
    return PartialDate.day(today() + timedelta(days=days))


def events_in(text: bytes) -> Events:
    """The events of a feed by the number in their UIDs."""
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {int(str(one["UID"]).partition("@")[0].rpartition("-")[2]): one for one in events}


@pytest.fixture
def feed(client: CheckedClient) -> Callable[..., Events]:
    def fetch(url: str = "/meetings.ics") -> Events:
        answer = client.get(url)
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "text/calendar; charset=utf-8"
        return events_in(answer.data)

    return fetch
