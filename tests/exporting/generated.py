"""Records of every kind made by chance from their own columns: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker.agreements.topics_table import TopicColumn
from tracker.catalogue import TABLES
from tracker.columns import (
    Choice,
    Code,
    Codes,
    Column,
    Dated,
    Day,
    Identity,
    Items,
    Language,
    Line,
    Link,
    Names,
    Paragraphs,
    References,
    Table,
    Whole,
    YesNo,
)
from tracker.columns.references import Reference
from tracker.commitments.columns import Number, Value
from tracker.dates import PartialDate
from tracker.parties.columns import PartyColumn
from tracker.sources.table import Cited, CitedId, FieldNames

COUNT = 40
BITS = [
    *"=+-@'＝＋－＠\";,|\\ #0aZ~/%{}[]<>&",
    *("\\;", "\\|", "''", '""', ";;", "||", "\\\\", " #12", "é", "e\u0301", "ی", "ʻ", "協", "😀"),
    *("\u2028", "\u00a0", "\u200f", "null", "true", "1e3", "_x0041_"),
]
MOST_DAY = 3_652_058


class Chance:
    """Chooses values for columns; each record can be pointed at by those that follow."""

    def __init__(self, seed: int, session: Session) -> None:
        self.random = random.Random(seed)
        self.session = session
        self.made: dict[type[Any], list[Any]] = {}
        self.count = 0

    def text(self, *, lines: bool = False) -> str:
        bits = [*BITS, "\n"] if lines else BITS
        return "".join(self.random.choices(bits, k=self.random.randint(1, 9))).strip() or "."

    def day(self) -> date:
        return date.min + timedelta(days=self.random.randrange(MOST_DAY))

    def partial(self) -> PartialDate:
        day = self.day()
        ways = (
            PartialDate.year(day.year),
            PartialDate.month(day.year, day.month),
            PartialDate.day(day),
        )
        return self.random.choice(ways)

    def number(self) -> Decimal:
        digits = self.random.choice([1, 4, 9, 18])
        whole = self.random.randrange(-(10**digits) + 1, 10**digits)
        return Decimal(whole).scaleb(-self.random.randint(0, 4) if digits < 18 else -4)

    def some(self, model: type[Any]) -> Any:
        return self.random.choice(self.made[model])

    def value(self, column: Column) -> Any:
        """A value that the column may hold; nothing every third time where that may be."""
        if not column.required and self.random.random() < 1 / 3:
            return column.cleared
        for kind, make in self._ways():
            if isinstance(column, kind):
                return make(column)
        raise AssertionError(f"no value for {column.name}")

    def _ways(self) -> Sequence[tuple[Any, Any]]:
        """The narrower kinds of columns stand before the wider ones."""
        chance = self.random
        return (
            (Code, lambda c: self._code(3 if c.name == "alpha3" else 6)),
            (Link, lambda c: f"https://a.example/{chance.randrange(9)}?a=1,2;3"),
            (Language, lambda c: chance.choice(["fa", "uz", "en"])),
            (FieldNames, lambda c: chance.choice(["", "title", "title;kind"])),
            (References, lambda c: "\n".join(self.text() for _ in range(chance.randint(1, 3)))),
            (Paragraphs, lambda c: self.text(lines=True)),
            (Line, lambda c: self.text()),
            (Whole, lambda c: chance.randint(max(c.minimum, -1), c.maximum) or 1),
            (YesNo, lambda c: chance.random() < 0.5),
            (Choice, lambda c: chance.choice([*c.members])),
            (Dated, lambda c: self.partial()),
            (Day, lambda c: self.day()),
            (PartyColumn, lambda c: self.some(TABLES["parties"].model)),
            (TopicColumn, lambda c: self.some(TABLES["topics"].model)),
            (Number, lambda c: self.number()),
            (Value, lambda c: chance.choice([self.number(), self.text()])),
            (Cited, lambda c: None),
            (CitedId, lambda c: chance.choice([("party", 1), ("agreement", 1), ("meeting", 1)])),
            (Reference, lambda c: self.some(c.model)),
            (Names, lambda c: tuple({self.text() for _ in range(chance.randint(0, 3))})),
            (Codes, self._codes),
            (Items, self._items),
        )

    def _code(self, length: int) -> str:
        self.count += 1
        digits = ""
        number = self.count
        while len(digits) < length:
            number, digit = divmod(number, 26)
            digits += chr(ord("A") + digit)
        return digits

    def _codes(self, column: Codes) -> Any:
        if column.part == "language":
            return tuple(self.random.sample(["uz", "fa", "en"], 2))
        model = TABLES["topics" if column.part == "topic" else "parties"].model
        return tuple(self.random.sample(self.made[model], 3))

    def _items(self, column: Items) -> Any:
        found: dict[Any, Any] = {}
        for place in range(self.random.randint(0, 3)):
            item = {part.name: self.value(part) for part in column.parts}
            if item.get("done_on") and "state" in item:
                item["state"] = type(item["state"])("done")
            if "side" in item and item["side"] is None and item.get("person", 0) is None:
                item["person"] = self.some(TABLES["people"].model)
            key = tuple(item[name] for name in column.key) or place
            found[key] = item
        return tuple(found.values())


def _fitting(name: str, values: dict[str, Any], chance: Chance) -> None:
    """Let values be together that the database wants to be."""
    if name == "parties":
        values["existed_until"] = values["existed_from"]
    if name in ("agreements", "commissions"):
        model = TABLES["parties"].model
        values["side_a"], values["side_b"] = chance.random.sample(chance.made[model], 2)
    if name == "agreements" and not values["ended_on"]:
        values["ended_how"] = None
    if name == "commissions":
        for one, other in (("every", "unit"), ("week", "weekday")):
            if values[f"cadence_{one}"] is None or values[f"cadence_{other}"] is None:
                values[f"cadence_{one}"] = values[f"cadence_{other}"] = None
    if name == "meetings":
        _fitting_meeting(values, chance)
    if name == "commitments":
        _fitting_commitment(values, chance)
    if name == "citations" and not values["reasoning"]:
        values["reasoning"] = "so it follows"


def _fitting_meeting(values: dict[str, Any], chance: Chance) -> None:
    values["begins_on"] = values["begins_on"] or chance.partial()
    values["ends_on"] = values["begins_on"]
    values["due_to"] = values["due_from"]
    chance.count += 1
    if values["kind"] == "session":
        values["commission"] = chance.some(TABLES["commissions"].model)
        values |= {"side_a": None, "side_b": None, "number": chance.count}
        return
    sides = chance.random.sample(chance.made[TABLES["parties"].model], 2)
    values |= {"commission": None, "number": None, "side_a": sides[0], "side_b": sides[1]}


def _fitting_commitment(values: dict[str, Any], chance: Chance) -> None:
    sides = chance.random.sample(chance.made[TABLES["parties"].model], 2)
    origin = chance.random.choice(["agreement", "meeting", ""])
    for one in ("agreement", "meeting"):
        values[one] = chance.some(TABLES[f"{one}s"].model) if one == origin else None
    values |= {"side_a": None, "side_b": None, "made_on": None}
    if not origin:
        values |= {"side_a": sides[0], "side_b": sides[1], "made_on": chance.partial()}
    values["unit"] = "%"
    if values["baseline"] is None:
        values["baseline_on"] = None
    known = chance.made.get(TABLES["commitments"].model)
    values["superseded_by"] = known[0] if known and values["status"] == "superseded" else None
    if values["superseded_by"] is None and values["status"] == "superseded":
        values["status"] = None


def record_all(session: Session, seed: int) -> None:
    """Write so many records of each kind; each may point at what was written before it."""
    chance = Chance(seed, session)
    for name, table in TABLES.items():
        for _ in range(COUNT):
            _record(session, table, name, chance)
        session.flush()


def _record(session: Session, table: Table, name: str, chance: Chance) -> None:
    late = {
        column.name for column in table.stored if column.late and not chance.made.get(table.model)
    }
    values = {
        column.name: column.cleared if column.name in late else chance.value(column)
        for column in table.stored
        if not isinstance(column, Identity)
    }
    _fitting(name, values, chance)
    record = table.model()
    session.add(record)
    with session.no_autoflush:
        table.apply(record, values)
    session.flush()
    chance.made.setdefault(table.model, []).append(record)
