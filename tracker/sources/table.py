"""The columns of sources and of citations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from tracker.columns import (
    CellError,
    Choice,
    Column,
    Dated,
    Identity,
    Language,
    Line,
    Link,
    Paragraphs,
    Problem,
    Reading,
    Table,
)
from tracker.columns.batches import Cells, Origin, as_it_is
from tracker.columns.references import Reference
from tracker.constraints import means
from tracker.sources.models import CITED, Basis, Citation, Source, SourceKind
from tracker.sources.words import BASES, KINDS
from tracker.text import N_, TITLE

SOURCES = Table(
    name="sources",
    model=Source,
    columns=(
        Identity(),
        Line("title", _l("Title"), required=True, limit=TITLE),
        Choice("kind", _l("Kind"), SourceKind, KINDS, required=True),
        Line("publisher", _l("Publisher")),
        Line("author", _l("Author")),
        Dated("published_on", _l("Published on")),
        Link("link", _l("Link")),
        Language("language", _l("Language"), hint=_l("A code such as en, fa or uz, or its name.")),
        Line("reporting", _l("Reporting"), hint=_l("Whose report this source passes on.")),
        Paragraphs("note", _l("Note")),
    ),
    apart=True,
)


class Cited(Column):
    """Which kind of record a citation is about."""

    def parse(self, text: str, reading: Reading) -> str:
        kind = text.strip().lower()
        if kind not in CITED:
            raise CellError(
                N_("“%(text)s” cannot be cited. Choose one of: %(choices)s."),
                text=text,
                choices=", ".join(CITED),
            )
        return kind

    def set(self, record: Any, value: Any) -> None:
        """The kind is kept together with the id."""

    def fetch(self, origin: Origin) -> Cells:
        kinds = [(origin.column(f"{kind}_id").is_not(None), kind) for kind in CITED]
        return Cells((case(*kinds),))


class CitedId(Column):
    """The id of the record that a citation is about; the kind stands in the column before."""

    def parse(self, text: str, reading: Reading) -> tuple[str, int]:
        kind = reading.row.get("record")
        if not re.fullmatch(r"\d{1,10}", text.strip()):
            raise CellError(N_("Write the number of the record."))
        number = int(text)
        if kind and not self._exists(kind, number, reading):
            raise CellError(
                N_("There is no %(kind)s with the number %(number)s."), kind=kind, number=number
            )
        return (kind or "", number)

    def _exists(self, kind: str, number: int, reading: Reading) -> bool:
        ids = Citation.metadata.tables[kind].c.id
        if reading.bulk:
            key = ("ids", kind)
            return number in reading.once(key, lambda: set(reading.session.scalars(select(ids))))
        return reading.session.scalar(select(ids).where(ids == number)) is not None

    def format(self, value: Any) -> str:
        return str(value[1]) if value else ""

    def plain(self, value: Any) -> int:
        return int(value[1])

    def get(self, record: Any) -> Any:
        return (record.record, record.record_id)

    def fetch(self, origin: Origin) -> Cells:
        return Cells(
            (func.coalesce(*(origin.column(f"{kind}_id") for kind in CITED)),), plain=as_it_is
        )

    def set(self, record: Any, value: Any) -> None:
        for kind in CITED:
            setattr(record, f"{kind}_id", value[1] if kind == value[0] else None)


class FieldNames(Line):
    """Names of the attested columns, `;`-parted."""

    cleared = ""

    def parse(self, text: str, reading: Reading) -> str:
        names = [name.strip() for name in re.split(r"[;,\s]+", super().parse(text, reading))]
        for name in names:
            if name and not re.fullmatch(r"[a-z_]{1,40}", name):
                raise CellError(N_("“%(name)s” is no name of a field."), name=name)
        return ";".join(dict.fromkeys(name for name in names if name))


def check_citation(values: Mapping[str, Any], _reading: Reading) -> Iterator[Problem]:
    """An inferred fact says how it was inferred."""
    if values["basis"] is Basis.INFERRED and not values["reasoning"]:
        message = N_("This fact is inferred. Say how it follows from the source.")
        yield Problem(("reasoning",), message)


CITATIONS = Table(
    name="citations",
    model=Citation,
    columns=(
        Identity(),
        Reference(
            "source",
            _l("Source"),
            Source,
            required=True,
            offers="sources",
            hint=_l("Type part of the title of a source that is recorded."),
        ),
        Cited("record", _l("Kind of record"), required=True),
        CitedId("record_id", _l("Record"), required=True),
        FieldNames("fields", _l("Fields"), limit=TITLE),
        Line("locator", _l("Where in the source"), hint=_l("For example ¶ 2, p. 14, art. 7.")),
        Choice("basis", _l("Basis"), Basis, BASES, required=True, default=None),
        Line(
            "says",
            _l("What it says instead"),
            limit=TITLE,
            hint=_l("Only where this source differs from what the record holds."),
        ),
        Paragraphs(
            "reasoning",
            _l("Reasoning"),
            hint=_l("How the fact was inferred, or why another source is preferred."),
        ),
    ),
    check=check_citation,
    load=(joinedload(Citation.source),),
)

means("ck_source_link_scheme", "link", N_("A link begins with https:// or http://."))
means("ck_citation_one_record", "record_id", N_("A citation is about exactly one record."))
means(
    "ck_citation_inferred_has_reasoning",
    "reasoning",
    N_("This fact is inferred. Say how it follows from the source."),
)
