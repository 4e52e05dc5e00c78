"""Columns that point at other records, by id, by name, or by part of a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, or_, select

from tracker.columns.batches import Cells, Origin, Vector, as_it_is
from tracker.columns.cells import Column, Label
from tracker.columns.reading import CellError, Reading
from tracker.text import BEHIND_NAME, LINE, N_, clean_line, fold

CANDIDATES = 8
_NUMBERED = re.compile(r"(?:(?P<name>.*?)\s*#|)(?P<id>\d{1,10})", re.DOTALL)
_NUMBERS = re.compile(r"(?:^|[#|;])\s*(\d{1,10})\s*(?=$|[|;])")
_NEW = re.compile(r"(?P<name>.+?)\s*#new", re.IGNORECASE | re.DOTALL)


def _numbered_names(ids: Vector, names: Vector) -> Vector:
    return [
        None if number is None else f"{name} #{number}"
        for number, name in zip(ids, names, strict=True)
    ]


def _first(ids: Vector, _names: Vector) -> Vector:
    return ids


class Reference(Column):
    """Another record, by `12`, `#12`, `any words #12`, or by its exact title.

    Files hold the bare id. ``wording`` is the attribute by which people know the record.
    """

    bare = True

    def __init__(
        self,
        name: str,
        label: Label,
        model: type[Any],
        *,
        wording: str = "title",
        attribute: str | None = None,
        **options: Any,
    ) -> None:
        self.late = options.pop("late", False)
        super().__init__(name, label, **options)
        self.model = model
        self.wording = wording
        self.attribute = attribute or name

    def format(self, value: Any) -> str:
        return "" if value is None else str(value.id)

    def plain(self, value: Any) -> int | None:
        return None if value is None else int(value.id)

    def fetch(self, origin: Origin) -> Cells:
        return Cells((origin.key(self.attribute),), plain=as_it_is)

    def typed(self, value: Any) -> str:
        return "" if value is None else f"{getattr(value, self.wording)} #{value.id or 'new'}"

    def prepare(self, cells: Iterable[str], reading: Reading) -> None:
        """Fetch the records that cells name by number; of an item's parts, all that may be one."""
        numbers = {int(number) for cell in cells for number in _NUMBERS.findall(cell)}
        reading.fetch(self.model, numbers)

    def parse(self, text: str, reading: Reading) -> Any:
        text = clean_line(text, LINE * 10)
        numbered = _NUMBERED.fullmatch(text)
        if numbered:
            return self._numbered(int(numbered["id"]), reading)
        return reading.once((self.model, "named", text), lambda: self._named(text, reading))

    def _numbered(self, number: int, reading: Reading) -> Any:
        found = reading.numbered(self.model, number)
        if found is None:
            raise CellError(N_("There is no record with the number %(number)s."), number=number)
        return found

    def _named(self, text: str, reading: Reading) -> Any:
        with reading.session.no_autoflush:
            found = list(reading.session.scalars(self._exactly(text).limit(CANDIDATES)))
            if len(found) == 1:
                return found[0]
            near = found or list(reading.session.scalars(self._like(text).limit(CANDIDATES)))
        offered = [*map(self.typed, near), *self.added(text)]
        raise self._unknown(text, several=len(found) > 1).offering(offered)

    def added(self, text: str) -> tuple[str, ...]:
        """What would add a record of this name, where that is possible."""
        return ()

    def _unknown(self, text: str, *, several: bool) -> CellError:
        if several:
            return CellError(N_("Several are called “%(text)s”. Choose one."), text=text)
        return CellError(N_("Nothing is recorded under “%(text)s”."), text=text)

    def _exactly(self, text: str) -> Select[Any]:
        return select(self.model).where(getattr(self.model, self.wording) == text)

    def _like(self, text: str) -> Select[Any]:
        attribute = getattr(self.model, self.wording)
        wanted = func.lower(attribute).contains(text.lower(), autoescape=True)
        return select(self.model).where(wanted).order_by(attribute)


class NameReference(Reference):
    """A record that is found by its name or another name, however the letters are written.

    `Name #12` names one of several, `Name #new` adds one that is not recorded yet. Files hold
    `Name #12`.
    """

    bare = False

    def __init__(
        self, name: str, label: Label, model: type[Any], names: type[Any], **options: Any
    ) -> None:
        super().__init__(name, label, model, wording="name", **options)
        self.names = names

    def format(self, value: Any) -> str:
        return self.typed(value)

    def fetch(self, origin: Origin) -> Cells:
        name = origin.related(self.attribute).text(self.wording)
        return Cells((origin.key(self.attribute), name), _numbered_names, _first)

    def parse(self, text: str, reading: Reading) -> Any:
        text = clean_line(text, LINE + BEHIND_NAME)
        added = _NEW.fullmatch(text)
        if added:
            name = clean_line(added["name"])
            key = (self.model, "new", fold(name), self.owner(reading))
            return reading.once(key, lambda: self.make(name, reading))
        found = super().parse(text, reading)
        numbered = _NUMBERED.fullmatch(text)
        if numbered and numbered["name"]:
            self._same_name(numbered["name"], found)
        return found

    def _same_name(self, name: str, found: Any) -> None:
        wanted = fold(name)
        if wanted == found.name_key:
            return
        if wanted not in {other.name_key for other in found.names}:
            raise CellError(
                N_("Number %(number)s is %(name)s, not “%(text)s”."),
                number=found.id,
                name=found.name,
                text=name,
            )

    def added(self, text: str) -> tuple[str, ...]:
        return (f"{text} #new",)

    def owner(self, reading: Reading) -> object:
        """What a new record belongs to; records of different owners may share a name."""
        return None

    def make(self, name: str, reading: Reading) -> Any:
        """A new record of this name."""
        return self.model(name=name)

    def _exactly(self, text: str) -> Select[Any]:
        return self._matching(lambda key: key == fold(text))

    def _like(self, text: str) -> Select[Any]:
        words = [word for word in fold(text).split() if len(word) > 1] or [fold(text)]
        longest = max(words, key=len)
        return self._matching(lambda key: key.contains(longest, autoescape=True))

    def _matching(self, test: Any) -> Select[Any]:
        foreign = next(iter(self.names.__table__.foreign_keys)).parent
        others = select(foreign).where(test(self.names.name_key))
        return (
            select(self.model)
            .where(or_(test(self.model.name_key), self.model.id.in_(others)))
            .order_by(self.model.name, self.model.id)
        )

    def _unknown(self, text: str, *, several: bool) -> CellError:
        if several:
            return super()._unknown(text, several=True)
        return CellError(
            N_("Nobody is recorded under the name “%(text)s”. Choose, or add it as new."),
            text=text,
        )
