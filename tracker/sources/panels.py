"""What a source's page shows: the records that it attests."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.columns import Reading
from tracker.sources import words
from tracker.sources.models import Citation, Source
from tracker.web.links import record_url
from tracker.web.pages import Panel, PanelLine, list_panel

MOST = 200


def of_source(source: Source, reading: Reading) -> Panel:
    """The citations of a source, by the records that they are about."""
    query = select(Citation).where(Citation.source_id == source.id).order_by(Citation.id)
    citations = list(reading.session.scalars(query.limit(MOST)))
    records = _records(citations, reading.session)
    lines = [
        PanelLine(
            citation.locator or "",
            name,
            address,
            word=str(words.BASES[citation.basis]),
            note=", ".join(citation.field_names),
        )
        for citation in citations
        for name, address in [records[citation.record, citation.record_id]]
    ]
    return list_panel(_("What it attests"), lines, empty=_("Nothing is cited from it yet."))


def _records(citations: list[Citation], session: Session) -> dict[tuple[str, int], tuple[str, str]]:
    """Name and address of each cited record, with one query a kind."""
    pages = {
        model.__tablename__: (model, own) for model, own in current_app.extensions["pages"].items()
    }
    wanted: dict[str, set[int]] = {}
    for citation in citations:
        wanted.setdefault(citation.record, set()).add(citation.record_id)
    found = {}
    for kind, ids in wanted.items():
        model, own = pages[kind]
        query = select(model).where(model.id.in_(ids)).options(*own.table.load)
        for record in session.scalars(query):
            found[kind, record.id] = (own.describe(record), record_url(record))
    return found
