"""The cost of the overview's pages with 10, 1,000 and 100,000 agreements."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview import archive
from tests.overview.conftest import rows
from tests.overview.plans import plan_of, read_whole
from tracker.agreements.models import Agreement
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.statuses import count_with_status, has_status, numbers_with_status
from tracker.agreements.telling import counts_between
from tracker.db import first_day
from tracker.parties.models import Party
from tracker.parties.queries import between

DAY = date(2026, 11, 24)
ADDRESSES = ("/", "/relations/IR-UZ", "/parties/UZ")


def test_pages_cost_the_same_queries_and_read_no_table_whole_with_100_000_agreements(
    seeded: Session,
    engine: Engine,
    client: CheckedClient,
    query_counter: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    parties = {p.code: p.id for p in seeded.scalars(select(Party))}
    seeded.commit()

    def cost() -> dict[str, int]:
        seeded.execute(text("ANALYZE"))
        seeded.commit()
        found = {}
        for address in ADDRESSES:
            with query_counter() as statements:
                assert client.get(f"{address}?on=2026-11-24").status_code == 200
            found[address] = len(statements)
        return found

    archive.write(seeded, 0, 10, parties)
    few = cost()
    archive.write(seeded, 10, archive.PATTERN, parties)
    some = cost()
    archive.copy(seeded, 99)
    many = cost()

    assert (seeded.scalar(select(func.count(Agreement.id))) or 0) > 100_000
    # One more for each thing of which there is none, or more than a page shows or counts.
    for address, more in (("/", 6), ("/relations/IR-UZ", 1), ("/parties/UZ", 1)):
        found = [few[address], some[address], many[address]]
        assert max(found) - min(found) <= more, (address, found)
    assert len(rows(client, "on=2026-11-24&kind=session")) > 2_000
    if engine.dialect.name == "sqlite":
        # PostgreSQL decides by what its disk costs, and may read a table of this size whole.
        no_page_reads_all_agreements(seeded, engine, client)


def no_page_reads_all_agreements(filled: Session, engine: Engine, client: CheckedClient) -> None:
    parties = {p.code: p for p in filled.scalars(select(Party))}
    pair = between(Agreement, parties["IR"], parties["UZ"])
    newest = (first_day(Agreement.signed_on).desc().nulls_last(), Agreement.id.desc())
    suspended = has_status(filled, AgreementStatus.SUSPENDED, DAY)
    in_force = has_status(filled, AgreementStatus.IN_FORCE, DAY)
    page = select(Agreement.id).order_by(*newest).limit(50)

    with engine.connect() as connection:
        for address in ("/", "/?party=TR", "/relations/IR-TR", "/parties/TR"):
            found = read_whole(connection, lambda address=address: client.get(address))
            assert found == [], address
        rare = plan_of(connection, page.where(suspended))
        of_party = plan_of(connection, page.where(pair, suspended))
        common = plan_of(connection, page.where(in_force))
        counted = plan_of(connection, numbers_with_status(AgreementStatus.SIGNED, DAY).limit(10))
    counts = counts_between(filled, parties["IR"], parties["UZ"], DAY)

    assert "ix_agreement_status_span_days" in rare
    assert "ix_agreement_status_span_days" in of_party
    assert "pk_agreement_status_span" in common or "PRIMARY KEY (agreement_id=?" in common
    assert "ix_agreement_status_span_days" in counted
    assert "SCAN" not in rare + of_party + counted
    assert sum(counts.values()) > 10_000
    assert count_with_status(filled, AgreementStatus.SUSPENDED, DAY, 1_000) == 200


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_postgresql_does_not_compile_the_status_of_each_list(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.rollback()
        assert connection.scalar(text("SHOW jit")) == "off"
