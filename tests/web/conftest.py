"""A seeded database for the tests of pages."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tracker.catalogue import TABLES
from tracker.columns import Reading
from tracker.importing import Importer
from tracker.migrate import ROOT
from tracker.tabular import read_sheet


@pytest.fixture
def seeded(db_session: Session) -> Session:
    for name, table in TABLES.items():
        sheet = read_sheet((ROOT / "seeds" / f"{name}.csv").read_bytes())
        Importer(table, Reading(db_session, date(2026, 11, 24), bulk=True)).run(sheet)
    db_session.commit()
    return db_session
