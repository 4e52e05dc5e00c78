"""The spans in the database are what the rule says of the records, however they came there."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from tests.agreements.conftest import Archive
from tests.agreements.histories import days, histories
from tests.agreements.test_life_stories import TOLD
from tracker.agreements.kept_spans import SPANS
from tracker.agreements.models import Action, Agreement
from tracker.agreements.rules import AgreementStatus, History, status_on
from tracker.agreements.sides import AGREEMENT_SIDE
from tracker.agreements.statuses import status_on_day
from tracker.dates import PartialDate
from tracker.derived.checking import faults
from tracker.derived.working_out import work_out_stale

SIDE = AGREEMENT_SIDE.c


def kept(connection: Connection, day: date) -> dict[int, str]:
    """The status of each agreement on a day; two for one day would be a fault of its own."""
    query = select(SPANS.c.agreement_id, SPANS.c.status).where(
        SPANS.c.first_day <= day, SPANS.c.last_day >= day
    )
    found = connection.execute(query).all()
    assert len({number for number, _status in found}) == len(found)
    return {row.agreement_id: row.status for row in found}


def along_sides(connection: Connection, day: date) -> dict[int, set[str]]:
    """What the two sides of each agreement say of its status on a day."""
    query = select(SIDE.agreement_id, status_on_day(day, SIDE.agreement_id))
    found: dict[int, set[str]] = {}
    for number, status in connection.execute(query):
        found.setdefault(number, set()).add(status)
    return found


def test_each_story_on_each_day_that_is_asked(archive: Archive) -> None:
    asked = {one.day for story in TOLD for one in story.asked}

    with archive.engine.connect() as connection:
        numbers = archive.add(connection, [story.history for story in TOLD])
        work_out_stale(connection)
        for day in sorted(asked):
            assert kept(connection, day) == {
                number: status_on(story.history, day).status
                for number, story in zip(numbers, TOLD, strict=True)
            }
            said = {number: {status} for number, status in kept(connection, day).items()}
            assert along_sides(connection, day) == said
        assert list(faults(connection)) == []


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    known=st.lists(histories(), min_size=1, max_size=25),
    asked=st.lists(days, min_size=1, max_size=5),
)
def test_whatever_is_recorded(archive: Archive, known: list[History], asked: list[date]) -> None:
    with archive.engine.connect() as connection:
        numbers = archive.add(connection, known)
        work_out_stale(connection)
        said = {day: kept(connection, day) for day in asked}
        by_sides = {day: along_sides(connection, day) for day in asked}
        wrong = list(faults(connection))

    assert wrong == []

    for day in asked:
        for number, history in zip(numbers, known, strict=True):
            status = status_on(history, day).status
            assert said[day][number] == status, (history, day)
            assert by_sides[day][number] == {status}, (history, day)


def test_the_spans_follow_each_change(archive: Archive) -> None:
    day = date(2020, 6, 1)
    history = History(signed_on=PartialDate.from_iso("2019"))
    told: list[str] = []

    with Session(archive.engine) as session:
        (number,) = archive.add(session.connection(), [history])
        entry = Action(agreement_id=number, kind="entered-into-force", position=0)
        entry.done_on = PartialDate.from_iso("2020-02")
        for change in (
            lambda: None,
            lambda: session.add(entry),
            lambda: session.execute(update(Action).values(kind="suspended")),
            lambda: session.execute(
                update(Agreement).values(
                    side_a_id=Agreement.side_b_id, side_b_id=Agreement.side_a_id
                )
            ),
            lambda: session.execute(delete(Action)),
            lambda: session.execute(
                update(Agreement).values(
                    ended_on_first=date(2020, 5, 1), ended_on_last=date(2020, 5, 1)
                )
            ),
            lambda: session.execute(delete(Agreement)),
        ):
            change()
            session.flush()
            work_out_stale(session.connection())
            told.append(kept(session.connection(), day).get(number, "gone"))
            by_sides = along_sides(session.connection(), day).get(number, {"gone"})
            assert by_sides == {told[-1]}

    assert told == [
        AgreementStatus.SIGNED,
        AgreementStatus.IN_FORCE,
        AgreementStatus.SUSPENDED,
        AgreementStatus.SUSPENDED,
        AgreementStatus.SIGNED,
        AgreementStatus.TERMINATED,
        "gone",
    ]
