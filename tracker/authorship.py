"""Who writes, by what way and from where: what the history says of each change."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# In a session's ``info``: the author, and what the next entry of the history is about.
AUTHOR = "author"
ABOUT = "about"
# Called before rows are written through a session's connection, of which the session sees nothing.
BEFORE_ROWS: list[Callable[[Any], None]] = []


def about_to_write(session: Any) -> None:
    """Tell whoever keeps an eye on sessions that one writes rows through its connection."""
    for told in BEFORE_ROWS:
        told(session)


class Way(enum.StrEnum):
    """By what way a change came."""

    FORM = "form"
    IMPORT = "import"
    COMMAND = "command"
    SEEDS = "seeds"
    API = "api"
    MIGRATION = "migration"


@dataclass(frozen=True)
class Author:
    """Who writes in a database session; it stands in ``session.info["author"]``.

    ``name`` is what the history shows (an e-mail address, the name of a system's user),
    ``account_id`` the account, where there is one; ``origin`` is a network address or the name of
    a computer, ``request_id`` the request as the log names it.
    """

    name: str
    way: Way
    account_id: int | None = None
    origin: str = ""
    request_id: str = ""
