"""Lists and files with every text in them: each list shows words, each file gives them back."""

import csv
import io
import json
import logging
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import icalendar
import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session
from vdirsyncer.vobject import Item

from tests.databases import Databases, migrated
from tests.hostile.conftest import Files, an_editor_of, files_of, take
from tests.hostile.filling import BASE, COUNT, FIELDS, HARMLESS_NUMBER, NUMBERS, form_token, typed
from tests.hostile.skeleton import foreign, skeleton, words_of
from tests.hostile.strings import HOSTILE, REFUSED
from tests.pages import Element, Page
from tracker.calendars import line, paragraphs
from tracker.catalogue import PAGES
from tracker.tabular import guard, unguard

SHOWN = {pages.name: pages.shown for pages in PAGES}
WINDOW = "from=2019-01-01&to=2031-01-01"
RUNNING = ("f", "hyperlink", "hyperlinks")
RISKY = tuple("=+-@\t\r\n\0＝＋－＠")


def rows_of_list(client: FlaskClient, address: str) -> Iterator[Element]:
    """The rows of a list, page by page."""
    while address:
        page = Page(client.get(address).text)
        assert list(foreign(page)) == [], address
        for body in page.one("main").all("tbody"):
            yield from (row for row in body.all("tr") if row.all("td"))
        following = [one.attrs["href"] for one in page.all("a", rel="next")]
        address = following[0] if following else ""


def test_each_row_of_a_list_is_made_like_the_harmless_one(editor: FlaskClient) -> None:
    for kind in BASE:
        rows = list(rows_of_list(editor, f"/{kind}?per_page=200"))
        by_bones: dict[tuple[str, ...], int] = {}
        for row in rows:
            bones = tuple(skeleton(row))
            by_bones[bones] = by_bones.get(bones, 0) + 1

        (harmless,) = [row for row in rows if f"/{kind}/{HARMLESS_NUMBER}" in _addresses(row)]
        assert by_bones == {tuple(skeleton(harmless)): len(rows)}


def _addresses(row: Element) -> set[str]:
    return {link.attrs["href"] for link in row.all("a")}


def test_a_list_shows_every_text(editor: FlaskClient) -> None:
    for kind in BASE:
        words = "\n".join(words_of(row) for row in rows_of_list(editor, f"/{kind}?per_page=200"))

        # The first column is what the record is called, which may be a shorter title.
        shown = [one.path for one in FIELDS[kind] if one.path in SHOWN[kind][1:]]
        for number in NUMBERS:
            for path in shown:
                for text in typed(kind, number).kept[path]:
                    assert text in words, f"{kind} {number}: {path}"


ADDRESSES = (
    "/",
    "/?on=2019-06-30",
    "/?within=365&party=H2",
    "/parties/H2",
    "/relations/H2-H3",
    "/relations/H2-H3?on=2021-06-30",
    "/calendars",
    "/calendars?feed=relation&codes=H2-H3",
    "/action-items?per_page=200",
    "/meetings?view=year&year=2020",
    "/meetings?view=month&month=2020-01",
    "/changes",
    "/commissions/1/plan",
    "/meetings/1/undo",
    "/action-items/1/close",
    "/people/1/cite",
)


def test_other_pages_are_made_of_nothing_foreign(editor: FlaskClient) -> None:
    for address in ADDRESSES:
        answer = editor.get(address)

        assert answer.status_code in (200, 422), address
        assert list(foreign(Page(answer.text))) == []


def test_a_relation_and_the_home_page_show_every_title_to_the_letter(editor: FlaskClient) -> None:
    home = words_of(Page(editor.get("/?on=2025-06-30").text))
    listed = [typed("agreements", n).kept["short_title"][0] for n in NUMBERS]

    # Each agreement waits for its entry into force, or is named with its commitment.
    assert [title for title in listed if title not in home] == []


def test_a_csv_file_holds_every_text_and_no_formula(editor: FlaskClient) -> None:
    for kind in BASE:
        content = editor.get(f"/{kind}.csv").data.decode("utf-8-sig")
        header, *rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))

        assert len(rows) >= COUNT
        assert not [cell for row in rows for cell in row if cell.startswith(RISKY)]
        by_id = {int(row[0]): dict(zip(header, map(unguard, row), strict=True)) for row in rows}
        plain = {path: f for f in FIELDS[kind] if "-" not in (path := f.path) and path in header}
        for number in NUMBERS:
            for path, field in plain.items():
                record = typed(kind, number).kept[path]
                assert by_id[number][path] == _cell(field.column, record), (number, path)


def _cell(column: Any, kept: list[str]) -> str:
    name = type(column).__name__
    if name == "References":
        return ";".join(kept)
    return column.format(tuple(kept)) if name == "Names" else kept[0]


@pytest.mark.parametrize("one", HOSTILE, ids=lambda one: one.name)
def test_a_guarded_cell_gives_back_what_was_guarded(one: Any) -> None:
    cell = guard(one.stored)

    assert unguard(cell) == one.stored
    assert not cell.startswith(RISKY)


def test_a_json_file_holds_every_text(editor: FlaskClient) -> None:
    for kind in BASE:
        found = {one["id"] for one in editor.get(f"/{kind}.json").json}
        by_id = {int(one["id"]): one for one in editor.get(f"/{kind}.json").json}

        assert len(found) >= COUNT
        for number in NUMBERS:
            for field in FIELDS[kind]:
                if field.around is None:
                    held = by_id[number][field.path]
                    kept = typed(kind, number).kept[field.path]
                    assert held == (kept if isinstance(held, list) else kept[0]), (
                        number,
                        field.path,
                    )
        assert editor.get(f"/{kind}/7.json").json["id"] == "7"


def test_a_json_lines_file_holds_what_the_json_file_holds(editor: FlaskClient) -> None:
    for kind in BASE:
        lines = editor.get(f"/{kind}.jsonl").data.split(b"\n")

        assert lines.pop() == b""
        assert [json.loads(line) for line in lines] == editor.get(f"/{kind}.json").json


def test_a_spreadsheet_holds_every_text_and_nothing_that_runs(editor: FlaskClient) -> None:
    for kind in BASE:
        content = editor.get(f"/{kind}.xlsx").data
        header, *rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(kind).to_python()
        )
        with ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
            (first,) = [name for name in names if name.endswith("/sheet1.xml")]
            sheet = ET.fromstring(parts.read(first))  # noqa: S314

        assert not [name for name in names if "_rels/sheet" in name or "externalLink" in name]
        assert not [one for one in sheet.iter() if one.tag.rpartition("}")[2] in RUNNING]
        plain = editor.get(f"/{kind}.csv").data.decode("utf-8-sig")
        _header, *cells = csv.reader(io.StringIO(plain, newline=""), strict=True)
        told = [[str(int(c)) if isinstance(c, float) else c for c in row] for row in rows]
        assert header == _header
        assert told == [[unguard(cell) for cell in row] for row in cells], kind


def test_the_files_imported_again_change_nothing(db_session: Session, files: Files) -> None:
    totals = take(db_session, files)

    for kind, verdicts in totals.items():
        assert {verdict for verdict, count in verdicts.items() if count} == {"unchanged"}, kind


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_other_database_exports_the_same_bytes(editor: FlaskClient, files: Files) -> None:
    assert files_of(editor) == files


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_form_is_taken_there_as_well(databases: Databases, tmp_path: Path, backend: str) -> None:
    """PostgreSQL got its records from files; the forms meet every text there, too."""
    with databases.fresh(migrated, tmp_path) as url, an_editor_of(url, tmp_path / "up") as client:
        token = form_token(client, "/people/new")
        for number in NUMBERS:
            sent = typed("people", number).form
            answer = client.post("/people/new", data={**sent, "csrf_token": token})
            assert answer.status_code == 303, number
            shown = words_of(Page(client.get(answer.location).text))
            assert typed("people", number).kept["note"][0] in shown


def _texts(content: bytes) -> dict[int, icalendar.Event]:
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {int(str(one["UID"]).partition("@")[0].rpartition("-")[2]): one for one in events}


def test_a_calendar_holds_every_text_and_only_its_own_lines(editor: FlaskClient) -> None:
    content = editor.get(f"/meetings.ics?{WINDOW}").data
    events = _texts(content)

    assert len(events) == len(NUMBERS)
    names = {name.partition(";")[0] for event in events.values() for name in event}
    assert names <= {
        *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS"),
        *("TRANSP", "DESCRIPTION", "LOCATION", "URL", "CATEGORIES"),
    }
    assert all(len(raw) <= 75 for raw in content.split(b"\r\n"))
    for number, event in events.items():
        kept = {path: texts[0] for path, texts in typed("meetings", number).kept.items()}
        assert str(event["SUMMARY"]) == line(kept["title"]), number
        assert line(kept["city"]) in str(event["LOCATION"]), number
        for path in ("outcome", "minutes"):
            assert paragraphs(kept[path]) in str(event["DESCRIPTION"]), (number, path)
        assert str(event["URL"]) == f"http://localhost/meetings/{number}"


def test_a_parser_of_other_people_finds_the_same_events(editor: FlaskClient) -> None:
    for address in (f"/meetings.ics?{WINDOW}", f"/deadlines.ics?{WINDOW}"):
        content = editor.get(address).data
        ours = [str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(content).walk("VEVENT")]

        parsed = Item(content.decode()).parsed
        assert parsed is not None
        theirs = [one for one in parsed.subcomponents if one.name == "VEVENT"]

        assert len(theirs) == len(ours) >= COUNT
        assert parsed.name == "VCALENDAR"
        assert all(len([raw for raw in one.props if raw.startswith("UID")]) == 1 for one in theirs)


def test_the_file_of_the_home_page_holds_no_formula(editor: FlaskClient) -> None:
    content = editor.get("/attention.csv?within=365&on=2029-06-30").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))

    assert len(rows) > COUNT
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(RISKY)]


def test_the_file_of_changes_holds_no_formula(administrator: FlaskClient) -> None:
    content = administrator.get("/changes.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))

    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(RISKY)]


def test_file_names_in_headers_are_our_own(editor: FlaskClient) -> None:
    files = ("/agreements.csv", "/agreements.xlsx", "/agreements.jsonl", "/attention.xlsx")
    for address in (*files, "/agreements.json", "/attention.csv", "/meetings.ics"):
        said = editor.get(address, query_string={"party": "H2"}).headers["Content-Disposition"]
        assert said.split("filename=")[1].strip('"').replace("-", "").replace(".", "").isalnum()


def test_an_address_that_leads_nowhere_is_one_plain_line_in_the_log(
    editor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tracker.requests")
    places = ("/nowhere/{}", "/parties/{}", "/relations/{}", "/options/{}", "/static/{}")
    texts = [*(one.text for one in HOSTILE), *REFUSED.values()]

    for address, text in ((places[n % len(places)], text) for n, text in enumerate(texts)):
        caplog.clear()
        with editor.get(address.format(quote(text, safe=""))) as answer:
            assert answer.status_code in (302, 308, 404), text
            if answer.mimetype == "text/html" and not answer.location:
                assert list(foreign(Page(answer.text))) == [], text
        (record,) = [one for one in caplog.records if one.name == "tracker.requests"]
        assert record.getMessage().isascii()
        assert record.getMessage().isprintable(), text


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/agreements", "q"),
        ("/agreements", "party"),
        ("/agreements", "sort"),
        ("/agreements", "{}"),
        ("/meetings", "commission"),
        ("/meetings", "view"),
        ("/action-items", "person"),
        ("/people", "q"),
        ("/", "party"),
        ("/", "on"),
        ("/changes", "author"),
        ("/changes", "record"),
        ("/calendars", "feed"),
        ("/sign-in", "next"),
        ("/agreements/new", "title"),
        ("/meetings.ics", "party"),
    ],
)
def test_a_text_in_the_address_is_shown_as_words(
    editor: FlaskClient, client: FlaskClient, address: str, name: str
) -> None:
    for one in HOSTILE:
        query = {name.replace("{}", one.text): one.text}
        answer = editor.get(address, query_string=query)
        assert answer.status_code in (200, 302, 400, 404, 422), (address, one.name)
        if answer.mimetype == "text/html" and not answer.location:
            assert list(foreign(Page(answer.text))) == [], (address, one.name)
