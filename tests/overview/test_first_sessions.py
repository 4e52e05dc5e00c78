"""Commissions that are foreseen, and were to meet by a day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.commissions.models import Commission, CommissionKind, CommissionStatus, Host
from tracker.dates import PartialDate
from tracker.overview.due import Asked, Due
from tracker.overview.sessions import first_sessions_due
from tracker.parties.models import Party

TODAY = date(2026, 11, 24)


@pytest.fixture
def foreseen(seeded: Session) -> Commission:
    """A commission without sessions that is to meet in March 2026, hosted in turn."""
    sides = list(seeded.scalars(select(Party).where(Party.code.in_(("TR", "UZ")))))
    commission = Commission(
        name="Commission of a test",
        side_a=sides[0],
        side_b=sides[1],
        kind=CommissionKind.COMMITTEE,
        status=CommissionStatus.FORESEEN,
        first_due_on=PartialDate.month(2026, 3),
        hosts=[
            Host(party=sides[1], position=0),
            Host(party=sides[0], city="Ankara", position=1),
        ],
    )
    seeded.add(commission)
    seeded.commit()
    return commission


def _lines(session: Session, today: date = TODAY, party: Party | None = None) -> list[Due]:
    last = today + timedelta(days=365)
    found = first_sessions_due(Asked(session, today, date.min, last, party, None, str))
    return [line for line in found if "of a test" in line.title]


def test_the_first_session_is_overdue_at_the_first_host(
    seeded: Session, foreseen: Commission
) -> None:
    (line,) = _lines(seeded)

    assert line.title == f"First session, {foreseen.name}"
    assert (line.due_on, line.overdue) == (date(2026, 3, 31), (TODAY - date(2026, 3, 31)).days)
    assert [side.code for side in line.sides] == [foreseen.side_a.code, foreseen.side_b.code]
    assert line.note == foreseen.side_b.name
    assert line.address == f"/commissions/{foreseen.id}"


def test_within_its_month_it_is_possibly_overdue(seeded: Session, foreseen: Commission) -> None:
    (line,) = _lines(seeded, date(2026, 3, 9))

    assert (line.overdue, line.possibly) == (None, True)


@pytest.mark.parametrize(("city", "note"), [("Tehran", "Tehran"), (None, "")])
def test_a_city_is_named_before_its_country(
    seeded: Session, foreseen: Commission, city: str | None, note: str
) -> None:
    foreseen.hosts = [Host(party=foreseen.side_a, city=city, position=0)] if city else []
    seeded.commit()

    assert [line.note for line in _lines(seeded)] == [note]


def test_nothing_is_due_before_its_agreement_was_signed(
    seeded: Session, foreseen: Commission
) -> None:
    agreement = seeded.scalars(select(Agreement).limit(1)).one()
    agreement.signed_on = PartialDate.day(TODAY)
    foreseen.agreement = agreement
    seeded.commit()

    assert _lines(seeded, TODAY - timedelta(days=1)) == []
    assert len(_lines(seeded, TODAY)) == 1


def test_others_are_not_told(seeded: Session, foreseen: Commission) -> None:
    sides = {foreseen.side_a_id, foreseen.side_b_id}
    other = seeded.scalars(select(Party).where(Party.id.not_in(sides)).limit(1)).one()

    assert len(_lines(seeded, party=foreseen.side_a)) == 1
    assert _lines(seeded, party=other) == []
