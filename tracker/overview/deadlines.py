"""Deadlines that agreements set themselves: notice, end of the term, entry into force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.agreements.models import Agreement
from tracker.agreements.status import awaited_entry
from tracker.agreements.terms import Clause, Notice, Outlook, Span, TermError, outlook
from tracker.dates import PartialDate
from tracker.overview.due import Asked, Due, DueKind, Side
from tracker.overview.queries import awaiting_entry, named, renewals, with_terms
from tracker.overview.rows import lines

LONG = timedelta(days=365)
CHUNK = 500


def terms_due(asked: Asked) -> Iterator[Due]:
    """The last days on which notice prevents a renewal, and the ends of terms without one."""
    found = {number: ahead for number, ahead in _outlooks(asked) if _matters(ahead, asked)}
    numbers = sorted(found)

    def lines_of(agreement: Agreement) -> Iterator[Due]:
        return _of_term(asked, agreement, found[agreement.id])

    for start in range(0, len(numbers), CHUNK):
        chunk = named(numbers[start : start + CHUNK])
        yield from lines(asked.session, chunk, Agreement.id, lines_of)


def _outlooks(asked: Asked) -> Iterator[tuple[int, Outlook]]:
    """What lies ahead of each agreement with a term, read without loading the agreements."""
    renewed = {row.agreement_id: row.times for row in asked.session.execute(renewals(asked))}

    def ahead_of(
        number: int, first: date, last: date, *terms: Any
    ) -> Iterator[tuple[int, Outlook]]:
        entry = PartialDate.from_span(first, last)
        assert entry is not None
        try:
            ahead = outlook(Clause(entry, *terms), asked.today, renewals=renewed.get(number, 0))
        except TermError:
            # Written around the program; the agreement's own page and `tracker check` say so.
            return
        if ahead is not None:
            yield number, ahead

    return lines(asked.session, with_terms(asked), Agreement.id, ahead_of)


def _notice(ahead: Outlook, asked: Asked) -> Span | None:
    by = ahead.next_notice_by if ahead.renews_tacitly else None
    if by is None or by.first < asked.today:
        return None
    reminded = ahead.remind_on is not None and asked.holds(ahead.remind_on.first)
    return by if asked.holds(by.first) or reminded else None


def _end(ahead: Outlook, asked: Asked) -> Span | None:
    ends = ahead.term.ends if ahead.expires_on and ahead.expires_on.first > asked.today else None
    return ends if ends and asked.holds(ends.first) else None


def _matters(ahead: Outlook, asked: Asked) -> bool:
    return bool(_notice(ahead, asked) or _end(ahead, asked))


def _of_term(asked: Asked, agreement: Agreement, ahead: Outlook) -> Iterator[Due]:
    by, ends = _notice(ahead, asked), _end(ahead, asked)
    if by is not None:
        word = _("last day for notice, else it is renewed")
        note, remind = notice_in_words(ahead.notice), ahead.remind_on
        number = ahead.term.number + (by != ahead.term.notice_by)
        yield _due(agreement, DueKind.NOTICE, by, word, number=number, note=note, remind=remind)
    if ends is not None:
        number = ahead.term.number
        yield _due(agreement, DueKind.EXPIRY, ends, _("the term ends"), number=number)


def notice_in_words(notice: Notice) -> str:
    """How long before the end notice must be given; a default is said to be one."""
    if notice.default:
        return _("12 months’ notice by default: the text is silent (VCLT art. 56)")
    months = ngettext("%(num)s month", "%(num)s months", notice.months) if notice.months else ""
    days = ngettext("%(num)s day", "%(num)s days", notice.days) if notice.days else ""
    return _("notice of %(length)s", length=" ".join(filter(None, (months, days))) or "0")


def _due(
    agreement: Agreement,
    kind: DueKind,
    span: Span,
    word: str,
    *,
    number: int = 0,
    note: str = "",
    remind: Span | None = None,
) -> Due:
    return Due(
        kind=kind,
        due_on=span.first,
        when=PartialDate.day(span.first),
        sides=(Side.of(agreement.side_a), Side.of(agreement.side_b)),
        title=agreement.name,
        record="agreements",
        number=agreement.id,
        shape="planned",
        word=word,
        # By the number of the term, so that the same deadline stays one when its day moves.
        key=f"{kind.value}-{agreement.id}-{number}",
        note=note,
        possibly=not span.certain,
        remind_on=remind.first if remind else None,
    )


def entries_awaited(asked: Asked) -> Iterator[Due]:
    """Agreements that were signed and are not known to be in force, and what is missing."""
    return lines(
        asked.session, awaiting_entry(asked), Agreement.id, lambda one: _of_entry(asked, one)
    )


def _of_entry(asked: Asked, agreement: Agreement) -> Iterator[Due]:
    entry = awaited_entry(agreement)
    if entry.on is not None:
        if entry.on.first >= asked.today and asked.holds(entry.on.first):
            word = _("enters into force after the later notification")
            yield _due(agreement, DueKind.ENTRY, entry.on, word)
        return
    signed = agreement.signed_on
    assert signed is not None
    if asked.today - signed.last > LONG or len(entry.missing) == 1:
        yield _waiting(agreement, signed, entry.missing)


def _waiting(agreement: Agreement, signed: PartialDate, missing: Sequence[str]) -> Due:
    names = {"A": agreement.side_a.name, "B": agreement.side_b.name}
    silent = " · ".join(names[side] for side in missing)
    return Due(
        kind=DueKind.ENTRY,
        due_on=signed.last,
        when=signed,
        sides=(Side.of(agreement.side_a), Side.of(agreement.side_b)),
        title=agreement.name,
        record="agreements",
        number=agreement.id,
        shape="none",
        word=_("signed, not known to be in force"),
        key=f"entry-{agreement.id}",
        note=_("no notification recorded: %(sides)s", sides=silent) if silent else "",
        waiting=True,
    )
