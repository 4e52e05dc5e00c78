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


def guard(cell: str) -> str:
    """Lead a cell by an apostrophe where a spreadsheet would run it, or would eat its own."""
    return "'" + cell if cell and cell[0] in RISKY else cell


def unguard(cell: str) -> str:
    """Take off the apostrophe that `guard` put there, and no other."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in RISKY else cell


def read_sheet(content: bytes) -> Sheet:
    """Read a whole CSV file; raises FileRefused with a plain reason."""
    reader = csv.reader(io.StringIO(_decode(content), newline=""), strict=True)
    rows = list(_rows(reader))
    if not rows:
        raise FileRefused(N_("The file is empty. The first row must name the columns."))
    header = tuple(name.strip() for name in rows[0].cells)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise FileRefused(
            N_("The columns are not parted by commas. Save the file again as CSV with commas.")
        )
    return Sheet(header, tuple(rows[1:]))


def _decode(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileRefused(
            N_("This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and try again.")
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused(N_("The file is in UTF-16. Save it as “CSV UTF-8” and try again."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            N_("Row %(row)s is not in UTF-8. Save the file as “CSV UTF-8” and try again."),
            row=content.count(b"\n", 0, error.start) + 1,
        ) from None


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    number = 0
    csv.field_size_limit(CELL_LIMIT)
    try:
        for cells in reader:
            number += 1
            if any(cells):
                yield Row(number, tuple(unguard(cell) for cell in cells))
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
