"""No save silently overwrites another: many editors on one record."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from sqlalchemy import select

from tests.soak.chain import Save, faults
from tests.soak.conftest import Start, looking
from tests.soak.history import told_notes
from tests.soak.server import RunningServer
from tests.soak.sizes import CLIENTS, SAVES
from tests.soak.visitor import signed_in
from tracker.history.verify import faults as history_faults
from tracker.people.models import Person

FORM = "/people/1/edit"
KEPT = 20  # words of the note that stay, so that it does not outgrow its column


class Editors:
    """Open the form of one person, add a word to the note, save; over and over."""

    def __init__(self, server: RunningServer, count: int) -> None:
        self.server = server
        self.count = count
        self.ready = threading.Barrier(count)
        self.accepted: list[Save] = []
        self.ends: Counter[int] = Counter()

    def run(self, saves: int) -> None:
        """Let each of them save so many times."""
        with ThreadPoolExecutor(self.count) as pool:
            running = [pool.submit(self._edit, number, saves) for number in range(self.count)]
        for one in running:
            one.result()

    def _edit(self, number: int, saves: int) -> None:
        with closing(signed_in(self.server)) as visitor:
            for turn in range(saves):
                fields = visitor.get(FORM).fields()
                if turn == 0:
                    # All have opened the same version, so there is something to overwrite.
                    self.ready.wait()
                before = fields["note"][0].strip()
                after = " ".join([*before.split()[-KEPT:], f"{number}.{turn}"])
                answer = visitor.post(FORM, {**fields, "note": after})
                self.ends[answer.status] += 1
                if answer.status == 303:
                    self.accepted.append(Save(before, after))


def edited(url: str, server: RunningServer, count: int, saves: int) -> tuple[Editors, list[str]]:
    """What the editors did, and where it is no chain."""
    editors = Editors(server, count)
    editors.run(saves)
    server.stop()
    with looking(url) as session:
        last = session.scalars(select(Person.note).where(Person.id == 1)).one() or ""
        gaps = list(history_faults(session.connection()))
        told = told_notes(session)
    missing = [
        f"not in the history: {save.after}" for save in editors.accepted if save.after not in told
    ]
    return editors, faults("", last, editors.accepted) + gaps + missing


def test_no_save_overwrites_another(start: Start, ground: str) -> None:
    server = start()

    editors, found = edited(ground, server, CLIENTS, SAVES)

    print(
        f"saves: {CLIENTS} clients x {SAVES}: {editors.ends[303]} accepted, "
        f"{editors.ends[409]} stale, {len(found)} silent overwrites"
    )
    assert found == []
    assert editors.ends[409] >= CLIENTS - 1
    assert editors.ends[303] + editors.ends[409] == CLIENTS * SAVES


def test_overwrites_are_seen_where_the_version_is_not_checked(start: Start, ground: str) -> None:
    server = start("overwriting")

    editors, found = edited(ground, server, 4, 3)

    assert editors.ends == {303: 12}
    assert any("overwrote silently" in one for one in found)
