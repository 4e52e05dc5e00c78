"""Files of everything: how long they take, their first byte, and the server's own memory."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import psycopg

from bench.context import Bench
from bench.places import Places, dsn
from bench.servers import Server
from bench.table import Found, not_there, ratio
from bench.visitor import Download

MEGABYTE = 1024 * 1024
XLSX_ROWS = 100_000
# So many short files that each process has sent some.
WARM = 10

_OF = "FROM {table} AS t {join} WHERE t.agreement_id = a.id"
_PARTS = (
    ("agreement_topic", "JOIN topic ON topic.id = t.topic_id", "topic.code"),
    (
        "signature",
        "JOIN person ON person.id = t.person_id",
        "t.side || '|' || person.name || '|' || coalesce(t.capacity, '') || '|' || t.kind",
    ),
    ("agreement_language", "", "t.language"),
    ("agreement_relation", "", "t.kind || '|' || t.other_id"),
    (
        "agreement_territory",
        "JOIN party ON party.id = t.party_id",
        "party.code",
    ),
    (
        "action",
        "",
        "t.kind || '|' || coalesce(t.side, '')"
        " || '|' || coalesce(CAST(t.done_on_first AS text), '')"
        " || '|' || coalesce(CAST(t.effective_on_first AS text), '')",
    ),
)


def plain_query(*, postgres: bool) -> str:
    """What the file of agreements holds, as one statement: the same columns, lists in one cell."""
    own = (
        "a.id, a.title, a.kind, x.code, y.code, a.signed_on_first, a.signed_city, c.code,"
        " a.in_force_on_first, a.ended_on_first, a.ended_how, a.short_title, a.designation,"
        " a.binding, a.summary, a.provisionally_applied_on_first, a.duration_months, a.renewal,"
        " a.renewal_months, a.notice_months, a.depositary, a.registration, a.reference_list,"
        " a.link, a.note, a.notice_days, a.lead_days, a.in_force_after_months,"
        " a.in_force_after_days, CASE WHEN a.ended_how IS NOT NULL THEN a.ended_how"
        " WHEN a.in_force_on_first IS NOT NULL THEN 'in-force'"
        " WHEN a.signed_on_first IS NOT NULL THEN 'signed' ELSE 'draft' END"
    )
    joined = "string_agg" if postgres else "group_concat"
    lists = [
        f"(SELECT {joined}({cell}, ';') {_OF.format(table=table, join=join)})"
        for table, join, cell in _PARTS
    ]
    return (
        f"SELECT {own}, {', '.join(lists)} FROM agreement AS a"
        " JOIN party AS x ON x.id = a.side_a_id JOIN party AS y ON y.id = a.side_b_id"
        " LEFT JOIN party AS c ON c.id = a.signed_country_id"
    )


def by_database(places: Places) -> float:
    """Seconds that the database's own program takes to write the same columns as CSV."""
    begun = perf_counter()
    if places.postgres:
        copy = f"COPY ({plain_query(postgres=True)}) TO STDOUT CSV HEADER"
        with (
            psycopg.connect(dsn(places.url)) as connection,
            connection.cursor().copy(copy) as blocks,
        ):
            for _block in blocks:
                pass
    else:
        path = places.url.removeprefix("sqlite:///")
        command = ["sqlite3", "-readonly", "-csv", "-header", path, plain_query(postgres=False)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begun


@dataclass
class Peak:
    """The memory of a server before and at its height, in bytes."""

    before: int
    most: int

    @property
    def more(self) -> str:
        """By how much it grew, in words."""
        return f"+ {(self.most - self.before) / MEGABYTE:.1f} MB"


@contextmanager
def watched(server: Server, every: float = 0.05) -> Iterator[Peak]:
    """Look at a server's own memory as long as the block lasts."""
    peak = Peak(server.memory(), 0)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(every):
            peak.most = max(peak.most, server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
        peak.most = max(peak.most, server.memory())


def csv(bench: Bench) -> Iterator[Found]:
    """The whole list as CSV over HTTP, and the same columns by the database's own program."""
    beside = "COPY … TO STDOUT CSV" if bench.places.postgres else "sqlite3 -csv"
    theirs, ours = [], []
    # What a process keeps from its first files is not what a long one needs.
    for _ in range(WARM):
        _download(bench, "/agreements.csv?party=FR")
    with watched(bench.program) as peak:
        for _ in range(bench.pace.repeats):
            theirs.append(by_database(bench.places))
            ours.append(_download(bench, "/agreements.csv"))
    seconds = median(one.seconds for one in ours)
    times = ratio(seconds, median(theirs))
    rows = bench.places.n / seconds
    said = f"{seconds:.2f} s ({rows:,.0f} rows a second)"
    limit = f"{beside}: {median(theirs):.2f} s"
    yield Found("csv", "CSV of everything", limit, said, times, "≤ 3 ×", times <= 3)
    first = median(one.first_byte for one in ours) * 1000
    said = f"{first:.0f} ms"
    yield Found("csv-first", "its first byte", "", said, None, "< 50 ms", first < 50)
    grown = peak.most - peak.before < 10 * MEGABYTE
    yield Found("csv-memory", "own memory meanwhile", "", peak.more, None, "< + 10 MB", grown)


def xlsx(bench: Bench) -> Iterator[Found]:
    """A spreadsheet of up to 100,000 rows."""
    n = bench.places.n
    # The first party is in about one agreement of twenty.
    path = "/agreements.xlsx" if n <= XLSX_ROWS else "/agreements.xlsx?party=FR"
    what, goal = f"XLSX ({path}), own memory meanwhile", "< + 64 MB"
    with watched(bench.program) as peak:
        got = _download(bench, path)
    if got.status != 200:
        yield not_there("xlsx", what, goal, f"not there: answers {got.status}")
        return
    said = f"{peak.more}, {got.seconds:.1f} s, {got.size / MEGABYTE:.1f} MB long"
    grown = peak.most - peak.before < 64 * MEGABYTE
    yield Found("xlsx", what, "", said, None, goal, grown)


def _download(bench: Bench, path: str) -> Download:
    with closing(bench.editor()) as visitor:
        return visitor.download(path)
