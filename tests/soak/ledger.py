"""What writers were told, held against what the database has in the end.

Each agreement that a writer records goes through numbered states; its title, its summary and both
its signatures bear the number of the state, so that a half written one gives itself away.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tests.soak.history import missing_history
from tracker.agreements.models import Agreement

TITLE = re.compile(r"Soak (\S+), state (\d+)")
SIGNATURES = TOPICS = 2


@dataclass
class Ledger:
    """By agreement, the last state that was tried and the last that was acknowledged."""

    tried: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    # How requests ended that were not acknowledged; "unknown" without any answer.
    otherwise: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tries(self, key: str, state: int) -> None:
        """A request is about to be sent."""
        with self.lock:
            self.tried[key] = state

    def ends(self, key: str, state: int, how: str) -> None:
        """It was acknowledged, refused with a status, or nobody answered."""
        with self.lock:
            if how == "acknowledged":
                self.acknowledged[key] = state
            else:
                self.otherwise[how] += 1

    def promised(self) -> dict[str, int]:
        """What has been acknowledged up to now."""
        with self.lock:
            return dict(self.acknowledged)

    def count(self) -> int:
        """How many writes have been acknowledged."""
        return sum(self.promised().values())


def texts(key: str, state: int) -> dict[str, str]:
    """The fields that bear the number of the state."""
    word = f"state {state}"
    return {
        "title": f"Soak {key}, {word}",
        "summary": word,
        "signatories-0-capacity": word,
        "signatories-1-capacity": word,
    }


def faults(session: Session, promised: Mapping[str, int], tried: Mapping[str, int]) -> list[str]:
    """Acknowledged writes that are missing, and records that are half written."""
    found: dict[str, int] = {}
    problems: list[str] = []
    for key, agreement in _recorded(session):
        state = _state(agreement)
        if state is None:
            problems.append(f"half written: {agreement.title}")
            continue
        if key in found:
            problems.append(f"recorded twice: {agreement.title}")
        if state > tried.get(key, 0):
            problems.append(f"never sent: {agreement.title}")
        found[key] = state
    for key, state in promised.items():
        if found.get(key, 0) < state:
            problems.append(f"missing: {key} was acknowledged in state {state}")
    return problems + missing_history(session, promised)


def _recorded(session: Session) -> Iterator[tuple[str, Agreement]]:
    query = (
        select(Agreement)
        .where(Agreement.title.like("Soak %"))
        .options(selectinload(Agreement.signatures), selectinload(Agreement.topic_links))
    )
    for agreement in session.scalars(query):
        named = TITLE.fullmatch(agreement.title)
        assert named, agreement.title
        yield named[1], agreement


def _state(agreement: Agreement) -> int | None:
    """The number that all parts bear; None where they disagree or some are missing."""
    named = TITLE.fullmatch(agreement.title)
    words = [agreement.summary, *(one.capacity for one in agreement.signatures)]
    whole = len(agreement.signatures) == SIGNATURES and len(agreement.topic_links) == TOPICS
    if named and whole and set(words) == {f"state {named[2]}"}:
        return int(named[2])
    return None
