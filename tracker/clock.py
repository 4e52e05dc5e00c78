"""The day that counts as today, asked only by pages, the command line and exports."""

from datetime import UTC, date, datetime


def today() -> date:
    """Today's date, UTC."""
    return datetime.now(UTC).date()
