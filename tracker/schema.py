"""Every table, imported once: for the program, the migrations and the tests."""

from tracker.accounts import models as accounts
from tracker.agreements import models as agreements
from tracker.agreements import topics
from tracker.commissions import models as commissions
from tracker.commitments import models as commitments
from tracker.counter import ChangeCounter
from tracker.db import Base
from tracker.history import models as history
from tracker.installation import Installation
from tracker.meetings import models as meetings
from tracker.oidc import models as oidc
from tracker.parties import models as parties
from tracker.people import models as people
from tracker.sources import models as sources

__all__ = [
    "Base",
    "ChangeCounter",
    "Installation",
    "accounts",
    "agreements",
    "commissions",
    "commitments",
    "history",
    "meetings",
    "oidc",
    "parties",
    "people",
    "sources",
    "topics",
]
