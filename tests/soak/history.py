"""Which entries of history a save must have left."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.models import Change, ChangeEntry

EDITOR = "soak@example.org"
# What recording one of these agreements writes beside its own row.
WRITTEN_ALONG = Counter({"agreement_topic": 2, "signature": 2})


def missing_history(session: Session, promised: Mapping[str, int]) -> list[str]:
    """What the history lacks of acknowledged writes: an entry by the editor for each, whole."""
    entries = {
        (change.after["title"], change.operation): change.entry_id
        for change in session.scalars(
            select(Change)
            .join(ChangeEntry)
            .where(
                Change.table_name == "agreement",
                Change.operation != "delete",
                ChangeEntry.author == EDITOR,
            )
        )
    }
    along: dict[int, list[str]] = {}
    inserted = select(Change.entry_id, Change.table_name).where(Change.operation == "insert")
    for entry, table in session.execute(inserted.order_by(Change.table_name)):
        along.setdefault(entry, []).append(table)
    missing = []
    for key, state in promised.items():
        for number in range(1, state + 1):
            operation = "insert" if number == 1 else "update"
            entry = entries.get((f"Soak {key}, state {number}", operation))
            if entry is None:
                missing.append(f"not in the history: {key}, state {number}")
            elif number == 1 and not Counter(along[entry]) >= WRITTEN_ALONG:
                missing.append(f"not whole in the history: {key}: {along[entry]}")
    return missing


def told_notes(session: Session) -> set[str]:
    """All notes of persons that the history tells of."""
    changes = session.scalars(select(Change).where(Change.table_name == "person"))
    return {change.after["note"] for change in changes if change.after and change.after["note"]}
