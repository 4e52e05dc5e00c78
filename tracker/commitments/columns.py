"""Columns that only commitments have: exact numbers, values observed, the two parties."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func

from tracker.columns import CellError, Column, Dated, Derived, Reading
from tracker.columns.batches import Cells, Origin, Vector
from tracker.columns.cells import Label
from tracker.columns.references import Reference
from tracker.db import Exact
from tracker.text import N_, TITLE, clean_line

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)
_MEANS_A_NUMBER = re.compile(r"[-+−.,٫]*\d")
WORDING = 80


def read_number(text: str) -> Decimal:
    """The exact number that a text means; raises CellError.

    A point parts the decimals; digits may be of any script. A comma is refused: it parts
    thousands for one reader and decimals for the other.
    """
    plain = _plain(text)
    if not _NUMBER.fullmatch(plain):
        raise CellError(
            N_("“%(text)s” is no number. Write digits, and a point before decimals: 1200.5."),
            text=text.strip(),
        )
    number = Decimal(plain)
    if number.copy_abs() > Exact.MOST or -_exponent(number) > Exact.PLACES:
        raise CellError(
            N_(
                "A number has at most 14 digits before the point and 4 behind it. "
                "Use a larger or a smaller unit."
            )
        )
    return number


def _plain(text: str) -> str:
    """ASCII digits, hyphen and point for their like in other scripts."""
    line = clean_line(text).replace("\u2212", "-").replace("٫", ".")
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in line)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def plain_number(number: Decimal) -> str:
    """A number with a point, without thousands marks and noughts at its end."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


class Number(Column):
    """An exact decimal number."""

    def parse(self, text: str, reading: Reading) -> Decimal:
        return read_number(text)

    def format(self, value: Any) -> str:
        return "" if value is None else plain_number(value)

    def fetch(self, origin: Origin) -> Cells:
        def texts(numbers: Vector) -> Vector:
            return [None if number is None else plain_number(number) for number in numbers]

        return Cells((origin.column(self.attribute),), texts, texts)


class OwnDate(Dated):
    """The day on which it was made, where no agreement or meeting tells it."""

    def __init__(self, name: str, label: Label) -> None:
        super().__init__(name, label)
        self.attribute = f"own_{name}"


class Value(Column):
    """What an observation found: a number in the commitment's unit, or words."""

    def read(self, text: str, reading: Reading) -> Any:
        if not text.strip():
            raise CellError(
                N_("An observation has a value: a number, or a word such as begun. Write it.")
            )
        return self.parse(text, reading)

    def parse(self, text: str, reading: Reading) -> Decimal | str:
        if not _MEANS_A_NUMBER.match(text.strip()):
            return clean_line(text, TITLE)
        if not _NUMBER.fullmatch(_plain(text)):
            raise CellError(
                N_(
                    "“%(text)s” begins like a number and is none. Write digits, and a point before "
                    "decimals: 1200.5. Words begin with a letter."
                ),
                text=text.strip(),
            )
        return read_number(text)

    def format(self, value: Any) -> str:
        return plain_number(value) if isinstance(value, Decimal) else str(value)

    def fetch(self, origin: Origin) -> Cells:
        def texts(numbers: Vector, words: Vector) -> Vector:
            return [
                word if number is None else plain_number(number)
                for number, word in zip(numbers, words, strict=True)
            ]

        return Cells((origin.column("value"), origin.text("word")), texts, texts)

    def get(self, record: Any) -> Any:
        return record.word if record.value is None else record.value

    def set(self, record: Any, value: Any) -> None:
        record.value = value if isinstance(value, Decimal) else None
        record.word = None if isinstance(value, Decimal) else value


class Worded(Reference):
    """A record that people know by a text or a description, shortened; the number decides."""

    def __init__(self, *arguments: Any, describe: Any = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.describe = describe

    def typed(self, value: Any) -> str:
        if value is None:
            return ""
        said = self.describe(value) if self.describe else getattr(value, self.wording)
        return f"{shortened(said)} #{value.id or 'new'}"


def shortened(text: str, most: int = WORDING) -> str:
    """A text on one line, cut after a word where it is long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1].rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:.") + "…"


class BothParties(Derived):
    """The two parties between which it was promised, wherever that is recorded."""

    def get(self, record: Any) -> Any:
        return (record.side_a, record.side_b)

    def format(self, value: Any) -> str:
        return ";".join(party.code for party in value)

    def fetch(self, origin: Origin) -> Cells:
        meeting = origin.related("meeting")
        ways = (origin.related("agreement"), meeting.related("commission"))

        def code(side: str) -> ColumnElement[str]:
            told = [way.related(side).text("code") for way in ways]
            own = [one.related(f"own_{side}").text("code") for one in (meeting, origin)]
            return func.coalesce(*told, *own)

        return Cells((code("side_a") + ";" + code("side_b"),))
