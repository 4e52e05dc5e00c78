"""The counter is another one after each commit that wrote something, and at no other moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, delete, insert, text, update
from sqlalchemy.orm import Session

from tracker import migrate
from tracker.accounts.models import Guess
from tracker.authorship import AUTHOR, Author, Way
from tracker.clock import now
from tracker.counter import ChangeCounter, State, rise, state_of
from tracker.history.models import ChangeEntry
from tracker.history.verify import faults
from tracker.people.models import Person

RAW = "INSERT INTO person (name, name_key, version) VALUES ('Ali', 'ali', 1)"
Write = Callable[[Session], object]


def state(engine: Engine) -> State:
    with Session(engine) as session:
        found = state_of(session)
        assert found is not None
        return found


def is_later(after: State, before: State) -> bool:
    """Whether something was counted, under a token of its own."""
    pairs = zip(after.tokens, before.tokens, after.values, before.values, strict=True)
    risen = [tokens for *tokens, value, former in pairs if value > former]
    return after.holds(before.values) and bool(risen) and all(a != b for a, b in risen)


def by_the_program(session: Session) -> None:
    session.info[AUTHOR] = Author("somebody", Way.COMMAND)
    session.add(Person(name="Ali"))


WRITES: dict[str, Write] = {
    "by the program": by_the_program,
    "without an author": lambda session: session.add(Person(name="Ali")),
    "in bulk": lambda session: session.execute(
        insert(Person), [{"name": f"Ali {n}", "name_key": f"ali {n}"} for n in range(3)]
    ),
    "around the program": lambda session: session.execute(text(RAW)),
    "a change": lambda session: session.execute(update(Person).values(note="x")),
    "a deletion": lambda session: session.execute(delete(Person)),
}


@pytest.fixture
def writing(engine: Engine) -> Engine:
    """The database with a person in it."""
    engine = engine.execution_options(writing=True)
    with Session(engine) as session:
        session.add(Person(name="Somebody"))
        session.commit()
    return engine


@pytest.mark.parametrize("way", WRITES)
def test_each_way_of_writing_makes_it_another_one(writing: Engine, way: str) -> None:
    before = state(writing)

    with Session(writing) as session:
        WRITES[way](session)
        session.commit()

    assert is_later(state(writing), before)


@pytest.mark.parametrize("way", WRITES)
def test_nothing_is_counted_that_was_not_committed(writing: Engine, way: str) -> None:
    before = state(writing)

    with Session(writing) as session:
        WRITES[way](session)
        session.rollback()

    assert state(writing) == before


def test_what_no_page_shows_is_not_counted(writing: Engine) -> None:
    before = state(writing)

    with Session(writing) as session:
        session.add(Guess(subject="x", network="x", made_at=now()))
        session.commit()

    assert state(writing) == before


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_emptying_a_table_is_counted(writing: Engine) -> None:
    before = state(writing)

    with writing.begin() as connection:
        connection.execute(text("TRUNCATE person CASCADE"))

    assert is_later(state(writing), before)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_an_entry_with_a_lower_number_that_is_committed_later_is_counted(writing: Engine) -> None:
    """What the newest number of an entry would miss: numbers are given before the commit."""

    def newest() -> int:
        with Session(writing) as session:
            return session.query(ChangeEntry.id).order_by(ChangeEntry.id.desc()).first()[0]

    with Session(writing) as slow, Session(writing) as quick:
        by_the_program(slow)
        slow.flush()
        by_the_program(quick)
        quick.commit()
        seen, number = state(writing), newest()

        slow.commit()

    assert newest() == number
    assert is_later(state(writing), seen)


def test_a_state_always_stands_for_the_same_rows(writing: Engine) -> None:
    """Who sees a state sees exactly the rows of that commit, however many write at once."""
    ended = Event()
    readings: dict[State, set[int]] = {}

    def write(number: int) -> None:
        for round_ in range(10):
            with Session(writing) as session:
                session.add(Person(name=f"Somebody {number} {round_}"))
                session.commit()

    def read() -> None:
        # Of one moment: all that a transaction of SQLite reads, and one that says so elsewhere.
        level = {"isolation_level": "REPEATABLE READ"} if "postgres" in str(writing.url) else {}
        reading = writing.execution_options(writing=False, **level)
        last = False
        while not last:
            last = ended.is_set()
            with Session(reading) as session:
                seen = state_of(session)
                assert seen is not None
                count = session.query(Person).count()
                readings.setdefault(seen, set()).add(count)

    with ThreadPoolExecutor(6) as pool:
        reader = [pool.submit(read) for _ in range(2)]
        writers = [pool.submit(write, number) for number in range(4)]
        for one in writers:
            one.result()
        ended.set()
        for one in reader:
            one.result()

    assert all(len(counts) == 1 for counts in readings.values())
    by_value = [max(readings[one]) for one in sorted(readings, key=lambda one: sum(one.values))]
    assert by_value == sorted(by_value)
    assert by_value[-1] == 41


def test_a_migration_is_counted(engine: Engine) -> None:
    before = state(engine)

    migrate.upgrade(engine)

    assert is_later(state(engine), before)


def test_two_ways_on_from_one_state_never_meet(writing: Engine) -> None:
    """A backup that is restored counts on from an older value: the token tells the two apart."""
    table = ChangeCounter.__table__
    first = state(writing)
    with writing.begin() as connection:
        rise(connection)
    one_way = state(writing)

    with writing.begin() as connection:
        former = {"value": first.values[0], "token": first.tokens[0]}
        connection.execute(update(table).where(table.c.id == 1).values(**former))
    assert state(writing) == first
    with writing.begin() as connection:
        rise(connection)

    assert state(writing).values == one_way.values
    assert state(writing) != one_way


def test_a_lost_row_is_found_and_put_back(writing: Engine) -> None:
    def said() -> list[str]:
        with writing.connect() as connection:
            return list(faults(connection))

    with writing.begin() as connection:
        connection.execute(delete(ChangeCounter.__table__).where(ChangeCounter.id == 3))

    with Session(writing) as session:
        assert state_of(session) is None
    assert [one.partition(",")[0] for one in said()] == ["change_counter lacks rows"]
    migrate.upgrade(writing)
    assert said() == []
