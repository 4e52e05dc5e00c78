"""The comparison of two versions and the report of an import show both texts as words."""

import csv
from io import BytesIO, StringIO

import pytest
from flask.testing import FlaskClient

from tests.hostile.filling import BASE, COUNT, form_token, typed
from tests.hostile.skeleton import foreign, words_of
from tests.pages import Page
from tracker.catalogue import TABLES
from tracker.columns import Line, Paragraphs
from tracker.tabular import read_sheet

EVERY = 12
PLAIN = (Line, Paragraphs)


def neighbour(number: int) -> int:
    return number % COUNT + 1


@pytest.mark.parametrize("kind", list(BASE))
def test_a_comparison_shows_both_texts_as_words(editor: FlaskClient, kind: str) -> None:
    token = form_token(editor, "/people/new")
    for number in range(1, COUNT + 1, EVERY):
        mine, theirs = typed(kind, neighbour(number)), typed(kind, number)
        fields = [path for path in mine.kept if "-" not in path]
        form = {**theirs.form, **{path: mine.form[path] for path in fields}}

        answer = editor.post(
            f"/{kind}/{number}/edit", data={**form, "version": "0", "csrf_token": token}
        )

        page = Page(answer.text)
        assert answer.status_code == 409
        assert list(foreign(page)) == []
        words = words_of(page)
        for path in fields:
            if mine.kept[path] != theirs.kept[path]:
                missing = [text for text in theirs.kept[path] if text not in words]
                assert missing == [], (path, number)


@pytest.mark.parametrize("kind", list(BASE))
def test_an_import_report_shows_both_texts_as_words(
    editor: FlaskClient, files: dict[str, bytes], kind: str
) -> None:
    token = form_token(editor, "/people/new")
    rows = {row["id"]: row for row in csv.DictReader(StringIO(files[kind].decode("utf-8-sig"), ""))}
    columns = [c.name for c in TABLES[kind].stored if type(c) in PLAIN]
    changed = []
    for number in range(1, COUNT + 1, EVERY):
        other = rows[str(neighbour(number))]
        changed.append(rows[str(number)] | {name: other[name] for name in columns})
    stream = StringIO(newline="")
    writer = csv.DictWriter(stream, list(changed[0]))
    writer.writeheader()
    writer.writerows(changed)
    name = "'><script>alert(1)</script>.csv"
    upload = (BytesIO(stream.getvalue().encode("utf-8-sig")), name)

    answer = editor.post(
        f"/{kind}/import",
        data={"file": upload, "csrf_token": token},
        content_type="multipart/form-data",
    )

    page = Page(answer.text)
    assert list(foreign(page)) == []
    # Bodies of two parties exchange names here, which their own rule may refuse.
    assert answer.status_code == 200 or kind == "bodies"
    words = words_of(page)
    sheet = read_sheet(files[kind])
    cells = {row.cells[0]: dict(zip(sheet.header, row.cells, strict=True)) for row in sheet.rows}
    for number in range(1, COUNT + 1, EVERY):
        old, new = cells[str(number)], cells[str(neighbour(number))]
        shown = [(old[name], new[name]) for name in columns if old[name] != new[name]]
        if answer.status_code == 200:
            assert [text for both in shown for text in both if text not in words] == []
