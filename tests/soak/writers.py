"""People who record and change agreements all the time, each one his own."""

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

from tests.soak.ledger import Ledger, texts
from tests.soak.server import RunningServer
from tests.soak.visitor import Fields, NoAnswer, NotSent, Visitor, signed_in

CHANGES = 2


class Writer:
    """Records an agreement with signatures, people and topics, changes it, goes on to the next."""

    def __init__(self, visitor: Visitor, name: str, ledger: Ledger) -> None:
        self.visitor = visitor
        self.name = name
        self.ledger = ledger

    def work(self, stop: threading.Event) -> None:
        """Write until told to stop, or until nobody listens any more."""
        with suppress(NotSent), closing(self.visitor):
            for number in itertools.count(1):
                if stop.is_set():
                    return
                with suppress(NoAnswer):
                    self._one(f"{self.name}-{number}")

    def _one(self, key: str) -> None:
        page = self.visitor.get("/agreements/new")
        place = self._send("/agreements/new", page.fields() | _first(key), key, 1)
        for state in range(2, 2 + CHANGES):
            if place is None:
                return
            page = self.visitor.get(f"{place}/edit")
            if page.status != 200:
                self.ledger.ends(key, state, f"{page.status} for its form")
                return
            place = self._send(f"{place}/edit", page.fields(), key, state)

    def _send(self, path: str, fields: Fields, key: str, state: int) -> str | None:
        """Save, and note how it ended; gives the record's address if it was acknowledged."""
        self.ledger.tries(key, state)
        try:
            answer = self.visitor.post(path, {**fields, **texts(key, state)})
        except NoAnswer:
            self.ledger.ends(key, state, "unknown")
            raise
        how = "acknowledged" if answer.status == 303 else str(answer.status)
        self.ledger.ends(key, state, how)
        return answer.location if answer.status == 303 else None


def _first(key: str) -> dict[str, str | list[str]]:
    """What is typed besides the texts when an agreement is recorded."""
    return {
        "kind": "agreement",
        "side_a": "IR",
        "side_b": "UZ",
        "signed_on": "2021-03-09",
        "signatories-0-person": f"Ada {key} #new",
        "signatories-1-person": f"Bek {key} #new",
        "topics": ["ENV", "SEC"],
    }


@contextmanager
def writing(server: RunningServer, count: int, name: str, ledger: Ledger) -> Iterator[None]:
    """Let so many people write as long as the block lasts; what went wrong for one is raised."""
    stop = threading.Event()
    with ThreadPoolExecutor(count) as pool:
        people = [Writer(signed_in(server), f"{name}{i}", ledger) for i in range(count)]
        running: list[Future[None]] = [pool.submit(one.work, stop) for one in people]
        try:
            yield
        finally:
            stop.set()
    for one in running:
        one.result()
