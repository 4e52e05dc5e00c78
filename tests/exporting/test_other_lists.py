"""Files of lists that are no records of their own: changes, what is due, action items."""

import csv
import io
import json
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from tests.client import CheckedClient

LISTS = ("changes", "attention", "action-items")


def of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def of_spreadsheet(content: bytes) -> list[list[Any]]:
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_name(sheet).to_python()


def test_each_format_holds_the_same_rows(seeded: Session, client: CheckedClient) -> None:
    item = {"action_items-0-text": "Send the list", "action_items-0-side": "A"}
    assert client.submit("/meetings/10/edit", item).status_code in (303, 422)

    for name in LISTS:
        header, *rows = of_csv(client.get(f"/{name}.csv").data)
        told, *cells = of_spreadsheet(client.get(f"/{name}.xlsx").data)
        array = client.get(f"/{name}.json").get_json()
        lines = client.get(f"/{name}.jsonl").data.splitlines()

        assert told == header
        assert len(cells) == len(rows) == len(array) == len(lines)
        assert [json.loads(line) for line in lines] == array
        assert all([*one] == header for one in array)


def test_changes_hold_rows_as_objects_and_ids_as_numbers(
    seeded: Session, client: CheckedClient
) -> None:
    one = json.loads(client.get("/changes.jsonl?record=party").data.splitlines()[0])
    as_text = of_csv(client.get("/changes.csv?record=party").data)[1]

    assert isinstance(one["entry"], int)
    assert one["before"] is None
    assert one["after"] == json.loads(as_text[-1])
    assert one["at"] == as_text[1]
