"""What the tests stand on, tested: fresh databases of each kind, the counting of queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Engine, inspect, text

from tracker.schema import Base

Counter = Callable[[], AbstractContextManager[list[str]]]


def test_each_test_gets_the_whole_schema(engine: Engine, backend: str) -> None:
    tables = inspect(engine).get_table_names()

    assert engine.dialect.name == backend
    assert set(Base.metadata.tables) <= set(tables)


def test_what_one_test_writes(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))

    assert inspect(engine).has_table("left_behind")


def test_the_next_one_does_not_see(engine: Engine) -> None:
    assert not inspect(engine).has_table("left_behind")


def test_the_query_counter_counts_queries(engine: Engine, query_counter: Counter) -> None:
    with engine.connect() as connection, query_counter() as statements:
        connection.execute(text("SELECT 1"))
        connection.execute(text("SELECT 2"))

    assert statements == ["SELECT 1", "SELECT 2"]
