"""The database session of a request: one, with one transaction.

Where a copy of the database takes reading off it (`tracker.web.replica`), a request that only shows
what is recorded has its session there.
"""

from __future__ import annotations

from flask import Flask, current_app, g, request
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tracker.authorship import Author
from tracker.clock import today
from tracker.columns import Reading


def init_app(app: Flask, engine: Engine) -> None:
    """Give each request of the app a session of its own."""
    app.extensions["engine"] = engine
    # One is made of the other with a lot of care, which need not be for each request.
    app.extensions["engines"] = {
        writing: engine.execution_options(writing=writing) for writing in (False, True)
    }
    app.teardown_appcontext(_close)


def db() -> Session:
    """This request's session: of the database itself, unless the request reads from the copy."""
    copy: Session | None = g.get("copy")
    return copy if copy is not None else _own()


def _own() -> Session:
    """The session of the database itself.

    One that may write takes the writers' turn at its beginning.
    """
    if "session" not in g:
        writing = request.method not in ("GET", "HEAD", "OPTIONS")
        engine: Engine = current_app.extensions["engines"][writing]
        # What was saved is known: to read it again would take another turn at writing.
        g.session = Session(engine, expire_on_commit=False)
        g.session.info["author"] = g.get("author")
    session: Session = g.session
    return session


def read_from_copy(copy: Session) -> None:
    """Read all that follows in this request from the copy; the database itself is let go."""
    g.copy = copy
    if "session" in g:
        g.session.close()


def leave_copy() -> bool:
    """Read from the database itself again; whether the copy was read from before."""
    copy: Session | None = g.pop("copy", None)
    if copy is not None:
        copy.close()
    return copy is not None


def reading_engine() -> Engine:
    """Where this request reads, for an answer that is still being sent when the request is over."""
    if "copy" in g:
        copy: Engine = g.copy.get_bind()
        return copy
    engine: Engine = current_app.extensions["engine"]
    return engine


def write_as(author: Author) -> None:
    """Let what this request writes carry its author; whoever recognises people says who it is."""
    g.author = author
    if "session" in g:
        g.session.info["author"] = author


def release() -> None:
    """End this request's transaction, so that nobody waits while something slow is worked out."""
    db().rollback()


def stop_writing() -> None:
    """Give the turn at writing back: from here on this request only shows something.

    To make a page takes longer than to save, and on SQLite others would wait for it. Whatever was
    read is read again when it is asked for.
    """
    session = db()
    session.rollback()
    session.bind = current_app.extensions["engine"]


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    session.info["saved"] = True


def has_saved() -> bool:
    """Whether this request's session has committed something."""
    return bool(_own().info.get("saved"))


def reading(*, bulk: bool = False) -> Reading:
    """What reading a form or a file has at hand in this request."""
    return Reading(db(), today(), bulk=bulk)


def _close(_error: BaseException | None) -> None:
    for name in ("session", "copy"):
        session: Session | None = g.pop(name, None)
        if session is not None:
            session.close()
