"""The pages of sources and of citations."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from tracker.columns.cells import language_code
from tracker.columns.references import Reference
from tracker.db import first_day
from tracker.search.lists import search_filter
from tracker.sources.models import Citation, Source
from tracker.sources.searched import SOURCES_SEARCHED
from tracker.sources.table import CITATIONS, SOURCES
from tracker.sources.words import BASES, KINDS
from tracker.web.filters import from_day, one_of, to_day
from tracker.web.keyset import Stretch, by
from tracker.web.pages import Filter, RecordPages

_SOURCE = Reference("source", _l("Source"), Source)

SOURCE_PAGES = RecordPages(
    table=SOURCES,
    title=_l("Sources"),
    new_label=_l("Record a source"),
    describe=lambda source: source.title,
    shown=("title", "publisher", "published_on", "kind", "language"),
    order=by(first_day(Source.published_on), descending=True, nullable=True),
    filters={
        "q": search_filter(_l("Words of the title, publisher or link"), SOURCES_SEARCHED),
        "kind": one_of(_l("Kind"), Source.kind, KINDS),
        "published_from": Filter(_l("Published from"), from_day(Source.published_on)),
        "published_to": Filter(_l("Published until"), to_day(Source.published_on)),
        "language": Filter(
            _l("Language"),
            lambda text, _reading: Source.language == language_code(text),
        ),
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
        "source": Filter(
            _l("Source"),
            lambda text, reading: Citation.source_id == _SOURCE.parse(text, reading).id,
            offers="sources",
        ),
        "basis": one_of(_l("Basis"), Citation.basis, BASES),
    },
)
