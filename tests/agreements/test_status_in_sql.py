"""The rule of status in Python and the one in SQL say the same of every agreement and day."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.agreements.conftest import Archive
from tests.agreements.histories import days, histories
from tracker.agreements.models import Agreement
from tracker.agreements.queries import status_is
from tracker.agreements.rules import AgreementStatus, Deed, History, status_on
from tracker.dates import PartialDate


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    known=st.lists(histories(), min_size=1, max_size=25),
    day=days,
    today=st.none() | days,
    wanted=st.sampled_from(AgreementStatus),
)
def test_sql_and_python_agree(
    archive: Archive, known: list[History], day: date, today: date | None, wanted: AgreementStatus
) -> None:
    by_python = [status_on(history, day, known_by=today) for history in known]

    with archive.engine.connect() as connection:
        numbers = archive.add(connection, known)
        by_sql = archive.statuses(connection, day, today)
        filtered = status_is(wanted, day, today=today)
        named = set(connection.scalars(select(Agreement.id).where(filtered)))
        possible = archive.possible(connection, [wanted], day, today)[wanted]

    for number, history, found in zip(numbers, known, by_python, strict=True):
        assert by_sql[number] == found.status, history
        assert (number in named) == (found.status == wanted), history
        assert (number in possible) == (wanted in found.candidates), history


def test_a_filter_by_status_finds_exactly_those(archive: Archive) -> None:
    signed, in_force = PartialDate.from_iso("2020-03"), PartialDate.from_iso("2022")
    ended = Deed(
        "denounced", PartialDate.from_iso("2022-05-01"), PartialDate.from_iso("2023-05-01")
    )
    known = [
        History(signed_on=signed),
        History(signed_on=signed, in_force_on=in_force),
        History(signed_on=signed, in_force_on=in_force, deeds=(ended,)),
        History(),
    ]

    with archive.engine.connect() as connection:
        archive.add(connection, known)
        day = date(2023, 1, 1)
        found = {
            status: list(connection.scalars(select(Agreement.id).where(status_is(status, day))))
            for status in AgreementStatus
        }

    assert {status: numbers for status, numbers in found.items() if numbers} == {
        AgreementStatus.SIGNED: [1],
        AgreementStatus.IN_FORCE: [2],
        AgreementStatus.UNDER_NOTICE: [3],
        AgreementStatus.UNKNOWN: [4],
    }
