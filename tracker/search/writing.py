"""The rows of `search_text`: worked out of records in batches, written where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, delete, select

from tracker.among import among
from tracker.db import Base
from tracker.derived import Derivation, register
from tracker.derived.registry import Ids, More, WorkOut, write
from tracker.search.declared import Searched, declare
from tracker.search.models import SearchText
from tracker.search.texts import rows

TEXT = Base.metadata.tables[SearchText.__tablename__]
_THERE = select(TEXT.c.record_id, TEXT.c.place, TEXT.c.words).where(
    TEXT.c.kind == bindparam("kind_"), among(TEXT.c.record_id)
)
_CLEAR = delete(TEXT).where(among(TEXT.c.place, "places"))
_GATHERED = "search_gathered"
AT_ONCE = 1000
# As they are sorted: the place, the words and the record's id.
Words = tuple[int, str, int]
PutIn = Callable[[Connection, int, Sequence[Words]], None]


def search(searched: Searched) -> Searched:
    """Have records of a kind searched, and their words kept right."""
    declare(searched)
    register(
        Derivation(
            kind=f"search_{searched.table}",
            record=searched.table,
            reads=searched.reads,
            work_out=lambda connection, ids: work_out(connection, searched, ids),
            wrong=lambda connection, ids: wrong(connection, searched, ids),
            writes={SearchText.__tablename__: "record_id"},
            very_many=lambda connection, more: gathered(connection, searched, more),
        )
    )
    return searched


def work_out(connection: Connection, searched: Searched, ids: Ids) -> None:
    """Write the rows of some records where they are not there as they should be."""
    _work_out(connection, searched, ids, _put_in)


@contextmanager
def gathered(connection: Connection, searched: Searched, more: More) -> Iterator[WorkOut]:
    """Work out very many records, and put their rows in at the end, in the order of their places.

    These go by the day, and files do not: of a million rows each batch of a thousand would read
    and write a thousand pages, and end a piece of the index of words that is merged with others.
    PostgreSQL keeps rows in the order in which they come. ``more`` hears of those put in.
    """

    def at_once(connection: Connection, ids: Ids) -> None:
        work_out(connection, searched, ids)
        more(len(ids))

    if connection.dialect.name != "sqlite":
        yield at_once
        return
    connection.exec_driver_sql(f"CREATE TEMP TABLE {_GATHERED} (place, words, record_id)")
    yield lambda connection, ids: _work_out(connection, searched, ids, _put_aside)
    in_order = connection.exec_driver_sql(f"SELECT * FROM {_GATHERED} ORDER BY place")
    for some in in_order.partitions(AT_ONCE):
        _put_in(connection, searched.number, [tuple(one) for one in some])
        more(len(some))
    connection.exec_driver_sql(f"DROP TABLE {_GATHERED}")


def _work_out(connection: Connection, searched: Searched, ids: Ids, put_in: PutIn) -> None:
    wanted = rows(connection, searched, ids)
    there = dict(_there(connection, searched, ids))
    # In the order of their places: the index of words takes them at once, and not one by one.
    gone = sorted(row for number, row in there.items() if wanted.get(number) != row)
    new = sorted((*row, number) for number, row in wanted.items() if there.get(number) != row)
    if gone:
        _take_out(connection, gone)
    if new:
        put_in(connection, searched.number, new)


def _take_out(connection: Connection, gone: Sequence[tuple[int, str]]) -> None:
    if connection.dialect.name == "sqlite":
        # The index has to be told once more what the row holds.
        connection.exec_driver_sql(
            "INSERT INTO search_fts (search_fts, rowid, words) VALUES ('delete', ?, ?)", list(gone)
        )
    connection.execute(_CLEAR, {"places": [place for place, _words in gone]})


def _put_in(connection: Connection, kind: int, new: Sequence[Words]) -> None:
    write(connection, TEXT, [(place, kind, number, words) for place, words, number in new])
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO search_fts (rowid, words) VALUES (?, ?)",
            [(place, words) for place, words, _number in new],
        )


def _put_aside(connection: Connection, _kind: int, new: Sequence[Words]) -> None:
    connection.exec_driver_sql(f"INSERT INTO {_GATHERED} VALUES (?, ?, ?)", list(new))


def wrong(connection: Connection, searched: Searched, ids: Ids) -> Iterable[int]:
    """Those of some records whose row is not as it should be."""
    wanted = rows(connection, searched, ids)
    there = dict(_there(connection, searched, ids))
    return [number for number in ids if wanted.get(number) != there.get(number)]


def _there(
    connection: Connection, searched: Searched, ids: Ids
) -> Iterator[tuple[int, tuple[int, str]]]:
    given = {"kind_": searched.number, "ids": ids}
    for record_id, place, words in connection.execute(_THERE, given).all():
        yield record_id, (place, words)
