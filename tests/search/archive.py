"""A hundred thousand agreements with words that are common, rare and in between, in a database."""

from sqlalchemy import Engine, text

from tests.databases import migrated
from tracker.derived import triggers as stale
from tracker.derived.working_out import batches
from tracker.history import triggers
from tracker.search.declared import SEARCHED
from tracker.search.writing import work_out

AGREEMENTS = 100_000
COMMON, MIDDLING, RARE = "cooperation", "fisheries", "glaciology"
_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"
    " WHERE n < {most}) ",
    "postgresql": "WITH numbers (n) AS (SELECT generate_series(1, {most})) ",
}
_DAY = {
    "sqlite": "date('1950-01-01', '+' || (n * 7919 % 27000) || ' days')",
    "postgresql": "date '1950-01-01' + n * 7919 % 27000",
}


def filled(engine: Engine) -> None:
    """The newest schema with the archive in it; it has no history, as before an upgrade."""
    migrated(engine)
    kind = engine.dialect.name
    with engine.connect().execution_options(writing=True) as connection:
        triggers.drop(connection)
        stale.drop(connection)
        connection.execute(
            text(
                "INSERT INTO party (id, code, name, name_key, kind, version) VALUES"
                " (1, 'AA', 'Leftland', 'leftland', 'state', 1),"
                " (2, 'BB', 'Rightland', 'rightland', 'state', 1)"
            )
        )
        connection.execute(text(_agreements(kind)))
        agreements = SEARCHED["agreements"]
        derivation = next(one for one in stale.DERIVATIONS if one.kind == "search_agreement")
        for ids in batches(connection, derivation):
            work_out(connection, agreements, ids)
        triggers.install(connection)
        stale.install(connection)
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _agreements(kind: str) -> str:
    title = (
        "'Agreement ' || n || ' on'"
        f" || CASE WHEN n % 3 > 0 THEN ' {COMMON} in' ELSE '' END"
        f" || CASE WHEN n % 25 = 0 THEN ' {MIDDLING}' ELSE ' culture' END"
        f" || CASE WHEN n % 1000 = 7 THEN ' {RARE}' ELSE '' END"
    )
    columns = "id, title, kind, binding, side_a_id, side_b_id, signed_on_first, signed_on_last"
    values = f"n, {title}, 'agreement', 'binding', 1, 2, {_DAY[kind]}, {_DAY[kind]}"
    into = f"INSERT INTO agreement ({columns}, version)"
    return f"{into} {_NUMBERS[kind].format(most=AGREEMENTS)} SELECT {values}, 1 FROM numbers"  # noqa: S608
