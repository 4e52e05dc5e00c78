"""Open an entry of the history for whatever a database session is about to write.

The author stands in ``session.info["author"]``. The entry is written just before the first row,
in the same transaction, so that neither can be without the other. Sessions without an author
write, too: their changes are kept as written around the program.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, insert, text, update
from sqlalchemy.orm import ORMExecuteState, Session

from tracker.authorship import ABOUT, AUTHOR, Author
from tracker.clock import now
from tracker.history.models import ChangeContext, ChangeEntry
from tracker.history.triggers import SETTING
from tracker.text import TITLE

_OPEN = "history_entry"
# Each save runs them: they are made once.
_ENTER = insert(ChangeEntry.__table__)  # type: ignore[arg-type]
_KEEP = update(ChangeContext.__table__)  # type: ignore[arg-type]
_SET = text(f"SELECT set_config('{SETTING}', :value, true)")
_RUNNING = {
    "postgresql": text(f"SELECT nullif(current_setting('{SETTING}', true), '')::integer"),
    "sqlite": text("SELECT entry_id FROM change_context"),
}


def tell(session: Session, *, note: str = "", undoes: int | None = None) -> None:
    """Say what the next entry is about: a file's name, or the number of the entry it takes back."""
    session.info[ABOUT] = {"note": note, "undoes_id": undoes}


def open_entry(session: Session) -> int | None:
    """The number of the entry for rows that are about to be written; None without an author."""
    _open(session)
    return entry_of(session)


def entry_of(session: Session) -> int | None:
    """The number of the entry that the transaction writes; None before it wrote anything."""
    number: int | None = session.info.get(_OPEN)
    return number


@event.listens_for(Session, "before_flush")
def _before_rows(session: Session, *_more: Any) -> None:
    changed = any(session.is_modified(one) for one in session.dirty)
    if session.new or session.deleted or changed:
        _open(session)


@event.listens_for(Session, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _open(state.session)


def _open(session: Session) -> None:
    author: Author | None = session.info.get(AUTHOR)
    if author is None or _OPEN in session.info:
        return
    # Through the connection, since the session's own way would come back here.
    connection = session.connection()
    found = _running(session)
    if found is None:
        about = {"note": "", "undoes_id": None} | session.info.get(ABOUT, {})
        values = {
            "at": now(),
            "author": author.name,
            "account_id": author.account_id,
            "way": author.way.value,
            "origin": author.origin,
            "request_id": author.request_id,
            "undoes_id": about["undoes_id"],
            "note": _shown(about["note"]),
        }
        made = connection.execute(_ENTER, values)
        assert made.inserted_primary_key is not None
        found = int(made.inserted_primary_key[0])
        _set(session, found)
    session.info[_OPEN] = found


def _shown(note: str) -> str:
    """A note as it may be stored: a file's name may hold anything."""
    return "".join(c if c.isprintable() else " " for c in note)[:TITLE]


def _running(session: Session) -> int | None:
    """The entry that the database still knows, after a part of the transaction was rolled back."""
    connection = session.connection()
    number: int | None = connection.scalar(_RUNNING[connection.dialect.name])
    return number


def _set(session: Session, number: int | None) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        value = "" if number is None else str(number)
        connection.execute(_SET, {"value": value})
    else:
        connection.execute(_KEEP, {"entry_id": number})


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    """Close the entry with the transaction; a part of one that ends closes nothing."""
    if session.in_nested_transaction():
        return
    session.flush()
    if _OPEN in session.info:
        _set(session, None)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, _previous: Any) -> None:
    session.info.pop(_OPEN, None)


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_OPEN, None)
        session.info.pop(ABOUT, None)
