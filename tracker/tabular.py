"""Mechanics of CSV (RFC 4180): checked rows with their numbers in, streamed bytes out; and of JSON.

Knows no feature. Files are UTF-8 with a byte order mark, lines end in CRLF, the first row is the
header. A cell that a spreadsheet would run as a formula is led by an apostrophe on the way out,
and exactly that apostrophe is taken off on the way in.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.text import N_, Refusal

CHUNK = 64 * 1024
CELL_LIMIT = 1_000_000
BOM = codecs.BOM_UTF8
RISKY = frozenset("=+-@\t\r\n\0＝＋－＠'")


class FileRefused(Refusal):
    """The file as a whole cannot be read as a table."""


@dataclass(frozen=True)
class Row:
    """One row of a file: its number as a spreadsheet counts (the header is row 1), its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A file that was read: its header, and its rows without the blank ones."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


class SheetFile:
    """A file whose rows are read each time they are asked for, and never held all at once.

    ``size`` is that of the file in bytes, ``position`` how many of them were read so far.
    Raises FileRefused with a plain reason, at the beginning or at the row that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.position = 0
        self.header = _header(next(self._read(), None))

    @property
    def rows(self) -> Iterator[Row]:
        """The rows behind the header, without the blank ones."""
        rows = self._read()
        next(rows, None)
        return rows

    def _read(self) -> Iterator[Row]:
        with self.path.open("rb") as file:
            _check_kind(file.read(8))
            file.seek(0)
            text = io.TextIOWrapper(file, "utf-8-sig", newline="")
            try:
                for row in _rows(csv.reader(text, strict=True)):
                    self.position = file.tell()
                    yield row
            except UnicodeDecodeError:
                raise _not_utf8(_first_row_not_utf8(self.path)) from None
            self.position = self.size


def guard(cell: str) -> str:
    """Lead a cell by an apostrophe where a spreadsheet would run it, or would eat its own."""
    return "'" + cell if cell and cell[0] in RISKY else cell


def unguard(cell: str) -> str:
    """Take off the apostrophe that `guard` put there, and no other."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in RISKY else cell


def read_sheet(content: bytes) -> Sheet:
    """Read a whole CSV file; raises FileRefused with a plain reason."""
    reader = csv.reader(io.StringIO(_decode(content), newline=""), strict=True)
    rows = list(_rows(reader))
    return Sheet(_header(rows[0] if rows else None), tuple(rows[1:]))


def _header(row: Row | None) -> tuple[str, ...]:
    if row is None:
        raise FileRefused(N_("The file is empty. The first row must name the columns."))
    header = tuple(name.strip() for name in row.cells)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise FileRefused(
            N_("The columns are not parted by commas. Save the file again as CSV with commas.")
        )
    return header


def _check_kind(content: bytes) -> None:
    """Raises FileRefused where the first bytes are those of something else than CSV in UTF-8."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused(
            N_("This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and try again.")
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused(N_("The file is in UTF-16. Save it as “CSV UTF-8” and try again."))


def _decode(content: bytes) -> str:
    _check_kind(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(content.count(b"\n", 0, error.start) + 1) from None


def _not_utf8(row: int) -> FileRefused:
    message = N_("Row %(row)s is not in UTF-8. Save the file as “CSV UTF-8” and try again.")
    return FileRefused(message, row=row)


def _first_row_not_utf8(path: Path) -> int:
    """The line that cannot be decoded: no letter of UTF-8 goes over the end of one."""
    with path.open("rb") as file:
        return next((n for n, line in enumerate(file, start=1) if not _is_utf8(line)), 1)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    number = 0
    csv.field_size_limit(CELL_LIMIT)
    try:
        for cells in reader:
            number += 1
            if any(cells):
                yield Row(number, tuple(map(unguard, cells)))
    except csv.Error as error:
        raise FileRefused(
            N_("Row %(row)s cannot be read as CSV: %(reason)s."), row=number + 1, reason=str(error)
        ) from None


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Give a table as the bytes of a CSV file, piece by piece, in steady memory."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield BOM
    writer.writerow(header)
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_json(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """Give objects as the bytes of one JSON array, one object a line, in steady memory."""
    before = "[\n"
    for row in rows:
        yield (before + json.dumps(row, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"
