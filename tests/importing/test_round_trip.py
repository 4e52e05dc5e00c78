"""Export, import into an empty database, export again: the same bytes, of every record."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import make_url

from tests.databases import Databases, migrated
from tests.importing.generated import agreements, people
from tracker.catalogue import TABLES
from tracker.cli import cli
from tracker.migrate import ROOT
from tracker.tabular import read_sheet

AGREEMENTS = 10_000


class Command:
    """The `tracker` command on one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.env = {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "for tests"}
        self.folder = folder

    def run(self, *words: str) -> bytes:
        result = CliRunner().invoke(cli, words, env=self.env)
        assert result.exit_code == 0, result.stderr
        return result.stdout_bytes

    def take(self, name: str, content: bytes) -> str:
        path = self.folder / f"{name}.csv"
        path.write_bytes(content)
        return self.run("import", name, str(path)).decode()

    def give(self) -> dict[str, bytes]:
        return {name: self.run("export", name) for name in TABLES}


def codes(content: bytes) -> list[str]:
    return [row.cells[1] for row in read_sheet(content).rows]


@pytest.fixture
def filled(database_url: str, tmp_path: Path) -> Command:
    """A database with the seeds, 500 people and 10,000 agreements."""
    command = Command(database_url, tmp_path)
    seeds = {name: (ROOT / "seeds" / f"{name}.csv").read_bytes() for name in TABLES}
    for name, content in seeds.items():
        command.take(name, content)
    command.take("people", people())
    made = agreements(AGREEMENTS, codes(seeds["parties"]), codes(seeds["topics"]))
    assert command.take("agreements", made).startswith(f"{AGREEMENTS} new, 0 changed")
    return command


def test_every_record_comes_back_byte_for_byte(
    filled: Command, databases: Databases, tmp_path: Path
) -> None:
    before = filled.give()
    (tmp_path / "second").mkdir()

    with databases.fresh(migrated, tmp_path / "second") as url:
        assert make_url(url) != make_url(filled.env["TRACKER_DATABASE_URL"])
        second = Command(url, tmp_path)
        for name, content in before.items():
            second.take(name, content)
        after = second.give()

    assert before["agreements"].count(b"\r\n") == AGREEMENTS + 2
    for name in TABLES:
        assert after[name] == before[name], name
