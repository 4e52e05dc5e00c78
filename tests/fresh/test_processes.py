"""Several processes, and pages that one of them made and another is asked about."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest
from sqlalchemy import Engine, text

from tests.serving.conftest import Start
from tests.serving.conftest import start as start
from tests.soak.server import RunningServer
from tests.soak.visitor import signed_in
from tracker.accounts.guard import COOKIE

ADDRESS = "/people"


@pytest.fixture
def server(start: Start) -> RunningServer:
    return start(processes=2)


@pytest.fixture
def connections(server: RunningServer) -> Iterator[list[HTTPConnection]]:
    """So many that each process has some of them: the system spreads them as it likes."""
    found = [HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(12)]
    yield found
    for one in found:
        one.close()


def ask(connection: HTTPConnection, server: RunningServer, tag: str = "") -> tuple[int, str, str]:
    sent = {"Cookie": f"{COOKIE}={server.token}"} | ({"If-None-Match": tag} if tag else {})
    connection.request("GET", ADDRESS, headers=sent)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("ETag", ""), answer.read().decode()


def test_what_one_process_saves_all_see(
    server: RunningServer, connections: list[HTTPConnection], engine: Engine
) -> None:
    with closing(signed_in(server)) as visitor:
        for round_ in range(4):
            form = visitor.get("/people/new").fields()
            saved = visitor.post("/people/new", form | {"name": [f"Somebody {round_}"]})
            assert saved.status == 303
            # No cookie of forms is sent, so each page has a new token; the newest state shows all.
            pages = [ask(connection, server) for connection in connections]
            assert all(f"Somebody {round_}" in page for _status, _tag, page in pages)


def test_a_tag_of_one_process_is_good_in_all_until_somebody_writes(
    server: RunningServer, connections: list[HTTPConnection], engine: Engine
) -> None:
    with closing(signed_in(server)) as visitor:
        visitor.get(ADDRESS)
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())

    def statuses(tag: str) -> tuple[set[int], str]:
        found = []
        for connection in connections:
            sent = {"Cookie": cookies, "If-None-Match": tag}
            connection.request("GET", ADDRESS, headers=sent)
            answer = connection.getresponse()
            answer.read()
            found.append((answer.status, answer.headers["ETag"]))
        assert len({one for _status, one in found}) == 1
        return {status for status, _tag in found}, found[0][1]

    first, tag = statuses('"nothing yet"')
    for number in range(3):
        same, _tag = statuses(tag)
        with engine.execution_options(writing=True).begin() as connection:
            query = text("INSERT INTO person (name, name_key, version) VALUES (:name, :name, 1)")
            connection.execute(query, {"name": f"somebody {number}"})
        changed, tag = statuses(tag)
        assert (first, same, changed) == ({200}, {304}, {200})
