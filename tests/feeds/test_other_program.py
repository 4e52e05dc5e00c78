"""What a calendar program of other people sees of our running server while meetings change."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.feeds.conftest import in_days
from tests.feeds.other_program import Fetched, Kept, OtherProgram
from tests.meetings.conftest import MakeCommission, MakeSession
from tracker.clock import today
from tracker.commissions.rotation import TurnRule
from tracker.meetings import operations
from tracker.meetings.models import Meeting
from tracker.meetings.sequence import MeetingStatus as S

PATIENCE = 60


@pytest.fixture
def server(database_url: str) -> Iterator[str]:
    """`tracker run` as a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", "from tracker.cli import main; main()", "run", "--port", str(port)],
        env=os.environ
        | {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests only"},
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=PATIENCE):  # noqa: S310
                return
        except OSError:
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)


Change = Callable[[Session, Meeting], None]


def change(session: Session, number: int, act: Change) -> None:
    """Change a meeting beside the server, and save."""
    meeting = session.get(Meeting, number)
    assert meeting is not None
    act(session, meeting)
    session.commit()


def edit(_session: Session, meeting: Meeting) -> None:
    meeting.city = "Isfahan"


def confirm(session: Session, meeting: Meeting) -> None:
    days = in_days(30), in_days(32)
    operations.confirm_meeting(session, meeting, *days, in_days(0), today())


def postpone(session: Session, meeting: Meeting) -> None:
    operations.postpone_meeting(session, meeting, in_days(0), in_days(400), "Storm", today())


def cancel(session: Session, meeting: Meeting) -> None:
    operations.cancel_meeting(session, meeting, in_days(0), "No need", today())


def after(days: int) -> date:
    return today() + timedelta(days=days)


def told(kept: Kept) -> tuple[int, int, str]:
    """The first and the last day, from today, and the status."""
    return (kept.first - today()).days, (kept.last - today()).days, kept.status


def test_another_program_follows_each_change_once(
    db_session: Session,
    make_commission: MakeCommission,
    make_session: MakeSession,
    server: str,
    tmp_path: Path,
) -> None:
    # Where turns go by year, acts ask the most of the database.
    commission = make_commission(turns=TurnRule.BY_YEAR)
    number = make_session(commission, 1, today().year, begins_on=in_days(20)).id
    other = make_session(commission, 2, today().year + 2).id
    program = OtherProgram(tmp_path / "client", f"{server}/meetings.ics")

    def fetched() -> tuple[Fetched, dict[str, Kept]]:
        return program.fetch(), program.shows(after(-30), after(1400))

    first, shown = fetched()
    assert (len(first.came), len(first.went)) == (2, 0)
    uids = {int(uid.partition("@")[0].removeprefix("meeting-")): uid for uid in shown}
    assert uids.keys() == {number, other}
    uid, untouched = uids[number], shown[uids[other]]
    assert told(shown[uid]) == (20, 20, "TENTATIVE")
    assert shown[uid].sequence == 0
    assert fetched() == (Fetched([], []), shown)

    for act, days, status in (
        (edit, (20, 20), "TENTATIVE"),
        (confirm, (30, 32), "CONFIRMED"),
        (postpone, (400, 400), "TENTATIVE"),
        (cancel, (400, 400), "CANCELLED"),
    ):
        before = shown[uid]
        change(db_session, number, act)

        once, shown = fetched()

        assert (len(once.came), len(once.went)) == (1, 1), act.__name__
        assert shown.keys() == {uid, untouched.uid}
        assert shown[untouched.uid] == untouched
        assert told(shown[uid]) == (*days, status)
        assert shown[uid].sequence == before.sequence + 1
        assert shown[uid].whole_days
        assert shown[uid].starts == f"DTSTART;VALUE=DATE:{after(days[0]):%Y%m%d}"
        assert shown[uid].ends == f"DTEND;VALUE=DATE:{after(days[1] + 1):%Y%m%d}"
        assert fetched() == (Fetched([], []), shown)
    assert shown[uid].title == "cancelled: Session 1, Commission on trade"


def test_another_program_sees_what_is_added_and_what_is_deleted(
    db_session: Session,
    make_commission: MakeCommission,
    make_session: MakeSession,
    server: str,
    tmp_path: Path,
) -> None:
    commission = make_commission()
    old, kept = (make_session(commission, n, begins_on=in_days(n)).id for n in (1, 2))
    address = f"{server}/relations/IR-UZ/meetings.ics"
    program = OtherProgram(tmp_path / "client", address)

    def numbers() -> list[int]:
        shown = program.shows(after(-30), after(30))
        return sorted(int(u.partition("@")[0].removeprefix("meeting-")) for u in shown)

    program.fetch()
    assert numbers() == [old, kept]

    added = make_session(commission, 3, status=S.CONFIRMED, begins_on=in_days(3)).id
    assert [len(some) for some in vars(program.fetch()).values()] == [1, 0]
    assert numbers() == [old, kept, added]

    change(db_session, old, lambda session, meeting: session.delete(meeting))
    assert [len(some) for some in vars(program.fetch()).values()] == [0, 1]
    assert numbers() == [kept, added]
