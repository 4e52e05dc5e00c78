"""Every table and derivation, imported once: for the program, the migrations and the tests."""

from tracker.accounts import models as accounts
from tracker.agreements import due, sides, spans, topics
from tracker.agreements import models as agreements
from tracker.agreements import searched as agreements_searched
from tracker.commissions import models as commissions
from tracker.commissions import searched as commissions_searched
from tracker.commitments import models as commitments
from tracker.commitments import searched as commitments_searched
from tracker.counter import ChangeCounter
from tracker.db import Base
from tracker.derived import models as derived
from tracker.history import models as history
from tracker.installation import Installation
from tracker.meetings import models as meetings
from tracker.meetings import searched as meetings_searched
from tracker.oidc import models as oidc
from tracker.parties import models as parties
from tracker.parties import searched as parties_searched
from tracker.people import models as people
from tracker.people import searched as people_searched
from tracker.search import models as search
from tracker.sources import models as sources
from tracker.sources import searched as sources_searched

__all__ = [
    "Base",
    "ChangeCounter",
    "Installation",
    "accounts",
    "agreements",
    "agreements_searched",
    "commissions",
    "commissions_searched",
    "commitments",
    "commitments_searched",
    "derived",
    "due",
    "history",
    "meetings",
    "meetings_searched",
    "oidc",
    "parties",
    "parties_searched",
    "people",
    "people_searched",
    "search",
    "sides",
    "sources",
    "sources_searched",
    "spans",
    "topics",
]
