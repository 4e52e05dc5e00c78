"""Forms made from a table's columns: the fields take text, the columns read and check it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from tracker.columns import (
    Choice,
    Column,
    Dated,
    Day,
    Items,
    Names,
    Outcome,
    Paragraphs,
    Problem,
    Reading,
    References,
    Table,
    YesNo,
)
from tracker.web.pages import Filter

MOST_ROWS = 200


class Needed:
    """Says on the page that a field is needed; what is missing is found by the column itself."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Nothing: the column checks."""


class DateField(StringField):
    """A partial date as text, that is read back while it is typed."""

    @property
    def understood_url(self) -> str:
        """Where the page asks how a date is understood."""
        return url_for("web.understood")


class ReferenceField(StringField):
    """Another record, by part of its name."""

    offers = ""

    @property
    def options_url(self) -> str:
        """Where the page asks for records whose name holds what is typed."""
        return url_for("web.options", offers=self.offers)


@dataclass(frozen=True)
class Candidate:
    """A text that a field would take."""

    value: str
    label: str


class ImportForm(Form):
    """A file to be checked."""

    file = FileField("CSV file")


class RecordForm(Form):
    """The form of one record; made by `form_class`."""

    version = HiddenField()
    table: Table
    columns: tuple[Column, ...]

    def fill(self, record: Any) -> None:
        """Show what a record holds."""
        self.version.data = str(record.version)
        for column in self.columns:
            value = column.get(record)
            if isinstance(column, Items):
                _fill_rows(self[column.name], column, value)
            else:
                self[column.name].data = column.typed(value)

    def start(self) -> None:
        """Show an empty form, with a row a side where there are signatories."""
        for column in self.columns:
            if isinstance(column, Choice) and column.cleared is not None:
                self[column.name].data = column.cleared.value

    def read(self, reading: Reading) -> Outcome:
        """The values typed; problems are set at their fields."""
        given = {column.name: self._given(column) for column in self.columns}
        outcome = self.table.read(self.columns, given, reading)
        if not outcome.problems:
            outcome.problems.extend(self.table.check(outcome.values, reading))
        for problem in outcome.problems:
            self.show(problem)
        return outcome

    def _given(self, column: Column) -> Any:
        field: Any = self[column.name]
        if not isinstance(column, Items):
            return field.data or ""
        rows = [{part.short_name: part.data or "" for part in entry.form} for entry in field]
        return [row for row in rows if any(row.values())] if _blank_tail(rows) else rows

    def show(self, problem: Problem) -> None:
        """Set a problem at the field that it belongs to."""
        field = self._field(problem.path)
        text = _(problem.message) % problem.values if problem.values else _(problem.message)
        field.errors = [*field.errors, text]
        if problem.candidates:
            field.candidates = [Candidate(c, _candidate_label(c)) for c in problem.candidates]

    def _field(self, path: tuple[str | int, ...]) -> Any:
        name = str(path[0])
        if name not in self:
            return self[self.columns[0].name]
        field: Any = self[name]
        if len(path) == 3 and int(path[1]) < len(field.entries):
            return field.entries[int(path[1])].form[str(path[2])]
        return field

    def change_rows(self, wanted: str) -> None:
        """Add, remove or move a row: `signatures:add`, `signatures:2:remove`, `…:up`, `…:down`."""
        name, *rest = wanted.split(":")
        field = self._fields.get(name)
        if not isinstance(field, FieldList):
            return
        rows = [entry.data for entry in field.entries]
        if rest == ["add"] and len(rows) < MOST_ROWS:
            rows.append({})
        elif len(rest) == 2 and rest[0].isdigit() and int(rest[0]) < len(rows):
            _move(rows, int(rest[0]), rest[1])
        while field.entries:
            field.pop_entry()
        for row in rows:
            field.append_entry(row)


def _candidate_label(text: str) -> str:
    name = text.removesuffix(" #new")
    return _("Add “%(name)s” as new", name=name) if name != text else text


def _blank_tail(rows: list[dict[str, str]]) -> bool:
    """Rows left blank count only where no filled row follows them: their places stay."""
    filled = [any(row.values()) for row in rows]
    return filled == sorted(filled, reverse=True)


def _move(rows: list[Any], index: int, how: str) -> None:
    row = rows.pop(index)
    if how == "up":
        rows.insert(max(index - 1, 0), row)
    elif how == "down":
        rows.insert(index + 1, row)


def _fill_rows(field: Any, column: Items, value: Iterable[Mapping[str, Any]]) -> None:
    while field.entries:
        field.pop_entry()
    for item in value:
        field.append_entry({part.name: part.typed(item[part.name]) for part in column.parts})


def form_class(table: Table) -> type[RecordForm]:
    """A form class with a field for each column that a record holds."""
    columns = tuple(table.stored)
    fields: dict[str, Any] = {column.name: make_field(column) for column in columns}
    return type("TableForm", (RecordForm,), {**fields, "table": table, "columns": columns})


def make_field(column: Column) -> Field:
    """The field in which a column is typed."""
    options: dict[str, Any] = {"description": column.hint}
    if column.required:
        options["validators"] = [Needed()]
    if isinstance(column, Choice):
        choices = [("", "—"), *((m.value, column.word(m)) for m in column.members)]
        return SelectField(column.label, choices=choices, validate_choice=False, **options)
    if isinstance(column, YesNo):
        choices = [("", _l("no")), ("yes", _l("yes"))]
        return SelectField(column.label, choices=choices, validate_choice=False, **options)
    if isinstance(column, Items):
        parts = {part.name: make_field(part) for part in column.parts}
        item = type("ItemForm", (Form,), parts)
        return FieldList(FormField(item), column.label, max_entries=MOST_ROWS)
    if isinstance(column, Paragraphs | Names | References):
        return TextAreaField(column.label, **options)
    if isinstance(column, Dated | Day):
        return DateField(column.label, **options)
    if column.offers:
        kind = type("ReferenceField", (ReferenceField,), {"offers": column.offers})
        made: Field = kind(column.label, **options)
        return made
    return StringField(column.label, **options)


def filter_form(filters: Mapping[str, Filter]) -> type[Form]:
    """The form beside a list."""
    fields: dict[str, Any] = {}
    for name, one in filters.items():
        if one.choices:
            choices = [("", _l("any")), *one.choices]
            fields[name] = SelectField(one.label, choices=choices, validate_choice=False)
        else:
            fields[name] = StringField(one.label)
    return type("FilterForm", (Form,), fields)
