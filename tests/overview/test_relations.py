"""The page of two parties, and the partners on a party's page."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement, AgreementKind
from tracker.agreements.status import status
from tracker.agreements.telling import counts_between
from tracker.dates import PartialDate
from tracker.meetings.models import ActionItem, Meeting
from tracker.parties.models import Party


def numbers(session: Session, *codes: str) -> list[int]:
    found = {p.code: p.id for p in session.scalars(select(Party).where(Party.code.in_(codes)))}
    return [found[code] for code in codes]


def add_agreements(session: Session, a: str, b: str, count: int) -> None:
    side_a, side_b = numbers(session, a, b)
    rows = [
        {
            "title": f"Treaty {index} of {a} and {b}",
            "kind": AgreementKind.TREATY,
            "side_a_id": side_a,
            "side_b_id": side_b,
            "signed_on_first": date(1990 + index % 30, 1, 1),
            "signed_on_last": date(1990 + index % 30, 1, 1),
            "in_force_on_first": date(2021, 1, 1),
            "in_force_on_last": date(2021, 1, 1),
        }
        for index in range(count)
    ]
    session.execute(insert(Agreement), rows)
    session.commit()


def test_everything_between_two_parties_stands_on_one_page(
    seeded: Session, client: CheckedClient
) -> None:
    text = client.get("/relations/IR-UZ").text

    for shown in (
        "Security cooperation document",
        "Joint Security Commission of Iran and Uzbekistan",
        "Intergovernmental Commission of Iran and Uzbekistan on Trade",
        "Talks of the two security chiefs",
        "session 5, due by 9 March 2027, Tehran",
        "9 March 2022",
        "31 May 2023",
    ):
        assert shown in text


@pytest.mark.parametrize("address", ["/relations/UZ-IR", "/relations/ir-uz", "/relations/Uz-iR"])
def test_other_ways_to_write_it_lead_to_one_address(
    seeded: Session, client: CheckedClient, address: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.location == "/relations/IR-UZ"


@pytest.mark.parametrize("codes", ["IR-IR", "IR-XX", "IR", "-", "IR-UZ-TM"])
def test_what_is_no_pair_is_not_found(seeded: Session, client: CheckedClient, codes: str) -> None:
    assert client.get(f"/relations/{codes}").status_code == 404


def test_codes_with_a_hyphen_are_understood(seeded: Session, client: CheckedClient) -> None:
    seeded.add(Party(code="X-Y", name="Old Union", kind="former-state"))
    seeded.commit()

    assert "Old Union" in client.get("/relations/IR-X-Y").text


def test_agreements_stand_by_their_status_on_the_day(
    seeded: Session, client: CheckedClient
) -> None:
    add_agreements(seeded, "IR", "TR", 12)

    now = client.get("/relations/IR-TR").text
    then = client.get("/relations/IR-TR?on=2020-06-30").text

    assert "status=in-force" in now
    assert "status=signed" not in now
    assert "As of 30 June 2020" in then
    assert "status=signed" in then
    assert "on=2020-06-30" in then
    assert client.get("/relations/IR-TR?on=never").status_code == 400


def test_counts_are_those_of_the_rule_on_each_day(seeded: Session) -> None:
    add_agreements(seeded, "IR", "TR", 12)
    add_agreements(seeded, "TR", "IR", 3)
    parties = {party.code: party for party in seeded.scalars(select(Party))}

    for code, other in (("IR", "TR"), ("TR", "IR"), ("IR", "UZ"), ("AD", "ZW")):
        a, b = parties[code], parties[other]
        which = or_(
            and_(Agreement.side_a == a, Agreement.side_b == b),
            and_(Agreement.side_a == b, Agreement.side_b == a),
        )
        theirs = seeded.scalars(select(Agreement).where(which)).all()
        for day in (date(1980, 1, 1), date(2003, 5, 5), date(2020, 12, 31), date(2026, 11, 24)):
            counted = counts_between(seeded, a, b, day)
            assert counted == Counter(status(one, day) for one in theirs), (code, other, day)


def test_items_are_those_of_the_pair_that_were_open_on_the_day(
    seeded: Session, client: CheckedClient
) -> None:
    # Meeting 3 is one of Iran and Uzbekistan.
    held = seeded.get_one(Meeting, 3)
    held.begins_on = PartialDate.day(date(2024, 2, 1))
    done = PartialDate.day(date(2025, 1, 1))
    seeded.add(ActionItem(meeting_id=3, text="Send the list", side="A", position=0))
    closed = {"state": "done", "done_on": done}
    seeded.add(ActionItem(meeting_id=3, text="Call them", side="B", position=1, **closed))
    seeded.commit()

    def shown(address: str) -> tuple[bool, bool]:
        text = client.get(address).text
        return "Send the list" in text, "Call them" in text

    assert shown("/relations/IR-UZ") == (True, False)
    assert shown("/relations/IR-UZ?on=2024-06-01") == (True, True)
    assert shown("/relations/IR-UZ?on=2024-01-31") == (False, False)
    assert shown("/relations/IR-TR") == (False, False)


def test_an_empty_relation_says_what_to_do(seeded: Session, client: CheckedClient) -> None:
    text = client.get("/relations/AD-ZW").text

    assert "No agreement between them is recorded." in text
    assert "/agreements/new?side_a=AD&amp;side_b=ZW" in text


def test_partners_are_ranked_with_counts_and_what_is_overdue(
    seeded: Session, client: CheckedClient
) -> None:
    add_agreements(seeded, "TR", "IR", 3)

    text = client.get("/parties/IR").text

    assert text.index("3 agreements") < text.index("1 agreement ")
    assert "/relations/IR-TR" in text
    assert "/relations/IR-UZ" in text
    assert "meetings overdue" in text
