"""Deadlines that agreements set themselves: the last day for notice, and how they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import union_all

from tracker.agreements.due_days import Deadline, DueDay, due_day
from tracker.agreements.models import Action, Agreement
from tracker.agreements.term_due import KEPT
from tracker.agreements.terms import Clause, Notice, Span, TermError, outlook
from tracker.dates import PartialDate
from tracker.overview.due import COUNTED, Asked, Due, DueKind, Few, Part
from tracker.overview.ends import recorded_ends
from tracker.overview.queries import first_deadlines, kept_deadlines, renewals, with_terms
from tracker.overview.rows import lines
from tracker.web.pointing import count_some


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
    found = {what: kept_deadlines(asked, what, without) for what in Deadline}
    first = asked.session.execute(first_deadlines([*found.values()], most)).all()
    made = [end for end in ends if asked.holds(end.due_on)]
    if first:
        made += terms_due(asked, only=[row.agreement_id for row in first])
    more = {}
    for what, parts in found.items():
        shown = sum(row.kind == what for row in first)
        if shown >= most:
            count = count_some(asked.session, union_all(*parts), shown + COUNTED + 1)
            more[DueKind(what), Part.SOON] = count - shown
    return Few(made, more)


def terms_due(
    asked: Asked, leave_out: Collection[int] = (), only: Collection[int] | None = None
) -> Iterator[Due]:
    """The last days on which notice prevents a renewal, and the ends of terms without one.

    Of agreements of some numbers ``only``, where that is given.
    """
    query, times = with_terms(asked), renewals(asked)
    if only is not None:
        query = query.where(Agreement.id.in_(only))
        times = times.where(Action.agreement_id.in_(only))
    renewed = Counter(asked.session.scalars(times))

    def lines_of(row: Any) -> Iterator[Due]:
        line = None if row.id in leave_out else _due_day(row, asked, renewed[row.id])
        if line is not None and _shown(line, asked):
            yield _of_term(row, line, asked)

    return lines(asked.session, query, Agreement.id, lines_of, whole=True)


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


def _of_term(row: Any, line: DueDay, asked: Asked) -> Due:
    if line.what is Deadline.NOTICE:
        notice = Notice.of(row.notice_months, row.notice_days)
        return agreement_due(
            row,
            asked,
            DueKind.NOTICE,
            line.due,
            notice_word(line.due, asked),
            number=line.number,
            note=notice_in_words(notice),
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
        return _("last day for notice, possibly passed already; else it is renewed")
    return _("last day for notice, else it is renewed")


def end_word(renewal: str | None, ends: Span, asked: Asked) -> str:
    """What happens at the end of a term, by how it is renewed (none, express, not known)."""
    if ends.first < asked.today:
        return _("the term has possibly ended")
    if renewal == "express":
        return _("the term ends, unless both renew it expressly")
    if renewal is None:
        return _("the term ends; whether it is renewed then is not known")
    return _("the term ends")


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
