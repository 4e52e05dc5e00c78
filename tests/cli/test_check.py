"""`tracker check`: what somebody did to the database around the program is found and named."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.cli import cli

Check = Callable[[], Result]


@pytest.fixture
def check(database_url: str) -> Check:
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
    return lambda: CliRunner().invoke(cli, ["check"], env=env)


def around(engine: Engine, *statements: str) -> None:
    """Do what the database forbids, as somebody could who owns it."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        connection.commit()
        connection.invalidate()


def unchecked(engine: Engine, table: str, name: str, statement: str) -> list[str]:
    """Statements that break a CHECK; PostgreSQL must lose it, and takes it back unlooked."""
    if engine.dialect.name == "sqlite":
        return [statement]
    with engine.connect() as connection:
        query = text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
        rule = connection.scalar(query, {"name": name})
    return [
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        statement,
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID",
    ]


def test_seeds_are_in_order(seeded: Session, check: Check) -> None:
    result = check()

    assert (result.exit_code, result.stdout) == (0, "The database is in order.\n")


@pytest.mark.parametrize(
    ("table", "name", "statement", "row"),
    [
        ("agreement", "ck_agreement_two_different_sides", "side_b_id = side_a_id", "1"),
        ("agreement", "ck_agreement_signed_on_span", "signed_on_last = NULL", "1"),
        ("party", "ck_party_partykind", "kind = 'planet'", "3"),
        ("source", "ck_source_link_scheme", "link = 'ftp://100%/:x'", "2"),
    ],
)
def test_a_broken_rule_is_named_with_its_row(
    seeded: Session, engine: Engine, check: Check, table: str, name: str, statement: str, row: str
) -> None:
    change = f"UPDATE {table} SET {statement} WHERE id = {row}"  # noqa: S608
    around(engine, *unchecked(engine, table, name, change))

    result = check()

    assert result.exit_code == 1
    assert result.stderr == f"{table} {row} breaks the rule {name}\n"


def test_many_rows_are_counted(seeded: Session, engine: Engine, check: Check) -> None:
    change = "UPDATE party SET kind = 'planet' WHERE id BETWEEN 1 AND 50"
    around(engine, *unchecked(engine, "party", "ck_party_partykind", change))

    lines = check().stderr.splitlines()

    assert lines[0] == "party 1 breaks the rule ck_party_partykind"
    assert len(lines) == 21
    assert lines[20] == "party: 30 more rows: breaks the rule ck_party_partykind"


def test_a_row_that_points_at_nothing_is_named(
    seeded: Session, engine: Engine, check: Check
) -> None:
    around(engine, "DELETE FROM party WHERE id = (SELECT side_a_id FROM agreement WHERE id = 1)")

    lines = check().stderr.splitlines()

    key = "fk_agreement_side_a_id_party"
    assert f"agreement 1 points at a row of party that is not there ({key})" in lines


def test_a_missing_index_is_named(engine: Engine, check: Check) -> None:
    around(engine, "DROP INDEX ix_agreement_signed")

    result = check()

    assert result.exit_code == 1
    assert result.stderr == "agreement: the index ix_agreement_signed is missing\n"


def test_a_missing_table_is_named(engine: Engine, check: Check) -> None:
    around(engine, "DROP TABLE agreement_language")

    assert check().stderr == "agreement_language: the table is missing\n"


TRIGGERS = {
    "sqlite": ["CREATE TRIGGER guard BEFORE DELETE ON agreement BEGIN SELECT 1; END"],
    "postgresql": [
        "CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "CREATE TRIGGER guard BEFORE DELETE ON agreement FOR EACH ROW EXECUTE FUNCTION guard()",
    ],
}


def test_a_declared_trigger_must_be_there(
    engine: Engine, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Agreement.__table__.info, "triggers", ("guard",))

    before = check()
    around(engine, *TRIGGERS[engine.dialect.name])
    after = check()

    assert before.stderr == "agreement: the trigger guard is missing or switched off\n"
    assert after.exit_code == 0


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_trigger_that_is_switched_off_is_named(
    engine: Engine, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Agreement.__table__.info, "triggers", ("guard",))
    around(engine, *TRIGGERS["postgresql"], "ALTER TABLE agreement DISABLE TRIGGER guard")

    assert check().stderr == "agreement: the trigger guard is missing or switched off\n"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_damaged_file_is_named(seeded: Session, engine: Engine, check: Check) -> None:
    seeded.close()
    engine.dispose()
    with Path(engine.url.database or "").open("r+b") as file:
        for page in range(4, 12):
            file.seek(page * 4096)
            file.write(b"\xaa" * 4096)

    result = check()

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "database disk image is malformed" in result.stderr


def test_columns_that_do_not_fit_together_are_named(
    seeded: Session, engine: Engine, check: Check
) -> None:
    around(engine, "UPDATE agreement SET renewal = 'none', renewal_months = 12 WHERE id = 1")

    result = check()

    assert result.exit_code == 1
    assert result.stderr.startswith("agreements 1, renewal")
