"""How a database means to answer: which tables it would read whole."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, event

# Tables with a row or more for each agreement.
LARGE = "agreement|agreement_status_span|action|signature"
WHOLE = {
    "sqlite": rf"SCAN ({LARGE})(?! USING INDEX)(?= |$)",
    "postgresql": rf"Seq Scan on ({LARGE})(?= |$)",
}


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Give a block whose list fills with what is asked of the database, and with what values."""
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            found.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan(connection: Connection, statement: str, values: Any) -> str:
    """The plan of a statement, a step a line."""
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{word} {statement}", values)
    return "\n".join(str(row[-1]) for row in rows)


def plan_of(connection: Connection, query: Select[Any]) -> str:
    """The plan of a query."""
    made = query.compile(connection, compile_kwargs={"literal_binds": True})
    return plan(connection, str(made), ())


def read_whole(connection: Connection, ask: Callable[[], Any]) -> list[str]:
    """The statements of a piece of work that read a large table from one end to the other."""
    with asked() as statements:
        ask()
    return [
        f"{statement}\n{steps}"
        for statement, values in statements
        # What has come in last is read from the end of the table, and no further.
        if not re.search(r"FROM \w+ ORDER BY \w+\.id DESC\s+LIMIT", statement)
        if re.search(WHOLE[connection.dialect.name], steps := plan(connection, statement, values))
    ]
