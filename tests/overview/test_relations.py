"""The page of two parties, and the partners on a party's page."""

from datetime import date

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement, AgreementKind
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
