"""Columns that hold lists: other names, and items made of several parts.

In a file, items are parted by `;` and an item's parts by `|`; a backslash before one of these
(or before itself) makes it an ordinary character, and is one itself before anything else. Empty
parts at an item's end are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from tracker.columns.batches import Cells, Listed, Origin, Vector, as_it_is
from tracker.columns.cells import Column, Label
from tracker.columns.reading import CellError, ItemErrors, Problem, Reading
from tracker.text import LINE, N_, Refusal, clean_line

MOST_ITEMS = 500
Choices = Mapping[str, Sequence[tuple[str, str]]]


def split_items(text: str) -> list[list[str]]:
    """Take a cell apart into items and their parts."""
    whole = _split_escaped(text) if "\\" in text else [i.split("|") for i in text.split(";")]
    stripped = [[part.strip() for part in item] for item in whole]
    return [item for item in stripped if any(item)]


def _split_escaped(text: str) -> list[list[str]]:
    items: list[list[str]] = [[""]]
    escaped = False
    for character in text:
        if escaped:
            items[-1][-1] += character if character in "\\;|" else "\\" + character
            escaped = False
        elif character not in "\\;|":
            items[-1][-1] += character
        elif character == "\\":
            escaped = True
        elif character == ";":
            items.append([""])
        else:
            items[-1].append("")
    if escaped:
        items[-1][-1] += "\\"
    return items


def join_items(items: Sequence[Sequence[str]]) -> str:
    """Put items and their parts together into a cell."""
    return ";".join("|".join(map(_escape, _trimmed(item))) for item in items)


def _escape(part: str) -> str:
    for character in "\\;|":
        if character in part:
            part = part.replace(character, "\\" + character)
    return part


def _escaped(texts: Vector) -> Vector:
    return [_escape(text) if text else "" for text in texts]


def _bare(texts: Vector) -> Vector:
    return ["" if text is None else str(text) for text in texts]


def _item(parts: Sequence[str]) -> str:
    """An item of parts that are escaped already."""
    return "|".join(parts if parts[-1] else _trimmed(parts))


def _trimmed(parts: Sequence[str]) -> Sequence[str]:
    end = len(parts)
    while end and not parts[end - 1]:
        end -= 1
    return parts[:end]


class Items(Column):
    """A list of rows of another table, in order: signatures, hosts, co-chairs.

    A value is a tuple of mappings from part names to part values. ``key`` names the parts by
    which a row that is there already is known again, so that it stays when the list changes.
    ``start`` holds the texts of the rows that an empty form begins with. The rows of a ``steady``
    list have addresses of their own: one that is edited in its place stays the same row.
    """

    cleared: Any = ()

    def __init__(
        self,
        name: str,
        label: Label,
        *,
        attribute: str,
        model: type[Any],
        parts: Sequence[Column],
        key: Sequence[str] = (),
        late: bool = False,
        hint: Label = "",
        start: Sequence[Mapping[str, str]] = (),
        steady: bool = False,
    ) -> None:
        super().__init__(name, label, hint=hint)
        self.attribute = attribute
        self.model = model
        self.parts = tuple(parts)
        self.key = tuple(key)
        self.late = late
        self.start = tuple(start)
        self.steady = steady

    def prepare(self, cells: Iterable[str], reading: Reading) -> None:
        cells = list(filter(None, cells))
        for part in self.parts:
            part.prepare(cells, reading)

    @property
    def sided(self) -> bool:
        """Whether each item belongs to one of the two sides."""
        return any(part.name == "side" and part.required for part in self.parts)

    def is_blank(self, row: Mapping[str, str]) -> bool:
        """Whether nobody filled in a form's row: a side, or what is preset, is not enough."""
        preset = {part.name: part.format(part.cleared) for part in self.parts}
        return all(not text or name == "side" or text == preset[name] for name, text in row.items())

    def parse(self, text: str, reading: Reading) -> Any:
        rows = []
        for item in split_items(text):
            if len(item) > len(self.parts):
                raise CellError(
                    N_("“%(item)s” has more than %(most)s parts."),
                    item="|".join(item),
                    most=len(self.parts),
                )
            rows.append(dict(zip((part.name for part in self.parts), item, strict=False)))
        return self.read_items(rows, reading)

    def read_items(self, rows: Sequence[Mapping[str, str]], reading: Reading) -> Any:
        """Read items that are taken apart already, as forms have them; raises ItemErrors."""
        if len(rows) > MOST_ITEMS:
            raise CellError(N_("These are more than %(most)s items."), most=MOST_ITEMS)
        problems: list[Problem] = []
        items = [self._read_item(index, row, reading, problems) for index, row in enumerate(rows)]
        problems.extend(self._twice(items))
        if problems:
            raise ItemErrors(problems)
        return tuple(items)

    def _read_item(
        self, index: int, row: Mapping[str, str], reading: Reading, problems: list[Problem]
    ) -> dict[str, Any]:
        item: dict[str, Any] = {}
        reading.item = item
        for part in self.parts:
            try:
                item[part.name] = part.read(row.get(part.name, ""), reading)
            except Refusal as refusal:
                problems.append(Problem.of((index, part.name), refusal))
        return item

    def _twice(self, items: Sequence[Mapping[str, Any]]) -> list[Problem]:
        seen: set[tuple[Any, ...]] = set()
        problems = []
        for index, item in enumerate(items):
            key = tuple(item.get(name) for name in self.key)
            if self.key and key in seen and None not in key:
                problems.append(Problem((index, self.key[-1]), N_("This is in the list twice.")))
            seen.add(key)
        return problems

    def format(self, value: Any) -> str:
        return join_items(
            [[part.format(item[part.name]) for part in self.parts] for item in value or ()]
        )

    def get(self, record: Any) -> Any:
        rows = getattr(record, self.attribute)
        return tuple({part.name: part.get(row) for part in self.parts} for row in rows)

    def set(self, record: Any, value: Any) -> None:
        before = list(getattr(record, self.attribute))
        old = list(before)
        known = [self._known(old, item) for item in value]
        rows = []
        for position, item in enumerate(value):
            row = known[position]
            if row is None and self.steady and position < len(before) and before[position] in old:
                row = before[position]
            row = row or self.model()
            for part in self.parts:
                part.set(row, item[part.name])
            row.position = position
            rows.append(row)
        setattr(record, self.attribute, rows)

    def fetch(self, origin: Origin) -> Listed:
        cells: list[Cells] = []

        def ask(rows: Origin) -> Sequence[Any]:
            for part in self.parts:
                found = part.fetch(rows)
                assert isinstance(found, Cells), f"{self.name}: a list within a list"
                cells.append(found)
            return [one for found in cells for one in found.asked]

        def items(*vectors: Vector) -> Vector:
            given = iter(vectors)
            parts = []
            for part, one in zip(self.parts, cells, strict=True):
                texts = one.texts(*islice(given, len(one.asked)))
                parts.append(_bare(texts) if part.bare else _escaped(texts))
            return [_item(item) for item in zip(*parts, strict=True)]

        return Listed(origin.listed(self.attribute, self.model, ask), items)

    def _known(self, old: list[Any], item: Mapping[str, Any]) -> Any:
        """Take the row that this item was before out of the old ones."""
        for row in old:
            values = {part.name: part.get(row) for part in self.parts}
            if all(values[name] == item[name] for name in self.key or values):
                old.remove(row)
                return row
        return None


class Names(Column):
    """Other names of a record, `;`-parted in a file and one a line in a form."""

    cleared: Any = ()

    def __init__(self, name: str, label: Label, model: type[Any], *, hint: Label = "") -> None:
        super().__init__(name, label, hint=hint)
        self.model = model

    def parse(self, text: str, reading: Reading) -> Any:
        return self.read_items(["|".join(item) for item in split_items(text)], reading)

    def read_items(self, lines: Sequence[str], reading: Reading) -> Any:
        """Read names that are taken apart already: in a form, a line is a name as it is."""
        names = [clean_line(line, LINE) for line in lines]
        return tuple(dict.fromkeys(name for name in names if name))

    def format(self, value: Any) -> str:
        return join_items([[name] for name in value or ()])

    def plain(self, value: Any) -> list[str]:
        return list(value)

    def typed(self, value: Any) -> str:
        return "\n".join(value or ())

    def get(self, record: Any) -> Any:
        return tuple(row.name for row in record.names)

    def set(self, record: Any, value: Any) -> None:
        old = {row.name: row for row in record.names}
        rows = []
        for position, name in enumerate(value):
            row = old.get(name) or self.model(name=name)
            row.position = position
            rows.append(row)
        record.names = rows

    def fetch(self, origin: Origin) -> Listed:
        query = origin.listed("names", self.model, lambda rows: [rows.text("name")])
        return Listed(query, _escaped, as_it_is)


class Codes(Column):
    """A list of codes that each name one thing: languages, topics, territories."""

    cleared: Any = ()

    def __init__(
        self,
        name: str,
        label: Label,
        *,
        attribute: str,
        model: type[Any],
        part: str,
        find: Callable[[str, Reading], Any],
        show: Callable[[Any], str],
        offer: Callable[[Reading], Choices] | None = None,
        hint: Label = "",
    ) -> None:
        super().__init__(name, label, hint=hint)
        self.offer = offer
        self.attribute = attribute
        self.model = model
        self.part = part
        self.find = find
        self.show = show

    def parse(self, text: str, reading: Reading) -> Any:
        found = [self.find(item[0], reading) for item in split_items(text.replace("\n", ";"))]
        return tuple(dict.fromkeys(found))

    @property
    def ticked(self) -> bool:
        """Whether a form offers all there are, to be ticked."""
        return self.offer is not None

    def choices(self, reading: Reading) -> Choices:
        """All there are, by group: pairs of code and name."""
        return self.offer(reading) if self.offer else {}

    def read_items(self, codes: Sequence[str], reading: Reading) -> Any:
        """Read what was ticked; what the record has already keeps its place in the order."""
        found = dict.fromkeys(self.find(code, reading) for code in codes if code)
        before = self.get(reading.record) if reading.record is not None else ()
        kept = [one for one in before if one in found]
        return (*kept, *(one for one in found if one not in kept))

    def format(self, value: Any) -> str:
        return ";".join(self.show(one) for one in value or ())

    def plain(self, value: Any) -> list[str]:
        return [self.show(one) for one in value]

    def get(self, record: Any) -> Any:
        return tuple(getattr(row, self.part) for row in getattr(record, self.attribute))

    def set(self, record: Any, value: Any) -> None:
        old = {getattr(row, self.part): row for row in getattr(record, self.attribute)}
        rows = []
        for position, one in enumerate(value):
            row = old.get(one) or self.model(**{self.part: one})
            row.position = position
            rows.append(row)
        setattr(record, self.attribute, rows)

    def fetch(self, origin: Origin) -> Listed:
        """What a row names is shown by its code, or is one."""

        def ask(rows: Origin) -> Sequence[Any]:
            named = self.part in rows.mapper.relationships
            return [rows.related(self.part).text("code") if named else rows.text(self.part)]

        return Listed(origin.listed(self.attribute, self.model, ask), as_it_is, as_it_is)
