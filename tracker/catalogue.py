"""All kinds of record, in the order in which a new database takes them."""

from __future__ import annotations

from dataclasses import replace

from tracker.agreements.pages import AGREEMENT_PAGES, TOPIC_PAGES
from tracker.commissions.pages import COMMISSION_PAGES
from tracker.commissions.setting_up import SettingUp
from tracker.meetings.pages import MEETING_PAGES
from tracker.parties.pages import BODY_PAGES, PARTY_PAGES
from tracker.people.pages import PERSON_PAGES
from tracker.sources.citing import Citing
from tracker.sources.pages import CITATION_PAGES, SOURCE_PAGES
from tracker.web.companions import Companion
from tracker.web.pages import RecordPages

# What comes later points at what comes before.
_PAGES: tuple[RecordPages, ...] = (
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
_COMPANIONS: dict[str, tuple[Companion, ...]] = {"agreements": (SettingUp(),)}


def _composed(pages: RecordPages) -> RecordPages:
    """The pages of a record with what features above its own add to them."""
    companions = _COMPANIONS.get(pages.name, ())
    if pages.cited_as:
        companions = (*companions, Citing(pages.table, pages.cited_as))
    return replace(pages, companions=companions)


PAGES = tuple(_composed(pages) for pages in _PAGES)
TABLES = {pages.name: pages.table for pages in PAGES}
