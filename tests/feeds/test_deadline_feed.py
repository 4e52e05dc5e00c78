"""The feed of deadlines: a damaged row never ends it, and what it shows changes its tag."""

import logging
from collections.abc import Callable
from datetime import date

import icalendar
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.feeds.conftest import in_days
from tests.meetings.conftest import MakeCommission
from tracker.agreements.models import Agreement, Renewal
from tracker.commissions.models import CommissionStatus
from tracker.commitments.models import Commitment
from tracker.dates import PartialDate
from tracker.meetings.models import ActionItem, Meeting
from tracker.parties.models import Party
from tracker.people.models import Person

KEYS = ("notice", "first-session", "commitment", "item")
TABLES = dict(zip(KEYS, ("agreement", "commission", "commitment", "action_item"), strict=True))
NOT_A_PERIOD = "'2030-01-05', {0}_last = '2030-01-09'"
DAMAGE = {
    "notice": "in_force_on_first = '2019-01-05', in_force_on_last = '2019-01-09'",
    "first-session": f"first_due_on_first = {NOT_A_PERIOD.format('first_due_on')}",
    "commitment": f"due_on_first = {NOT_A_PERIOD.format('due_on')}",
    "item": f"due_on_first = {NOT_A_PERIOD.format('due_on')}",
}
WORSE = {
    "notice": ("kind = 'perhaps'", "title = CAST(x'ff41' AS TEXT)", "changed_at = 'x'"),
    "first-session": ("kind = 'perhaps'", "changed_at = 'x'", "first_due_on_last = 'soon'"),
    "commitment": ("made_by = 'nobody'", "changed_at = 'x'", "text = CAST(x'ff41' AS TEXT)"),
    "item": ("side = 'C'", "text = CAST(x'ff41' AS TEXT)", "done_on_last = 'soon'"),
}


@pytest.fixture
def three_of_each(
    db_session: Session, parties: dict[str, Party], make_commission: MakeCommission
) -> None:
    """Three agreements to give notice of, three foreseen commissions, commitments and items."""
    sides = {"side_a": parties["IR"], "side_b": parties["UZ"]}
    own = {f"own_{name}": party for name, party in sides.items()}
    terms = {
        "in_force_on": PartialDate.day(date(2020, 2, 29)),
        "duration_months": 12,
        "renewal": Renewal.TACIT,
        "renewal_months": 12,
        "notice_months": 1,
    }
    held = Meeting(kind="visit", status="held", begins_on=in_days(-9), **own)
    for index in range(3):
        make_commission(
            f"Commission {index}", status=CommissionStatus.FORESEEN
        ).first_due_on = in_days(40)
        due = {"text": f"Text {index}", "due_on": in_days(30 + index)}
        db_session.add_all(
            [
                Agreement(title=f"Treaty {index}", kind="treaty", **terms, **sides),
                Commitment(made_by="A", kind="clause", status="open", **due, **own),
                ActionItem(meeting=held, side="A", position=index, **due),
            ]
        )
    db_session.commit()


@pytest.fixture
def keys(client: CheckedClient) -> Callable[[], list[tuple[str, int]]]:
    """What the feed holds: kind and number of each event."""

    def fetch() -> list[tuple[str, int]]:
        answer = client.get("/deadlines.ics")
        assert answer.status_code == 200, answer.text
        uids = [str(e["UID"]) for e in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")]
        return sorted(_named(uid.partition("@")[0]) for uid in uids)

    return fetch


def _named(key: str) -> tuple[str, int]:
    """Notices carry the number of their term behind that of the agreement."""
    kind = next(kind for kind in KEYS if key.startswith(f"{kind}-"))
    return kind, int(key.removeprefix(f"{kind}-").partition("-")[0])


EACH = sorted((kind, number) for kind in KEYS for number in (1, 2, 3))


@pytest.mark.parametrize("kind", KEYS)
def test_one_bad_row_never_ends_the_feed(
    db_session: Session,
    client: CheckedClient,
    keys: Callable[[], list[tuple[str, int]]],
    three_of_each: None,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    assert keys() == EACH
    db_session.execute(text(f"UPDATE {TABLES[kind]} SET {DAMAGE[kind]} WHERE id = 2"))  # noqa: S608
    db_session.commit()

    with caplog.at_level(logging.ERROR):
        found = keys()

    assert found == [one for one in EACH if one != (kind, 2)]
    assert f"{TABLES[kind]}-2 is left out of what falls due" in caplog.text
    listed = client.get("/attention.csv")
    assert listed.status_code == 200
    assert listed.text.count("\r\n") > len(found)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "damage"), [(kind, damage) for kind in KEYS for damage in WORSE[kind]]
)
def test_sqlite_keeps_worse_and_the_feed_still_stands(
    db_session: Session,
    keys: Callable[[], list[tuple[str, int]]],
    three_of_each: None,
    kind: str,
    damage: str,
) -> None:
    db_session.execute(text("PRAGMA ignore_check_constraints = ON"))
    db_session.execute(text(f"UPDATE {TABLES[kind]} SET {damage} WHERE id = 2"))  # noqa: S608
    db_session.commit()

    assert [one for one in keys() if one != (kind, 2)] == [one for one in EACH if one != (kind, 2)]


@pytest.mark.parametrize("of", ["a party", "a person"])
def test_another_name_in_an_event_gives_another_tag(
    db_session: Session,
    client: CheckedClient,
    parties: dict[str, Party],
    three_of_each: None,
    of: str,
) -> None:
    person = Person(name="Ali")
    db_session.get(ActionItem, 1).person = person
    db_session.commit()
    tag = client.get("/deadlines.ics").headers["ETag"]
    same = client.get("/deadlines.ics", headers={"If-None-Match": tag})

    named = parties["IR"] if of == "a party" else person
    named.name = "Quite another"
    db_session.commit()
    changed = client.get("/deadlines.ics", headers={"If-None-Match": tag})

    assert same.status_code == 304
    assert changed.status_code == 200
    assert b"Quite another" in changed.data
