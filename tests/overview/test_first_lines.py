"""The home page's first lines and counts are those of the whole list, however few are made."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview import archive
from tracker.agreements.models import Agreement
from tracker.meetings.models import Meeting, MeetingAct
from tracker.overview.attention import gather, gather_first
from tracker.overview.due import Asked, Part
from tracker.parties.models import Party

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def _meeting(number: int, status: str, on: date | None, **more: object) -> dict[str, object]:
    span = {"begins_on_first": on, "begins_on_last": on}
    own = {"id": 90_000 + number, "number": 20_000 + number, "commission_id": 1, "kind": "session"}
    empty = {"due_from": None, "due_to": None}
    return own | empty | {"status": status, **span, **more}


@pytest.fixture
def filled(seeded: Session) -> Session:
    """Seeds, a thousand agreements, sessions with acts and, of each status, some without."""
    parties = {party.code: party.id for party in seeded.scalars(select(Party))}
    archive.write(seeded, 0, archive.PATTERN, parties)
    meetings = [
        *(_meeting(n, "planned", TODAY - (n % 7) * DAY) for n in range(1, 40)),
        *(_meeting(n, "confirmed", TODAY + (n % 5) * DAY) for n in range(40, 60)),
        # On one day, so that keys of other lengths (99,999 and 100,000) decide.
        *(_meeting(n, "planned", TODAY - 30 * DAY) for n in range(9_995, 10_006)),
        *(_meeting(n, "postponed", TODAY + (n - 65) * DAY) for n in range(60, 70)),
        *(_meeting(n, "postponed", None) for n in range(70, 73)),
        *(_meeting(n, "planned", None, due_to=TODAY + (n - 75) * DAY) for n in range(73, 78)),
        *(_meeting(n, "held", TODAY - n * DAY) for n in range(78, 82)),
        *(_meeting(n, "cancelled", TODAY + n * DAY) for n in range(82, 85)),
    ]
    seeded.execute(insert(Meeting), meetings)
    acts = [{"meeting_id": 90_000 + n, "kind": "planned", "position": 0} for n in (1, 8, 40, 60)]
    seeded.execute(insert(MeetingAct), acts)
    for number, agreement in enumerate(seeded.scalars(select(Agreement).limit(30))):
        agreement.in_force_on = None
        agreement.in_force_after_days = 30 if number % 3 else None
    seeded.commit()
    return seeded


@pytest.mark.parametrize("party", [None, "UZ"])
def test_the_first_lines_and_the_counts_are_those_of_the_whole_list(
    filled: Session, party: str | None
) -> None:
    found = filled.scalar(select(Party).where(Party.code == party)) if party else None
    first, last = date.min, TODAY + 365 * DAY
    whole = gather(filled, TODAY, first, last, party=found, show=str)
    counts = Counter((due.kind, due.part) for due in whole)
    assert min(sum(n for (_k, part), n in counts.items() if part is one) for one in Part) > 20

    for most in (1, 4, 20, 10_000):
        asked = Asked(filled, TODAY, first, last, found, None, str)
        lines, more = gather_first(asked, most)

        for part in Part:
            wanted = [due for due in whole if due.part is part][:most]
            assert [due for due in lines if due.part is part][:most] == wanted
        assert Counter((due.kind, due.part) for due in lines) + more == counts


def test_the_page_counts_what_it_does_not_make(filled: Session, client: CheckedClient) -> None:
    whole = gather(filled, TODAY, date.min, TODAY + 365 * DAY, show=str)
    waiting = [due for due in whole if due.part is Part.WAITING]

    page = client.page(f"/?on={TODAY}")

    shown = page.text
    assert f"Waiting {len(waiting)}" in shown
    assert f"Overdue {sum(due.part is Part.LATE for due in whole)}" in shown


def test_as_few_lines_cost_as_few_rows(
    filled: Session,
    client: CheckedClient,
    query_counter: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    with query_counter() as statements:
        client.get(f"/?on={TODAY}")

    by_day = [one for one in statements if "meeting.closes_on AS day" in one]
    assert len(by_day) == 2
    assert all("LIMIT" in one for one in by_day)
    whole = [
        one for one in statements if re.search(r"meeting\.title.*FROM meeting", one, re.DOTALL)
    ]
    assert whole
    assert all(re.search(r"meeting\.id (IN \(|= ANY)|LIMIT", one) for one in whole), whole
