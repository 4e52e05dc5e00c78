"""A large archive of agreements, written into a database as rows.

A pattern of 1,000 agreements, with the shares of kinds that registers have, is copied as often as
needed by the database itself.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Integer, insert, literal, select
from sqlalchemy.orm import Session

from tracker.agreements.models import Action, ActionKind, Agreement, AgreementKind, Binding
from tracker.meetings.models import Meeting, MeetingAct

PATTERN = 1_000
FIRST = 10_000  # The numbers of the archive begin behind those of the seeds.


def month(index: int, year: int) -> dict[str, date]:
    """The two ends of a day, as columns hold it."""
    return {"first": date(year, index % 12 + 1, 3), "last": date(year, index % 12 + 1, 3)}


def agreement(index: int, parties: dict[str, int]) -> dict[str, Any]:
    """Some 40 % are of Iran and Uzbekistan; one in five has a term, one in eight has ended."""
    others = ("TR", "TM", "KZ", "RU")
    pairs = [("IR", "UZ"), ("UZ", "IR"), ("IR", others[index % 4]), ("UZ", others[index % 4])]
    a, b = pairs[0 if index < 10 else index % 5 % 4]
    signed = 1992 + index % 33
    row: dict[str, Any] = {
        "id": FIRST + index,
        "title": f"Agreement {index}",
        "kind": AgreementKind.AGREEMENT,
        "binding": Binding.BINDING,
        "side_a_id": parties[a],
        "side_b_id": parties[b],
        **dated("signed_on", month(index, signed)),
    }
    enters = index % 10 != 4
    row |= dated("in_force_on", month(index, signed + 1) if enters else None)
    with_term = index % 5 == 2
    renewal = ("tacit", "tacit", "none", "express", None)[index // 5 % 5]
    row |= {
        "duration_months": 60 if with_term else None,
        "renewal": renewal if with_term else None,
        "renewal_months": 60 if with_term and renewal == "tacit" else None,
        "notice_months": 6 if with_term and index % 2 else None,
    }
    ended = index % 8 == 7
    row |= dated("ended_on", month(index, signed + 9) if ended else None)
    return row | {"ended_how": "denounced" if ended else None}


def dated(name: str, span: dict[str, date] | None) -> dict[str, date | None]:
    """A date as its two columns."""
    return {f"{name}_{end}": span[end] if span else None for end in ("first", "last")}


def actions(index: int) -> Iterator[dict[str, Any]]:
    """What happened to an agreement: notifications, an amendment, seldom an end or a rest."""

    def act(kind: ActionKind, side: str | None, year: int, **more: date | None) -> dict[str, Any]:
        own = {"agreement_id": FIRST + index, "kind": kind, "side": side, "position": 0}
        none = {"effective_on_first": None, "effective_on_last": None}
        return own | none | dated("done_on", month(index, year)) | more

    signed = 1992 + index % 33
    if index % 2 == 0:
        yield act(ActionKind.DOMESTIC_PROCEDURE_NOTIFIED, "A", signed)
    if index % 6 == 0:
        yield act(ActionKind.AMENDED, None, signed + 4)
    if index % 50 == 3:
        effect = {"effective_on_first": date(2027, 3, 1), "effective_on_last": date(2027, 3, 1)}
        yield act(ActionKind.DENOUNCED, "B", 2026, **effect)
    if index % 500 == 13:
        yield act(ActionKind.SUSPENDED, None, signed + 2)


def sessions(first: int, last: int) -> Iterator[dict[str, Any]]:
    """Sessions of the seeds' first commission of which nothing says that they were held."""
    for number in range(first, last):
        yield {
            "id": FIRST + number,
            "commission_id": 1,
            "number": FIRST + number,
            "kind": "session",
            "status": "planned",
            "due_to": date(2010, 1, 1),
        }


def write(session: Session, first: int, last: int, parties: dict[str, int]) -> None:
    """Write these agreements of the pattern, and a session for each ten of them."""
    wanted = range(first, last)
    session.execute(insert(Agreement), [agreement(index, parties) for index in wanted])
    session.execute(insert(Action), [act for index in wanted for act in actions(index)])
    write_sessions(session, first // 10, last // 10)
    session.commit()


def write_sessions(session: Session, first: int, last: int) -> None:
    """Write sessions, each of which was planned by an act."""
    found = list(sessions(first, last))
    session.execute(insert(Meeting), found)
    acts = [{"meeting_id": row["id"], "kind": "planned", "position": 0} for row in found]
    session.execute(insert(MeetingAct), acts)


def copy(session: Session, times: int) -> None:
    """Copy the whole pattern so many times, within the database."""
    numbers = select(literal(1, Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < times))
    shift = numbers.c.n * PATTERN
    for table, own in (
        (Agreement.__table__, {"id": Agreement.__table__.c.id + shift}),
        (Action.__table__, {"agreement_id": Action.__table__.c.agreement_id + shift}),
    ):
        columns = [c for c in table.c if c.name in own or c.name != "id"]
        source = select(*(own.get(c.name, c) for c in columns)).join_from(
            table, numbers, literal(1) == 1
        )
        key = table.c.id if table is Agreement.__table__ else table.c.agreement_id
        session.execute(
            insert(table).from_select(columns, source.where(key >= FIRST), include_defaults=False)
        )
    write_sessions(session, PATTERN // 10, (times + 1) * PATTERN // 50)
    session.commit()
