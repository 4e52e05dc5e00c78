"""What lists of agreements ask a filled database, and how it finds the answer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview import archive
from tests.overview.plans import asked
from tracker.agreements.statuses import FEW
from tracker.agreements.topics import Topic
from tracker.parties.models import Party

Plans = Callable[[str], list[str]]
# How many agreements have a status is looked at first, in a part of one index.
_LOOK = re.compile(
    r"SELECT count\(\*\) AS \w+\s+FROM \(SELECT 1 AS \S+\s+FROM agreement_status_span"
)
# The count of a list, and the numbers on its page.
_BOUNDED = re.compile(r"SELECT count\(\*\).*FROM agreement|AS stretch", re.DOTALL)
COPIES = 14
SIGNED = "ix_agreement_signed"
ALONG_SIDES, OF_BOTH = "ix_agreement_side_party", "ix_agreement_side_both"


@pytest.fixture
def filled(seeded: Session) -> Session:
    """15,000 agreements, each third about one topic that has none below it."""
    parties = {p.code: p.id for p in seeded.scalars(select(Party))}
    archive.write(seeded, 0, archive.PATTERN, parties)
    archive.copy(seeded, COPIES)
    above = select(Topic.parent_id).where(Topic.parent_id.is_not(None))
    leaf = seeded.scalar(select(Topic.code).where(Topic.id.not_in(above)).order_by(Topic.id))
    seeded.execute(
        text(
            "INSERT INTO agreement_topic (agreement_id, topic_id, position)"
            " SELECT a.id, t.id, 0 FROM agreement a JOIN topic t ON t.code = :leaf"
            " WHERE a.id >= 10000 AND a.id % 3 = 0"
        ),
        {"leaf": leaf},
    )
    # Most places of signature are not known, as in what is collected from registers.
    seeded.execute(
        text(
            "UPDATE agreement SET signed_city = 'City ' || (id % 700 / 7), signed_country_id ="
            " side_a_id WHERE id >= 10000 AND id % 7 = 0"
        )
    )
    seeded.commit()
    seeded.execute(text("ANALYZE"))
    seeded.commit()
    seeded.info["leaf"] = leaf
    return seeded


@pytest.fixture
def plans(filled: Session, client: CheckedClient, engine: Engine) -> Plans:
    """How the database finds the count and the rows of a list."""

    def found(address: str) -> list[str]:
        statements: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
            values = given.values() if isinstance(given, dict) else given
            look = _LOOK.match(statement) and FEW + 1 in values
            if _BOUNDED.search(statement) and not look:
                statements.append((statement, given))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            client.page(address)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return [_explained(engine, *one) for one in statements]

    return found


def _explained(engine: Engine, statement: str, given: Any) -> str:
    how = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{how} {statement}", given).all()
    return "\n".join(str(row[-1]) for row in rows)


def test_lists_are_read_along_their_indexes_and_never_sorted(
    plans: Plans, filled: Session, client: CheckedClient
) -> None:
    years = "signed_from=2001&signed_to=2005"
    second = client.page("/agreements").one("a", rel="next").attrs["href"]
    for address, index in (
        ("/agreements", SIGNED),
        ("/agreements?before=end", SIGNED),
        (second, SIGNED),
        ("/agreements?sort=oldest", SIGNED),
        ("/agreements?sort=title", "ix_agreement_title"),
        ("/agreements?kind=agreement", "agreement"),
        ("/agreements?kind=agreement&sort=title", "ix_agreement_of_kind_title"),
        ("/agreements?in_force_from=2001&binding=binding", SIGNED),
        ("/agreements?sort=title&ended_from=2001", "ix_agreement_title"),
        (f"/agreements?sort=oldest&{years}", SIGNED),
        ("/agreements?party=IR", ALONG_SIDES),
        ("/agreements?party=IR&before=end", ALONG_SIDES),
        (f"/agreements?party=IR&status=in-force&{years}", ALONG_SIDES),
        ("/agreements?party=IR&party=KZ", OF_BOTH),
        (f"/agreements?topic={filled.info['leaf']}", "ix_agreement_subject_topic"),
    ):
        found = plans(address)
        assert len(found) == 2, (address, found)
        counted, read = found

        assert index in read, (address, read)
        for plan in (counted, read):
            assert not re.search(r"\bSort\b|TEMP B-TREE", plan), (address, plan)
        # The table itself is never read from end to end.
        whole = re.search(r"SCAN agreement\w*$|Seq Scan on agreement\w*\b", read, re.M)
        assert not whole, (address, read)

    _counted, read = plans("/agreements?sort=recorded")
    assert not re.search(r"\bSort\b|TEMP B-TREE|Seq Scan", read), read


def test_a_list_by_title_is_counted_along_the_path_of_its_filters(plans: Plans) -> None:
    for query in ("party=IR", "party=IR&status=in-force"):
        counted, read = plans(f"/agreements?{query}&sort=title")

        assert "agreement_side" in counted, (query, counted)
        assert "agreement_side" not in read, (query, read)


def test_a_list_of_one_status_is_counted_by_its_spans(plans: Plans) -> None:
    for sort in ("", "&sort=title"):
        counted, _read = plans(f"/agreements?status=in-force{sort}")

        assert "agreement_status_span" in counted, (sort, counted)


def test_a_place_is_found_by_its_index(plans: Plans) -> None:
    for place, indexes in (
        ("City 7", ["ix_agreement_signed_city"]),
        ("Kazakhstan", ["ix_agreement_signed_city", "ix_agreement_signed_country"]),
    ):
        for sort in ("", "&sort=title"):
            _counted, read = plans(f"/agreements?place={place}{sort}")

            assert [index for index in indexes if index not in read] == [], (place, read)


def test_party_status_and_years_are_counted_in_one_index(plans: Plans, engine: Engine) -> None:
    years = "signed_from=2001&signed_to=2005"
    for parties, index in (("party=IR", ALONG_SIDES), ("party=IR&party=UZ", OF_BOTH)):
        counted, _read = plans(f"/agreements?{parties}&status=in-force&{years}")

        if engine.dialect.name == "sqlite":
            assert f"USING COVERING INDEX {index}" in counted
        assert index in counted
        assert "signed_on_first" in counted, counted


def test_a_long_list_is_counted_to_ten_thousand(filled: Session, client: CheckedClient) -> None:
    assert "More than 10,000 agreements" in client.page("/agreements").text
    assert "5,000 agreements" in client.page(f"/agreements?topic={filled.info['leaf']}").text
    assert "Of the first 10,000" in client.page("/agreements?facets=1").text


def test_facets_of_a_long_list_read_no_more_than_they_count(
    filled: Session, client: CheckedClient
) -> None:
    page = client.page("/agreements?facets=1")

    kinds = next(f for f in page.all("ul") if f.attrs.get("aria-labelledby") == "facet-3")
    shown = [int(count.text.replace(",", "")) for count in kinds.all("span", **{"class": "number"})]
    assert sum(shown) == 10_000


def test_the_home_page_finds_its_first_deadlines_and_entries_by_indexes(
    filled: Session, client: CheckedClient, engine: Engine
) -> None:
    with asked() as statements:
        client.page("/")
    kept = re.compile(r"FROM agreement_term_due|JOIN agreement_awaited_entry")
    found = [_explained(engine, *one) for one in statements if kept.search(one[0])]

    assert len(found) >= 3
    if engine.dialect.name == "postgresql":
        # It reads some 1,500 narrow rows of those that wait as quickly from end to end.
        found = [plan for plan in found if "agreement_term_due" in plan]
    for plan in found:
        assert not re.search(r"SCAN agreement|Seq Scan on agreement", plan), plan
