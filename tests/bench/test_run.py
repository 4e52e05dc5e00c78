"""The harness on a small data set, on both databases: what it builds, and what it finds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.context import Bench, Pace, both
from bench.dataset import TODAY
from bench.places import Kept, Places, places
from bench.run import measure, parts_of, write
from bench.stories import read_stories
from bench.table import Found
from tracker import integrity
from tracker.agreements.models import Agreement
from tracker.agreements.status import possible_status
from tracker.db import make_engine
from tracker.history.models import ChangeEntry
from tracker.meetings.models import Meeting

N = 200
QUICK = Pace(rounds=2, seconds=0.3, repeats=1)


def silent(_words: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The data set in databases of each kind."""
    server = ""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_databases").url
        server = address.render_as_string(hide_password=False)
    return places(Kept(tmp_path_factory.mktemp("bench"), server), N, silent)


@pytest.fixture(scope="module")
def session(built: Places) -> Iterator[Session]:
    engine = make_engine(built.url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_the_built_database_is_in_order(session: Session) -> None:
    assert integrity.problems(session) == []


def test_the_program_sees_each_status_as_the_data_set_has_it(
    built: Places, session: Session
) -> None:
    found = {
        agreement.reference_list: possible_status(agreement, TODAY)
        for agreement in session.scalars(select(Agreement))
    }
    session.rollback()

    stories = list(read_stories(built.data))
    assert {s.reference: s.status for s in stories} == {
        s.reference: str(found[s.reference].status) for s in stories
    }
    assert not any(found[s.reference].possibly for s in stories)
    assert {s.status for s in stories} > {"in-force", "signed", "terminated", "expired", "draft"}


def test_the_history_says_where_the_rows_came_from(session: Session) -> None:
    notes = list(session.scalars(select(ChangeEntry.note).where(ChangeEntry.note != "")))
    session.rollback()

    assert "topics and people" in notes
    assert "the agreements of the data set" in notes


def test_what_is_built_is_kept(built: Places, session: Session) -> None:
    before = session.scalar(select(Meeting.changed_at).order_by(Meeting.id.desc()).limit(1))
    session.rollback()
    said: list[str] = []

    again = places(built.kept, N, said.append)

    assert again == built
    assert said == []
    assert before is not None


@pytest.fixture(scope="module")
def bench(built: Places) -> Iterator[Bench]:
    """Both servers on the data set."""
    with both(built, silent, QUICK) as bench:
        yield bench


def test_pages_and_files_and_saves_are_measured(bench: Bench) -> None:
    names = ["pages", "requests", "csv", "xlsx", "save", "writers", "beside"]

    found = {one.key: one for one in measure(bench, parts_of(names))}

    for key in (
        "first",
        "oldest",
        "filtered",
        "last",
        "record",
        "coming",
        "relation",
        "home",
        "home-changed",
    ):
        assert found[key].ratio is not None, found[key]
        assert found[key].goal in ("≤ 5 ×", "≤ 3.5 ×")
    for key in ("csv", "save", "requests-list", "writers"):
        assert (found[key].ratio or 0) > 0, found[key]
    for key in ("save-beside-exports", "writers"):
        assert found[key].met is True, found[key]
    assert found["csv-memory"].program.startswith("+ ")


def test_imports_and_starts_are_measured(bench: Bench) -> None:
    parts = parts_of(["import", "save-import", "start"])

    found = {one.key: one for one in measure(bench, parts)}

    assert (found["import"].ratio or 0) > 0
    assert "200 agreements" in found["import"].what
    assert found["save-beside-import"].met is True
    assert found["idle"].program.endswith(" MB")
    assert (found["import-beside"].ratio or 0) > 0
    imports = {"import", "import-rate", "import-beside", "import-beside-rate"}
    assert {*found} == {*imports, "save-beside-import", "start", "idle"}


def test_what_was_found_is_written_among_earlier_rows(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("# Performance\n")

    write(
        document, tmp_path, "sqlite", N, [Found("first", "first list", "1 ms", "4 ms", 4.0)], "abc"
    )
    write(document, tmp_path, "sqlite", N, [Found("csv", "CSV", "1 s", "2 s", 2.0)], "def")

    text = document.read_text()
    assert text.startswith("# Performance\n\n<!-- bench sqlite 200 -->")
    assert text.count("<!-- bench sqlite 200 -->") == 1
    assert "`make bench N=200`: 200 agreements, SQLite" in text
    assert "| abc |" in text
    assert text.index("| first list |") < text.index("| CSV |")


def test_a_part_that_is_not_known_is_refused_with_the_names_of_all() -> None:
    assert list(parts_of(["home", "csv"])) == ["home", "csv"]
    with pytest.raises(SystemExit, match=r"nothing called speed.*pages.*csv.*home"):
        parts_of(["speed"])


def test_a_page_that_is_not_there_is_said_to_be_so(bench: Bench) -> None:
    # The two servers changed for each other: the limit has no page `/`.
    elsewhere = replace(bench, program=bench.limit, limit=bench.program)

    (found,) = measure(elsewhere, parts_of(["home"]))

    assert found.program == "not there: answers 404"
    assert found.met is False
