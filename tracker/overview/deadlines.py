"""Deadlines that agreements set themselves: the last day for notice, and how they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.agreements.models import Agreement
from tracker.agreements.terms import Clause, Notice, Outlook, Span, TermError, outlook
from tracker.dates import PartialDate
from tracker.overview.due import Asked, Due, DueKind
from tracker.overview.ends import recorded_ends
from tracker.overview.queries import renewals, with_terms
from tracker.overview.rows import lines


def ends_due(asked: Asked) -> Iterator[Due]:
    """The ends that the record states and, where it states none, what follows from the terms."""
    ends = recorded_ends(asked)
    for end in ends:
        if asked.holds(end.due_on):
            yield end
    yield from terms_due(asked, leave_out={end.number for end in ends})


def terms_due(asked: Asked, leave_out: Collection[int] = ()) -> Iterator[Due]:
    """The last days on which notice prevents a renewal, and the ends of terms without one."""
    renewed = Counter(asked.session.scalars(renewals(asked)))

    def lines_of(row: Any) -> Iterator[Due]:
        times = renewed[row.id]
        ahead = None if row.id in leave_out else _outlook(row, asked, times)
        if ahead is not None:
            # Renewed on record, and nobody knows for how long: then no end is known either.
            lasts = times > 0 and row.renewal_months is None
            yield from _of_term(row, ahead, None if lasts else _end(row, ahead, asked), asked)

    return lines(asked.session, with_terms(asked), Agreement.id, lines_of, whole=True)


def _outlook(row: Any, asked: Asked, renewals: int) -> Outlook | None:
    """What lies ahead of an agreement, from its row of plain columns."""
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
    return outlook(clause, asked.today, renewals=renewals)


def _of_term(row: Any, ahead: Outlook, ends: Span | None, asked: Asked) -> Iterator[Due]:
    by = _notice(ahead, asked)
    if by is not None:
        # By the number of the term, so that the same deadline stays one when its day moves.
        number = ahead.term.number + (by != ahead.term.notice_by)
        yield agreement_due(
            row,
            asked,
            DueKind.NOTICE,
            by,
            notice_word(by, asked),
            number=number,
            note=notice_in_words(ahead.notice),
            remind=ahead.remind_on,
        )
    if ends is not None:
        number = ahead.term.number
        word = end_word(row.renewal, ends, asked)
        unknown = row.renewal is None
        yield agreement_due(row, asked, DueKind.EXPIRY, ends, word, number=number, unknown=unknown)


def _notice(ahead: Outlook, asked: Asked) -> Span | None:
    """The last day for notice, as long as it has not certainly passed."""
    by = ahead.next_notice_by if ahead.renews_tacitly else None
    if by is None or by.last < asked.today:
        return None
    reminded = ahead.remind_on is not None and asked.holds(ahead.remind_on.first)
    return by if asked.holds(by.first) or reminded else None


def _end(row: Any, ahead: Outlook, asked: Asked) -> Span | None:
    """The end of a term that nothing renews by itself, as long as it has not certainly passed."""
    ends = ahead.term.ends
    comes = ahead.expires_on is not None or row.renewal is None
    return ends if comes and ends.last >= asked.today and asked.holds(ends.first) else None


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
    remind: Span | None = None,
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
        remind_on=remind.first if remind else None,
    )
