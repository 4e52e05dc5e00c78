"""Queries that are put together once answer what is asked each time."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.overview import archive
from tracker.agreements.term_due import KEPT
from tracker.commissions.models import Commission
from tracker.overview.attention import gather, gather_first
from tracker.overview.due import Asked
from tracker.overview.kept_queries import _made
from tracker.parties.models import Party

TODAY = date(2026, 11, 24)
DAYS = (TODAY, date(2024, 2, 29), TODAY + timedelta(days=800), KEPT[0] - timedelta(days=1))


@pytest.fixture
def filled(seeded: Session) -> Session:
    parties = {party.code: party.id for party in seeded.scalars(select(Party))}
    archive.write(seeded, 0, 300, parties)
    seeded.commit()
    return seeded


def test_each_day_party_and_commission_gets_its_own_lines(filled: Session) -> None:
    parties = [None, *filled.scalars(select(Party).where(Party.code.in_(("UZ", "TR"))))]
    commissions = [None, *filled.scalars(select(Commission).limit(2))]
    found = set()
    for day, party, commission in product(DAYS, parties, commissions):
        last = day + timedelta(days=365)
        lines, more = gather_first(
            Asked(filled, day, date.min, last, party, commission, str), 10_000
        )

        whole = gather(filled, day, date.min, last, party=party, commission=commission, show=str)
        assert lines == whole
        assert not +more
        found.add(tuple(line.key for line in lines))
    assert len(found) > len(DAYS) * len(parties)


def test_words_are_looked_up_once_for_each_list(filled: Session) -> None:
    one, other = (Asked(filled, TODAY, date.min, TODAY, None, None, str) for _time in range(2))

    assert one.said("open") == "open"
    assert one.said is one.said
    assert one.said is not other.said


def test_few_queries_are_kept() -> None:
    assert _made.cache_info().maxsize
