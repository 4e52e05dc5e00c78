"""Sessions move from state to state by explicit acts, with their dates."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.meetings.conftest import MakeCommission, MakeSession
from tracker.catalogue import TABLES
from tracker.columns import Reading
from tracker.commissions.rotation import TurnRule
from tracker.dates import PartialDate
from tracker.importing import Importer
from tracker.meetings import operations
from tracker.meetings.models import Meeting
from tracker.meetings.rules import ActRefused
from tracker.meetings.sequence import MeetingStatus as S
from tracker.tabular import read_sheet, write_rows

TODAY = date(2026, 11, 24)


def day(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


@pytest.fixture
def planned(make_commission: MakeCommission, make_session: MakeSession) -> Meeting:
    return make_session(
        make_commission(), 4, begins_on=day("2030-05-04"), ends_on=day("2030-05-05")
    )


def log(meeting: Meeting) -> list[tuple[str, str, str]]:
    return [(a.kind.value, str(a.done_on or ""), str(a.new_date or "")) for a in meeting.acts]


def test_confirming_writes_act_status_and_days(db_session: Session, planned: Meeting) -> None:
    operations.confirm_meeting(
        db_session, planned, day("2030-05-11"), None, day("2026-11-20"), TODAY
    )
    db_session.commit()

    assert (planned.status, planned.begins_on, planned.ends_on) == (
        S.CONFIRMED,
        day("2030-05-11"),
        None,
    )
    assert log(planned) == [
        ("planned", "", "2030-05-04"),
        ("confirmed", "2026-11-20", "2030-05-11"),
    ]


def test_a_held_session_has_its_outcome_and_is_never_touched_again(
    db_session: Session, planned: Meeting
) -> None:
    held_on = day("2026-05-04")
    operations.hold_meeting(db_session, planned, held_on, None, "Agreed.", "Minutes 4", None, TODAY)
    db_session.commit()
    before = TABLES["meetings"].cells(planned)

    for act in (
        lambda: operations.confirm_meeting(db_session, planned, held_on, None, None, TODAY),
        lambda: operations.postpone_meeting(db_session, planned, None, None, None, TODAY),
        lambda: operations.cancel_meeting(db_session, planned, None, None, TODAY),
        lambda: operations.plan_again(db_session, planned, held_on, None, None, TODAY),
    ):
        with pytest.raises(ActRefused, match="It was held"):
            act()
    db_session.commit()

    assert before[7] == "held"
    assert "Agreed." in before
    assert log(planned)[-1] == ("held", "2026-05-04", "2026-05-04")
    assert TABLES["meetings"].cells(planned) == before


def test_a_postponed_session_gets_a_new_date_later(db_session: Session, planned: Meeting) -> None:
    on = day("2026-11-01")
    operations.postpone_meeting(db_session, planned, on, None, "Elections", TODAY)
    assert (planned.status, planned.begins_on) == (S.POSTPONED, None)

    operations.plan_again(db_session, planned, day("2031-02"), None, on, TODAY)
    db_session.commit()

    assert (planned.status, planned.begins_on) == (S.PLANNED, day("2031-02"))


def test_acts_are_taken_back_one_by_one(db_session: Session, planned: Meeting) -> None:
    on = day("2026-11-01")
    operations.postpone_meeting(db_session, planned, on, None, None, TODAY)
    operations.cancel_meeting(db_session, planned, on, None, TODAY)

    assert operations.before_last_act(planned) == (S.POSTPONED, None)
    operations.undo_act(db_session, planned, None, None)
    assert planned.status == S.POSTPONED
    status, begins = operations.before_last_act(planned)
    operations.undo_act(db_session, planned, begins, None)
    db_session.commit()

    assert (status, planned.status, planned.begins_on) == (S.PLANNED, S.PLANNED, day("2030-05-04"))
    with pytest.raises(ActRefused, match="No act"):
        operations.undo_act(db_session, planned, None, None)


@pytest.mark.parametrize(("turns", "host"), [(TurnRule.BY_SESSION, "IR"), (TurnRule.BY_YEAR, "UZ")])
def test_a_session_put_off_into_another_year_keeps_or_passes_its_host(
    db_session: Session,
    make_commission: MakeCommission,
    make_session: MakeSession,
    turns: TurnRule,
    host: str,
) -> None:
    commission = make_commission(turns=turns)
    make_session(commission, 1, 2023, status=S.HELD, begins_on=day("2023-06-01"))
    session = make_session(commission, 3, 2025)

    operations.postpone_meeting(db_session, session, None, day("2026-12-01"), None, TODAY)
    assert session.host.code == host
    operations.undo_act(db_session, session, None, None)
    db_session.commit()

    assert session.host.code == "IR"


def _steps(session: Session, meeting: Meeting) -> Iterator[Callable[[], None]]:
    """Each act once, in an order that is allowed, each with new days in another year."""
    on = day("2026-11-01")
    yield lambda: operations.postpone_meeting(session, meeting, on, day("2031-05"), "Why", TODAY)
    yield lambda: operations.plan_again(session, meeting, day("2032"), None, on, TODAY)
    yield lambda: operations.confirm_meeting(session, meeting, day("2033-05-06"), None, on, TODAY)
    yield lambda: operations.cancel_meeting(session, meeting, on, "Why", TODAY)
    yield lambda: operations.undo_act(session, meeting, day("2034-05-06"), None)
    held = day("2025-05-06")
    yield lambda: operations.hold_meeting(session, meeting, held, None, "All", "9", None, TODAY)
    yield lambda: operations.undo_act(session, meeting, day("2035-05-06"), None)


@pytest.mark.parametrize("commit", [True, False], ids=["one by one", "in one transaction"])
@pytest.mark.parametrize("turns", TurnRule)
def test_each_act_raises_the_version_by_one(
    db_session: Session,
    make_commission: MakeCommission,
    make_session: MakeSession,
    turns: TurnRule,
    commit: bool,
) -> None:
    commission = make_commission(turns=turns)
    make_session(commission, 1, 2023, status=S.HELD, begins_on=day("2023-06-01"))
    meeting = make_session(commission, 8, begins_on=day("2030-05-04"))
    seen = [meeting.version]

    for act in _steps(db_session, meeting):
        act()
        if commit:
            db_session.commit()
        seen.append(meeting.version)

    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]


def typed(name: str) -> dict[str, str]:
    return {
        "confirm": {"begins_on": "4 May 2030", "on": "2026-11-01"},
        "hold": {"begins_on": "2026-05-04", "ends_on": "2026-05-05", "outcome": "A programme"},
        "postpone": {"on": "2026-11-01", "note": "Elections"},
        "cancel": {"on": "2026-11-01", "note": "No need"},
    }[name]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("confirm", "confirmed"),
        ("hold", "held"),
        ("postpone", "postponed"),
        ("cancel", "cancelled"),
    ],
)
def test_each_act_has_a_page_and_can_be_taken_back(
    db_session: Session, client: CheckedClient, planned: Meeting, name: str, status: str
) -> None:
    url = f"/meetings/{planned.id}"
    assert f'href="{url}/{name}"' in client.get(url).text

    answer = client.submit(f"{url}/{name}", typed(name))

    assert (answer.status_code, answer.location) == (303, url)
    db_session.rollback()
    assert planned.status.value == status
    page = client.page(url).text
    assert "What happened to the plan" in page
    assert client.submit(f"{url}/undo", {}).status_code == 303
    db_session.rollback()
    assert (planned.status, planned.begins_on) == (S.PLANNED, day("2030-05-04"))


@pytest.mark.parametrize(
    ("name", "field", "wrong", "said"),
    [
        ("hold", "begins_on", "2999", "day to come"),
        ("hold", "ends_on", "2026-05-01", "cannot end before it begins"),
        ("hold", "begins_on", "", "needed"),
        ("confirm", "begins_on", "2030-13", "no month 13"),
        ("postpone", "on", "2999-01-01", "still to come"),
    ],
)
def test_a_mistake_in_an_act_is_named_and_what_was_typed_stays(
    client: CheckedClient, planned: Meeting, name: str, field: str, wrong: str, said: str
) -> None:
    kept = typed(name) | {field: wrong}

    answer = client.submit(f"/meetings/{planned.id}/{name}", kept)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert all(text in answer.text for text in kept.values())


def test_an_act_on_a_meeting_that_was_saved_meanwhile_is_refused(
    client: CheckedClient, planned: Meeting
) -> None:
    answer = client.submit(f"/meetings/{planned.id}/cancel", typed("cancel") | {"version": "0"})

    assert answer.status_code == 409
    assert "No need" in answer.text
    assert "somebody else saved this meeting" in answer.text


def test_an_act_that_cannot_follow_says_why(
    db_session: Session, client: CheckedClient, planned: Meeting
) -> None:
    url = f"/meetings/{planned.id}"
    assert "No act is recorded" in client.page(f"{url}/undo", 422).text
    client.submit(f"{url}/cancel", typed("cancel"))

    assert "It was cancelled. Plan it again first." in client.page(f"{url}/hold", 422).text
    assert f'href="{url}/hold"' not in client.get(url).text
    client.page("/meetings/999/hold", 404)
    client.page(f"{url}/dance", 404)


def test_the_form_adds_an_act_when_only_the_status_changes(
    db_session: Session, client: CheckedClient, planned: Meeting
) -> None:
    url = f"/meetings/{planned.id}/edit"

    held = {"status": "held", "begins_on": "2026-05-04", "ends_on": "2026-05-05"}
    assert client.submit(url, held).status_code == 303

    db_session.rollback()
    assert log(planned) == [("held", "2026-05-05", "")]
    assert client.submit(url, {"status": "cancelled"}).status_code == 303
    db_session.rollback()
    assert [act.kind for act in planned.acts] == [S.HELD, S.CANCELLED]


def test_acts_that_say_something_else_than_the_status_are_refused(
    client: CheckedClient, planned: Meeting
) -> None:
    url = f"/meetings/{planned.id}"
    client.submit(f"{url}/postpone", typed("postpone"))

    answer = client.submit(f"{url}/edit", {"acts-1-kind": "cancelled"})

    assert answer.status_code == 422
    assert "the last act says" in answer.text
    assert 'href="#status"' in answer.text


def test_a_file_that_changes_the_status_adds_the_act(db_session: Session, planned: Meeting) -> None:
    table = TABLES["meetings"]
    cells = dict(zip(table.header, table.cells(planned), strict=True)) | {"status": "cancelled"}
    sheet = read_sheet(b"".join(write_rows(table.header, [list(cells.values())])))

    report = Importer(table, Reading(db_session, TODAY)).run(sheet)
    db_session.commit()

    assert report.totals["changed"] == 1
    assert [act.kind for act in planned.acts] == [S.CANCELLED]
