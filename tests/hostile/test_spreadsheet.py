"""A real spreadsheet program opens the files: no text becomes a formula, and none is lost."""

import csv
import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import skip_or_fail
from tests.hostile.conftest import Files, take
from tracker.tabular import unguard, write_rows

NO_SPREADSHEET = "LibreOffice is not installed"
# Commas, double quotes, UTF-8, from the first line; numbers and dates as the program guesses them.
GUESSING = "CSV:44,34,76,1"
# The same with every column read as text, as docs/files.md tells people to.
AS_TEXT = f"{GUESSING},{'/'.join(f'{column}/2' for column in range(1, 41))}"
WRITING = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
KINDS = ("people", "sources", "topics", "bodies", "citations", "commissions")
WAIT_SECONDS = 180


def convert(folder: Path, to: str, files: list[Path], reading: str = GUESSING) -> None:
    """Let the program open files and write them in another form, in a profile of its own."""
    program = shutil.which("soffice")
    if program is None:
        skip_or_fail(NO_SPREADSHEET)
    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            *(["--infilter=" + reading] if files[0].suffix == ".csv" else []),
            "--convert-to",
            to,
            "--outdir",
            str(folder / "out"),
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def without_tabs(content: bytes) -> bytes:
    """A file less its rows with a tab in them: no cell of the program holds one."""
    header, *more = rows(content)
    kept = [row for row in more if not any("\t" in cell for cell in row)]
    assert len(kept) > 100
    return b"".join(write_rows(header, ([unguard(cell) for cell in row] for row in kept)))


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_text_becomes_a_formula_and_what_comes_back_is_unchanged(
    db_session: Session, files: Files, tmp_path: Path
) -> None:
    sources = []
    for kind in KINDS:
        (tmp_path / f"{kind}.csv").write_bytes(without_tabs(files[kind]))
        sources.append(tmp_path / f"{kind}.csv")

    convert(tmp_path, "fods", sources)
    opened = [tmp_path / "out" / f"{kind}.fods" for kind in KINDS]
    for path in opened:
        for cell in ET.parse(path).iter(f"{TABLE}table-cell"):  # noqa: S314
            assert f"{TABLE}formula" not in cell.attrib, path.name
    convert(tmp_path, "fods", sources, AS_TEXT)
    convert(tmp_path, WRITING, opened)

    saved = {kind: (tmp_path / "out" / f"{kind}.csv").read_bytes() for kind in KINDS}
    for kind in KINDS:
        assert rows(saved[kind]) == rows(without_tabs(files[kind])), kind
    for kind, verdicts in take(db_session, saved).items():
        assert {verdict for verdict, count in verdicts.items() if count} == {"unchanged"}, kind


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_unguarded_formula_is_found(tmp_path: Path, backend: str) -> None:
    (tmp_path / "planted.csv").write_bytes(b"id,note\r\n1,=1+1\r\n")

    convert(tmp_path, "fods", [tmp_path / "planted.csv"])

    found = ET.parse(tmp_path / "out" / "planted.fods").iter(f"{TABLE}table-cell")  # noqa: S314
    assert [cell.attrib[f"{TABLE}formula"] for cell in found if f"{TABLE}formula" in cell.attrib]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_our_own_spreadsheet_opens_with_each_text_and_no_formula(
    editor: FlaskClient, files: Files, tmp_path: Path
) -> None:
    sources = [tmp_path / f"{kind}.xlsx" for kind in KINDS]
    for path in sources:
        path.write_bytes(editor.get(f"/{path.name}").data)

    convert(tmp_path, "fods", sources)
    convert(tmp_path, WRITING, sources)

    for kind in KINDS:
        for cell in ET.parse(tmp_path / "out" / f"{kind}.fods").iter(f"{TABLE}table-cell"):  # noqa: S314
            assert f"{TABLE}formula" not in cell.attrib, kind
        saved = (tmp_path / "out" / f"{kind}.csv").read_bytes()
        wanted = [[unguard(cell) for cell in row] for row in rows(files[kind])]
        assert [row for row in rows(saved) if not any("\t" in cell for cell in row)] == [
            row for row in wanted if not any("\t" in cell for cell in row)
        ], kind
