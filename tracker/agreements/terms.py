"""Terms and deadlines: when a term ends, until when notice prevents its renewal, what comes next.

Pure: values in, values out. A term that begins on 1 August 2020 and lasts 36 months ends with its
last day, 31 July 2023; on 1 August 2023 the agreement is renewed or has expired. Months are counted
from the entry into force each time, so that the 31st and 29 February come back; in a month that is
too short, its last day stands for them. Where a date is known only in part, a deadline is a span:
whoever must not miss it keeps to the earliest day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from tracker.dates import PartialDate
from tracker.text import N_, Refusal

# VCLT art. 56 § 2: whoever may leave a treaty that is silent on it gives 12 months' notice.
DEFAULT_NOTICE_MONTHS = 12
MOST_RENEWALS = 1_000


class TermError(Refusal):
    """Terms that cannot be; ``column`` names the part that is wrong."""

    def __init__(self, column: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.column = column


@dataclass(frozen=True)
class Span:
    """The earliest and the latest day that something can be on."""

    first: date
    last: date

    @classmethod
    def of(cls, on: PartialDate) -> Span:
        """The days of a date as precisely as it is known."""
        return cls(on.first, on.last)

    @property
    def certain(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


@dataclass(frozen=True)
class Notice:
    """How long before the end notice must be given; ``default`` where the text is silent."""

    months: int = 0
    days: int = 0
    default: bool = False

    @classmethod
    def of(cls, months: int | None, days: int | None) -> Notice:
        """The notice of termination that the text asks for, or the default."""
        if months is None and days is None:
            return cls(months=DEFAULT_NOTICE_MONTHS, default=True)
        return cls(months or 0, days or 0)


@dataclass(frozen=True)
class Clause:
    """What an agreement says of its duration, renewal and notice.

    Without a duration it has no term; ``renewal`` is none, tacit, express or not known (None).
    Raises TermError for what cannot be.
    """

    in_force_on: PartialDate
    duration_months: int | None = None
    renewal: str | None = None
    renewal_months: int | None = None
    notice_months: int | None = None
    notice_days: int | None = None
    lead_days: int | None = None

    def __post_init__(self) -> None:
        for problem in term_problems(
            duration_months=self.duration_months,
            renewal=self.renewal,
            renewal_months=self.renewal_months,
            notice_months=self.notice_months,
            notice_days=self.notice_days,
        ):
            raise problem

    @property
    def notice(self) -> Notice:
        """The notice of termination that the text asks for, or the default."""
        return Notice.of(self.notice_months, self.notice_days)


@dataclass(frozen=True)
class Term:
    """One term: its first and its last day, and the deadlines before its end.

    ``number`` is 0 for the first term and 1 for the first renewal; ``over_on`` is the day after the
    last one. ``notice_by`` is the last day for notice, ``remind_on`` lies the lead time before it.
    """

    number: int
    begins: Span
    ends: Span
    over_on: Span
    notice_by: Span
    remind_on: Span


@dataclass(frozen=True)
class Outlook:
    """What lies ahead of an agreement on a day.

    ``term`` is the first one that is not certainly over, or the last one. ``renewed_until`` is the
    end of the next term where the agreement is renewed tacitly, ``expires_on`` the first day on
    which it is over where it is not. ``next_notice_by`` is the first deadline that is not
    certainly past. ``reminder_due`` says that its reminder's earliest day has come.
    """

    term: Term
    renews_tacitly: bool
    renewed_until: Span | None
    expires_on: Span | None
    next_notice_by: Span | None
    remind_on: Span | None
    reminder_due: bool
    notice: Notice


def months_after(day: date, months: int) -> date | None:
    """The same day so many months on (or back), or the month's last; None off the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    if day.day <= 28:
        return date(year, month + 1, day.day)
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length))


def days_after(day: date, days: int) -> date | None:
    """So many days on (or back); None off the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def term_problems(
    *,
    duration_months: int | None,
    renewal: str | None,
    renewal_months: int | None,
    notice_months: int | None,
    notice_days: int | None,
) -> Iterator[TermError]:
    """What cannot be in a clause on terms."""
    if duration_months is not None and duration_months < 1:
        yield TermError("duration_months", N_("A term lasts at least 1 month."))
    if renewal_months is not None and renewal_months < 1:
        yield TermError("renewal_months", N_("A renewal lasts at least 1 month."))
    if renewal_months is not None and renewal not in ("tacit", "express"):
        yield TermError(
            "renewal", N_("Say how it is renewed, tacitly or expressly, or leave its months empty.")
        )
    if notice_months is not None and notice_days is not None:
        yield TermError("notice_days", N_("Write the notice in months or in days, not in both."))
    yield from _notice_problems(duration_months, notice_months, notice_days)


def _notice_problems(
    duration: int | None, months: int | None, days: int | None
) -> Iterator[TermError]:
    for column, notice in (("notice_months", months), ("notice_days", days)):
        if notice is not None and notice < 0:
            yield TermError(column, N_("A notice cannot be shorter than nothing."))
    if duration is None:
        return
    if months is not None and months > duration:
        yield TermError(
            "notice_months",
            N_("A notice of %(notice)s months is longer than the term of %(term)s months."),
            notice=months,
            term=duration,
        )
    # No months of that number have more days.
    if days is not None and days > duration * 31:
        yield TermError(
            "notice_days",
            N_("A notice of %(notice)s days is longer than the term of %(term)s months."),
            notice=days,
            term=duration,
        )


def terms(clause: Clause, renewals: int = 0, *, skip: int = 0) -> Iterator[Term]:
    """The terms one after another, as far as they are known and within the calendar.

    ``renewals`` is how many express renewals are on record; tacit ones need no record. The first
    ``skip`` terms are left out.
    """
    if clause.duration_months is None:
        return
    number = skip
    begin = clause.duration_months + (skip - 1) * (clause.renewal_months or 0) if skip else 0
    while True:
        end = clause.duration_months + number * (clause.renewal_months or 0)
        term = _term(clause, number, begin, end)
        if term is None:
            return
        yield term
        tacit = clause.renewal == "tacit"
        if clause.renewal_months is None or not (tacit or number < renewals):
            return
        number, begin = number + 1, end


# The next term of one day is the term of a later one.
@lru_cache(maxsize=1_000)
def _term(clause: Clause, number: int, begin: int, end: int) -> Term | None:
    entry = Span.of(clause.in_force_on)
    begins, over = _moved(entry, months=begin), _moved(entry, months=end)
    if begins is None or over is None:
        return None
    last_day = _moved(over, days=-1)
    if last_day is None:
        return None
    notice_by = _moved(last_day, months=-clause.notice.months, days=-clause.notice.days)
    notice_by = notice_by or Span(date.min, date.min)
    remind_on = _moved(notice_by, days=-(clause.lead_days or 0)) or Span(date.min, date.min)
    return Term(number, begins, last_day, over, notice_by, remind_on)


def _moved(span: Span, *, months: int = 0, days: int = 0) -> Span | None:
    """Both ends moved by months and then by days; None where one leaves the calendar."""
    moved = []
    for day in (span.first,) if span.certain else (span.first, span.last):
        there = months_after(day, months) if months else day
        if days and there is not None:
            there = days_after(there, days)
        if there is None:
            return None
        moved.append(there)
    return Span(moved[0], moved[-1])


def outlook(clause: Clause, day: date, *, renewals: int = 0) -> Outlook | None:
    """What lies ahead on a day; None without a duration, or when no term fits the calendar."""
    term = upcoming = None
    ahead = terms(clause, renewals, skip=_over_before(clause, day))
    for term in ahead:
        if term.ends.last >= day:
            upcoming = next(ahead, None)
            break
    if term is None:
        return None
    tacit = clause.renewal == "tacit" and clause.renewal_months is not None
    goes_on = tacit or upcoming is not None
    return _outlook(clause, day, term, upcoming, tacitly=tacit, goes_on=goes_on)


def _over_before(clause: Clause, day: date) -> int:
    """How many tacit terms are certainly over before a day, counted in whole months alone.

    It may be one too few, and is never one too many: the caller looks at the days.
    """
    if clause.renewal != "tacit" or not clause.renewal_months or not clause.duration_months:
        return 0
    entry = clause.in_force_on.last
    months = 12 * (day.year - entry.year) + day.month - entry.month
    return max((months - 1 - clause.duration_months) // clause.renewal_months, 0)


def _outlook(
    clause: Clause, day: date, term: Term, upcoming: Term | None, *, tacitly: bool, goes_on: bool
) -> Outlook:
    ends_by_itself = not goes_on and clause.renewal in ("none", "express")
    open_deadlines = [t for t in (term, upcoming) if t is not None and t.notice_by.last >= day]
    # Notice prevents a tacit renewal; a term that ends by itself needs none.
    following = open_deadlines[0] if tacitly and open_deadlines else None
    return Outlook(
        term=term,
        renews_tacitly=tacitly,
        renewed_until=upcoming.ends if tacitly and upcoming is not None else None,
        expires_on=term.over_on if ends_by_itself else None,
        next_notice_by=following.notice_by if following else None,
        remind_on=following.remind_on if following else None,
        reminder_due=following is not None and following.remind_on.first <= day,
        notice=clause.notice,
    )


def future_renewals(clause: Clause, day: date, *, limit: int, until: date = date.max) -> list[Term]:
    """The next tacit renewals that begin after a day, at most so many and none after ``until``."""
    if clause.renewal != "tacit":
        return []
    renewed = (term for term in terms(clause) if term.number > 0 and term.begins.last > day)
    wanted = islice(renewed, min(limit, MOST_RENEWALS))
    return [term for term in wanted if term.begins.first <= until]


def ends_by_notice(clause: Clause, noticed_on: PartialDate, *, renewals: int = 0) -> Span | None:
    """The last day in force after a notice of termination; None when it leaves the calendar.

    Where the agreement is renewed tacitly, it is the end of the first term whose deadline the
    notice met; otherwise the notice period counts from the notice, and a term may end before.
    """
    given = Span.of(noticed_on)
    ends = [_end_after(clause, day, renewals) for day in (given.first, given.last)]
    known = [end for end in ends if end is not None]
    if len(known) < 2:
        return None
    return Span(min(end.first for end in known), max(end.last for end in known))


def _end_after(clause: Clause, day: date, renewals: int) -> Span | None:
    if clause.renewal == "tacit" and clause.renewal_months is not None:
        met = [
            next((t.ends for t in terms(clause) if getattr(t.notice_by, bound) >= day), None)
            for bound in ("first", "last")
        ]
        found = [ends for ends in met if ends is not None]
        return Span(found[-1].first, found[0].last) if len(found) == 2 else None
    period = _moved(Span(day, day), months=clause.notice.months, days=clause.notice.days)
    last = max(terms(clause, renewals), key=lambda term: term.number, default=None)
    if last is None or clause.renewal is None or period is None:
        return period
    return Span(min(period.first, last.ends.first), min(period.last, last.ends.last))


@dataclass(frozen=True)
class Consent:
    """One side's act of consent: a kind of action, its side ("A", "B", both when None), its day."""

    kind: str
    side: str | None
    on: PartialDate | None


# What the other side receives comes first; a ratification without it stands for it.
_CONSENTS = ("domestic-procedure-notified", "ratified", "approved")


@dataclass(frozen=True)
class EntryByConsent:
    """Entry into force that follows the later of two notifications (VCLT art. 24).

    ``missing`` names the sides of which no notification is recorded; ``later`` is the day of the
    later one; ``on`` the entry into force that follows, where the record says how long after.
    """

    missing: tuple[str, ...]
    later: Span | None
    on: Span | None


def entry_by_consent(
    consents: Iterable[Consent], *, after_months: int | None = None, after_days: int | None = None
) -> EntryByConsent:
    """What the notifications of both sides amount to, and what is still missing."""
    recorded = list(consents)
    by_side = {side: _consent_of(side, recorded) for side in ("A", "B")}
    missing = tuple(side for side, consent in by_side.items() if consent is None)
    dates = [consent.on for consent in by_side.values() if consent is not None]
    known = [Span.of(on) for on in dates if on is not None]
    if len(known) < 2:
        return EntryByConsent(missing, None, None)
    later = Span(max(on.first for on in known), max(on.last for on in known))
    said = after_months is not None or after_days is not None
    on = _moved(later, months=after_months or 0, days=after_days or 0) if said else None
    return EntryByConsent(missing, later, on)


def _consent_of(side: str, consents: Iterable[Consent]) -> Consent | None:
    """A side's notification, or what stands for it; the latest where it gave several."""
    own = [c for c in consents if c.kind in _CONSENTS and c.side in (side, None)]
    best = min((_CONSENTS.index(c.kind) for c in own), default=None)
    of_kind = [c for c in own if best is not None and c.kind == _CONSENTS[best]]
    dated = [c for c in of_kind if c.on is not None]
    return max(dated, key=lambda c: Span.of(c.on).last if c.on else date.min, default=None) or (
        of_kind[0] if of_kind else None
    )


def months_since(signed_on: PartialDate, day: date) -> int | None:
    """Full months that have certainly passed since the signature; None where none can be counted.

    For agreements signed long ago and still not in force.
    """
    if signed_on.last > day:
        return None
    months = 12 * (day.year - signed_on.last.year) + day.month - signed_on.last.month
    anniversary = months_after(signed_on.last, months)
    assert anniversary is not None
    return months if anniversary <= day else months - 1
