"""Few meetings are gathered by the day that is asked about, though their count is made once."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.meetings.models import Meeting
from tracker.meetings.queries import BEGUN, HELD_SINCE, Few

DAYS = (date(2000, 1, 1), date(2015, 6, 30), date(2030, 1, 1))


@pytest.mark.parametrize("some", [BEGUN, HELD_SINCE])
def test_each_day_gathers_its_own(seeded: Session, some: Few) -> None:
    found = []
    for day in DAYS:
        gathered = some.gathered(seeded, day)
        assert gathered is not None

        numbers = set(seeded.scalars(select(Meeting.id).where(gathered)))
        assert numbers == set(seeded.scalars(select(Meeting.id).where(some.clause(day))))
        found.append(len(numbers))
    assert len(set(found)) > 1


def test_many_are_not_gathered(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.meetings.queries.FEW", 1)
    begun = Few(BEGUN.clause)

    assert begun.gathered(seeded, date(1900, 1, 1)) is not None
    assert begun.gathered(seeded, date(2030, 1, 1)) is None
