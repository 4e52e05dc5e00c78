"""Feeds of meetings: right days, one UID for ever, a sequence that rises, and cheap polling."""

import logging
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.http import http_date

from tests.client import CheckedClient
from tests.feeds.conftest import Events, events_in, in_days
from tests.meetings.conftest import MakeCommission, MakeSession
from tracker import clock
from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting, MeetingKind
from tracker.meetings.sequence import MeetingStatus as S
from tracker.parties.models import Party, PartyKind

Feed = Callable[..., Events]
SOON = today().year + 1


@pytest.fixture
def trade(make_commission: MakeCommission) -> Commission:
    return make_commission()


def test_a_confirmed_session_stands_on_its_days(
    feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    days = {"begins_on": in_days(30), "ends_on": in_days(32)}
    meeting = make_session(trade, 3, SOON, status=S.CONFIRMED, **days)

    found = feed()[meeting.id]

    assert found.decoded("DTSTART") == today() + timedelta(days=30)
    assert found.decoded("DTEND") == today() + timedelta(days=33)
    assert str(found["SUMMARY"]) == "Session 3, Commission on trade"
    assert (str(found["STATUS"]), str(found["TRANSP"])) == ("CONFIRMED", "OPAQUE")
    assert str(found["LOCATION"]) == "Tehran, Iran"
    assert str(found["URL"]) == f"http://localhost/meetings/{meeting.id}"
    assert found["CATEGORIES"].cats == ["session of a commission", "Iran", "Uzbekistan"]
    assert "Iran – Uzbekistan\nConfirmed for" in str(found["DESCRIPTION"])
    assert found.decoded("LAST-MODIFIED") == meeting.changed_at.replace(microsecond=0)
    assert [str(one["TRIGGER"].to_ical(), "ascii") for one in found.walk("VALARM")] == ["-P7D"]


def test_a_session_without_a_day_stands_on_the_day_by_which_it_is_due(
    feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    number = make_session(trade, 1, SOON).id

    found = feed()[number]

    assert found.decoded("DTSTART") == date(SOON, 12, 31)
    assert found.decoded("DTEND") == date(SOON + 1, 1, 1)
    assert str(found["SUMMARY"]) == "due: Session 1, Commission on trade"
    assert (str(found["STATUS"]), str(found["TRANSP"])) == ("TENTATIVE", "TRANSPARENT")


def test_a_month_stands_on_its_last_day(
    feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    meeting = make_session(trade, 1, begins_on=PartialDate.month(SOON, 4))

    found = feed()[meeting.id]

    assert found.decoded("DTSTART") == date(SOON, 4, 30)
    assert found.decoded("DTEND") == date(SOON, 5, 1)
    assert str(found["SUMMARY"]).startswith(f"April {SOON}, day not known: ")
    assert str(found["STATUS"]) == "TENTATIVE"


def test_a_held_session_is_sure_and_reminds_nobody(
    feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    values = {"status": S.HELD, "begins_on": in_days(-20), "outcome": "Both agreed; 2 plans."}
    number = make_session(trade, 1, **values).id

    found = feed()[number]

    assert str(found["STATUS"]) == "CONFIRMED"
    assert "Outcome: Both agreed; 2 plans." in str(found["DESCRIPTION"])
    assert not found.walk("VALARM")


def test_the_alarm_is_as_asked(
    feed: Feed, client: CheckedClient, trade: Commission, make_session: MakeSession
) -> None:
    number = make_session(trade, 1, SOON).id

    (alarm,) = feed("/meetings.ics?alarm=30")[number].walk("VALARM")

    assert alarm["TRIGGER"].to_ical() == b"-P30D"
    assert not feed("/meetings.ics?alarm=none")[number].walk("VALARM")
    assert client.get("/meetings.ics?alarm=soon").status_code == 400


def _facts(found: object) -> tuple[str, str, int, date]:
    return (
        str(found["UID"]),  # type: ignore[index]
        str(found["STATUS"]),  # type: ignore[index]
        found["SEQUENCE"],  # type: ignore[index]
        found.decoded("DTSTART"),  # type: ignore[attr-defined]
    )


def test_the_uid_stays_while_the_sequence_rises(
    client: CheckedClient, feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    number = make_session(trade, 1, SOON, begins_on=in_days(20)).id
    page = f"/meetings/{number}"
    told = [_facts(feed()[number])]

    for url, changes in (
        (f"{page}/edit", {"city": "Isfahan"}),
        (f"{page}/postpone", {"new_date": in_days(60).iso()}),
        (f"{page}/cancel", {"note": "No date suits both"}),
    ):
        assert client.submit(url, changes).status_code == 303
        told.append(_facts(feed()[number]))

    uids, states, sequences, days = zip(*told, strict=True)
    assert len(set(uids)) == 1
    assert states == ("TENTATIVE", "TENTATIVE", "TENTATIVE", "CANCELLED")
    assert sequences == (0, 1, 2, 3)
    assert [(day - today()).days for day in days] == [20, 20, 60, 60]
    last = feed()[number]
    assert str(last["SUMMARY"]) == "cancelled: Session 1, Commission on trade"
    assert "Note: No date suits both" in str(last["DESCRIPTION"])
    assert not last.walk("VALARM")


def test_put_off_without_a_new_date_it_is_cancelled_on_the_day_that_it_had(
    client: CheckedClient, feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    meeting = make_session(trade, 1, SOON, begins_on=in_days(20), due_to=None, due_from=None)

    client.submit(f"/meetings/{meeting.id}/postpone", {"new_date": "", "note": "Storm"})

    found = feed()[meeting.id]
    assert found.decoded("DTSTART") == today() + timedelta(days=20)
    assert str(found["STATUS"]) == "CANCELLED"
    assert str(found["SUMMARY"]) == "postponed: Session 1, Commission on trade"
    assert "Postponed; no new date is known.\n" in str(found["DESCRIPTION"])
    assert "Note: Storm" in str(found["DESCRIPTION"])


def test_put_off_before_it_had_a_day_it_is_still_due(
    client: CheckedClient, feed: Feed, trade: Commission, make_session: MakeSession
) -> None:
    meeting = make_session(trade, 1, SOON)

    client.submit(f"/meetings/{meeting.id}/postpone", {"new_date": ""})

    found = feed()[meeting.id]
    assert found.decoded("DTSTART") == date(SOON, 12, 31)
    assert str(found["STATUS"]) == "TENTATIVE"


def test_the_window_is_a_year_back_and_five_ahead(
    feed: Feed, client: CheckedClient, trade: Commission, make_session: MakeSession
) -> None:
    days = {number: in_days(when) for number, when in ((1, -400), (2, -300), (3, 1700), (4, 1900))}
    for number, day in days.items():
        make_session(trade, number, begins_on=day)
    ids = list(feed("/meetings.ics?from=0001&to=9999"))

    assert len(ids) == 4
    assert list(feed()) == ids[1:3]
    assert list(feed(f"/meetings.ics?from={days[4].iso()}&to={days[4].iso()}")) == ids[3:]
    assert client.get("/meetings.ics?from=soon").status_code == 400
    assert client.get("/meetings.ics?from=2027&to=2026").status_code == 400
    assert client.get("/meetings.ics?form=2027").status_code == 400


def test_filters_are_those_of_the_list(
    db_session: Session,
    feed: Feed,
    client: CheckedClient,
    trade: Commission,
    make_session: MakeSession,
) -> None:
    planned = make_session(trade, 1, SOON)
    held = make_session(trade, 2, status=S.HELD, begins_on=in_days(-9))
    db_session.add(Party(code="KZ", name="Kazakhstan", kind=PartyKind.STATE))
    db_session.commit()

    assert list(feed("/meetings.ics?status=held")) == [held.id]
    assert list(feed("/meetings.ics?party=UZ")) == [planned.id, held.id]
    assert list(feed("/meetings.ics?party=KZ")) == []
    assert client.get("/meetings.ics?status=perhaps").status_code == 400
    assert client.get("/meetings.ics?party=IR&party=UZ").status_code == 400


def test_a_commission_has_its_own(
    feed: Feed,
    client: CheckedClient,
    trade: Commission,
    make_commission: MakeCommission,
    make_session: MakeSession,
) -> None:
    own = make_session(trade, 1, SOON)
    make_session(make_commission("Commission on water"), 1, SOON)

    assert list(feed(f"/commissions/{trade.id}/meetings.ics")) == [own.id]
    assert b"X-WR-CALNAME:Entente: Commission on trade" in client.get(
        f"/commissions/{trade.id}/meetings.ics"
    ).data.replace(b"\\", b"")
    assert client.get("/commissions/99/meetings.ics").status_code == 404


def test_a_relation_holds_that_pair_only(
    db_session: Session,
    feed: Feed,
    client: CheckedClient,
    parties: dict[str, Party],
    trade: Commission,
    make_commission: MakeCommission,
    make_session: MakeSession,
) -> None:
    kazakhstan = Party(code="KZ", name="Kazakhstan", kind=PartyKind.STATE)
    other = make_commission("Commission on rail", side_b=kazakhstan)
    visit = {"kind": MeetingKind.VISIT, "status": S.PLANNED, "begins_on": in_days(5)}
    own = Meeting(own_side_a=parties["UZ"], own_side_b=parties["IR"], **visit)
    foreign = Meeting(own_side_a=parties["UZ"], own_side_b=kazakhstan, **visit)
    db_session.add_all([own, foreign])
    db_session.commit()
    session = make_session(trade, 1, SOON)
    make_session(other, 1, SOON)

    assert set(feed("/relations/IR-UZ/meetings.ics")) == {own.id, session.id}
    for pair, query in (("UZ-IR", "?status=held"), ("ir-uz", ""), ("uz-ir", "?a=1")):
        moved = client.get(f"/relations/{pair}/meetings.ics{query}")
        assert moved.status_code == 308
        assert moved.location == f"/relations/IR-UZ/meetings.ics{query}"
    for pair in ("IR-IR", "IR-XX", "IR", "IR-UZ-KZ", "-"):
        assert client.get(f"/relations/{pair}/meetings.ics").status_code == 404


def test_a_commission_whose_own_row_is_damaged_keeps_its_address(
    db_session: Session, client: CheckedClient, trade: Commission, make_session: MakeSession
) -> None:
    make_session(trade, 1, SOON)
    number = trade.id
    damage = "first_due_on_first = '2030-01-05', first_due_on_last = '2030-01-09'"
    db_session.execute(text(f"UPDATE commission SET {damage}"))  # noqa: S608
    db_session.commit()

    assert client.get(f"/commissions/{number}/meetings.ics").status_code == 200


@pytest.mark.parametrize("codes", [("X-A", "Y-B"), ("X-A", "IR"), ("IR", "Y-B")])
def test_codes_with_hyphens_have_a_feed_where_they_have_a_page(
    db_session: Session,
    feed: Feed,
    client: CheckedClient,
    parties: dict[str, Party],
    make_commission: MakeCommission,
    make_session: MakeSession,
    codes: tuple[str, str],
) -> None:
    known = dict(parties)
    for code in ("X-A", "Y-B"):
        known[code] = Party(code=code, name=f"State {code}", kind=PartyKind.FORMER_STATE)
    a, b = (known[code] for code in codes)
    own = make_session(make_commission("Theirs", side_a=a, side_b=b), 1, SOON).id
    make_session(make_commission("Another"), 1, SOON)
    ordered, other = "-".join(sorted(codes)), "-".join(sorted(codes, reverse=True))

    assert list(feed(f"/relations/{ordered}/meetings.ics")) == [own]
    assert client.get(f"/relations/{ordered}").status_code == 200
    moved = client.get(f"/relations/{other.lower()}/meetings.ics?alarm=none")
    assert (moved.status_code, moved.location) == (
        308,
        f"/relations/{ordered}/meetings.ics?alarm=none",
    )


def test_who_has_it_already_gets_no_body(
    db_session: Session, client: CheckedClient, trade: Commission, make_session: MakeSession
) -> None:
    meeting = make_session(trade, 1, SOON)
    url = "/meetings.ics"
    first = client.get(url)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")

    again = client.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(url).data == first.data

    client.submit(f"/meetings/{meeting.id}/edit", {"city": "Shiraz"})
    changed = client.get(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert b"Shiraz" in changed.data

    db_session.rollback()
    tag = changed.headers["ETag"]
    trade.side_a.name = "Persia"
    db_session.commit()
    assert b"Persia" in client.get(url, headers={"If-None-Match": tag}).data


def test_a_deleted_meeting_leaves_the_feed(
    db_session: Session, client: CheckedClient, trade: Commission, make_session: MakeSession
) -> None:
    first, second = make_session(trade, 1, SOON), make_session(trade, 2, SOON)
    gone, kept = first.id, second.id
    tag = client.get("/meetings.ics").headers["ETag"]

    db_session.delete(first)
    db_session.commit()

    answer = client.get("/meetings.ics", headers={"If-None-Match": tag})
    assert list(events_in(answer.data)) == [kept]
    assert gone not in events_in(answer.data)


@pytest.mark.parametrize("deleted", [0, 1], ids=["the older row", "the newer row"])
def test_a_day_alone_never_says_that_nothing_changed(
    db_session: Session,
    client: CheckedClient,
    trade: Commission,
    make_session: MakeSession,
    deleted: int,
) -> None:
    meetings = [make_session(trade, number, SOON) for number in (1, 2)]
    gone, kept = meetings[deleted].id, meetings[1 - deleted].id
    before = client.get("/meetings.ics")
    db_session.delete(meetings[deleted])
    db_session.commit()

    later = {"If-Modified-Since": http_date(clock.now() + timedelta(hours=1))}
    answer = client.get("/meetings.ics", headers=later)

    assert list(events_in(before.data)) == sorted([gone, kept])
    assert answer.status_code == 200
    assert list(events_in(answer.data)) == [kept]
    # Without it nobody, and no cache between, has a day to compare.
    assert "Last-Modified" not in before.headers


def test_the_tag_decides_whatever_day_is_sent_along(
    client: CheckedClient, trade: Commission, make_session: MakeSession
) -> None:
    make_session(trade, 1, SOON)
    tag = client.get("/meetings.ics").headers["ETag"]
    old, new = (http_date(clock.now() + timedelta(days=days)) for days in (-4000, 1))

    def status(tag: str, day: str) -> int:
        headers = {"If-None-Match": tag, "If-Modified-Since": day}
        return client.get("/meetings.ics", headers=headers).status_code

    assert status(tag, old) == 304
    assert status('"another"', new) == 200


BAD = {
    # A span that is no day, month or year: the database's checks let it pass.
    "span": "begins_on_first = '2026-01-05', begins_on_last = '2026-01-09'",
    "order": "begins_on_first = '2026-01-05', begins_on_last = '2026-01-05',"
    " ends_on_first = '2025-01-01', ends_on_last = '2026-12-31', status = 'planned'",
}


@pytest.mark.parametrize("of", ["", "/commissions/{0}", "/relations/IR-UZ"])
@pytest.mark.parametrize("damage", BAD.values(), ids=BAD)
def test_one_bad_row_never_ends_a_feed(
    db_session: Session,
    feed: Feed,
    trade: Commission,
    make_session: MakeSession,
    caplog: pytest.LogCaptureFixture,
    damage: str,
    of: str,
) -> None:
    numbers = [make_session(trade, number, SOON).id for number in range(1, 8)]
    db_session.execute(text(f"UPDATE meeting SET {damage} WHERE id = {numbers[3]}"))  # noqa: S608
    db_session.commit()

    with caplog.at_level(logging.ERROR):
        found = list(feed(f"{of.format(trade.id)}/meetings.ics?from=2020"))

    assert found == [*numbers[:3], *numbers[4:]]
    assert f"meeting-{numbers[3]} is left out of the calendar feed" in caplog.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("of", ["", "/commissions/{0}", "/relations/IR-UZ"])
@pytest.mark.parametrize(
    "damage",
    ["due_to = 'soon'", "city = CAST(x'ff41' AS TEXT)", "status = 'perhaps'", "changed_at = 'x'"],
)
def test_sqlite_keeps_worse_and_the_feed_still_stands(
    db_session: Session,
    feed: Feed,
    trade: Commission,
    make_session: MakeSession,
    damage: str,
    of: str,
) -> None:
    numbers = [make_session(trade, number, SOON).id for number in range(1, 5)]
    db_session.execute(text("PRAGMA ignore_check_constraints = ON"))
    db_session.execute(text(f"UPDATE meeting SET {damage} WHERE id = {numbers[1]}"))  # noqa: S608
    db_session.commit()

    found = list(feed(f"{of.format(trade.id)}/meetings.ics?from=2020"))

    assert [number for number in found if number != numbers[1]] == [numbers[0], *numbers[2:]]


def test_ten_thousand_meetings_cost_the_queries_of_ten(
    db_session: Session, client: CheckedClient, query_counter, trade: Commission
) -> None:
    def grow(first: int, last: int) -> None:
        row = {"commission_id": trade.id, "kind": MeetingKind.SESSION, "status": S.PLANNED}
        due = {"due_to": date(SOON, 12, 31)}
        db_session.bulk_insert_mappings(
            Meeting, [{**row, **due, "number": number} for number in range(first, last)]
        )
        db_session.commit()

    def cost() -> tuple[int, int]:
        with query_counter() as statements:
            size = client.get("/meetings.ics").data.count(b"BEGIN:VEVENT")
        return size, len(statements)

    grow(1, 11)
    few, before = cost()
    grow(11, 10_001)
    many, after = cost()

    assert (few, many) == (10, 10_000)
    assert before == after
