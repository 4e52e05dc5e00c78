"""What a feature says of its pages; `tracker.web.record_views` makes the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Exists, Select, select

from tracker.columns import Reading, Table
from tracker.text import Refusal
from tracker.web.companions import Companion

Label = Any
Clause = Callable[[str, Reading], ColumnElement[bool]]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: its label, the clause that a typed text means, its choices.

    One that ``repeats`` may stand several times in an address; its texts are then parted by `;`.
    ``offers`` names the records that the field offers while somebody types.
    """

    label: Label
    clause: Clause
    choices: Sequence[tuple[str, Label]] = ()
    offers: str = ""
    repeats: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a form: columns in order, those in a tuple beside each other.

    A companion stands in it by its name. A folded section opens when something in it is filled.
    """

    legend: Label
    rows: Sequence[str | tuple[str, ...]]
    hint: Label = ""
    folded: bool = False

    @property
    def names(self) -> list[str]:
        """The columns and companions in it."""
        return [name for row in self.rows for name in ((row,) if isinstance(row, str) else row)]


@dataclass(frozen=True)
class Panel:
    """A part of a record's page that another feature gives: its title, template and content.

    ``place`` says where it stands: before the facts (`opening`), after or beside them.
    """

    title: Label
    template: str
    content: Any
    place: Literal["opening", "after", "beside"] = "after"


@dataclass(frozen=True)
class PanelLine:
    """One line of a panel that lists records; the fields that the `agenda` macro shows."""

    date: str
    title: str
    url: str | None
    shape: str = ""
    word: str = ""
    note: str = ""


def list_panel(
    title: Label,
    lines: Sequence[PanelLine],
    *,
    more: tuple[str, str] | None = None,
    empty: str,
    place: Literal["opening", "after", "beside"] = "beside",
) -> Panel:
    """A panel that lists records; `more` is the word and the address of the whole list."""
    content = {"lines": lines, "more": more, "empty": empty}
    return Panel(title, "web/panel_list.html", content, place)


MakePanel = Callable[[Any, Reading], Panel | None]


@dataclass(frozen=True)
class Pointing:
    """A panel of what points at a record; where nothing ``points``, it is ``without`` a query."""

    make: MakePanel
    points: Exists
    without: MakePanel = lambda _record, _reading: None

    def __call__(self, record: Any, reading: Reading) -> Panel | None:
        return self.make(record, reading)


class FilterRefused(Refusal):
    """A filter whose text cannot be understood; ``name`` says which."""

    def __init__(self, name: str, refusal: Refusal) -> None:
        super().__init__(refusal.message, **refusal.values)
        self.name = name


@dataclass(frozen=True)
class RecordPages:
    """The pages of one kind of record.

    ``shown`` names the columns of the list, the first being the one that links; ``order`` is the
    order of the list, always ended by the id (a function where it follows from the day);
    ``list_template`` is the list's own template, where it is not the table of all;
    ``sorts`` are other orders, by the name that stands in the address;
    ``describe`` names a record in a sentence;
    ``more`` are further actions on a record, by the endpoint of their page;
    ``coded`` records have their code as an address beside their number; the page of ``dated`` ones
    can be seen as of a day, as can that of a list with the filter `on`. ``sections`` part the form,
    ``companions`` are recorded along with it; ``present`` gives the record's own template
    what it needs, and ``panels`` are what other features show on the record's page.
    """

    table: Table
    title: Label
    new_label: Label
    describe: Callable[[Any], str]
    shown: Sequence[str]
    order: Sequence[Any] | Callable[[Reading], Sequence[Any]]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, tuple[Label, Sequence[Any]]] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    companions: Sequence[Companion] = ()
    present: Callable[[Any, Reading], Mapping[str, Any]] = lambda _record, _reading: {}
    panels: Sequence[MakePanel] = ()
    cited_as: str | None = None
    list_template: str = "web/index.html"
    show_template: str = "web/record.html"
    more: Sequence[tuple[Label, str]] = ()
    coded: bool = False
    dated: bool = False

    def check_sections(self) -> None:
        """Make sure at the start that the form asks for each column once."""
        if self.sections:
            placed = sorted(name for section in self.sections for name in section.names)
            columns = [column.name for column in self.table.stored]
            assert placed == sorted([*columns, *(one.name for one in self.companions)]), (
                f"the form of {self.name} does not hold each column once: {placed}"
            )

    @property
    def name(self) -> str:
        """The plural that stands in addresses and endpoint names."""
        return self.table.name

    def select(
        self, wanted: Mapping[str, str], reading: Reading, sort: str | None = None
    ) -> Select[Any]:
        """The records that fit all filters, in order; raises FilterRefused.

        ``sort`` is one of ``sorts``; without it the list has its own order.
        """
        query = select(self.table.model).options(*self.table.load)
        for name, text in wanted.items():
            try:
                query = query.where(self.filters[name].clause(text, reading))
            except Refusal as refusal:
                raise FilterRefused(name, refusal) from None
        order = self.order(reading) if callable(self.order) else self.order
        if sort is not None:
            order = self.sorts[sort][1]
        return query.order_by(*order, self.table.model.id)
