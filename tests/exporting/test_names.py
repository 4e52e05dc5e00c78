"""Names of files: what they hold, what is filtered, the day; no text breaks out of the header."""

from datetime import date
from urllib.parse import unquote

import pytest
from werkzeug.http import parse_options_header

from tests.hostile.strings import HOSTILE, REFUSED
from tracker.exporting import disposition

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        ([], "agreements-2026-11-26.csv"),
        (["IR; UZ", "in-force"], "agreements-IR-UZ-in-force-2026-11-26.csv"),
        (["", "a/b\\c", '"'], "agreements-a-b-c-2026-11-26.csv"),
        (["../../etc/passwd"], "agreements-etc-passwd-2026-11-26.csv"),
        (["x" * 200], f"agreements-{'x' * 89}-2026-11-26.csv"),
    ],
)
def test_a_name_says_what_the_file_holds(filters: list[str], name: str) -> None:
    assert disposition("agreements", filters, DAY, "csv") == f'attachment; filename="{name}"'


def test_other_letters_are_there_and_spelt_in_ascii_too() -> None:
    said = disposition("people", ["Махмудов"], DAY, "xlsx")

    assert said == (
        'attachment; filename="people-Makhmudov-2026-11-26.xlsx"; '
        "filename*=UTF-8''people-%D0%9C%D0%B0%D1%85%D0%BC%D1%83%D0%B4%D0%BE%D0%B2-2026-11-26.xlsx"
    )
    assert parse_options_header(said)[1]["filename"] == "people-Махмудов-2026-11-26.xlsx"


@pytest.mark.parametrize("text", [*(one.text for one in HOSTILE), *REFUSED.values()])
def test_no_text_breaks_out_of_the_name(text: str) -> None:
    said = disposition("people", [text], DAY, "csv")

    assert said.isascii()
    assert said.isprintable()
    kind, told = parse_options_header(said)
    assert (kind, [*told]) == ("attachment", ["filename"])
    name = unquote(told["filename"])
    assert name.startswith("people-")
    assert all(letter.isalnum() or letter in "-." for letter in name)
    assert name.count(".") == 1
    assert len(name) < 130
