"""An agreement, its people, topics, commission and source, recorded with one form."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement
from tracker.commissions.models import Commission
from tracker.people.models import Person
from tracker.sources.models import Basis, Citation, Source, SourceKind

WHOLE = {
    "title": "Agreement on rivers",
    "kind": "agreement",
    "side_a": "Iran",
    "side_b": "Uzbekistan",
    "signed_on": "9 March 2021",
    "signatories-0-person": "Ada Aryan #new",
    "signatories-0-capacity": "Minister",
    "signatories-0-body": "River Board #new",
    "signatories-1-person": "Bek Botirov #new",
    "topics": ["SEC-CT", "ENV"],
    "commission-name": "River Commission",
    "commission-cadence_every": "1",
    "commission-cadence_unit": "year",
    "commission-first_due_on": "2022-03-09",
    "commission-city_b": "Nukus",
    "commission-first_host": "B",
    "commission-turns": "by-session",
    "citation-title": "Rivers agreed upon",
    "citation-kind": "news-article",
    "citation-publisher": "The Daily",
    "citation-published_on": "10 March 2021",
    "citation-locator": "¶ 2",
    "citation-fields": ["title", "signed_on"],
}


def topic_codes(client: CheckedClient) -> list[str]:
    rows = client.get("/topics.csv").data.decode("utf-8-sig").splitlines()[1:]
    return [row.split(",")[1] for row in rows]


@pytest.fixture
def whole(seeded: Session, client: CheckedClient) -> dict[str, object]:
    return WHOLE | {"topics": topic_codes(client)[2:4]}


def latest(session: Session) -> Agreement:
    session.expire_all()
    return session.scalars(select(Agreement).order_by(Agreement.id.desc())).all()[0]


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_is_recorded_with_one_form(
    seeded: Session,
    client: CheckedClient,
    whole: dict[str, object],
) -> None:
    answer = client.submit("/agreements/new", whole)

    assert answer.status_code == 303
    agreement = latest(seeded)
    assert [s.person.name for s in agreement.signatures] == ["Ada Aryan", "Bek Botirov"]
    assert [s.side.value for s in agreement.signatures] == ["A", "B"]
    assert agreement.signatures[0].body is not None
    assert agreement.signatures[0].body.party is agreement.side_a
    assert [link.topic.code for link in agreement.topic_links] == whole["topics"]
    commission = seeded.scalars(select(Commission).order_by(Commission.id.desc())).all()[0]
    assert commission.agreement is agreement
    assert [(h.party.code, h.city) for h in commission.hosts] == [("UZ", "Nukus"), ("IR", None)]
    source = seeded.scalars(select(Source).where(Source.title == "Rivers agreed upon")).one()
    assert source.kind is SourceKind.NEWS_ARTICLE
    citations = seeded.scalars(select(Citation).where(Citation.source_id == source.id)).all()
    assert [(c.record, c.fields, c.basis) for c in citations] == [
        ("agreement", "title;signed_on", Basis.STATED),
        ("commission", "", Basis.STATED),
    ]
    page = client.get(answer.location).text
    for shown in ("River Commission", "Ada Aryan", "The Daily", "10 March 2021"):
        assert shown in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("commission-name", "", "needed"),
        ("commission-cadence_unit", "", "how many and what"),
        ("commission-first_due_on", "2022-13", "month"),
        ("citation-kind", "", "what kind of source"),
        ("citation-link", "ftp://x", "web address"),
        ("citation-basis", "inferred", "Say how it follows"),
        ("signatories-1-person", "Nobody At All", "Nobody is recorded"),
    ],
)
def test_a_mistake_in_any_part_saves_nothing(
    seeded: Session,
    client: CheckedClient,
    whole: dict[str, object],
    field: str,
    typed: str,
    said: str,
) -> None:
    before = [count(seeded, model) for model in (Agreement, Commission, Source, Person)]

    answer = client.submit("/agreements/new", whole | {field: typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert "Rivers agreed upon" in answer.text
    assert "River Commission" in answer.text or field == "commission-name"
    seeded.rollback()
    assert [count(seeded, model) for model in (Agreement, Commission, Source, Person)] == before


def test_a_recorded_source_is_cited_and_not_recorded_again(
    seeded: Session,
    client: CheckedClient,
) -> None:
    title = seeded.get_one(Source, 1).title
    before = count(seeded, Source)

    answer = client.submit("/parties/2/cite", {"citation-title": title, "citation-locator": "p. 4"})

    assert answer.status_code == 303
    seeded.rollback()
    assert count(seeded, Source) == before
    citation = seeded.scalars(select(Citation).order_by(Citation.id.desc())).all()[0]
    assert (citation.source_id, citation.party_id, citation.locator) == (1, 2, "p. 4")


def test_details_that_contradict_a_recorded_source_are_refused(
    seeded: Session,
    client: CheckedClient,
) -> None:
    answer = client.submit(
        "/parties/2/cite",
        {"citation-title": "#1", "citation-publisher": "Somebody else", "citation-locator": "x"},
    )

    assert answer.status_code == 422
    assert "recorded already, with something else here" in answer.text


def test_citing_nothing_says_what_is_missing(seeded: Session, client: CheckedClient) -> None:
    answer = client.submit("/parties/2/cite", {})

    assert answer.status_code == 422
    assert "Name a source" in answer.text


def test_a_blank_row_between_filled_ones_is_left_out_and_errors_find_their_row(
    seeded: Session,
    client: CheckedClient,
    whole: dict[str, object],
) -> None:
    rows = {"signatories-0-person": "", "signatories-0-capacity": "", "signatories-0-body": ""}

    refused = client.submit("/agreements/new", whole | rows | {"signatories-1-person": "Nobody"})
    taken = client.submit("/agreements/new", whole | rows)

    assert 'href="#signatories-1-person"' in refused.text
    assert taken.status_code == 303
    assert [s.side.value for s in latest(seeded).signatures] == ["B"]


def test_a_signatory_is_added_on_the_side_that_was_asked_for(
    seeded: Session,
    client: CheckedClient,
) -> None:
    answer = client.submit("/agreements/new", {"rows": "signatories:add:B"})

    assert 'name="signatories-2-person"' in answer.text
    sides = [f"signatories-{index}-side" for index in range(3)]
    assert all(side in answer.text for side in sides)


@pytest.mark.parametrize(
    "address", ["/agreements/1", "/commissions/1", "/commissions/2", "/parties/IR", "/sources/1"]
)
def test_what_points_at_a_record_stands_on_its_page(
    seeded: Session,
    client: CheckedClient,
    address: str,
) -> None:
    text = client.get(address).text

    assert "Uzbekistan" in text
    assert "application/json" in text


def test_a_commission_says_its_rule_its_next_session_and_why(
    seeded: Session,
    client: CheckedClient,
) -> None:
    text = client.get("/commissions/1").text

    assert "A session is due every year." in text
    assert "no record that it was held" in text
    assert "Tehran" in text


def test_the_json_twin_holds_the_columns_of_the_file(
    seeded: Session, client: CheckedClient
) -> None:
    twin = client.get("/agreements/1.json").get_json()

    assert twin["side_a"] == "IR"
    assert twin["signed_on"] == "2022-03-09"


def test_the_trade_commission_shows_its_sessions_and_gaps(
    seeded: Session, client: CheckedClient
) -> None:
    text = client.get("/commissions/2").text

    for shown in ("Session 14", "Session 15", "Session 16", "Session 17", "Tashkent"):
        assert shown in text
    assert "465 days after the one before" in text
    assert "about 716 days after the one before" in text
    assert "superseded" in client.get("/relations/IR-UZ").text


def test_an_unusual_order_of_actions_is_a_warning(seeded: Session, client: CheckedClient) -> None:
    typed = {
        "title": "Odd",
        "kind": "treaty",
        "side_a": "IR",
        "side_b": "UZ",
        "signed_on": "2020",
        "in_force_on": "2022",
    }
    client.submit("/agreements/new", {"rows": "actions:add"})
    actions = {
        "actions-0-kind": "ratified",
        "actions-0-done_on": "2019",
        "actions-1-kind": "resumed",
        "actions-1-done_on": "2023",
    }

    answer = client.submit("/agreements/new", typed | actions)

    assert answer.status_code == 303
    text = client.get(answer.location).text
    assert "before the agreement was signed" in text
    assert "no suspension is recorded before" in text
