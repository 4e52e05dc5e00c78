"""How a database with many meetings finds the list of them, and what two parties have."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.meetings import archive
from tests.overview.plans import asked, plan
from tracker.clock import today

Counter = Callable[[], AbstractContextManager[list[str]]]

WHOLE = re.compile(
    r"SCAN (meeting|commission|commitment|action_item)(?= |$)"
    r"|Seq Scan on (meeting|commission|commitment|action_item)(?= |$)",
    re.M,
)
# An index of a part of the meetings is read from one end, until the page is full.
OF_A_PART = re.compile(
    r"SCAN meeting USING (COVERING )?INDEX ix_meeting_"
    r"(open|open_undated|held|held_until|postponed|cancelled|status|opens_on_id)\b"
)


@pytest.fixture
def filled(seeded: Session) -> Session:
    archive.write(seeded)
    return seeded


def analyze(session: Session) -> None:
    session.execute(text("ANALYZE"))
    session.commit()


def plans(engine: Engine, client: CheckedClient, address: str) -> dict[str, str]:
    """The statements about meetings that a page asks, with how each is answered."""
    with asked() as statements:
        client.page(address)
    with engine.connect() as connection:
        return {
            statement: plan(connection, statement, values)
            for statement, values in statements
            if re.search(r"\b(meeting|commission|commitment|action_item)\b", statement)
        }


def part_by_part(found: dict[str, str]) -> str:
    """How the numbers on a page of the list are found."""
    (steps,) = (steps for statement, steps in found.items() if "AS stretch" in statement)
    return steps


def test_each_part_of_the_list_is_walked_along_its_index(
    filled: Session, engine: Engine, client: CheckedClient
) -> None:
    early = (today() - timedelta(days=365 * 3)).isoformat()
    indexes = ("open", "open_undated", "postponed", "held", "cancelled")

    def check() -> None:
        second = client.page("/meetings").one("a", rel="next").attrs["href"]
        for address in ("/meetings", second, "/meetings?before=end", f"/meetings?to={early}"):
            steps = part_by_part(plans(engine, client, address))

            for index in indexes:
                assert re.search(rf"\bix_meeting_{index}\b", steps), (address, index, steps)
            if engine.dialect.name == "sqlite":
                # PostgreSQL may sort the few of a part that have no day.
                assert "TEMP B-TREE FOR ORDER BY" not in steps, (address, steps)
            assert not WHOLE.search(OF_A_PART.sub("", steps)), (address, steps)

    if engine.dialect.name == "sqlite":
        # Nobody says ANALYZE for an installation: the indexes must be chosen without it.
        check()
    analyze(filled)
    check()


COUNTED_BY = (
    ("from=2999-01-01", "closes_on_id"),
    ("to=1900-01-01", "opens_on_id"),
    ("status=overdue", "open"),
    ("status=planned", "open"),
    ("status=held", "held"),
    ("status=postponed", "postponed"),
    ("status=cancelled", "cancelled"),
)


def test_filters_of_day_and_state_are_counted_along_an_index(
    filled: Session, engine: Engine, client: CheckedClient
) -> None:
    analyze(filled)
    for query, index in COUNTED_BY:
        found = plans(engine, client, f"/meetings?{query}")
        counts = [steps for statement, steps in found.items() if "count(*)" in statement]

        assert counts
        if engine.dialect.name == "postgresql":
            # It may read a table of this size whole, where a part is much of it.
            continue
        counted_by = rf"\bix_meeting_{index}(_until|_undated)?\b"
        assert re.search(counted_by, counts[-1]), (query, counts)
        # Of the walk, SQLite names steps also for the parts that a status leaves empty.
        assert not WHOLE.search(OF_A_PART.sub("", counts[-1])), (query, counts)


def test_few_held_meetings_are_gathered_by_their_last_day(
    filled: Session, engine: Engine, client: CheckedClient
) -> None:
    """They stand by their first day, so that a walk would look at all that were held."""
    analyze(filled)
    soon = (today() - timedelta(days=200)).isoformat()

    steps = part_by_part(plans(engine, client, f"/meetings?from={soon}"))

    assert not WHOLE.search(OF_A_PART.sub("", steps)), steps
    if engine.dialect.name == "sqlite":
        # PostgreSQL weighs both ways by what it knows of the days.
        assert "ix_meeting_held_until" in steps
        assert not re.search(r"\bix_meeting_held\b", steps)


def test_the_list_takes_as_many_statements_for_many_meetings_as_for_few(
    seeded: Session, client: CheckedClient, query_counter: Counter
) -> None:
    def cost() -> list[int]:
        found = []
        for address in ("/meetings", "/meetings?from=2020-01-01", "/relations/IR-UZ"):
            with query_counter() as statements:
                client.page(address)
            found.append(len(statements))
        return found

    few = cost()
    archive.write(seeded, 400)

    assert cost() == few


OF_PARTIES = (
    "/relations/{}-{}",
    "/commitments?party={}",
    "/action-items?party={}",
    "/meetings?party={}",
)


def test_what_parties_have_is_found_by_what_is_theirs(
    filled: Session, engine: Engine, client: CheckedClient
) -> None:
    codes = filled.execute(
        text(
            "SELECT a.code, b.code FROM commission c JOIN party a ON a.id = c.side_a_id"
            " JOIN party b ON b.id = c.side_b_id WHERE c.id = 10400"
        )
    ).one()
    analyze(filled)
    for address in OF_PARTIES:
        found = plans(engine, client, address.format(*sorted(codes)))

        assert found
        if engine.dialect.name == "postgresql":
            # It decides by what its disk costs, and may read tables of this size whole.
            continue
        for statement, steps in found.items():
            assert not WHOLE.search(OF_A_PART.sub("", steps)), (statement, steps)
