"""All kinds of record, in the order in which a new database takes them."""

from __future__ import annotations

from dataclasses import replace

from tracker.agreements import panels as agreement_panels
from tracker.agreements.pages import AGREEMENT_PAGES, TOPIC_PAGES
from tracker.commissions import panels as commission_panels
from tracker.commissions.filters import SETS_UP
from tracker.commissions.pages import COMMISSION_PAGES
from tracker.commissions.setting_up import SettingUp
from tracker.commitments import panels as commitment_panels
from tracker.commitments.pages import COMMITMENT_PAGES
from tracker.meetings import items, sessions
from tracker.meetings import panels as meeting_panels
from tracker.meetings.pages import MEETING_PAGES
from tracker.overview.panels import deadlines_of_agreement, partners_of_party
from tracker.parties.pages import BODY_PAGES, PARTY_PAGES
from tracker.people.pages import PERSON_PAGES
from tracker.sources import panels as source_panels
from tracker.sources.citing import Citing
from tracker.sources.pages import CITATION_PAGES, SOURCE_PAGES
from tracker.web.companions import Companion
from tracker.web.pages import Filter, MakePanel, RecordPages

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
    COMMITMENT_PAGES,
    CITATION_PAGES,
)
# What stands on a record's page beside its own facts, from the features that point at it.
_PANELS: dict[str, tuple[MakePanel, ...]] = {
    "parties": (
        partners_of_party,
        agreement_panels.of_party,
        commission_panels.of_party,
        meeting_panels.of_party,
        commitment_panels.of_party,
    ),
    "people": (
        agreement_panels.of_person,
        commission_panels.of_person,
        meeting_panels.of_person,
    ),
    "topics": (agreement_panels.of_topic,),
    "agreements": (
        deadlines_of_agreement,
        commission_panels.of_agreement,
        meeting_panels.of_agreement,
        commitment_panels.of_agreement,
    ),
    "meetings": (items.agenda_of, items.of_meeting, commitment_panels.of_meeting),
    "commissions": (sessions.of_commission, items.of_commission),
    "sources": (source_panels.of_source,),
}

_COMPANIONS: dict[str, tuple[Companion, ...]] = {"agreements": (SettingUp(),)}


_FILTERS: dict[str, dict[str, Filter]] = {"agreements": {"commission": SETS_UP}}


def _composed(pages: RecordPages) -> RecordPages:
    """The pages of a record with what features above its own add to them."""
    companions = _COMPANIONS.get(pages.name, ())
    if pages.cited_as:
        companions = (*companions, Citing(pages.table, pages.cited_as))
    return replace(
        pages,
        companions=companions,
        panels=_PANELS.get(pages.name, ()),
        filters={**pages.filters, **_FILTERS.get(pages.name, {})},
    )


PAGES = tuple(_composed(pages) for pages in _PAGES)
TABLES = {pages.name: pages.table for pages in PAGES}
