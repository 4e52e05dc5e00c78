"""What SQLite keeps at hand, for as long as it is asked to."""

import pytest
from sqlalchemy import Connection, Engine, text

from tracker.sqlite_cache import LARGE_KIB, USUAL_KIB, cache_of


def size(connection: Connection) -> int | None:
    if connection.dialect.name != "sqlite":
        return None
    return int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())


def test_it_is_as_before_when_the_block_ends(engine: Engine) -> None:
    with engine.connect() as connection:
        usual = size(connection)
        with cache_of(connection, LARGE_KIB):
            large = size(connection)
        assert usual in (None, -USUAL_KIB)
        assert large in (None, -LARGE_KIB)
        assert size(connection) == usual


def test_an_error_leaves_it_as_before(engine: Engine) -> None:
    with engine.connect() as connection:
        usual = size(connection)
        with pytest.raises(ValueError, match="wrong"), cache_of(connection, LARGE_KIB):
            raise ValueError("wrong")
        assert size(connection) == usual


def stopped(connection: Connection) -> None:
    """As where somebody presses Ctrl-C while a statement runs: the connection is given up."""
    connection.execute(text("SELECT 1"))
    connection.invalidate()
    raise KeyboardInterrupt


def test_who_stops_a_statement_is_heard(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(KeyboardInterrupt), cache_of(connection, LARGE_KIB):
            stopped(connection)
        assert connection.invalidated
