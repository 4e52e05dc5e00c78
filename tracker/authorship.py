"""Who writes, by what way and from where: what the history says of each change."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

# Tells of rows that were put into tables, by the ids of the records that they belong to.
Told = Callable[[Sequence[int]], None]
InBulk = Callable[[Any, Mapping[str, str], int], AbstractContextManager[Told]]

# In a session's ``info``: the author, and what the next entry of the history is about.
AUTHOR = "author"
ABOUT = "about"
# What is done besides when rows are put into tables through a session's connection, of which the
# session sees nothing. Each feature adds its own, since what writes such rows stands below it.
BULK: list[InBulk] = []


@contextmanager
def in_bulk(session: Any, tables: Mapping[str, str], coming: int) -> Iterator[Told]:
    """Put rows of new records, so many as are ``coming``, into tables in bulk.

    ``tables`` says in which column each has the record's id. What this gives is called with the
    ids of each batch, when its rows are there. An exception must roll the transaction back.
    """
    with ExitStack() as stack:
        tellers = [stack.enter_context(begin(session, tables, coming)) for begin in BULK]

        def tell(ids: Sequence[int]) -> None:
            for told in tellers:
                told(ids)

        yield tell


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
