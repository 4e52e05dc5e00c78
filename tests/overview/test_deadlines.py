"""Deadlines of agreements in the list: notice, ends of terms, stated ends, entry into force."""

import pytest
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview.conftest import RENEWED, add, listed, on, rows, said
from tracker.agreements.models import (
    Action,
    ActionKind,
    Agreement,
    Binding,
    EndedHow,
    Renewal,
)


def test_notice_before_a_tacit_renewal_and_the_end_of_a_term(
    seeded: Session, client: CheckedClient
) -> None:
    terms = {"in_force_on": on("2024-08-29"), "duration_months": 12}
    add(
        seeded,
        "Renewed",
        renewal=Renewal.TACIT,
        renewal_months=12,
        notice_months=2,
        **terms,
    )
    add(seeded, "Silent", renewal=Renewal.TACIT, renewal_months=24, **terms)
    add(seeded, "Ends", renewal=Renewal.NONE, **terms)

    then = listed(client, "on=2026-02-11&party=TR")
    before = listed(client, "on=2025-01-01&party=TR")

    assert ("notice", "2026-06-28", "Renewed", "") in then
    assert ("expiry", "2025-08-28", "Ends", "") in before
    assert "Ends" not in [line[2] for line in then]
    page = client.get("/?on=2026-02-11&party=TR").text
    assert "notice of 2 months" in page
    assert "VCLT art. 56" in page
    number = client.get("/agreements.json?q=Renewed").get_json()[0]["id"]
    own = client.get(f"/agreements/{number}?on=2026-02-11").text
    for shown in ("End of the term", "28 August 2026", "28 June 2026", "28 August 2027"):
        assert shown in own


def test_which_side_has_not_notified(seeded: Session, client: CheckedClient) -> None:
    consent = ActionKind.DOMESTIC_PROCEDURE_NOTIFIED
    add(
        seeded,
        "Half",
        signed_on=on("2020"),
        binding=Binding.BINDING,
        actions=[Action(kind=consent, side="A", done_on=on("2020-05"), position=0)],
    )

    assert ("entry", "2020-12-31", "Half", "") in listed(client, "party=TR")
    assert "no notification recorded: Türkiye" in client.get("/?party=TR").text.replace(
        "Turkey", "Türkiye"
    )


@pytest.mark.parametrize(
    "kind", [ActionKind.DENOUNCED, ActionKind.SUPERSEDED, ActionKind.NOTICE_OF_TERMINATION]
)
def test_what_an_action_ended_needs_no_notice(
    seeded: Session, client: CheckedClient, kind: ActionKind
) -> None:
    add(seeded, "Alive", **RENEWED)
    add(seeded, "Over", actions=[Action(kind=kind, done_on=on("2025-10"), position=0)], **RENEWED)

    lines = listed(client, "on=2026-02-11&party=TR&kind=notice")

    assert [line[2] for line in lines] == ["Alive"]


def test_the_lead_time_brings_a_notice_forward(seeded: Session, client: CheckedClient) -> None:
    add(seeded, "Early", lead_days=120, **RENEWED)
    add(seeded, "Late", **RENEWED)

    lines = listed(client, "on=2026-02-11&party=TR&within=30")

    assert [line[2] for line in lines] == ["Early"]


TERM = {"in_force_on": on("2024-08-29"), "duration_months": 24}
DAY = "on=2026-02-11&party=TR"


@pytest.mark.parametrize(
    ("renewal", "words"),
    [
        (Renewal.NONE, "the term ends"),
        (Renewal.EXPRESS, "the term ends, unless both renew it expressly"),
        (None, "the term ends; whether it is renewed then is not known"),
    ],
)
def test_the_end_of_a_term_says_how_it_is_renewed(
    seeded: Session, client: CheckedClient, renewal: Renewal | None, words: str
) -> None:
    add(seeded, "Ends", renewal=renewal, **TERM)

    assert listed(client, DAY) == [("expiry", "2026-08-28", "Ends", "")]
    assert said(client, DAY) == {"Ends": words}
    assert ("possibly" in client.get(f"/?{DAY}").text) == (renewal is None)
    assert listed(client, "on=2026-08-29&party=TR") == []


def test_an_express_renewal_on_record_moves_the_end(seeded: Session, client: CheckedClient) -> None:
    renewed = Action(kind=ActionKind.RENEWED, done_on=on("2026-01"), position=0)
    terms = {"renewal": Renewal.EXPRESS, "renewal_months": 12, **TERM}
    add(seeded, "Renewed", actions=[renewed], **terms)

    assert listed(client, DAY) == []
    assert listed(client, "on=2026-12-01&party=TR") == [("expiry", "2027-08-28", "Renewed", "")]


def test_a_term_of_which_the_day_is_not_known_has_possibly_ended(
    seeded: Session, client: CheckedClient
) -> None:
    add(seeded, "Ends", renewal=Renewal.NONE, in_force_on=on("2024"), duration_months=24)

    assert said(client, DAY) == {"Ends": "the term has possibly ended"}


def test_a_last_day_for_notice_that_has_possibly_passed_stays(
    seeded: Session, client: CheckedClient
) -> None:
    add(seeded, "Open", **RENEWED | {"in_force_on": on("2024")})

    # The term ends on some day from 31 December 2025 to 30 December 2026, notice 2 months before.
    (line,) = rows(client, DAY)

    assert line[:3] == ["notice", "2025-10-31", ""]
    assert "possibly passed already" in line[6]


def denounced(**more: object) -> Action:
    return Action(kind=ActionKind.DENOUNCED, side="A", position=0, **more)


def test_a_denunciation_that_takes_effect_later_is_an_end_to_come(
    seeded: Session, client: CheckedClient
) -> None:
    given = denounced(done_on=on("2026-01-15"), effective_on=on("2026-07-15"))
    add(seeded, "Leaving", actions=[given], **RENEWED)

    assert listed(client, DAY) == [("expiry", "2026-07-15", "Leaving", "")]
    assert said(client, DAY) == {"Leaving": "it ends: denounced"}
    assert [line[0] for line in listed(client, "on=2026-01-14&party=TR")] == ["notice"]
    assert listed(client, "on=2026-07-15&party=TR") == []


def test_an_end_that_the_record_states_takes_the_place_of_its_terms(
    seeded: Session, client: CheckedClient
) -> None:
    ends = {"ended_on": on("2026-05-01"), "ended_how": EndedHow.SUPERSEDED}
    add(seeded, "Superseded", **ends, **RENEWED)

    assert listed(client, DAY) == [("expiry", "2026-05-01", "Superseded", "")]
    assert said(client, DAY) == {"Superseded": "it ends: superseded"}


def test_a_stated_end_of_which_the_day_is_not_known_has_possibly_come(
    seeded: Session, client: CheckedClient
) -> None:
    add(seeded, "Ends", in_force_on=on("2020"), ended_on=on("2026"))

    (line,) = rows(client, DAY)

    assert line[:3] == ["expiry", "2026-01-01", ""]
    assert line[6] == "it ends · its day has possibly passed"
    assert "possibly" in client.get(f"/?{DAY}").text


def test_a_denunciation_that_was_withdrawn_ends_nothing(
    seeded: Session, client: CheckedClient
) -> None:
    given = denounced(done_on=on("2026-01-15"), effective_on=on("2026-07-15"))
    withdrawn = Action(kind=ActionKind.RESUMED, done_on=on("2026-02-01"), position=1)
    add(seeded, "Staying", actions=[given, withdrawn], in_force_on=on("2020"))

    assert listed(client, "on=2026-01-31&party=TR") == [("expiry", "2026-07-15", "Staying", "")]
    assert listed(client, DAY) == []


def both_notified(session: Session, title: str, later: str) -> Agreement:
    consent = ActionKind.DOMESTIC_PROCEDURE_NOTIFIED
    return add(
        session,
        title,
        signed_on=on("2025-06-01"),
        binding=Binding.BINDING,
        in_force_after_days=30,
        actions=[
            Action(kind=consent, side="A", done_on=on("2025-09-01"), position=0),
            Action(kind=consent, side="B", done_on=on(later), position=1),
        ],
    )


@pytest.mark.parametrize(
    ("later", "day", "late", "words"),
    [
        ("2026-02-01", "2026-03-03", "", "enters into force after the later notification"),
        ("2026-01-02", "2026-02-01", "10", "was to enter into force"),
        ("2026-01", "2026-01-31", "", "has possibly entered into force"),
    ],
)
def test_an_entry_into_force_whose_day_has_passed_says_so(
    seeded: Session, client: CheckedClient, later: str, day: str, late: str, words: str
) -> None:
    both_notified(seeded, "Awaited", later)

    assert listed(client, DAY) == [("entry", day, "Awaited", late)]
    assert said(client, DAY)["Awaited"].startswith(words)


def test_a_notification_of_later_was_missing_on_the_day(
    seeded: Session, client: CheckedClient
) -> None:
    both_notified(seeded, "Awaited", "2026-01-02")

    assert "no notification recorded: Türkiye" in said(client, "on=2026-01-01&party=TR")["Awaited"]
