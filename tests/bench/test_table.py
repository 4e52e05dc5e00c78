"""Ratios, shares and the block in the document: values in, text out."""

import pytest

from bench.reading import is_whole
from bench.table import (
    Found,
    Series,
    cells,
    merged,
    not_there,
    ratio,
    share,
    table,
    timed,
    with_block,
)

ROW = Found("first", "first list", "1.00 ms", "4.00 ms", 4.0, "≤ 5 ×", True, at="abc1234")


def test_a_ratio_is_ours_to_theirs() -> None:
    assert ratio(6.0, 1.5) == 4.0


def test_nothing_can_be_set_beside_no_time() -> None:
    with pytest.raises(ValueError, match="nothing"):
        ratio(1.0, 0.0)


@pytest.mark.parametrize(
    ("values", "part", "found"),
    [
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([1.0], 0.99, 1.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 21)], 0.95, 19.0),
        ([1.0, 2.0], 0.5, 1.0),
        ([1.0, 2.0], 0.0, 1.0),
    ],
)
def test_a_share_is_the_value_that_so_many_do_not_exceed(
    values: list[float], part: float, found: float
) -> None:
    assert share(values, part) == found


def test_a_timed_row_sets_medians_beside_each_other_and_says_whether_the_goal_is_met() -> None:
    limit, ours = Series([0.001, 0.002, 0.003], 0.003), Series([0.008, 0.009, 0.5], 0.012)

    found = timed("first", "first list", limit, ours, most=5)
    missed = timed("first", "first list", limit, ours, most=4)

    assert found.ratio == 4.5
    assert found.work == 4.0
    assert found.met is True
    assert missed.met is False
    assert found.limit == "2.00 ms (p95 3.00; processor 1.00)"
    assert found.program == "9.00 ms (p95 500.00; processor 4.00)"


def test_a_row_without_a_goal_says_nothing_of_one() -> None:
    shown = cells(Found("requests", "requests", "3,000 a second", "600 a second", 5.0))

    assert shown == ["requests", "3,000 a second", "600 a second", "5.00 ×", "", "", ""]


def test_what_is_not_there_has_not_met_its_goal() -> None:
    found = not_there("xlsx", "XLSX", "< + 64 MB", "not there: answers 404")

    assert cells(found)[2:6] == ["not there: answers 404", "", "< + 64 MB", "**no**"]


def test_the_table_has_a_line_a_row_and_as_many_cells_as_its_header() -> None:
    lines = table([ROW, ROW]).splitlines()

    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {8}
    assert "| first list | 1.00 ms | 4.00 ms | 4.00 × | ≤ 5 × | yes | abc1234 |" in lines


def test_a_block_is_put_behind_a_document_and_then_replaced_in_its_place() -> None:
    document = "# Performance\n\nWords.\n"

    once = with_block(document, "sqlite 10", "old")
    both = with_block(once, "sqlite 100", "other")
    twice = with_block(f"{both}\nMore words.\n", "sqlite 10", "new")

    assert (
        once == f"{document}\n<!-- bench sqlite 10 -->\n\nold\n\n<!-- end of bench sqlite 10 -->\n"
    )
    assert twice.startswith(document)
    assert twice.endswith("<!-- end of bench sqlite 100 -->\n\nMore words.\n")
    assert "old" not in twice
    assert "\n\nother\n\n" in twice
    assert twice.count("<!-- bench sqlite 10 -->") == 1


def test_a_block_without_its_end_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="missing"):
        with_block("<!-- bench sqlite 10 -->\n", "sqlite 10", "new")


def test_rows_of_this_run_take_the_places_of_earlier_ones() -> None:
    kept = {
        "last": Found("last", "old"),
        "first": Found("first", "old"),
        "csv": Found("csv", "old"),
    }

    rows = merged(kept, [Found("first", "new"), Found("xlsx", "new")], ["first", "last"])

    assert [(row.key, row.what) for row in rows] == [
        ("first", "new"),
        ("last", "old"),
        ("csv", "old"),
        ("xlsx", "new"),
    ]


def _answer(body: bytes, *headers: str) -> bytearray:
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers])
    return bytearray(f"{head}\r\n\r\n".encode() + body)


def test_an_answer_is_whole_when_its_length_is_there() -> None:
    assert is_whole(_answer(b"12345", "Content-Length: 5"))
    assert not is_whole(_answer(b"1234", "Content-Length: 5"))
    assert not is_whole(bytearray(b"HTTP/1.1 200 OK\r\nContent-Length: 5"))


def test_an_answer_in_chunks_is_whole_with_its_last_one() -> None:
    chunked = "Transfer-Encoding: chunked"

    assert is_whole(_answer(b"5\r\n12345\r\n0\r\n\r\n", chunked))
    assert not is_whole(_answer(b"5\r\n12345\r\n", chunked))
