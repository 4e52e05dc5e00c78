"""Forms made from a table's columns: the fields take text, the columns read and check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import (
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from tracker.columns import (
    Choice,
    Codes,
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
from tracker.text import whole_number
from tracker.web.companions import Companion
from tracker.web.pages import Filter

MOST_ROWS = 200
# What a field holds: a text, the codes that are ticked, or the rows of a list.
Typed = str | list[str] | list[dict[str, str]]


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


class RepeatedField(ReferenceField):
    """One of the fields of a filter that may stand twice in an address.

    The first one shows what is left over, so that nothing of the address is lost.
    """

    def __init__(self, label: Any, *, place: int = 0, offers: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.place, self.offers = place, offers
        if place:
            self.id = f"{self.id}-{place + 1}"
            self.label.field_id = self.id

    def process_formdata(self, valuelist: list[str]) -> None:
        texts = [part.strip() for text in valuelist for part in text.split(";") if part.strip()]
        parts = [texts[:1] + texts[2:], texts[1:2]][self.place]
        self.data = "; ".join(parts)


@dataclass(frozen=True)
class Candidate:
    """A text that a field would take."""

    value: str
    label: str


class TicksField(SelectMultipleField):
    """Several of a list that is offered as a tree of checkboxes."""


class RecordForm(Form):
    """The form of one record, and of what is recorded along with it; made by `form_class`."""

    version = HiddenField()
    # Of a form that is merged with what somebody else saved (see `conflicts`): the version at
    # which it was opened, and what was typed in fields that hold something else now.
    opened = HiddenField()
    mine = HiddenField()
    table: Table
    columns: tuple[Column, ...]
    companions: tuple[Companion, ...]

    def offer(self, reading: Reading) -> None:
        """Put what can be chosen into the lists of checkboxes."""
        for field, column in self._all_fields():
            if isinstance(field, TicksField) and isinstance(column, Codes):
                field.choices = dict(column.choices(reading))

    def _all_fields(self) -> Iterator[tuple[Any, Column]]:
        for column in self.columns:
            yield self[column.name], column
        for companion in self.companions:
            for column in companion.columns:
                yield self.form_of(companion)[column.name], column

    def form_of(self, companion: Companion) -> Any:
        """The fields of a companion."""
        field: Any = self[companion.name]
        return field.form

    def companion(self, name: str) -> Companion | None:
        """The companion of this name."""
        return next((one for one in self.companions if one.name == name), None)

    def is_filled(self, names: Iterable[str]) -> bool:
        """Whether one of these columns holds something, or something wrong."""
        return any(bool(self[name].data) or bool(self[name].errors) for name in names)

    def fill(self, record: Any) -> None:
        """Show what a record holds."""
        self.start()
        self.version.data = str(record.version)
        for column in self.columns:
            self.put(column, typed_of(column, record))

    def put(self, column: Column, typed: Typed) -> None:
        """Let a field hold what was typed, or what a record holds."""
        field: Any = self[column.name]
        if not isinstance(column, Items):
            field.data = typed
            return
        while field.entries:
            field.pop_entry()
        for row in typed:
            field.append_entry(row)

    def start(self, given: Mapping[str, str] | None = None) -> None:
        """Show an empty form, with what the address brought along."""
        for column in self.columns:
            field: Any = self[column.name]
            if isinstance(column, Items):
                for row in column.start:
                    field.append_entry(dict(row))
            elif given and column.name in given and not isinstance(field, TicksField):
                field.data = given[column.name]
            elif isinstance(column, Choice) and column.offered is not None:
                field.data = column.offered.value
        for companion in self.companions:
            for name, text in companion.preset.items():
                self.form_of(companion)[name].data = text

    def read(self, reading: Reading) -> Outcome:
        """The values typed; problems are set at their fields."""
        given = {column.name: self.typed(column) for column in self.columns}
        outcome = self.table.read(self.columns, given, reading)
        if self.columns and not outcome.problems:
            outcome.problems.extend(self.table.check(outcome.values, reading))
        for companion in self.companions:
            self._read_companion(companion, reading, outcome)
        for problem in outcome.problems:
            self.show(problem)
        return outcome

    def _read_companion(self, companion: Companion, reading: Reading, outcome: Outcome) -> None:
        form = self.form_of(companion)
        given = {column.name: form[column.name].data or "" for column in companion.columns}
        if all(_is_as_preset(text, companion.preset.get(name)) for name, text in given.items()):
            return
        values = dict(outcome.values)
        found = companion.read(given, reading, values)
        outcome.problems.extend(
            replace(p, path=(companion.name, companion.field_of(str(p.path[0]))))
            for p in found.problems
        )
        outcome.companions[companion.name] = found.values

    def attach(self, session: Session, record: Any, outcome: Outcome) -> None:
        """Record what was typed along with a record that is in the session already."""
        made: list[Any] = []
        for companion in self.companions:
            if companion.name in outcome.companions:
                found = outcome.companions[companion.name]
                made.extend(companion.attach(session, record, made, found))

    def typed(self, column: Column) -> Any:
        """What a field holds, without the rows that nobody filled in."""
        field: Any = self[column.name]
        if isinstance(column, Names):
            return (field.data or "").replace("\r\n", "\n").split("\n")
        if not isinstance(column, Items):
            return field.data or ""
        rows = [{part.short_name: part.data or "" for part in entry.form} for entry in field]
        # Rows that nobody filled in are left out, and problems find their places all the same.
        kept = [place for place, row in enumerate(rows) if not column.is_blank(row)]
        self._places[column.name] = kept
        return [rows[place] for place in kept]

    def show(self, problem: Problem) -> None:
        """Set a problem at the field that it belongs to."""
        field = self._field(problem.path)
        text = _(problem.message) % problem.values if problem.values else _(problem.message)
        field.errors = [*field.errors, text]
        around: Any = self[str(problem.path[0])] if len(problem.path) == 3 else None
        if around is not None and around is not field:
            # As WTForms does: a list knows that something in it is wrong.
            around.errors = [*around.errors, {str(problem.path[2]): [text]}]
        if problem.candidates:
            field.candidates = [Candidate(c, _candidate_label(c)) for c in problem.candidates]

    def _field(self, path: tuple[str | int, ...]) -> Any:
        name = str(path[0])
        if name not in self:
            return next(iter(self._all_fields()))[0]
        field: Any = self[name]
        if len(path) == 2 and isinstance(field, FormField):
            return field.form[str(path[1])]
        if len(path) == 3:
            places = self._places.get(name, [])
            place = places[int(path[1])] if int(path[1]) < len(places) else len(field.entries)
            if place < len(field.entries):
                return field.entries[place].form[str(path[2])]
        return field

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """For each list, which rows of the form its items stand in."""
        return {}

    def change_rows(self, wanted: str) -> None:
        """Add, remove or move a row: `hosts:add`, `signatories:add:B`, `hosts:2:up`, `…:down`."""
        name, *rest = wanted.split(":")
        field = self._fields.get(name)
        if not isinstance(field, FieldList):
            return
        rows = [entry.data for entry in field.entries]
        if rest[:1] == ["add"] and len(rows) < MOST_ROWS:
            rows.append({"side": rest[1]} if len(rest) == 2 else {})
        elif len(rest) == 2 and (place := whole_number(rest[0], len(rows) - 1)) is not None:
            _move(rows, place, rest[1])
        while field.entries:
            field.pop_entry()
        for row in rows:
            field.append_entry(row)


def _is_as_preset(typed: str | list[str], preset: str | None) -> bool:
    return not typed if isinstance(typed, list) else typed.strip() in ("", preset)


def _candidate_label(text: str) -> str:
    name = text.removesuffix(" #new")
    return _("Add “%(name)s” as new", name=name) if name != text else text


def _move(rows: list[Any], index: int, how: str) -> None:
    row = rows.pop(index)
    if how == "up":
        rows.insert(max(index - 1, 0), row)
    elif how == "down":
        rows.insert(index + 1, row)


def typed_of(column: Column, record: Any) -> Typed:
    """What a field holds that shows a column of a record."""
    value = column.get(record)
    if isinstance(column, Items):
        return [{part.name: part.typed(item[part.name]) for part in column.parts} for item in value]
    if isinstance(column, Codes) and column.ticked:
        return column.format(value).split(";")
    return column.typed(value)


def form_class(
    table: Table, companions: Sequence[Companion] = (), *, own: bool = True
) -> type[RecordForm]:
    """A form class with a field for each column that a record holds, and for its companions.

    Without `own` it has the companions only.
    """
    columns = tuple(table.stored) if own else ()
    fields: dict[str, Any] = {column.name: make_field(column) for column in columns}
    for companion in companions:
        parts = {c.name: make_field(c, needed=False) for c in companion.columns}
        form = type("CompanionForm", (Form,), parts)
        fields[companion.name] = FormField(form, companion.legend)
    names = {"table": table, "columns": columns, "companions": tuple(companions)}
    return type("TableForm", (RecordForm,), {**fields, **names})


def make_field(column: Column, *, needed: bool = True) -> Field:
    """The field in which a column is typed; `needed` marks it when the column is required."""
    options: dict[str, Any] = {"description": column.hint}
    if column.required and needed:
        options["validators"] = [Needed()]
    if isinstance(column, Choice):
        choices = [(m.value, column.word(m)) for m in column.members]
        if column.cleared is None:
            choices.insert(0, ("", "—"))
        else:
            options["default"] = column.cleared.value
        return SelectField(column.label, choices=choices, validate_choice=False, **options)
    if isinstance(column, YesNo):
        choices = [("", _l("no")), ("yes", _l("yes"))]
        return SelectField(column.label, choices=choices, validate_choice=False, **options)
    if isinstance(column, Items):
        parts = {part.name: make_field(part) for part in column.parts}
        item = type("ItemForm", (Form,), parts)
        return FieldList(FormField(item), column.label, max_entries=MOST_ROWS)
    if isinstance(column, Codes) and column.ticked:
        return TicksField(column.label, choices=[], validate_choice=False, **options)
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
        elif one.repeats:
            fields[name] = RepeatedField(one.label, offers=one.offers)
            fields[f"{name}_2"] = RepeatedField(
                _l("and with"), name=name, place=1, offers=one.offers
            )
        elif one.offers:
            kind = type("ReferenceField", (ReferenceField,), {"offers": one.offers})
            fields[name] = kind(one.label)
        else:
            fields[name] = StringField(one.label)
    return type("FilterForm", (Form,), fields)
