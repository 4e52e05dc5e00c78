"""Which sources attest a record, lettered in the order in which a page shows them."""

from __future__ import annotations

import string
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.sources.models import Citation, Source
from tracker.web.pages import Label


@dataclass(frozen=True)
class Mark:
    """One citation, with the letter of its source."""

    letter: str
    fields: str
    basis: str
    locator: str | None
    reasoning: str | None
    says: str | None

    @property
    def disputed(self) -> bool:
        """Whether the source says something else than the record holds."""
        return self.says is not None


@dataclass
class Lettered:
    """A source under its letter, with its citations for this record."""

    letter: str
    source: Source
    citations: list[Mark] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The source's title."""
        return self.source.title

    @property
    def publisher(self) -> str | None:
        """Who published it."""
        return self.source.publisher

    @property
    def date(self) -> Label:
        """When it was published, as precisely as that is known."""
        return self.source.published_on.iso() if self.source.published_on else ""

    @property
    def url(self) -> str:
        """The source's own page."""
        return url_for("sources.show", number=self.source.id)

    @property
    def link(self) -> str | None:
        """Where it can be read."""
        return self.source.link


class Evidence:
    """All citations of one record."""

    def __init__(self, citations: list[Citation]) -> None:
        self.lettered: list[Lettered] = []
        self._by_field: dict[str, list[Mark]] = {}
        sources: dict[int, Lettered] = {}
        for citation in citations:
            if citation.source_id not in sources:
                sources[citation.source_id] = Lettered(_letter(len(sources)), citation.source)
                self.lettered.append(sources[citation.source_id])
            self._add(citation, sources[citation.source_id])

    def _add(self, citation: Citation, source: Lettered) -> None:
        mark = Mark(
            source.letter,
            ", ".join(citation.field_names),
            citation.basis,
            citation.locator,
            citation.reasoning,
            citation.says,
        )
        source.citations.append(mark)
        for name in citation.field_names:
            self._by_field.setdefault(name, []).append(mark)

    def of(self, name: str) -> list[Mark]:
        """The citations of one column; those of its parts (`signatories_a`) count as its own."""
        parts = (n for n in self._by_field if n == name or n in (f"{name}_a", f"{name}_b"))
        return [mark for part in parts for mark in self._by_field[part]]


def _letter(index: int) -> str:
    letters = string.ascii_lowercase
    return (
        letters[index] if index < len(letters) else _letter(index // 26 - 1) + letters[index % 26]
    )


def evidence(session: Session, cited_as: str | None, number: int) -> Evidence:
    """The evidence for a record; none for kinds of record that are not cited."""
    if cited_as is None:
        return Evidence([])
    query = (
        select(Citation)
        .where(getattr(Citation, f"{cited_as}_id") == number)
        .options(joinedload(Citation.source))
        .order_by(Citation.id)
    )
    return Evidence(list(session.scalars(query)))
