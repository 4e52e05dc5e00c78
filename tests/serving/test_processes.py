"""`tracker run --processes`: workers share a port, are replaced when they die, and end together."""

import os
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.serving.conftest import Start
from tests.soak.server import RunningServer
from tests.soak.visitor import Visitor, signed_in
from tracker.cli import cli

PEOPLE = "id,name,native_name,other_names,note\r\n,Ada Aryan,,,\r\n"


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for what must come to hold."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "It did not come to hold."
        time.sleep(0.02)


def answers(port: int) -> int:
    with closing(Visitor(port)) as visitor:
        return visitor.get("/people").status


def is_refused(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) != 0


def test_a_worker_that_died_is_replaced(start: Start) -> None:
    server = start(processes=2)
    answers(server.port)
    until(lambda: len(server.workers()) == 2)
    before = server.workers()

    os.kill(before[0], signal.SIGKILL)
    until(lambda: len(set(server.workers()) - {before[0]}) == 2)

    assert answers(server.port) == 200
    assert f"Worker {before[0]} ended by signal 9; another one" in server.log.read_text()
    assert before[1] in server.workers()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("processes", [1, 3])
def test_all_end_when_told_to(start: Start, processes: int) -> None:
    server = start(processes=processes)
    status = answers(server.port)

    ended = server.stop()

    assert (status, ended) == (200, 0)
    assert is_refused(server.port)
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_worker_outlives_a_parent_that_was_killed(start: Start) -> None:
    server = start(processes=2)
    answers(server.port)

    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()

    until(lambda: is_refused(server.port))


SLOW = """
import os, time
from pathlib import Path
from tracker.cli import main
from tracker.web.rights import Right, needs
from tracker.web.views import RecordViews

@needs(Right.READ)
def index(views):
    Path(os.environ["TRACKER_UPLOADS"], f"{time.monotonic_ns()}.asked").touch()
    time.sleep(1)
    return "answered"

RecordViews.index = index
main()
"""


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_asked_before_the_end_is_answered(database_url: str, tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    server = RunningServer(database_url, tmp_path, processes=2, script=script)
    # More than the threads of both processes, so that some wait for a thread.
    with ThreadPoolExecutor(24) as pool, closing(Visitor(server.port)) as last:
        asked = [pool.submit(answers, server.port) for _ in range(24)]
        until(lambda: len(list((tmp_path / "uploads").glob("*.asked"))) >= 16)
        last.get("/static/entente.css")  # taken after the others

        ended = server.stop()

        assert [one.result() for one in asked] == [200] * 24
    assert ended == 0


def test_the_steps_of_an_import_may_meet_different_processes(start: Start, tmp_path: Path) -> None:
    first, second = start(processes=1), start(processes=1)
    with closing(signed_in(first)) as visitor, closing(signed_in(second)) as other:
        page = visitor.get("/people/import")
        csrf = page.fields("/people/import")["csrf_token"]
        checked = visitor.post_file("/people/import", {"csrf_token": csrf[0]}, PEOPLE)
        other.cookies = visitor.cookies

        sent = checked.fields("/people/import?step=apply")
        answer = other.post("/people/import?step=apply", sent)

        assert (checked.status, answer.status) == (200, 303)
        assert "Ada Aryan" in other.get("/people").text
    assert (tmp_path / "uploads").stat().st_mode & 0o777 == 0o700
    assert [p.stat().st_mode & 0o777 for p in (tmp_path / "uploads").iterdir()] == [0o600]


def run(url: str, *words: str, **env: str) -> str:
    result = CliRunner().invoke(
        cli,
        ["run", *words],
        env={"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "for tests", **env},
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert isinstance(result.exception, SystemExit)
    return result.stderr


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_port_that_is_taken_is_refused_in_words(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        words = run(database_url, "--port", port)

    assert f"The port {port} cannot be used (Address already in use)." in words
    assert "name another port with --port." in words


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_folder_of_uploads_that_others_can_read_is_refused(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)

    words = run(database_url, "--port", "0", TRACKER_UPLOADS=str(folder))

    assert f"The folder {folder} for files of imports must be open to the user" in words


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_workers_that_cannot_start_are_given_up(database_url: str, tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text(
        "import tracker.serving\n"
        "def broken(*what, **how):\n    raise OSError('planted')\n"
        "tracker.serving.create_server = broken\n"
        "from tracker.cli import main\nmain()\n"
    )
    server = RunningServer(database_url, tmp_path, processes=2, script=script)

    status = server.process.wait(60)

    server.kill()
    assert status == 1
    assert "The workers end as soon as they start. Entente gives up." in server.log.read_text()
