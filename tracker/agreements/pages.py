"""The pages of agreements and of topics."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from tracker.agreements.facets import facets
from tracker.agreements.filters import FILTERS
from tracker.agreements.listing import rows
from tracker.agreements.models import called
from tracker.agreements.paths import ORDERS, path
from tracker.agreements.presenting import present
from tracker.agreements.searched import TOPICS_SEARCHED
from tracker.agreements.table import AGREEMENTS
from tracker.agreements.topics import Topic
from tracker.agreements.topics_table import TOPICS, topics_below
from tracker.search.lists import search_filter
from tracker.web.keyset import by
from tracker.web.pages import Filter, RecordPages, Section

AGREEMENT_PAGES = RecordPages(
    table=AGREEMENTS,
    title=_l("Agreements"),
    new_label=_l("Record an agreement"),
    describe=called,
    shown=("title", "side_a", "side_b", "signed_on", "kind", "status"),
    order=ORDERS[None],
    sorts={
        "oldest": (_l("oldest first"), ORDERS["oldest"]),
        "title": (_l("by title"), ORDERS["title"]),
        "recorded": (_l("last recorded first"), ORDERS["recorded"]),
    },
    filters=FILTERS,
    list_template="agreements/list.html",
    rows=rows,
    path=path,
    facets=facets,
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
    order=by(Topic.__table__.c.code),
    filters={
        "q": search_filter(_l("Name or code"), TOPICS_SEARCHED),
        "below": Filter(
            _l("A topic and those below it"),
            lambda text, reading: Topic.id.in_(topics_below(text, reading)),
            offers="topics",
        ),
    },
)
