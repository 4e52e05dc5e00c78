"""Records of every kind in a database, and the contents of their files."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.exporting.generated import record_all
from tracker.catalogue import TABLES
from tracker.exporting import Contents, records


@pytest.fixture
def recorded(db_session: Session) -> Session:
    """A session on a database with generated records."""
    record_all(db_session, 3)
    db_session.commit()
    return db_session


@pytest.fixture
def contents_of(engine: Engine) -> Callable[[str], Contents]:
    """The contents of a kind's file, by the ids."""

    def contents(name: str) -> Contents:
        table = TABLES[name]
        return records(engine, table, select(table.model).order_by(table.model.id))

    return contents
