"""The bytes of a file: CSV, JSON, JSON lines and spreadsheets, of rows that come in batches."""

from __future__ import annotations

import csv
import enum
import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

import orjson

from tracker.columns.batches import Vector
from tracker.exporting.contents import Contents
from tracker.tabular import BOM, RISKY
from tracker.text import N_, Refusal

# What a sheet holds (ECMA-376; the limits are those of the programs that open it).
MOST_ROWS = 1_048_575  # and the header
MOST_UNITS = 32_767  # of UTF-16, in a cell
WIDTH = 18


class Format(enum.StrEnum):
    """The kinds of files, by the ending of their names."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    JSON_LINES = "jsonl"

    @property
    def mimetype(self) -> str:
        """The kind as browsers and other programs call it."""
        return _MIMETYPES[self]


_MIMETYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
    Format.JSON_LINES: "application/jsonl",
}
WORDS = {
    Format.CSV: "CSV",
    Format.XLSX: "XLSX",
    Format.JSON: "JSON",
    Format.JSON_LINES: "JSON lines",
}


class TooManyRows(Refusal):
    """More rows than a sheet of a spreadsheet holds."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "These are more than %(most)s rows, and a spreadsheet holds no more. "
                "Filter the list, or take the CSV file."
            ),
            most=f"{MOST_ROWS:,}",
        )


def pieces(kind: Format, contents: Contents) -> Iterator[bytes]:
    """The bytes of a text file, piece by piece; a CSV file's header is there before any row."""
    ways = {Format.CSV: _csv, Format.JSON: _json, Format.JSON_LINES: _json_lines}
    return ways[kind](contents)


def _csv(contents: Contents) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(contents.header)
    yield BOM + buffer.getvalue().encode()
    bare = [name in contents.bare for name in contents.header]
    with closing(contents.batches(False)) as batches:
        for batch in batches:
            buffer.seek(0)
            buffer.truncate()
            columns = (
                vector if is_bare else _guarded(vector)
                for vector, is_bare in zip(batch, bare, strict=True)
            )
            writer.writerows(zip(*columns, strict=True))
            yield buffer.getvalue().encode()


def _guarded(texts: Vector) -> Vector:
    """As `tabular.guard` says of one cell; a number below nought is guarded like its text."""
    return [
        f"'{text}" if text and (text[0] in RISKY if isinstance(text, str) else text < 0) else text
        for text in texts
    ]


def _json(contents: Contents) -> Iterator[bytes]:
    before = "[\n"
    with closing(contents.batches(True)) as batches:
        for batch in batches:
            lines = (json.dumps(one, ensure_ascii=False) for one in _objects(contents, batch))
            yield (before + ",\n".join(lines)).encode()
            before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


def _json_lines(contents: Contents) -> Iterator[bytes]:
    with closing(contents.batches(True)) as batches:
        for batch in batches:
            yield b"".join(
                orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE)
                for one in _objects(contents, batch)
            )


def _objects(contents: Contents, batch: list[Vector]) -> Iterator[dict[str, Any]]:
    for row in zip(*batch, strict=True):
        yield dict(zip(contents.header, row, strict=True))


def write_spreadsheet(contents: Contents, target: IO[bytes]) -> None:
    """Write a spreadsheet of one sheet: whole numbers as such, all else as text, nothing to run.

    Raises TooManyRows. Rows go to a temporary file as they come, so the memory is steady.
    """
    # Forty modules, which nobody needs before the first spreadsheet.
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(contents.name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(contents.header) - 1, WIDTH)
        sheet.write_row(0, 0, contents.header)
        place = 1
        with closing(contents.batches(False)) as batches:
            for row in (row for batch in batches for row in zip(*batch, strict=True)):
                if place > MOST_ROWS:
                    raise TooManyRows
                _write_row(sheet, place, row)
                place += 1


def _write_row(sheet: Any, place: int, row: tuple[Any, ...]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                sheet.write_string(place, column, shortened(value))
        elif value is not None:
            sheet.write_number(place, column, value)


def shortened(text: str) -> str:
    """As much of a text as a cell holds; one that is cut ends with an ellipsis."""
    if len(text) * 2 <= MOST_UNITS or len(text.encode("utf-16-le")) // 2 <= MOST_UNITS:
        return text
    kept = text.encode("utf-16-le")[: (MOST_UNITS - 1) * 2]
    return kept.decode("utf-16-le", errors="ignore") + "…"
