"""The database session of a request: one, with one transaction."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.authorship import Author
from tracker.clock import today
from tracker.columns import Reading


def init_app(app: Flask, engine: Engine) -> None:
    """Give each request of the app a session of its own."""
    app.extensions["engine"] = engine
    app.teardown_appcontext(_close)


def db() -> Session:
    """This request's session. One that may write takes the writers' turn at its beginning."""
    if "session" not in g:
        engine: Engine = current_app.extensions["engine"]
        writing = request.method not in ("GET", "HEAD", "OPTIONS")
        g.session = Session(engine.execution_options(writing=writing))
        g.session.info["author"] = g.get("author")
    session: Session = g.session
    return session


def write_as(author: Author) -> None:
    """Let what this request writes carry its author; whoever recognises people says who it is."""
    g.author = author
    if "session" in g:
        g.session.info["author"] = author


def release() -> None:
    """End this request's transaction, so that nobody waits while something slow is worked out."""
    db().rollback()


def read_only() -> None:
    """Let the rest of this request read in a session of its own, whatever it began as."""
    _close(None)
    engine: Engine = current_app.extensions["engine"]
    g.session = Session(engine)


def reading(*, bulk: bool = False) -> Reading:
    """What reading a form or a file has at hand in this request."""
    return Reading(db(), today(), bulk=bulk)


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
