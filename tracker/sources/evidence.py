"""Which sources attest a record, lettered in the order in which a page shows them."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Exists, exists, select
from sqlalchemy.orm import Session, joinedload

from tracker.sources.models import Citation, Source
from tracker.web.pages import Label
from tracker.web.site import date_text


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
        return date_text(self.source.published_on) if self.source.published_on else ""

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

    def __init__(self, citations: list[Citation], labels: Mapping[str, Label]) -> None:
        self._labels = labels
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
            ", ".join(self._label(name) for name in citation.field_names),
            citation.basis,
            citation.locator,
            citation.reasoning,
            citation.says,
        )
        source.citations.append(mark)
        for name in citation.field_names:
            self._by_field.setdefault(name, []).append(mark)

    def _label(self, name: str) -> str:
        """What pages call a column, or one side of it."""
        if name in self._labels:
            return str(self._labels[name])
        whole, _underscore, side = name.rpartition("_")
        if whole in self._labels:
            return _("%(column)s (side %(side)s)", column=self._labels[whole], side=side.upper())
        return name

    def of(self, *names: str) -> list[Mark]:
        """The citations of columns; those of their parts (`signatories_a`) count as their own."""
        return self._marks(part for name in names for part in (name, f"{name}_a", f"{name}_b"))

    def of_side(self, name: str, side: str) -> list[Mark]:
        """The citations of what a column says of one side, `A` or `B`."""
        return self._marks((name, f"{name}_{side.lower()}"))

    def _marks(self, parts: Iterable[str]) -> list[Mark]:
        """One mark a source and basis, in the order of the letters."""
        found: dict[tuple[str, str, bool], Mark] = {}
        for part in parts:
            for mark in self._by_field.get(part, ()):
                found.setdefault((mark.letter, mark.basis, mark.disputed), mark)
        return [found[key] for key in sorted(found, key=lambda key: (len(key[0]), key))]


def _letter(index: int) -> str:
    letters = string.ascii_lowercase
    return (
        letters[index] if index < len(letters) else _letter(index // 26 - 1) + letters[index % 26]
    )


def attested(cited_as: str | None, number: ColumnElement[int]) -> Exists | None:
    """Whether any citation is about the record of a number; None for kinds that are not cited."""
    if cited_as is None:
        return None
    return exists().where(getattr(Citation, f"{cited_as}_id") == number)


def evidence(
    session: Session, cited_as: str | None, number: int, labels: Mapping[str, Label]
) -> Evidence:
    """The evidence for a record; none for kinds of record that are not cited.

    ``labels`` are what pages call the record's columns.
    """
    if cited_as is None:
        return Evidence([], labels)
    query = (
        select(Citation)
        .where(getattr(Citation, f"{cited_as}_id") == number)
        .options(joinedload(Citation.source))
        .order_by(Citation.id)
    )
    return Evidence(list(session.scalars(query)), labels)
