"""Columns that hold one value: text, numbers, dates, codes, members of closed lists."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

from babel import Locale
from flask_babel import lazy_gettext as _l

from tracker.columns.batches import Cells, Listed, Origin, Vector, as_it_is
from tracker.columns.reading import CellError, Reading
from tracker.dates import PartialDate, read_date
from tracker.text import LINE, N_, PARAGRAPHS, TITLE, clean_line, clean_paragraphs

Label = Any  # a lazy translation


def _partial_texts(firsts: Vector, lasts: Vector) -> Vector:
    """What `PartialDate.iso` says of dates whose two days are given as texts."""
    return [
        first if first == last else first[: 7 if first[:7] == last[:7] else 4]
        for first, last in zip(firsts, lasts, strict=True)
    ]


class Column:
    """One column of a record: its header, and the way between text and value.

    ``required`` columns may not be empty. ``late`` ones point at records of the same table, so
    an import reads them when every row is there. ``derived`` ones are written but never read.
    ``cleared`` is the value of an empty cell; ``offers`` names the records to choose from. A record
    holds the value in its ``attribute``. No text of a ``bare`` one begins like a formula or holds a
    mark that parts lists.
    """

    late = False
    bare = False
    derived = False
    cleared: Any = None
    offers = ""

    def __init__(
        self,
        name: str,
        label: Label,
        *,
        required: bool = False,
        hint: Label = "",
        offers: str = "",
    ) -> None:
        self.offers = offers or self.offers
        self.name = name
        self.attribute = name
        self.label = label
        self.required = required
        self.hint = hint

    def prepare(self, cells: Iterable[str], reading: Reading) -> None:
        """Have at hand what these cells will ask for; many rows of a file are read together."""

    def read(self, text: str, reading: Reading) -> Any:
        """The value that a cell means; raises CellError (or ItemErrors for a list)."""
        if text.strip():
            return self.parse(text, reading)
        if self.required:
            raise CellError(N_("This is empty. It is needed."))
        return self.cleared

    def parse(self, text: str, reading: Reading) -> Any:
        """The value of a cell that is not blank."""
        raise NotImplementedError

    def format(self, value: Any) -> str:
        """The text of a value, as files hold it."""
        return "" if value is None else str(value)

    def plain(self, value: Any) -> Any:
        """What JSON holds of a value: the text of its cell where JSON has nothing simpler."""
        return self.format(value) or None

    def typed(self, value: Any) -> str:
        """The text of a value, as a form shows it to be changed."""
        return self.format(value)

    def get(self, record: Any) -> Any:
        """The value that a record holds."""
        return getattr(record, self.attribute)

    def set(self, record: Any, value: Any) -> None:
        """Let a record hold a value."""
        setattr(record, self.attribute, value)

    def fetch(self, origin: Origin) -> Cells | Listed:
        """The same texts and JSON values as `format` and `plain` give, for a batch of rows."""
        return Cells((origin.text(self.attribute),))


class Line(Column):
    """Text on one line."""

    def __init__(
        self,
        name: str,
        label: Label,
        *,
        required: bool = False,
        hint: Label = "",
        limit: int = LINE,
    ) -> None:
        super().__init__(name, label, required=required, hint=hint)
        self.limit = limit

    def parse(self, text: str, reading: Reading) -> str:
        return clean_line(text, self.limit)


class Paragraphs(Line):
    """Text that may have several lines."""

    def __init__(
        self, name: str, label: Label, *, required: bool = False, hint: Label = ""
    ) -> None:
        super().__init__(name, label, required=required, hint=hint, limit=PARAGRAPHS)

    def parse(self, text: str, reading: Reading) -> str:
        return clean_paragraphs(text, self.limit)


class References(Column):
    """References to series, one a line on the page and `;`-parted in a file."""

    def __init__(self, name: str, label: Label, attribute: str, *, hint: Label = "") -> None:
        super().__init__(name, label, hint=hint)
        self.attribute = attribute

    def parse(self, text: str, reading: Reading) -> str | None:
        lines = (clean_line(line, TITLE) for line in re.split(r"[;\n]", text))
        return "\n".join(line for line in lines if line) or None

    def format(self, value: Any) -> str:
        return ";".join(value.split("\n")) if value else ""

    def plain(self, value: Any) -> list[str]:
        return value.split("\n") if value else []

    def typed(self, value: Any) -> str:
        return value or ""

    def fetch(self, origin: Origin) -> Cells:
        return Cells(
            (origin.text(self.attribute),),
            lambda texts: [text and text.replace("\n", ";") for text in texts],
            lambda texts: [text.split("\n") if text else [] for text in texts],
        )


class Code(Line):
    """A short code in capitals."""

    def __init__(self, name: str, label: Label, pattern: str, wanted: str, **options: Any) -> None:
        super().__init__(name, label, **options)
        self.pattern = re.compile(pattern)
        self.wanted = wanted

    def parse(self, text: str, reading: Reading) -> str:
        code = clean_line(text).upper()
        if not self.pattern.fullmatch(code):
            raise CellError(
                N_("“%(code)s” is no such code. %(wanted)s"), code=code, wanted=self.wanted
            )
        return code


class Link(Line):
    """The address of a page on the web: http or https, and nothing else."""

    def __init__(self, name: str, label: Label, *, hint: Label = "") -> None:
        super().__init__(name, label, hint=hint, limit=TITLE)

    def parse(self, text: str, reading: Reading) -> str:
        address = clean_line(text, self.limit)
        if not is_web_address(address):
            raise CellError(
                N_("This is no web address. Write it in full, beginning with https:// or http://.")
            )
        return address


def is_web_address(address: str) -> bool:
    """Whether a link may be stored and shown: http or https, a host, no blanks."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    lower = address.startswith(("http://", "https://"))
    return lower and bool(host) and not re.search(r"[\s<>\"\\^`{}|]", address)


class Language(Line):
    """A language by its ISO 639 code; its English name is understood, too."""

    def parse(self, text: str, reading: Reading) -> str:
        return language_code(text)


@lru_cache(1_000)
def language_code(text: str) -> str:
    """The ISO 639 code of a language given by code or by English name."""
    wanted = clean_line(text).lower()
    names = Locale("en").languages
    if re.fullmatch(r"[a-z]{2,3}", wanted) and wanted in names:
        return wanted
    for code, name in names.items():
        if name.lower() == wanted and len(code) <= 3:
            return str(code)
    raise CellError(
        N_("“%(text)s” is no language that is known here. Write its code, such as en, fa or uz."),
        text=text,
    )


class Whole(Column):
    """A whole number between two bounds."""

    def __init__(self, name: str, label: Label, minimum: int, maximum: int, **options: Any) -> None:
        super().__init__(name, label, **options)
        self.minimum = minimum
        self.maximum = maximum
        self.bare = minimum >= 0

    def parse(self, text: str, reading: Reading) -> int:
        text = text.strip()
        number = int(text) if re.fullmatch(r"[-+]?\d{1,15}", text) else None
        if number is None or not self.minimum <= number <= self.maximum:
            raise CellError(
                N_("Write a whole number from %(minimum)s to %(maximum)s."),
                minimum=self.minimum,
                maximum=self.maximum,
            )
        return number

    def plain(self, value: Any) -> Any:
        return value

    def fetch(self, origin: Origin) -> Cells:
        return Cells((origin.column(self.attribute),), plain=as_it_is)


class Identity(Whole):
    """The id of a record."""

    def __init__(self) -> None:
        super().__init__("id", _l("Id"), 1, 2_000_000_000)


class YesNo(Column):
    """Yes, or empty."""

    cleared = False
    bare = True

    def parse(self, text: str, reading: Reading) -> bool:
        word = text.strip().lower()
        if word in ("yes", "y", "true", "1"):
            return True
        if word in ("no", "n", "false", "0"):
            return False
        raise CellError(N_("Write yes or no."))

    def format(self, value: Any) -> str:
        return "yes" if value else ""

    def plain(self, value: Any) -> bool:
        return bool(value)

    def fetch(self, origin: Origin) -> Cells:
        return Cells(
            (origin.column(self.attribute),),
            lambda values: ["yes" if value else None for value in values],
            lambda values: [bool(value) for value in values],
        )


class Choice(Column):
    """A member of a closed list; ``offered`` is the one that a new form begins with."""

    bare = True

    def __init__(
        self,
        name: str,
        label: Label,
        members: type[enum.StrEnum],
        words: dict[Any, Label],
        *,
        default: enum.StrEnum | None = None,
        offered: enum.StrEnum | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name, label, **options)
        self.members = members
        self.by_value = {member.value.lower(): member for member in members}
        self.words = words
        self.cleared = default
        self.offered = offered or default

    def parse(self, text: str, reading: Reading) -> enum.StrEnum:
        wanted = text.strip().lower().replace(" ", "-").replace("_", "-")
        member = self.by_value.get(wanted)
        if member is None:
            raise CellError(
                N_("“%(text)s” is not in the list. Choose one of: %(choices)s."),
                text=text.strip(),
                choices=", ".join(self.members),
            )
        return member

    def word(self, member: enum.StrEnum) -> Label:
        """What a page calls a member."""
        return self.words[member]


class Dated(Column):
    """A date as precisely as it is known: 2022, 2022-03 or 2022-03-09."""

    bare = True

    def parse(self, text: str, reading: Reading) -> PartialDate | None:
        return read_date(text)

    def format(self, value: Any) -> str:
        return "" if value is None else str(value.iso())

    def fetch(self, origin: Origin) -> Cells:
        return Cells(origin.span(self.attribute), _partial_texts, _partial_texts)


class Day(Column):
    """One end of a period: a year or month means its first or its last day."""

    bare = True

    def __init__(
        self, name: str, label: Label, end: Literal["first", "last"], *, hint: Label = ""
    ) -> None:
        super().__init__(name, label, hint=hint)
        self.end = end

    def parse(self, text: str, reading: Reading) -> date | None:
        found = read_date(text)
        if found is None:
            return None
        day: date = getattr(found, self.end)
        return day

    def format(self, value: Any) -> str:
        return "" if value is None else str(value.isoformat())

    def fetch(self, origin: Origin) -> Cells:
        return Cells((origin.day(self.attribute),))


class Derived(Column):
    """A column that follows from others: written, never read."""

    derived = True

    def read(self, text: str, reading: Reading) -> None:
        return None

    def set(self, record: Any, value: Any) -> None:
        raise AssertionError(f"{self.name} is derived")

    def fetch(self, origin: Origin) -> Cells | Listed:
        raise NotImplementedError(f"how {self.name} follows from rows is not said")
