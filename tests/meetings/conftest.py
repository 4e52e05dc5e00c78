"""A commission with two hosts, and sessions of it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tracker.agreements.models import Side
from tracker.commissions.cadence import CadenceUnit
from tracker.commissions.models import CoChair, Commission, CommissionKind, CommissionStatus, Host
from tracker.commissions.rotation import TurnRule
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting, MeetingKind
from tracker.meetings.sequence import MeetingStatus
from tracker.parties.models import Party, PartyKind
from tracker.people.models import Person

MakeCommission = Callable[..., Commission]
MakeSession = Callable[..., Meeting]


@pytest.fixture
def parties(db_session: Session) -> dict[str, Party]:
    made = {
        code: Party(code=code, name=name, kind=PartyKind.STATE)
        for code, name in (("IR", "Iran"), ("UZ", "Uzbekistan"))
    }
    db_session.add_all(made.values())
    db_session.commit()
    return made


@pytest.fixture
def make_commission(db_session: Session, parties: dict[str, Party]) -> MakeCommission:
    def make(name: str = "Commission on trade", **more: object) -> Commission:
        values = {
            "side_a": parties["IR"],
            "side_b": parties["UZ"],
            "kind": CommissionKind.JOINT_COMMISSION,
            "status": CommissionStatus.ACTIVE,
            "turns": TurnRule.BY_SESSION,
            "cadence_every": 1,
            "cadence_unit": CadenceUnit.YEAR,
            "first_due_on": PartialDate.from_iso("2023-12-31"),
        }
        commission = Commission(name=name, **(values | more))
        commission.hosts = [
            Host(party=parties["IR"], city="Tehran", position=0),
            Host(party=parties["UZ"], city="Tashkent", position=1),
        ]
        db_session.add(commission)
        db_session.commit()
        return commission

    return make


@pytest.fixture
def make_session(db_session: Session, parties: dict[str, Party]) -> MakeSession:
    def make(commission: Commission, number: int, year: int = 2030, **more: object) -> Meeting:
        odd = number % 2 == 1
        values = {
            "kind": MeetingKind.SESSION,
            "status": MeetingStatus.PLANNED,
            "due_from": date(year, 1, 1),
            "due_to": date(year, 12, 31),
            "host": parties["IR" if odd else "UZ"],
            "city": "Tehran" if odd else "Tashkent",
        }
        meeting = Meeting(commission=commission, number=number, **(values | more))
        db_session.add(meeting)
        db_session.commit()
        return meeting

    return make


@pytest.fixture
def chair(db_session: Session) -> Callable[[str, Commission], None]:
    """Let a person, who may be there already, chair a commission for side A."""
    people: dict[str, Person] = {}

    def add(name: str, commission: Commission) -> None:
        person = people.setdefault(name, Person(name=name))
        commission.co_chairs.append(CoChair(side=Side.A, person=person, position=0))
        db_session.commit()

    return add
