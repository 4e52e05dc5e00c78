"""Whatever writes says who it is, by what way, and from where."""

import getpass
import io
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.authorship import Author, Way
from tracker.cli import cli
from tracker.parties.models import Party
from tracker.people.models import Person


@pytest.fixture
def written() -> Iterator[list[Author | None]]:
    """The author of each flush that writes a person or a party."""
    authors: list[Author | None] = []

    def note(session: Session, _context: Any) -> None:
        if any(isinstance(one, Person | Party) for one in session.new | session.dirty):
            authors.append(session.info.get("author"))

    event.listen(Session, "after_flush", note)
    yield authors
    event.remove(Session, "after_flush", note)


def test_a_form_carries_the_account(client: CheckedClient, written: list[Author]) -> None:
    answer = client.submit("/people/new", {"name": "Ali"})

    (author,) = written
    assert author.name == "editor@example.org"
    assert author.way is Way.FORM
    assert author.account_id is not None
    assert author.origin == "127.0.0.1"
    assert author.request_id == answer.headers["X-Request-ID"]


def test_an_import_says_that_it_is_one(client: CheckedClient, written: list[Author]) -> None:
    file = b"id,code,alpha3,name,official_name,kind,existed_from,existed_until,other_names\r\n"
    file += b",XA,,Aland,,state,,,\r\n"

    client.submit("/parties/import", {"file": (io.BytesIO(file), "parties.csv")})

    assert {author.way for author in written} == {Way.IMPORT}
    assert {author.name for author in written} == {"editor@example.org"}


def test_commands_carry_the_systems_user(database_url: str, written: list[Author]) -> None:
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}

    assert CliRunner().invoke(cli, ["init"], env=env).exit_code == 0

    assert set(written) == {
        Author(name=getpass.getuser(), way=Way.SEEDS, origin=socket.gethostname())
    }
