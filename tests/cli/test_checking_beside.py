"""`tracker import` checks a long file in several processes, which say what one would say."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.test_stopped_import import begun, contents, rest
from tests.databases import Databases, migrated
from tests.importing.generated import people
from tests.importing.test_long_files import changed, file_of_agreements, lay_ground, take
from tracker.db import make_engine
from tracker.people.table import PEOPLE
from tracker.tabular import read_sheet, write_rows

# So many processors, files of any size, and a few rows at a time.
COMMAND = """
import os, sys
processors = int(sys.argv.pop(1))
os.sched_getaffinity = lambda _process: range(processors)
from tracker.importing import bulk
bulk.LEAST_BYTES, bulk.CHUNK = 0, int(sys.argv.pop(1))
from tracker.cli import main
main()
"""
PATIENCE = 20.0


def arguments(processors: int, *command: str, rows: int = 20) -> list[str]:
    return [sys.executable, "-c", COMMAND, str(processors), str(rows), *command]


def environment(url: str) -> dict[str, str]:
    return os.environ | {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "for tests"}


def run(url: str, processors: int, *command: str) -> tuple[int, list[str]]:
    """The command's status and what it said, but for how far it was."""
    done = subprocess.run(
        arguments(processors, *command), env=environment(url), capture_output=True, text=True
    )
    said = (done.stdout + done.stderr).splitlines()
    return done.returncode, [line for line in said if not line.endswith("s more.")]


def with_mistakes(content: bytes) -> bytes:
    """Among good rows: wrong cells, ids given twice far from each other, short rows, odd dates."""
    sheet = read_sheet(content)
    rows = [list(row.cells) for row in sheet.rows]
    place = {name: number for number, name in enumerate(sheet.header)}
    for number in range(0, len(rows), 31):
        rows[number][place["signed_on"]] = "31 February"
        rows[number][place["side_a"]] = "Nowhere"
    for number in range(100, len(rows), 77):
        rows[number][0] = rows[number - 99][0]
    rows[150] = rows[150][:3]
    rows[151][place["signatories"]] = "A|Nobody at all"
    return b"".join(write_rows(sheet.header, rows))


Step = tuple[Callable[[], bytes] | None, Sequence[str]]


def both_ways(
    databases: Databases, folder: Path, steps: Sequence[Step]
) -> list[list[tuple[int, list[str]]]]:
    """What commands say, some of them with a file of agreements, for one process and for three."""
    found = []
    for processors in (1, 3):
        own = folder / str(processors)
        own.mkdir()
        with databases.fresh(migrated, own) as url:
            engine = make_engine(url)
            lay_ground(engine)
            take(engine, PEOPLE, people())
            engine.dispose()
            said = []
            for make, command in steps:
                path = folder / "agreements.csv"
                path.write_bytes(make() if make else b"")
                said.append(run(url, processors, *command, *([str(path)] if make else [])))
        found.append(said)
    return found


IMPORT = ("import", "agreements")


def test_they_take_what_one_process_takes(databases: Databases, tmp_path: Path) -> None:
    one, three = both_ways(
        databases,
        tmp_path,
        [
            (lambda: file_of_agreements(200), IMPORT),
            (lambda: changed(file_of_agreements(200)), (*IMPORT, "--dry-run")),
            (lambda: changed(file_of_agreements(200)), IMPORT),
            (None, ("export", "agreements")),
        ],
    )

    assert three == one
    assert one[2] == (0, ["40 new, 100 changed, 100 unchanged, 0 wrong."])
    assert len(one[3][1]) > 240


def test_they_refuse_what_one_process_refuses(databases: Databases, tmp_path: Path) -> None:
    one, three = both_ways(
        databases, tmp_path, [(lambda: with_mistakes(file_of_agreements(400)), IMPORT)]
    )

    assert three == one
    status, said = one[0]
    assert status == 1
    assert any("has the same id" in line for line in said)
    assert any("cells; the header has" in line for line in said)
    assert said[-1].endswith("Nothing was written.")


class Checking:
    """An import on a terminal of its own whose processes have begun to check rows."""

    def __init__(self, url: str, path: Path) -> None:
        command = arguments(2, rows=200)
        self.process, self.terminal = begun(path, url, b"Checking", command)
        self.helpers = _children(self.process.pid)

    def left(self) -> list[int]:
        """Those of its processes that do not end within some seconds."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(map(_runs, self.helpers)):
            time.sleep(0.05)
        return [number for number in self.helpers if _runs(number)]


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(number) for number in found]


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def checking(tmp_path: Path, database_url: str) -> Checking:
    path = tmp_path / "people.csv"
    rows = "".join(f"{number},Person {number},,P {number},\r\n" for number in range(1, 60_000))
    path.write_text("id,name,native_name,other_names,note\r\n" + rows)
    return Checking(database_url, path)


def test_a_killed_import_leaves_no_process_behind(checking: Checking, engine: Engine) -> None:
    assert len(checking.helpers) == 2
    checking.process.kill()
    rest(checking.terminal)

    assert checking.process.wait() == -signal.SIGKILL
    assert checking.left() == []


def test_ctrl_c_ends_all_of_them(checking: Checking, engine: Engine) -> None:
    before = contents(engine)
    # As a terminal does it: all of them hear it. The first one ends the others.
    for number in (*checking.helpers, checking.process.pid):
        os.kill(number, signal.SIGINT)
    said = rest(checking.terminal)

    assert checking.process.wait() == 130
    assert said.decode().strip().endswith("Stopped. Nothing was changed.")
    assert checking.left() == []
    assert contents(engine) == before


def test_a_process_that_somebody_ends_is_said_plainly(checking: Checking, engine: Engine) -> None:
    before = contents(engine)
    os.kill(checking.helpers[0], signal.SIGKILL)
    said = rest(checking.terminal)

    assert checking.process.wait() == 1
    assert "A process that checked rows was ended. Nothing was written; try again." in said.decode()
    assert "Traceback" not in said.decode()
    assert checking.left() == []
    assert contents(engine) == before
