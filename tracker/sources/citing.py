"""Cite a source for a record from within the record's own form; a new source is added in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.columns import Choice, Codes, Column, Outcome, Problem, Reading, Table
from tracker.columns.references import Reference
from tracker.sources.models import Basis, Citation, Source, SourceKind
from tracker.sources.table import CITATIONS, SOURCES, check_citation
from tracker.sources.words import KINDS
from tracker.text import BEHIND_NAME, N_, TITLE, clean_line
from tracker.web.companions import Companion

_DETAILS = ("kind", "publisher", "author", "published_on", "link", "language")
_PLACE = ("locator", "basis", "reasoning")


class SourceTitle(Reference):
    """A recorded source, or the title of a new one."""

    offers = "sources"

    def parse(self, text: str, reading: Reading) -> Source | str:
        title = clean_line(text, TITLE + BEHIND_NAME)
        if title.lower().endswith("#new"):
            return clean_line(title[: -len("#new")], TITLE)
        if "#" in title and title.rpartition("#")[2].isdigit():
            found: Source = super().parse(title, reading)
            return found
        query = select(Source).where(Source.title == title).limit(8)
        with reading.session.no_autoflush:
            same = list(reading.session.scalars(query))
        if len(same) == 1:
            return same[0]
        if same:
            raise self._unknown(title, several=True).offering(
                [*map(self.typed, same), f"{title} #new"]
            )
        return clean_line(title, TITLE)


class CitedColumns(Codes):
    """Which columns of the record the source attests."""

    def __init__(self, table: Table) -> None:
        offered = {"": [(column.name, column.label) for column in table.stored]}
        super().__init__(
            "fields",
            _l("What it attests"),
            attribute="",
            model=object,
            part="",
            find=lambda name, _reading: name,
            show=str,
            offer=lambda _reading: offered,
            hint=_l("Tick nothing where it attests the record as a whole."),
        )

    def get(self, record: Any) -> Any:
        return ()


class Citing(Companion):
    """The section “How we know” of a form."""

    name = "citation"
    legend = _l("How we know")
    hint = _l(
        "Type part of the title of a recorded source and choose it. For a new one, fill in what "
        "is known of it."
    )
    preset: Mapping[str, str] = {"basis": Basis.STATED.value}
    layout = (
        "title",
        ("kind", "publisher"),
        ("author", "published_on"),
        ("link", "language"),
        ("locator", "basis"),
        "reasoning",
        "fields",
    )

    def __init__(self, table: Table, cited_as: str) -> None:
        self.cited_as = cited_as
        self.columns: tuple[Column, ...] = (
            SourceTitle("title", _l("Source"), Source, required=True),
            Choice("kind", _l("Kind"), SourceKind, KINDS),
            *(SOURCES[name] for name in _DETAILS if name != "kind"),
            *(CITATIONS[name] for name in _PLACE),
            CitedColumns(table),
        )

    def read(
        self, given: Mapping[str, Any], reading: Reading, values: Mapping[str, Any]
    ) -> Outcome:
        outcome = CITATIONS.read(self.columns, given, reading)
        if not outcome.problems:
            outcome.problems.extend(self._check(outcome.values, given, reading))
        return outcome

    def _check(
        self, values: Mapping[str, Any], given: Mapping[str, Any], reading: Reading
    ) -> list[Problem]:
        problems = list(check_citation(values, reading))
        source = values["title"]
        if not isinstance(source, Source):
            if values["kind"] is None:
                problems.append(Problem(("kind",), N_("Say what kind of source this is.")))
            return problems
        message = N_(
            "This source is recorded already, with something else here. Leave this empty, "
            "and change the source on its own page if need be."
        )
        return problems + [
            Problem((name,), message)
            for name in _DETAILS
            if given[name] and values[name] != SOURCES[name].get(source)
        ]

    def attach(
        self, session: Session, record: Any, made: Sequence[Any], values: Mapping[str, Any]
    ) -> list[Any]:
        source = values["title"]
        if not isinstance(source, Source):
            source = Source(title=source)
            SOURCES.apply(source, {name: values[name] for name in _DETAILS})
            session.add(source)
        session.flush()
        for cited in (record, *made):
            kind = cited.__tablename__
            citation = Citation()
            CITATIONS.apply(
                citation,
                {
                    "source": source,
                    "record_id": (kind, cited.id),
                    "fields": ";".join(values["fields"]) if cited is record else "",
                    "says": None,
                    **{name: values[name] for name in _PLACE},
                },
            )
            session.add(citation)
        return []

    def present(self, session: Session, record: Any) -> Sequence[Any]:
        if record is None:
            return ()
        query = (
            select(Citation)
            .where(getattr(Citation, f"{self.cited_as}_id") == record.id)
            .options(joinedload(Citation.source))
            .order_by(Citation.id)
        )
        return list(dict.fromkeys(one.source for one in session.scalars(query)))
