"""What somebody had before them who opened a form, and who has saved the record since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.models import Change, ChangeEntry
from tracker.history.past import Past, fold, last_of_version
from tracker.history.queries import changes_of
from tracker.web.differing import Opened, Save


def as_opened(session: Session, model: Any, number: int, version: str) -> Opened:
    """The record as it was at a version, and the saves since then, the oldest first.

    ``version`` is what a form says. Where the history does not know it, the record is None, and
    of the saves only the last one is named.
    """
    name = model.__tablename__
    changes = session.scalars(changes_of(name, number)).all()
    known = version.isascii() and version.isdigit() and len(version) < 10
    last = last_of_version(changes, name, int(version)) if known else None
    if last is None:
        return Opened(None, _saves(session, changes[-1:]))
    rows = fold({}, (change for change in changes if change.id <= last))
    past = Past(session)
    past.prepare([rows])
    since = [change for change in changes if change.id > last]
    return Opened(past.record(model, rows), _saves(session, since))


def _saves(session: Session, changes: Sequence[Change]) -> list[Save]:
    numbers = {change.entry_id for change in changes}
    query = select(ChangeEntry).where(ChangeEntry.id.in_(numbers)).order_by(ChangeEntry.id)
    return [Save(entry.author, entry.at) for entry in session.scalars(query)]
