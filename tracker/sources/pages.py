"""The pages of sources and of citations."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from tracker.db import first_day
from tracker.search.lists import clause_of
from tracker.sources.models import Citation, Source
from tracker.sources.searched import SOURCES_SEARCHED
from tracker.sources.table import CITATIONS, SOURCES
from tracker.web.keyset import Stretch, by
from tracker.web.pages import Filter, RecordPages

SOURCE_PAGES = RecordPages(
    table=SOURCES,
    title=_l("Sources"),
    new_label=_l("Record a source"),
    describe=lambda source: source.title,
    shown=("title", "publisher", "published_on", "kind", "language"),
    order=by(first_day(Source.published_on), descending=True, nullable=True),
    filters={
        "q": Filter(_l("Words of the title, publisher or link"), clause_of(SOURCES_SEARCHED)),
    },
)

CITATION_PAGES = RecordPages(
    table=CITATIONS,
    title=_l("Citations"),
    new_label=_l("Cite a source"),
    describe=lambda citation: _(
        "%(source)s, on %(record)s %(number)s",
        source=citation.source.title,
        record=citation.record,
        number=citation.record_id,
    ),
    shown=("source", "fields", "locator", "basis"),
    order=(Stretch(),),
    filters={
        "q": Filter(
            _l("Words"),
            lambda text, _reading: or_(
                Citation.says.icontains(text, autoescape=True),
                Citation.reasoning.icontains(text, autoescape=True),
                Citation.fields.icontains(text, autoescape=True),
            ),
        ),
    },
)
