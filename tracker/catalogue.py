"""All kinds of record, in the order in which a new database takes them."""

from __future__ import annotations

from tracker.agreements.pages import AGREEMENT_PAGES, TOPIC_PAGES
from tracker.commissions.pages import COMMISSION_PAGES
from tracker.meetings.pages import MEETING_PAGES
from tracker.parties.pages import BODY_PAGES, PARTY_PAGES
from tracker.people.pages import PERSON_PAGES
from tracker.sources.pages import CITATION_PAGES, SOURCE_PAGES
from tracker.web.pages import RecordPages

# What comes later points at what comes before.
PAGES: tuple[RecordPages, ...] = (
    PARTY_PAGES,
    BODY_PAGES,
    PERSON_PAGES,
    TOPIC_PAGES,
    SOURCE_PAGES,
    AGREEMENT_PAGES,
    COMMISSION_PAGES,
    MEETING_PAGES,
    CITATION_PAGES,
)
TABLES = {pages.name: pages.table for pages in PAGES}
