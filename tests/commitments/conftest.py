"""Two parties, an agreement, a meeting and a source to hang commitments on."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.parties.models import Party, PartyKind
from tracker.sources.models import Source


@pytest.fixture
def ground(db_session: Session) -> Session:
    """Parties IR, UZ and KZ; agreement 1 of IR and UZ; meeting 1 of UZ and KZ; source 1."""
    iran, uzbekistan, kazakhstan = (
        Party(code=code, name=name, kind=PartyKind.STATE)
        for code, name in (("IR", "Iran"), ("UZ", "Uzbekistan"), ("KZ", "Kazakhstan"))
    )
    day = PartialDate.day(date(2022, 3, 9))
    db_session.add_all(
        [
            Agreement(
                title="On trade",
                kind="agreement",
                side_a=iran,
                side_b=uzbekistan,
                signed_on=day,
            ),
            Meeting(
                kind="consultations",
                status="held",
                own_side_a=uzbekistan,
                own_side_b=kazakhstan,
                begins_on=day,
                title="On water",
            ),
            Source(title="A report", kind="news-article"),
        ]
    )
    db_session.commit()
    return db_session
