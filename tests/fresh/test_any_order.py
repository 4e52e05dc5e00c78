"""Whatever is written by whatever way, in whatever order: no 304 hides what a page shows."""

import io
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.fresh.conftest import Browser
from tests.pages import Page
from tracker.cli import cli
from tracker.history.models import Change
from tracker.meetings.models import Meeting
from tracker.meetings.sequence import MeetingStatus
from tracker.people.models import Person
from tracker.settings import Settings

ADDRESSES = (
    "/",
    "/people",
    "/people?sort=name",
    "/people/1",
    "/people/1/history",
    "/people.csv",
    "/agreements/1",
    "/meetings",
    "/meetings.ics",
    "/meetings/1",
    "/relations/IR-UZ",
    "/changes",
)
SEED = int(os.environ.get("FRESH_SEED") or random.randrange(10**9))
START = datetime.fromisoformat("2026-11-25T09:00:00Z")


class Somebody:
    """Writes by each way that there is; each step says what it did."""

    def __init__(
        self,
        chance: random.Random,
        client: CheckedClient,
        engine: Engine,
        folder: Path,
        time: time_machine.Traveller,
    ) -> None:
        self.chance, self.client, self.engine = chance, client, engine
        self.folder, self.time = folder, time
        with Session(engine) as session:
            planned = select(Meeting.id).where(Meeting.status == MeetingStatus.PLANNED)
            self.meeting = session.scalars(planned.order_by(Meeting.id).limit(1)).one()

    def word(self) -> str:
        return f"Somebody {self.chance.randrange(10**9)}"

    def by_form(self) -> None:
        answer = self.client.submit("/people/1/edit", {"note": self.word()})
        assert answer.status_code == 303

    def by_a_new_record(self) -> None:
        assert self.client.submit("/people/new", {"name": self.word()}).status_code == 303

    def by_deleting(self) -> None:
        with Session(self.engine) as session:
            free = select(Person.id).where(Person.name.like("Somebody %")).limit(1)
            number = session.scalar(free)
        if number:
            assert self.client.submit(f"/people/{number}/delete").status_code == 303

    def by_import(self) -> None:
        file = io.BytesIO(f"id,name,native_name,other_names,note\r\n,{self.word()},,,\r\n".encode())
        checked = self.client.submit("/people/import", {"file": (file, "people.csv")})
        form = Page(checked.text).form("/people/import?step=apply")
        assert self.client.post(form.action, data=form.values).status_code == 303

    def by_command(self) -> None:
        file = self.folder / "people.csv"
        file.write_text(f"id,name,native_name,other_names,note\n,{self.word()},,,\n")
        done = CliRunner().invoke(cli, ["import", "people", str(file)])
        assert done.exit_code == 0, done.output

    def around_the_program(self) -> None:
        with self.engine.execution_options(writing=True).begin() as connection:
            query = text("UPDATE person SET note = :note WHERE id = 2")
            connection.execute(query, {"note": self.word()})

    def by_taking_back(self) -> None:
        """Take back the last entry about people, if it may be."""
        with Session(self.engine) as session:
            last = session.scalar(
                select(func.max(Change.entry_id)).where(Change.record == "person")
            )
        address = f"/changes/{last}"
        if f'action="{address}/undo"' in self.client.get(address).text:
            # What something was built on is refused with 422, and then nothing is written.
            answer = self.client.submit(address, action=f"{address}/undo")
            assert answer.status_code in (303, 422)

    def by_an_act(self) -> None:
        """Postpone a meeting, or take that back."""
        address = f"/meetings/{self.meeting}"
        name = "postpone" if f"{address}/postpone" in self.client.get(address).text else "undo"
        typed = {"on": "2026-11-01", "note": self.word()} if name == "postpone" else {}
        answer = self.client.submit(f"{address}/{name}", typed)
        assert answer.status_code == 303, answer.text

    def by_waiting(self) -> None:
        self.time.shift(self.chance.choice([1, 3600, 90_000]))

    def by_another_name(self) -> None:
        answer = self.client.submit("/account", {"name": self.word()}, action="/account/name")
        assert answer.status_code in (200, 303)

    def by_nothing(self) -> None:
        """Nobody writes."""


WAYS: tuple[Callable[[Somebody], None], ...] = (
    Somebody.by_form,
    Somebody.by_a_new_record,
    Somebody.by_deleting,
    Somebody.by_import,
    Somebody.by_command,
    Somebody.around_the_program,
    Somebody.by_taking_back,
    Somebody.by_an_act,
    Somebody.by_waiting,
    Somebody.by_another_name,
    Somebody.by_nothing,
)


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def somebody(
    time: time_machine.Traveller,
    seeded: Session,
    client: CheckedClient,
    engine: Engine,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Somebody:
    monkeypatch.setenv("TRACKER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRACKER_SECRET_KEY", settings.secret_key)
    return Somebody(random.Random(SEED), client, engine, tmp_path, time)


def test_no_304_hides_what_a_page_shows(
    somebody: Somebody, anonymous: CheckedClient, record_property: Callable[..., None]
) -> None:
    """Each way of writing comes once, some come twice, in an order that the seed makes."""
    record_property("seed", SEED)
    ways = [*WAYS, *somebody.chance.sample(WAYS, 4)]
    somebody.chance.shuffle(ways)
    browsers = (Browser(somebody.client), Browser(anonymous))
    unchanged = 0
    for browser in browsers:
        for address in ADDRESSES:
            browser.ask(address)

    for way in ways:
        before = [kept for browser in browsers for kept in browser.kept.items()]
        way(somebody)
        for browser in browsers:
            asked = somebody.chance.sample(ADDRESSES, 4)
            found = [fault for address in asked for fault in browser.faults(address)]
            assert found == [], f"after {way.__name__}, seed {SEED}"
        unchanged += sum(item in before for browser in browsers for item in browser.kept.items())

    assert unchanged


def test_a_counter_that_stands_still_is_found(somebody: Somebody, engine: Engine) -> None:
    """The control: without its trigger, a page that was changed is taken for the same."""
    on = " ON change_entry" if engine.dialect.name == "postgresql" else ""
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text(f"DROP TRIGGER history_counter{on}"))
    browser = Browser(somebody.client)
    browser.ask("/people/2")

    somebody.around_the_program()

    assert browser.faults("/people/2") == ["/people/2: 304, and the page is another one"]
