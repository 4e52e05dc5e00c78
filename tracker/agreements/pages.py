"""The pages of agreements and of topics."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select, true

from tracker.agreements import words
from tracker.agreements.models import Agreement, AgreementTopic
from tracker.agreements.presenting import present
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.statuses import has_status
from tracker.agreements.table import AGREEMENTS
from tracker.agreements.topics import Topic
from tracker.agreements.topics_table import TOPICS, find_topic
from tracker.clock import day_asked
from tracker.columns import CellError, Reading
from tracker.dates import read_day
from tracker.db import first_day, last_day
from tracker.parties.pages import between, day_of
from tracker.text import N_
from tracker.web.pages import Filter, RecordPages, Section


def _words(text: str, _reading: Reading) -> ColumnElement[bool]:
    return or_(
        Agreement.title.icontains(text, autoescape=True),
        Agreement.short_title.icontains(text, autoescape=True),
        Agreement.summary.icontains(text, autoescape=True),
    )


def _kind(text: str, _reading: Reading) -> ColumnElement[bool]:
    if text not in list(words.KINDS):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return Agreement.kind == text


def _status(text: str, reading: Reading) -> ColumnElement[bool]:
    if text not in list(AgreementStatus):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return has_status(reading.session, AgreementStatus(text), day_asked())


def _on(text: str, _reading: Reading) -> ColumnElement[bool]:
    read_day(text)
    return true()


def _topic(text: str, reading: Reading) -> ColumnElement[bool]:
    topic = find_topic(text, reading)
    below = select(Topic.id).where(or_(Topic.id == topic.id, Topic.parent_id == topic.id))
    links = select(AgreementTopic.agreement_id).where(AgreementTopic.topic_id.in_(below))
    return Agreement.id.in_(links)


def _signed_from(text: str, _reading: Reading) -> ColumnElement[bool]:
    day = day_of(text)
    return last_day(Agreement.signed_on) >= day.first


def _signed_to(text: str, _reading: Reading) -> ColumnElement[bool]:
    day = day_of(text)
    return first_day(Agreement.signed_on) <= day.last


AGREEMENT_PAGES = RecordPages(
    table=AGREEMENTS,
    title=_l("Agreements"),
    new_label=_l("Record an agreement"),
    describe=lambda agreement: agreement.name,
    shown=("title", "side_a", "side_b", "signed_on", "kind", "status"),
    order=(first_day(Agreement.signed_on).desc().nulls_last(),),
    sorts={
        "oldest": (_l("oldest first"), (first_day(Agreement.signed_on).asc().nulls_last(),)),
        "title": (_l("by title"), (Agreement.title,)),
        "recorded": (_l("last recorded first"), (Agreement.id.desc(),)),
    },
    filters={
        "q": Filter(_l("Words of the title or summary"), _words),
        "party": Filter(
            _l("Party, or two parted by a semicolon"),
            between(Agreement.side_a_id, Agreement.side_b_id),
            repeats=True,
        ),
        "kind": Filter(_l("Kind"), _kind, [(k.value, w) for k, w in words.KINDS.items()]),
        "status": Filter(_l("Status"), _status, [(s.value, w) for s, w in words.STATUSES.items()]),
        "on": Filter(_l("Status on the day"), _on),
        "topic": Filter(_l("Topic"), _topic, offers="topics"),
        "signed_from": Filter(_l("Signed from"), _signed_from),
        "signed_to": Filter(_l("Signed until"), _signed_to),
    },
    cited_as="agreement",
    show_template="agreements/show.html",
    present=present,
    sections=(
        Section(_l("What it is"), ("title", ("kind", "binding"), ("short_title", "designation"))),
        Section(_l("Between whom"), (("side_a", "side_b"),)),
        Section(_l("Who signed"), ("signatories",)),
        Section(
            _l("When and where"),
            (("signed_on", "in_force_on"), ("signed_city", "signed_country")),
        ),
        Section(
            _l("Duration, end and further dates"),
            (
                ("provisionally_applied_on", "duration_months"),
                ("renewal", "renewal_months"),
                ("notice_months", "notice_days"),
                "lead_days",
                ("in_force_after_months", "in_force_after_days"),
                ("ended_on", "ended_how"),
                "actions",
            ),
            folded=True,
        ),
        Section(_l("What it sets up"), ("commission",)),
        Section(_l("What it is about"), ("topics", "summary")),
        Section(
            _l("Texts, references and related agreements"),
            (
                "languages",
                ("depositary", "registration"),
                "references",
                "link",
                "territories",
                "relations",
                "note",
            ),
            folded=True,
        ),
        Section(_l("How we know"), ("citation",)),
    ),
)

TOPIC_PAGES = RecordPages(
    table=TOPICS,
    title=_l("Topics"),
    new_label=_l("Record a topic"),
    describe=lambda topic: topic.name,
    shown=("name", "code", "parent"),
    order=(Topic.code,),
    filters={
        "q": Filter(
            _l("Name or code"),
            lambda text, _reading: or_(
                Topic.name.icontains(text, autoescape=True),
                Topic.code.icontains(text, autoescape=True),
            ),
        ),
    },
)
