"""The program with a fault planted: it answers, and commits a third of a second later."""

from threading import Timer

from sqlalchemy.orm import Session

from tracker.cli import main

DELAY_SECONDS = 0.3
commit, close = Session.commit, Session.close


def commit_later(session: Session) -> None:
    """Write, and leave the commit to the session's end."""
    session.flush()
    session.info["late"] = True


def close_later(session: Session) -> None:
    """End the session after the answer has gone out."""
    if session.info.pop("late", False):
        Timer(DELAY_SECONDS, finish, [session]).start()
    else:
        close(session)


def finish(session: Session) -> None:
    """What should have been done before the answer."""
    commit(session)
    close(session)


Session.commit, Session.close = commit_later, close_later
main()
