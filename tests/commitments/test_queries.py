"""What SQL says of commitments is what the rules say; and the panels for other pages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.commitments.test_progress import CASES, dates, days, promises
from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commissions.models import Commission
from tracker.commitments import progress
from tracker.commitments.models import Commitment, MadeBy, Observation
from tracker.commitments.panels import (
    due_lines,
    of_agreement,
    of_meeting,
    overdue_lines,
    pair_lines,
)
from tracker.commitments.progress import Answer, Observed, Promise
from tracker.commitments.queries import open_due_within, overdue, select_commitments
from tracker.commitments.story import describe_commitment, promise_of, state_of
from tracker.commitments.telling import told, told_of
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.parties.models import Party


def recorded(session: Session, what: Promise, **more: object) -> Commitment:
    """A row that holds a promise; a superseded one gets a successor."""
    if not more:
        more = {"agreement_id": 1}
    row = Commitment(
        text="A promise",
        kind="clause",
        made_by=MadeBy.BOTH,
        unit="tonnes",
        status=what.status,
        due_on=what.due_on,
        # The schema wants no day of a baseline that is not there.
        baseline=what.baseline,
        baseline_on=what.baseline_on if what.baseline is not None else None,
        target=what.target,
        observations=[
            Observation(
                on=one.on,
                value=one.value,
                word="begun" if one.value is None else None,
                position=place,
            )
            for place, one in enumerate(what.observed)
        ],
        **more,
    )
    if what.status == "superseded":
        row.superseded_by = recorded(session, Promise())
    session.add(row)
    return row


def answers(session: Session, row: Commitment, day: date) -> list[Answer]:
    """The answers whose clause finds the row; exactly one should."""
    return [
        answer
        for answer in Answer
        if session.scalars(
            select(Commitment.id).where(overdue(answer, day), Commitment.id == row.id)
        ).all()
    ]


def test_the_filter_answers_each_case_as_the_rule(ground: Session) -> None:
    for name, (what, text, wanted) in CASES.items():
        row = recorded(ground, what)
        ground.flush()

        assert answers(ground, row, date.fromisoformat(text)) == [wanted], name


@given(st.lists(promises, min_size=1, max_size=4), days)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_filter_is_the_rule(ground: Session, some: list[Promise], day: date) -> None:
    ground.execute(delete(Observation))
    ground.execute(delete(Commitment).where(Commitment.superseded_by_id.is_not(None)))
    ground.execute(delete(Commitment))
    ground.expire_all()
    rows = [recorded(ground, what) for what in some]
    ground.flush()

    for row in rows:
        assert answers(ground, row, day) == [progress.overdue(promise_of(row), day)]
    ground.rollback()


@given(dates, st.decimals(-5, 5, places=4))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_numbers_come_back_exactly(ground: Session, day: PartialDate, value: Decimal) -> None:
    row = recorded(ground, Promise(target=value, observed=[Observed(day, value)]))
    ground.flush()
    ground.expire_all()

    assert promise_of(row).target == value
    assert list(promise_of(row).observed) == [Observed(day, value)]
    ground.rollback()


def on(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


@pytest.fixture
def some(ground: Session) -> Session:
    """Due in 2024 and on 1 February 2025 of agreement 1, without a date at meeting 1."""
    recorded(ground, Promise(due_on=on("2024")))
    recorded(ground, Promise(due_on=on("2025-02-01")))
    recorded(ground, Promise(), meeting_id=1)
    recorded(ground, Promise("dropped", on("2025-02-02")))
    reached = [Observed(on("2024"), Decimal(3))]
    recorded(ground, Promise(due_on=on("2025-02-03"), target=Decimal(2), observed=reached))
    ground.commit()
    return ground


@pytest.mark.parametrize(
    ("until", "wanted"), [(30, []), (31, ["2025-02-01"]), (365, ["2025-02-01"])]
)
def test_due_within_leaves_out_what_is_done(some: Session, until: int, wanted: list[str]) -> None:
    query = select_commitments(open_due_within(date(2025, 1, 1), until))

    assert [one.due_on.iso() for one in some.scalars(query) if one.due_on] == wanted


def test_panels_hold_what_belongs_to_them(app: Flask, some: Session) -> None:
    day = date(2025, 1, 11)
    parties = {party.code: party for party in some.scalars(select(Party))}
    agreement, meeting = some.get(Agreement, 1), some.get(Meeting, 1)
    assert agreement is not None
    assert meeting is not None

    reading = Reading(some, day)
    with app.test_request_context():
        in_agreement = of_agreement(agreement, reading)
        at_meeting = of_meeting(meeting, reading)
        late = overdue_lines(some, day)
        late_for_kz = overdue_lines(some, day, parties["KZ"])
        soon = due_lines(some, day, 90, parties["IR"])
        pair = pair_lines(some, parties["KZ"], parties["UZ"], day)

    assert in_agreement is not None
    assert at_meeting is not None
    assert [line.date for line in in_agreement.content["lines"]] == [
        "2024",
        "1 February 2025",
        "2 February 2025",
        "3 February 2025",
    ]
    assert [line.date for line in at_meeting.content["lines"]] == ["no due date"]
    assert [(line.shape, line.word) for line in late] == [("overdue", "overdue by 11 days")]
    assert late_for_kz == []
    assert [line.date for line in soon] == ["1 February 2025"]
    assert pair == at_meeting.content["lines"]
    assert pair[0].note == "Uzbekistan – Kazakhstan"


def test_other_pages_show_the_commitments(some: Session, client: CheckedClient) -> None:
    for address in ("/agreements/1", "/meetings/1", "/parties/IR"):
        assert "A promise" in client.page(address).text


def test_what_is_told_of_a_commitment_is_what_its_record_holds(app: Flask, some: Session) -> None:
    parties = {party.code: party for party in some.scalars(select(Party))}
    commission = Commission(
        name="On roads",
        kind="committee",
        side_a=parties["KZ"],
        side_b=parties["IR"],
        status="active",
    )
    session = Meeting(kind="session", status="planned", number=1, commission=commission)
    some.add(session)
    some.flush()
    own = {"own_side_a": parties["KZ"], "own_side_b": parties["UZ"]}
    recorded(some, Promise(due_on=on("2026")), meeting_id=session.id)
    recorded(some, Promise(due_on=on("2023")), **own)
    below = Promise("open", on("2024-03"), Decimal(9), on("2020"), Decimal(4))
    seen = [
        Observed(on("2019"), Decimal(1)),
        Observed(on("2024"), Decimal(4)),
        Observed(on("2021")),
    ]
    recorded(some, replace(below, observed=seen))
    some.commit()
    records = {one.id: one for one in some.scalars(select(Commitment))}

    rows = told(some, told_of(Commitment.id > 0, most=100))

    assert len(rows) == len(records) == 8
    with app.test_request_context():
        for row in rows:
            record = records[row.id]
            assert row.parties == (record.side_a.name, record.side_b.name)
            assert describe_commitment(row) == describe_commitment(record)
            for day in (date(2020, 1, 1), date(2024, 3, 15), date(2026, 7, 1), date(2030, 1, 1)):
                assert state_of(row, day) == state_of(record, day)


def test_a_kept_statement_asks_for_the_pair_that_it_is_given(app: Flask, some: Session) -> None:
    parties = {party.code: party for party in some.scalars(select(Party))}

    with app.test_request_context():
        lines = {
            (one, other): pair_lines(some, parties[one], parties[other], date(2025, 1, 1))
            for one, other in (("IR", "UZ"), ("UZ", "IR"), ("KZ", "UZ"), ("IR", "KZ"))
        }

    assert lines["IR", "UZ"] == lines["UZ", "IR"]
    assert [len(found) for found in lines.values()] == [4, 4, 1, 0]
