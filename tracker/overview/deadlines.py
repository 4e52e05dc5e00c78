"""Deadlines that agreements set themselves: the last day for notice, and how they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.agreements.due_days import Deadline, DueDay, due_day
from tracker.agreements.models import Agreement
from tracker.agreements.term_due import KEPT
from tracker.agreements.terms import Clause, Notice, Span, TermError, outlook
from tracker.dates import PartialDate
from tracker.overview.agreement_queries import (
    FURTHEST,
    count_expiries,
    count_notices,
    first_deadlines,
    plain_deadlines,
    renewals,
    with_terms,
)
from tracker.overview.due import COUNTED, Asked, Due, DueKind, Few, Part
from tracker.overview.ends import recorded_ends
from tracker.overview.kept_queries import Make, kept, values
from tracker.overview.rows import lines
from tracker.text import N_

_COUNTS: Mapping[Deadline, Make] = {
    Deadline.NOTICE: count_notices,
    Deadline.EXPIRY: count_expiries,
}


def ends_due(asked: Asked) -> Iterator[Due]:
    """The ends that the record states and, where it states none, what follows from the terms."""
    ends = recorded_ends(asked)
    for end in ends:
        if asked.holds(end.due_on):
            yield end
    yield from terms_due(asked, leave_out={end.number for end in ends})


def first_ends(asked: Asked, most: int) -> Few:
    """The same, but of what follows from terms only the first; the others are counted.

    As of a day of which no deadlines are kept, all are made.
    """
    if asked.first > date.min or not KEPT[0] <= asked.today <= KEPT[1]:
        return Few(list(ends_due(asked)), {})
    ends = recorded_ends(asked)
    without = {end.number for end in ends}
    given = values(asked, without=without, furthest=asked.today - FURTHEST)
    connection = asked.session.connection()
    first = connection.execute(kept(first_deadlines, asked), {**given, "most": most}).all()
    made = [end for end in ends if asked.holds(end.due_on)]
    if first:
        made += _kept_lines(asked, [row.agreement_id for row in first])
    made_of, more = Counter(row.kind for row in first), {}
    for what, count_all in _COUNTS.items():
        shown = made_of[what.value]
        if shown >= most:
            count = connection.scalar(
                kept(count_all, asked), {**given, "most": shown + COUNTED + 1}
            )
            more[DueKind(what), Part.SOON] = count - shown
    return Few(made, more)


def _kept_lines(asked: Asked, numbers: Sequence[int]) -> Iterator[Due]:
    """The lines of agreements as their deadlines are kept, so that no rule need be asked."""

    notice_words = cache(notice_in_words)

    def lines_of(row: Any) -> Iterator[Due]:
        what, due = Deadline(row.kind), Span(row.due_first, row.due_last)
        remind_on = (row.remind_on or due.first) if what is Deadline.NOTICE else None
        yield _of_term(row, DueDay(what, row.number, due, remind_on), asked, notice_words)

    query, given = kept(plain_deadlines, asked), values(asked, ids=numbers)
    return lines(asked.session, query, Agreement.id, lines_of, given, whole=True)


def terms_due(asked: Asked, leave_out: Collection[int]) -> Iterator[Due]:
    """The last days on which notice prevents a renewal, and the ends of terms without one."""
    renewed = Counter(asked.session.scalars(renewals(asked)))
    notice_words = cache(notice_in_words)

    def lines_of(row: Any) -> Iterator[Due]:
        line = None if row.id in leave_out else _due_day(row, asked, renewed[row.id])
        if line is not None and _shown(line, asked):
            yield _of_term(row, line, asked, notice_words)

    return lines(asked.session, with_terms(asked), Agreement.id, lines_of, whole=True)


def _due_day(row: Any, asked: Asked, renewals: int) -> DueDay | None:
    """What the terms of an agreement make fall due, from its row of plain columns."""
    entry = PartialDate.from_span(row.first, row.last)
    assert entry is not None
    try:
        clause = Clause(
            entry,
            row.duration_months,
            row.renewal,
            row.renewal_months,
            row.notice_months,
            row.notice_days,
            row.lead_days,
        )
    except TermError:
        # Written around the program; the agreement's own page and `tracker check` say so.
        return None
    ahead = outlook(clause, asked.today, renewals=renewals)
    return due_day(ahead, clause, asked.today, renewals) if ahead else None


def _shown(line: DueDay, asked: Asked) -> bool:
    """Whether its day lies in the span, or that of its reminder."""
    reminded = line.remind_on is not None and asked.holds(line.remind_on)
    return reminded or asked.holds(line.due.first)


def _of_term(row: Any, line: DueDay, asked: Asked, notice_words: Callable[[Notice], str]) -> Due:
    if line.what is Deadline.NOTICE:
        notice = Notice.of(row.notice_months, row.notice_days)
        return agreement_due(
            row,
            asked,
            DueKind.NOTICE,
            line.due,
            notice_word(line.due, asked),
            number=line.number,
            note=notice_words(notice),
            remind=line.remind_on,
        )
    word = end_word(row.renewal, line.due, asked)
    unknown = row.renewal is None
    return agreement_due(
        row, asked, DueKind.EXPIRY, line.due, word, number=line.number, unknown=unknown
    )


def notice_word(by: Span, asked: Asked) -> str:
    """What the last day for notice is for, and whether it has possibly passed."""
    if by.first < asked.today:
        return asked.said(N_("last day for notice, possibly passed already; else it is renewed"))
    return asked.said(N_("last day for notice, else it is renewed"))


def end_word(renewal: str | None, ends: Span, asked: Asked) -> str:
    """What happens at the end of a term, by how it is renewed (none, express, not known)."""
    if ends.first < asked.today:
        return asked.said(N_("the term has possibly ended"))
    if renewal == "express":
        return asked.said(N_("the term ends, unless both renew it expressly"))
    if renewal is None:
        return asked.said(N_("the term ends; whether it is renewed then is not known"))
    return asked.said(N_("the term ends"))


def notice_in_words(notice: Notice) -> str:
    """How long before the end notice must be given; a default is said to be one."""
    if notice.default:
        return _("12 months’ notice by default: the text is silent (VCLT art. 56)")
    months = ngettext("%(num)s month", "%(num)s months", notice.months) if notice.months else ""
    days = ngettext("%(num)s day", "%(num)s days", notice.days) if notice.days else ""
    return _("notice of %(length)s", length=" ".join(filter(None, (months, days))) or "0")


def agreement_due(
    row: Any,
    asked: Asked,
    kind: DueKind,
    span: Span,
    word: str,
    *,
    number: int = 0,
    note: str = "",
    remind: date | None = None,
    unknown: bool = False,
) -> Due:
    """A line of an agreement, given as its record or as a row of its columns."""
    return Due(
        kind=kind,
        due_on=span.first,
        when=PartialDate.day(span.first),
        sides=(asked.parties[row.side_a_id], asked.parties[row.side_b_id]),
        title=row.short_title or row.title,
        record="agreements",
        number=row.id,
        shape="planned",
        word=word,
        key=f"{kind.value}-{row.id}-{number}",
        note=note,
        possibly=unknown or not span.certain,
        remind_on=remind,
    )
