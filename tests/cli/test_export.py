"""`tracker export`: the rows of a list's page, in its order, as CSV or JSON."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.catalogue import TABLES
from tracker.cli import cli
from tracker.tabular import read_sheet, write_json

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    """`tracker export …` on the test's database."""
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
    return lambda *words: CliRunner().invoke(cli, ["export", *words], env=env)


def test_a_filtered_export_is_the_file_of_the_page(
    seeded: Session, run: Run, client: CheckedClient
) -> None:
    query = "q=republic&kind=former-state"

    result = run("parties", "--filter", query)

    assert result.stdout_bytes == client.get(f"/parties.csv?{query}").data
    assert result.stdout_bytes.count(b"\r\n") > 3


def test_without_a_filter_the_rows_stand_by_their_ids(seeded: Session, run: Run) -> None:
    result = run("meetings")

    ids = [row.cells[0] for row in read_sheet(result.stdout_bytes).rows]
    assert ids == sorted(ids, key=int)
    assert len(ids) > 5


@pytest.mark.parametrize("name", TABLES)
def test_json_holds_each_record_with_all_columns(
    seeded: Session, run: Run, client: CheckedClient, name: str
) -> None:
    rows = json.loads(run(name, "--format", "json").stdout_bytes)

    assert [*rows[0]] == [*TABLES[name].header]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    page = client.get(f"/{name}.json")
    assert page.mimetype == "application/json"
    assert sorted(page.get_json(), key=lambda row: row["id"]) == rows


def test_json_holds_numbers_truth_lists_and_nothing_as_such(seeded: Session, run: Run) -> None:
    agreement = json.loads(run("agreements", "--format", "json").stdout_bytes)[0]
    meeting = json.loads(run("meetings", "--format", "json").stdout_bytes)[0]

    assert agreement["signed_on"] == "2022-03-09"
    assert isinstance(agreement["topics"], list)
    assert agreement["duration_months"] is None
    assert isinstance(agreement["signatories"], str)
    assert meeting["extraordinary"] is False
    assert isinstance(meeting["commission"], int)


def test_an_empty_list_is_an_empty_array(run: Run) -> None:
    assert run("people", "--format", "json").stdout_bytes == b"[]\n"
    assert b"".join(write_json([{"a": "ی"}])) == '[\n{"a": "ی"}\n]\n'.encode()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("parties", "--filter", "colour=red"), 1, "parties has no filter “colour”. Known are: "),
        (("parties", "--filter", "q=a&q=b"), 1, "The filter “q” stands there twice."),
        (("agreements", "--filter", "party=Atlantis"), 1, "Filter party: No party has the code"),
        (("parties", "--filter", "red"), 2, "write NAME=VALUE"),
        (("parties", "--format", "xml"), 2, "'csv', 'xlsx', 'json', 'jsonl'"),
    ],
)
def test_what_cannot_be_exported_is_said(
    run: Run, words: tuple[str, ...], status: int, said: str
) -> None:
    result = run(*words)

    assert result.exit_code == status
    assert said in result.stderr


def test_an_unknown_filter_of_the_json_address_is_a_mistake(client: CheckedClient) -> None:
    assert client.get("/parties.json?colour=red").status_code == 400
    assert client.get("/agreements.json?party=Atlantis").status_code == 400
