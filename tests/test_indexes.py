"""Indexes that are made at once: away meanwhile, and there again whatever happens."""

import pytest
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from tracker.indexes import MORE, made_at_once

OWN = {"signature": "agreement_id", "agreement": "id", "action": "agreement_id"}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.indexes.LEAST", 10)


def names(session: Session) -> set[str]:
    there = inspect(session.connection())
    return {str(index["name"]) for table in OWN for index in there.get_indexes(table)}


def test_they_are_away_and_come_back(seeded: Session, engine: Engine) -> None:
    before = names(seeded)

    with made_at_once(seeded.connection(), OWN, 10):
        meanwhile = names(seeded)

    assert names(seeded) == before
    if engine.dialect.name == "postgresql":
        assert meanwhile == before
    else:
        assert {"ix_agreement_title", "ix_signature_person_id"} <= before - meanwhile
        # By it the rows of a record are found.
        assert "ix_action_agreement_id" in meanwhile


def test_what_breaks_off_leaves_them_as_they_were(seeded: Session) -> None:
    before = names(seeded)

    with pytest.raises(KeyboardInterrupt), made_at_once(seeded.connection(), OWN, 10):
        raise KeyboardInterrupt
    seeded.rollback()

    assert names(seeded) == before


@pytest.mark.parametrize("coming", [0, 9])
def test_for_few_rows_they_stay(seeded: Session, coming: int) -> None:
    before = names(seeded)

    with made_at_once(seeded.connection(), OWN, coming):
        assert names(seeded) == before


def test_in_a_table_that_has_many_more_rows_they_stay(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.indexes._rows", lambda _connection, _table: 10 * MORE + 1)
    before = names(seeded)

    with made_at_once(seeded.connection(), OWN, 10):
        assert names(seeded) == before
