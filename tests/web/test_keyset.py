"""A list walked from its first page to its last and back, while others write."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from tracker.agreements.sides import AGREEMENT_SUBJECT
from tracker.sources.models import Source
from tracker.web.keyset import (
    MarkRefused,
    Order,
    Place,
    Stretch,
    Walk,
    by,
    in_order,
    read_mark,
    write_mark,
)
from tracker.web.walking import count_to, places

SOURCE: Table = Source.__table__  # type: ignore[assignment]
DAY, TITLE, NUMBER = SOURCE.c.published_on_first, SOURCE.c.title, SOURCE.c.id
EVEN = NUMBER % 2 == 0
ORDERS: dict[str, Order] = {
    "newest": by(DAY, descending=True, nullable=True),
    "oldest": by(DAY, nullable=True),
    "title": by(TITLE),
    "number": (Stretch(descending=True),),
    "parts": (
        *by(DAY, nullable=True, where=EVEN),
        *by(DAY, descending=True, nullable=True, where=~EVEN),
    ),
}
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# Few days, so that many rows share one; None is a row without.
DAYS = st.one_of(st.none(), st.integers(0, 3))
WRITES = st.lists(
    st.one_of(st.tuples(st.just("add"), DAYS), st.tuples(st.just("drop"), st.integers(0, 99))),
    max_size=3,
)


def add(connection: Connection, offset: int | None) -> int:
    day = None if offset is None else date(2020, 1, 1) + timedelta(days=offset)
    row = {
        "title": f"Title {offset}",
        "kind": "minutes",
        "published_on_first": day,
        "published_on_last": day,
    }
    made = connection.execute(insert(SOURCE).values(row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def walk_through(
    session: Session, walk: Walk, size: int, *, backwards: bool
) -> Iterator[list[int]]:
    edge = None
    while found := places(session, walk, size=size, edge=edge, backwards=backwards):
        assert len(found) <= size
        edge = found[0] if backwards else found[-1]
        numbers = [place.number for place in found]
        yield numbers[::-1] if backwards else numbers


@BOUNDED
@given(
    name=st.sampled_from(sorted(ORDERS)),
    days=st.lists(DAYS, min_size=1, max_size=12),
    size=st.integers(1, 4),
    writes=st.lists(WRITES, max_size=12),
    back=st.booleans(),
)
def test_what_stays_is_seen_exactly_once_whatever_is_written_meanwhile(
    engine: Engine,
    name: str,
    days: list[int | None],
    size: int,
    writes: list[list[tuple[str, int | None]]],
    back: bool,
) -> None:
    with Session(engine) as session:
        there = [add(session.connection(), day) for day in days]
        stays, seen = set(there), []
        between = iter(writes)

        for numbers in walk_through(session, Walk(NUMBER, ORDERS[name]), size, backwards=back):
            seen += numbers
            for what, value in next(between, []):
                if what == "add":
                    there.append(add(session.connection(), value))
                elif there:
                    gone = there.pop((value or 0) % len(there))
                    session.execute(delete(SOURCE).where(gone == NUMBER))
                    stays.discard(gone)

        assert len(seen) == len(set(seen))
        assert stays <= set(seen)
        session.rollback()


@pytest.mark.parametrize("name", ORDERS)
def test_forwards_backwards_and_as_one_query_it_is_the_same_order(
    db_session: Session, name: str
) -> None:
    for offset in (2, None, 0, 2, 1, None, 0, 3, 1):
        add(db_session.connection(), offset)
    walk = Walk(NUMBER, ORDERS[name])

    ahead = [n for page in walk_through(db_session, walk, 2, backwards=False) for n in page]
    back = [n for page in walk_through(db_session, walk, 4, backwards=True) for n in page]
    whole = list(db_session.scalars(select(NUMBER).order_by(*in_order(ORDERS[name], NUMBER))))

    assert len(whole) == 9
    assert ahead == back[::-1] == whole
    assert count_to(db_session, walk, 100) == 9
    assert count_to(db_session, walk, 5) == 5


def test_rows_of_several_branches_come_once_and_in_their_order(db_session: Session) -> None:
    subject = AGREEMENT_SUBJECT.c
    for number in range(1, 30):
        day = date(2000, 1, number) if number % 5 else None
        for topic in {number % 3, number % 4}:
            row = {"agreement_id": number, "topic_id": topic, "signed_on_first": day}
            db_session.execute(insert(AGREEMENT_SUBJECT).values(row))
    order = by(subject.signed_on_first, descending=True, nullable=True)
    branches = [subject.topic_id == topic for topic in (0, 1)]
    walk = Walk(subject.agreement_id, order, (), branches)

    ahead = [n for page in walk_through(db_session, walk, 3, backwards=False) for n in page]
    back = [n for page in walk_through(db_session, walk, 5, backwards=True) for n in page]
    wanted = set(db_session.scalars(select(subject.agreement_id).where(or_(*branches))))

    assert ahead == back[::-1] == sorted(wanted, key=lambda n: (n % 5 == 0, -n))
    assert count_to(db_session, walk, 100) == len(wanted)
    assert db_session.scalar(select(func.count()).select_from(AGREEMENT_SUBJECT)) > len(wanted)


@pytest.mark.parametrize("key", [date(2022, 3, 9), "Тегеран ✓", None])
def test_a_mark_means_the_same_place_again(key: date | str | None) -> None:
    place = Place(1, key, 77)

    assert read_mark(write_mark(place, "secret", "sources"), "secret", "sources") == place


@pytest.mark.parametrize(
    ("secret", "order", "changed"),
    [("other", "sources", ""), ("secret", "sources oldest", ""), ("secret", "sources", "x")],
)
def test_a_mark_of_somewhere_else_is_refused(secret: str, order: str, changed: str) -> None:
    mark = write_mark(Place(0, date(2022, 3, 9), 77), "secret", "sources")

    with pytest.raises(MarkRefused):
        read_mark(changed + mark, secret, order)
