"""The limit's own tables: the data set laid out for nothing but the pages that are measured.

``place`` counts the agreements from the oldest to the newest, so that each list is a walk of an
index; drafts, which have no day, lie in front.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.dataset import TODAY
from bench.stories import Story, read_stories
from bench.words import PARTIES, TOPICS

_NAMES = {code: name for _number, code, name in PARTIES}
_PORTION = 20_000

TABLES = {
    "agreement": "place INTEGER PRIMARY KEY, number INTEGER, reference TEXT, title TEXT, kind TEXT,"
    " status TEXT, signed_on TEXT, in_force_on TEXT, a TEXT, b TEXT, a_name TEXT, b_name TEXT",
    "side": "party TEXT, status TEXT, signed_on TEXT, place INTEGER,"
    " PRIMARY KEY (party, status, signed_on, place)",
    "signer": "place INTEGER, position INTEGER, side TEXT, name TEXT, capacity TEXT,"
    " PRIMARY KEY (place, position)",
    "subject": "place INTEGER, position INTEGER, name TEXT, PRIMARY KEY (place, position)",
    "commission": "id INTEGER PRIMARY KEY, place INTEGER, name TEXT, a TEXT, b TEXT",
    "meeting": "id INTEGER PRIMARY KEY, commission_id INTEGER, number INTEGER, begins_on TEXT,"
    " status TEXT, city TEXT, name TEXT, a TEXT, b TEXT",
    "due": "part TEXT, day TEXT, id INTEGER, title TEXT, word TEXT, sides TEXT,"
    " PRIMARY KEY (part, day, id)",
}
INDEXES = (
    "CREATE UNIQUE INDEX agreement_number ON agreement (number)",
    "CREATE INDEX agreement_pair ON agreement (a, b, place)",
    "CREATE INDEX agreement_signed_on ON agreement (signed_on, place)",
    "CREATE INDEX commission_place ON commission (place)",
    "CREATE INDEX commission_pair ON commission (a, b)",
    "CREATE INDEX meeting_commission ON meeting (commission_id)",
    "CREATE INDEX meeting_begins_on ON meeting (begins_on, id)",
    "CREATE INDEX meeting_pair ON meeting (a, b, begins_on)",
)
_WITHOUT_ROWID = ("side", "signer", "subject", "due")


def fill(connection: Any, folder: Path, *, postgres: bool) -> None:
    """Make the tables in an empty database and fill them from a data set's files."""
    for table, columns in TABLES.items():
        more = " WITHOUT ROWID" if table in _WITHOUT_ROWID and not postgres else ""
        connection.execute(f"CREATE TABLE {table} ({columns}){more}")
    places = _places(folder)
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    meeting = 0
    for story in read_stories(folder):
        for table, row in _rows(story, places[story.number], meeting):
            rows[table].append(row)
            meeting += table == "meeting"
        if len(rows["agreement"]) == _PORTION:
            _insert(connection, rows, postgres=postgres)
    _insert(connection, rows, postgres=postgres)
    for statement in (*INDEXES, *(_POSTGRES_SEARCH if postgres else _SQLITE_SEARCH)):
        connection.execute(statement)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()


_SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE words USING fts5(title, content='agreement', content_rowid='place')",
    "INSERT INTO words (words) VALUES ('rebuild')",
)
_POSTGRES_SEARCH = (
    "ALTER TABLE agreement ADD COLUMN words tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED",
    "CREATE INDEX agreement_words ON agreement USING gin (words) WITH (fastupdate = off)",
)


def _places(folder: Path) -> dict[int, int]:
    days = sorted((str(s.signed_on or ""), s.number) for s in read_stories(folder))
    return {number: place for place, (_day, number) in enumerate(days, 1)}


def _rows(story: Story, place: int, meeting: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    a, b = story.sides
    signed = _text(story.signed_on)
    yield (
        "agreement",
        (
            *(place, story.number, story.reference, story.title, story.kind, story.status),
            *(signed, _text(story.in_force_on), a, b, _NAMES[a], _NAMES[b]),
        ),
    )
    for party in (a, b):
        yield "side", (party, story.status, signed, place)
    for position, signer in enumerate(story.signers):
        yield "signer", (place, position, signer.side, signer.name, signer.capacity)
    for position, topic in enumerate(story.topics):
        yield "subject", (place, position, TOPICS[topic - 1])
    if story.status == "signed":
        yield "due", ("waiting", signed, place, story.title, "signed", f"{a} – {b}")
    if story.body is not None:
        yield "commission", (story.body.number, place, story.body.name, a, b)
        for number, session in enumerate(story.body.sessions, meeting + 1):
            day, name = session.on.isoformat(), story.body.name
            status = "held" if session.status == "held" else "planned"
            own = (number, story.body.number, session.number, day, status, session.city, name, a, b)
            yield "meeting", own
            if status == "planned":
                part = "overdue" if session.on < TODAY else "soon"
                yield "due", (part, day, number, name, session.city, f"{a} – {b}")


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _insert(connection: Any, rows: dict[str, list[tuple[Any, ...]]], *, postgres: bool) -> None:
    for table, found in rows.items():
        if postgres:
            _copy(connection, table, found)
        elif found:
            places = ", ".join("?" * len(found[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", found)
        found.clear()


def _copy(connection: Any, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
