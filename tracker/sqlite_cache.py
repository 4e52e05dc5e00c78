"""How much of its file SQLite keeps at hand for a connection. PostgreSQL has a cache of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

# As connections are opened: the pages between the roots of large indexes and their leaves fit in.
USUAL_KIB = 16 * 1024
# For reading very much once, which would fill the cache with what nobody asks for again.
SMALL_KIB = 1024
# For writing very much: pages of indexes are not written out and read again and again.
LARGE_KIB = 64 * 1024


@contextmanager
def cache_of(connection: Connection, kib: int) -> Iterator[None]:
    """Let SQLite keep so much at hand, as long as the block lasts.

    Whoever is stopped in the middle of a statement loses the connection, and its cache with it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{kib}")
    try:
        yield
    finally:
        if not (connection.closed or connection.invalidated):
            connection.exec_driver_sql("PRAGMA shrink_memory")
            connection.exec_driver_sql(f"PRAGMA cache_size = {before}")
