"""The deadlines that the terms of agreements set, kept beside them: what `due_days` says.

The home page finds the first of a hundred thousand by an index. Kept is what is seen as of the days
of `KEPT` on which the agreement is in force or rests; as of another day, the rule is asked for each
agreement.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.agreements.due_days import due_days
from tracker.agreements.kept_spans import SPANS
from tracker.agreements.models import Action, ActionKind, Agreement
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.spans import STATUS_SPANS
from tracker.agreements.terms import Clause, TermError
from tracker.among import among
from tracker.dates import PartialDate
from tracker.db import Base, index_of_some
from tracker.derived import Reads, own, replaced_rows

KEPT = (date(2020, 1, 1), date(2049, 12, 31))
ALIVE = (AgreementStatus.IN_FORCE.value, AgreementStatus.SUSPENDED.value)


class TermDue(Base):
    """A deadline, and the days as of which it is the one that the terms of an agreement set.

    ``known_first`` is the first and ``known_last`` the last of these days.
    """

    __tablename__ = "agreement_term_due"
    __table_args__ = (
        Index("ix_agreement_term_due_day", "kind", "due_first", "known_first", "known_last"),
        index_of_some("ix_agreement_term_due_uncertain", "due_first", where="due_first < due_last"),
        index_of_some("ix_agreement_term_due_reminded", "due_first", where="remind_on IS NOT NULL"),
        {"info": {"history": False}, "sqlite_with_rowid": False},
    )

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    known_first: Mapped[date] = mapped_column(primary_key=True)
    known_last: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10), comment="notice or expiry")
    number: Mapped[int] = mapped_column(comment="of the term, 0 for the first")
    due_first: Mapped[date]
    due_last: Mapped[date]
    remind_on: Mapped[date | None] = mapped_column(comment="where it is an earlier day")


TERM_DUE = Base.metadata.tables[TermDue.__tablename__]
_OWN = Agreement.__table__.c
_ACT = Action.__table__.c
CLAUSE = (
    "in_force_on_first",
    "in_force_on_last",
    "duration_months",
    "renewal",
    "renewal_months",
    "notice_months",
    "notice_days",
    "lead_days",
)
_with_a_term = select(_OWN.id, *(_OWN[name] for name in CLAUSE)).where(
    among(_OWN.id), _OWN.duration_months.is_not(None), _OWN.in_force_on_first.is_not(None)
)
_renewals = select(
    _ACT.agreement_id, func.coalesce(_ACT.effective_on_first, _ACT.done_on_first)
).where(among(_ACT.agreement_id), _ACT.kind == ActionKind.RENEWED)


_span = SPANS.c
# By the agreement alone, the rest is looked at below: PostgreSQL, too, would rather walk the index
# of all that has a status.
_spans = select(_span.agreement_id, _span.first_day, _span.last_day, _span.status).where(
    among(_span.agreement_id)
)


def rows(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The deadlines of these agreements, in the order of the table's columns."""
    found = connection.execute(_with_a_term, {"ids": ids}).all()
    if not found:
        return
    some = {"ids": [row[0] for row in found]}
    renewed: dict[int, list[date]] = defaultdict(list)
    for number, day in connection.execute(_renewals, some).all():
        insort(renewed[number], day or date.min)
    alive: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for number, since, until, status in connection.execute(_spans, some).all():
        if status in ALIVE and since <= KEPT[1] and until >= KEPT[0]:
            alive[number].append((since, until))
    for number, first, last, *said in found:
        entry = PartialDate.from_span(first, last)
        assert entry is not None
        try:
            clause = Clause(entry, *said)
        except TermError:
            # Written around the program; the agreement's own page and `tracker check` say so.
            continue
        for line, since, until in due_days(clause, renewed.get(number, ()), *KEPT):
            due = line.due
            remind_on = None if line.remind_on == due.first else line.remind_on
            what = (line.what.value, line.number, due.first, due.last, remind_on)
            for first_day, last_day in alive.get(number, ()):
                if first_day <= until and since <= last_day:
                    yield number, max(since, first_day), min(until, last_day), *what


TERMS_DUE = replaced_rows(
    "term_due",
    "agreement",
    # What the status follows from, and the clause.
    (Reads("agreement", own("id"), columns=CLAUSE), *STATUS_SPANS.reads),
    TERM_DUE,
    "agreement_id",
    rows,
)
