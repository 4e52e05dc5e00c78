"""An acknowledged save survives kill -9 of the server; nothing is half written."""

import os
import random
import signal
import time
from contextlib import suppress

from tests.soak.conftest import Start, looking
from tests.soak.ledger import Ledger, faults
from tests.soak.server import RunningServer
from tests.soak.sizes import ROUNDS, SEED, WRITERS
from tests.soak.writers import writing
from tracker import integrity

START_SECONDS = 60


def wait_for_writes(ledger: Ledger, more: int) -> None:
    """Until so many more writes have been acknowledged."""
    wanted, until = ledger.count() + more, time.monotonic() + START_SECONDS
    while ledger.count() < wanted:
        assert time.monotonic() < until, f"Nothing is written: {ledger.otherwise}"
        time.sleep(0.01)


def killed(server: RunningServer, ledger: Ledger, name: str, chance: random.Random) -> None:
    """One round: people write, one worker is killed, then all processes."""
    with writing(server, WRITERS, name, ledger):
        wait_for_writes(ledger, 3)
        time.sleep(chance.uniform(0.0, 0.8))
        with suppress(ProcessLookupError):
            os.kill(chance.choice(server.workers()), signal.SIGKILL)
        time.sleep(chance.uniform(0.0, 0.8))
        server.kill()


def after_kills(start: Start, url: str, rounds: int, fault: str | None) -> tuple[Ledger, list[str]]:
    """Kill so many servers under load; give what was promised and what is wrong in the end."""
    ledger, chance = Ledger(), random.Random(SEED)
    for number in range(rounds):
        killed(start(fault), ledger, f"r{number}w", chance)
    with looking(url) as session:
        found = faults(session, ledger.promised(), ledger.tried)
        return ledger, found + integrity.problems(session)


def test_acknowledged_writes_survive_kill_9(start: Start, ground: str) -> None:
    ledger, found = after_kills(start, ground, ROUNDS, None)

    unknown = ledger.otherwise.pop("unknown", 0)
    print(
        f"kills: {ROUNDS} rounds x {WRITERS} clients, seed {SEED}: {ledger.count()} writes "
        f"acknowledged, {unknown} unknown, {len(found)} missing or half written"
    )
    assert found == []
    assert ledger.otherwise == {}


def test_answers_before_the_commit_are_seen(start: Start, ground: str) -> None:
    _ledger, found = after_kills(start, ground, 2, "answering_early")

    assert any(one.startswith("missing") for one in found)
