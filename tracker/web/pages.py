"""What a feature says of its pages; `tracker.web.record_views` makes the pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Exists, Select, select
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql.elements import True_

from tracker.columns import Reading, Table
from tracker.text import Refusal
from tracker.web.companions import Companion
from tracker.web.keyset import Order, Walk, in_order

Label = Any
Clause = Callable[[str, Reading], ColumnElement[bool]]
Numbers = Callable[[str, Reading], "Select[Any] | None"]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: its label, the clause that a typed text means, its choices.

    One that ``repeats`` may stand several times in an address; its texts are then parted by `;`.
    ``offers`` names the records that the field offers while somebody types; a ``rare`` one is
    folded away until it is set. ``numbers`` is a quicker query of all numbers that fit, in no
    order, where there is one; a list that is narrowed by this filter alone is counted by it.
    """

    label: Label
    clause: Clause
    choices: Sequence[tuple[str, Label]] = ()
    offers: str = ""
    repeats: bool = False
    rare: bool = False
    numbers: Numbers | None = None


@dataclass(frozen=True)
class Path:
    """Rows of another table along which some filters and orders of a list are walked.

    ``answered`` are the filters that ``clauses`` and ``branches`` stand for; ``joined`` leads to
    the records, for the filters that are left.
    """

    number: Column[int]
    order: Order
    clauses: Sequence[ColumnElement[bool]]
    answered: Collection[str]
    joined: ColumnElement[bool]
    branches: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True)
class Share:
    """How many of the records counted have something, and the filters that ask for it."""

    word: str
    count: int
    filters: Mapping[str, str]


@dataclass(frozen=True)
class Facet:
    """How the records of a list are spread over the values of one of their facts."""

    label: Label
    shares: Sequence[Share]


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
MakeRows = Callable[[Sequence[int], Reading], Sequence[Any]]
FindPath = Callable[[Mapping[str, str], Reading, str | None], Path | None]
MakeFacets = Callable[[Select[Any], Mapping[str, str], Reading], Sequence[Facet]]


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
    order of the list (a function where it follows from the day);
    ``list_template`` is the list's own template, where it is not the table of all; ``list_load``
    holds the loader options that its rows need, where those are fewer than a file's, and ``rows``
    gives them where they are no whole records; ``path`` finds a quicker way for some filters and
    orders, and ``facets`` counts the records of a query of numbers;
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
    order: Order | Callable[[Reading], Order]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, tuple[Label, Order]] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    companions: Sequence[Companion] = ()
    present: Callable[[Any, Reading], Mapping[str, Any]] = lambda _record, _reading: {}
    panels: Sequence[MakePanel] = ()
    cited_as: str | None = None
    list_template: str = "web/index.html"
    list_load: Sequence[ORMOption] | None = None
    rows: MakeRows | None = None
    path: FindPath | None = None
    facets: MakeFacets | None = None
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
        query = query.where(*self._clauses(wanted, reading))
        return query.order_by(*in_order(self.order_of(reading, sort), self._number))

    def walk(self, wanted: Mapping[str, str], reading: Reading, sort: str | None = None) -> Walk:
        """The same rows in the same order, to be read from any place; raises FilterRefused."""
        path = None
        if self.path is not None:
            try:
                path = self.path(wanted, reading, sort)
            except FilterRefused:
                # The filters are asked again one after the other, so that the first one is named.
                path = None
        if path is None:
            order = self.order_of(reading, sort)
            clauses = self._clauses(wanted, reading)
            counted = self._counted(wanted, reading, sort)
            return Walk(self._number, order, clauses, counted=counted)
        return self._along(path, wanted, reading)

    def _along(self, path: Path, wanted: Mapping[str, str], reading: Reading) -> Walk:
        """The rows along a path, with the filters that it does not answer."""
        left = {name: text for name, text in wanted.items() if name not in path.answered}
        more = self._clauses(left, reading)
        clauses = [*path.clauses, path.joined, *more] if more else path.clauses
        return Walk(path.number, path.order, clauses, path.branches)

    def order_of(self, reading: Reading, sort: str | None) -> Order:
        """The stretches of an order; those of the list's own without a name."""
        if sort is not None:
            return self.sorts[sort][1]
        return self.order(reading) if callable(self.order) else self.order

    def listed(self, numbers: Sequence[int], reading: Reading) -> list[Any]:
        """The records of these numbers, as the list shows them, in this order."""
        if self.rows is not None:
            found = self.rows(numbers, reading)
        else:
            load = self.table.load if self.list_load is None else self.list_load
            query = select(self.table.model).where(self.table.model.id.in_(numbers))
            found = reading.session.scalars(query.options(*load)).all()
        by_number = {row.id: row for row in found}
        return [by_number[number] for number in numbers if number in by_number]

    def _counted(
        self, wanted: Mapping[str, str], reading: Reading, sort: str | None
    ) -> Select[Any] | Walk | None:
        """What counts a list sooner than its own walk does: no order matters to a count."""
        if len(wanted) == 1:
            ((name, text),) = wanted.items()
            quicker = self.filters[name].numbers
            if quicker is not None and (found := quicker(text, reading)) is not None:
                return found
        if sort is None or self.path is None:
            return None
        path = self.path(wanted, reading, None)
        return None if path is None else self._along(path, wanted, reading)

    @property
    def _number(self) -> Column[int]:
        number: Column[int] = self.table.model.__table__.c.id
        return number

    def _clauses(self, wanted: Mapping[str, str], reading: Reading) -> list[ColumnElement[bool]]:
        clauses = []
        for name, text in wanted.items():
            try:
                clause = self.filters[name].clause(text, reading)
            except Refusal as refusal:
                raise FilterRefused(name, refusal) from None
            if not isinstance(clause, True_):
                clauses.append(clause)
        return clauses
