"""The day that counts as today, asked only by pages, the command line and exports."""

from contextvars import ContextVar
from datetime import UTC, date, datetime

# The day for which somebody asked to see the world, `?on=`, in this request or command.
as_of: ContextVar[date | None] = ContextVar("as_of", default=None)


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date, UTC."""
    return datetime.now(UTC).date()


def day_asked() -> date:
    """The day for which a status is meant: the one asked for, or today."""
    return as_of.get() or today()
