"""What other records' pages show of agreements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.agreements import words
from tracker.agreements.models import Agreement, AgreementTopic, Signature
from tracker.agreements.topics import Topic
from tracker.columns import Reading
from tracker.db import first_day
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.web.links import record_url
from tracker.web.pages import Panel, PanelLine, list_panel
from tracker.web.site import date_text

MOST = 10


def of_party(party: Party, reading: Reading) -> Panel:
    """The party's latest agreements, and the way to all of them."""
    own = or_(Agreement.side_a_id == party.id, Agreement.side_b_id == party.id)
    return _panel(select(Agreement).where(own), reading, party=party.code)


def of_topic(topic: Topic, reading: Reading) -> Panel:
    """The latest agreements about a topic."""
    about = Agreement.topic_links.any(AgreementTopic.topic_id == topic.id)
    return _panel(select(Agreement).where(about), reading, topic=topic.code)


def of_person(person: Person, reading: Reading) -> Panel:
    """What a person signed."""
    signed = Agreement.signatures.any(Signature.person_id == person.id)
    panel = _panel(select(Agreement).where(signed), reading)
    return replace(panel, title=_("Signed"))


def _panel(query: Select[tuple[Agreement]], reading: Reading, **wanted: Any) -> Panel:
    session = reading.session
    latest = (
        query.options(joinedload(Agreement.side_a), joinedload(Agreement.side_b))
        .order_by(first_day(Agreement.signed_on).desc().nulls_last(), Agreement.id)
        .limit(MOST)
    )
    lines = [_line(agreement) for agreement in session.scalars(latest)]
    more = None
    if wanted and len(lines) == MOST:
        count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        said = ngettext("All %(num)s agreements", "All %(num)s agreements", count)
        more = (said, url_for("agreements.index", **wanted))
    return list_panel(_("Agreements"), lines, more=more, empty=_("No agreement is recorded."))


def _line(agreement: Agreement) -> PanelLine:
    return PanelLine(
        date_text(agreement.signed_on) if agreement.signed_on else _("day not known"),
        agreement.name,
        record_url(agreement),
        word=str(words.KINDS[agreement.kind]),
        note=f"{agreement.side_a.name} – {agreement.side_b.name}",
    )
