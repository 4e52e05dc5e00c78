"""What a feature says of its pages; `tracker.web.views` makes the pages from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from tracker.columns import Reading, Table
from tracker.text import Refusal

Label = Any
Clause = Callable[[str, Reading], ColumnElement[bool]]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: its label, the clause that a typed text means, its choices."""

    label: Label
    clause: Clause
    choices: Sequence[tuple[str, Label]] = ()
    options: str | None = None


class FilterRefused(Refusal):
    """A filter whose text cannot be understood; ``name`` says which."""

    def __init__(self, name: str, refusal: Refusal) -> None:
        super().__init__(refusal.message, **refusal.values)
        self.name = name


@dataclass(frozen=True)
class RecordPages:
    """The pages of one kind of record.

    ``shown`` names the columns of the list, the first being the one that links; ``order`` is the
    order of the list, always ended by the id; ``describe`` names a record in a sentence;
    ``more`` are further actions on a record, by the endpoint of their page;
    ``coded`` records have their code as an address beside their number.
    """

    table: Table
    title: Label
    new_label: Label
    describe: Callable[[Any], str]
    shown: Sequence[str]
    order: Sequence[Any]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    form_columns: Sequence[str] | None = None
    cited_as: str | None = None
    show_template: str = "web/record.html"
    more: Sequence[tuple[Label, str]] = ()
    coded: bool = False

    @property
    def name(self) -> str:
        """The plural that stands in addresses and endpoint names."""
        return self.table.name

    def select(self, wanted: Mapping[str, str], reading: Reading) -> Select[Any]:
        """The records that fit all filters, in order; raises FilterRefused."""
        query = select(self.table.model).options(*self.table.load)
        for name, text in wanted.items():
            try:
                query = query.where(self.filters[name].clause(text, reading))
            except Refusal as refusal:
                raise FilterRefused(name, refusal) from None
        return query.order_by(*self.order, self.table.model.id)
