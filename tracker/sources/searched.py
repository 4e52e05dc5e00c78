"""What of a source is searched."""

from tracker.columns.rows import Rows
from tracker.db import first_day
from tracker.search.declared import Field, Searched
from tracker.search.writing import search
from tracker.sources.models import Source

SOURCES_SEARCHED = search(
    Searched(
        kind="sources",
        number=9,
        model=Source,
        fields=(
            Field(Source.title, name=True),
            Field(Source.publisher),
            Field(Source.author, sounding=True),
            Field(Source.reporting),
            Field(Source.note),
            Field(Source.link),
        ),
        day=first_day(Source.published_on),
        beside=("publisher", "published_on", "kind"),
        rows=Rows(Source, "title", "publisher", "published_on", "kind"),
    )
)
