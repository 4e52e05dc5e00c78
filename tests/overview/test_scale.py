"""The cost of the overview's pages with 10, 1,000 and 100,000 agreements."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview import archive
from tests.overview.conftest import rows
from tracker.agreements.models import Agreement
from tracker.parties.models import Party

ADDRESSES = ("/", "/relations/IR-UZ", "/parties/UZ")


def test_pages_cost_the_same_queries_with_100_000_agreements(
    seeded: Session,
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
    assert few == some == many
    assert len(rows(client, "on=2026-11-24&kind=session")) > 2_000


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_postgresql_does_not_compile_the_status_of_each_list(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.rollback()
        assert connection.scalar(text("SHOW jit")) == "off"
