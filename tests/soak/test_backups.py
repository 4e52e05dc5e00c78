"""A backup taken while people work restores whole, with all that was saved before it began."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.backups.conftest import tracker
from tests.databases import Databases, empty
from tests.soak.conftest import Start, looking
from tests.soak.ledger import Ledger, faults
from tests.soak.sizes import BACKUPS, WRITERS
from tests.soak.test_kills import wait_for_writes
from tests.soak.writers import writing

Place = Callable[[int], str]


@pytest.fixture
def place(databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """Empty places, by number."""
    with ExitStack() as stack:

        def place(number: int) -> str:
            folder = tmp_path / f"place-{number}"
            folder.mkdir()
            return stack.enter_context(databases.fresh(empty, folder))

        yield place


def test_backups_under_load_restore_whole(
    start: Start, ground: str, place: Place, tmp_path: Path
) -> None:
    server, ledger = start(), Ledger()
    promised: list[dict[str, int]] = []
    with writing(server, WRITERS, "w", ledger):
        for number in range(BACKUPS):
            wait_for_writes(ledger, 3)
            promised.append(ledger.promised())
            saved = tracker(ground, "backup", str(tmp_path / f"{number}.backup"))
            assert saved.exit_code == 0, saved.output
        wait_for_writes(ledger, 1)
    server.stop()

    found = []
    for number, before in enumerate(promised):
        url = place(number)
        restored = tracker(url, "restore", str(tmp_path / f"{number}.backup"))
        checked = tracker(url, "check")
        assert (restored.exit_code, checked.exit_code) == (0, 0), restored.output + checked.output
        with looking(url) as session:
            found += faults(session, before, ledger.tried)

    print(
        f"backups: {BACKUPS} under {WRITERS} writing clients: {ledger.count()} writes, "
        f"{sum(sum(one.values()) for one in promised)} promised to the backups, "
        f"{len(found)} missing or half written"
    )
    assert found == []
    assert ledger.otherwise == {}
