"""What holds for an agreement: its status on a day, and which orders of dates are unusual.

Pure: values in, values out. Kinds of action are given by their plain names (`ActionKind`). The same
rule as SQL stands in `queries.py`; both read the lists of kinds below.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.agreements.terms import Span, months_after
from tracker.dates import PartialDate
from tracker.text import N_


class AgreementStatus(enum.StrEnum):
    """What an agreement is on a given day."""

    DRAFT = "draft"
    INITIALLED = "initialled"
    SIGNED = "signed"
    PROVISIONALLY_APPLIED = "provisionally-applied"
    IN_FORCE = "in-force"
    SUSPENDED = "suspended"
    UNDER_NOTICE = "under-notice"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


# From the furthest stage to the first: the furthest one that stands is the status.
STAGES = (
    AgreementStatus.SUPERSEDED,
    AgreementStatus.TERMINATED,
    AgreementStatus.EXPIRED,
    AgreementStatus.UNDER_NOTICE,
    AgreementStatus.SUSPENDED,
    AgreementStatus.IN_FORCE,
    AgreementStatus.PROVISIONALLY_APPLIED,
    AgreementStatus.SIGNED,
    AgreementStatus.INITIALLED,
    AgreementStatus.DRAFT,
)

# How an agreement ends (VCLT art. 54 to 60); only being renewed on that day or later undoes it.
ENDS = {
    AgreementStatus.SUPERSEDED: ("superseded",),
    AgreementStatus.TERMINATED: ("terminated", "terminated-by-agreement", "denounced"),
    AgreementStatus.EXPIRED: ("expired",),
}
END_KINDS = tuple(kind for kinds in ENDS.values() for kind in kinds)

# What is given on one day and takes effect on another (VCLT art. 56, 65, 67 and 68).
NOTICES = ("notice-of-termination", "denounced")

# What brings an agreement to a stage. Consent to be bound by one side (VCLT art. 11 to 16) is no
# entry into force (art. 24), but presupposes that the text is signed.
REACHED_BY = {
    AgreementStatus.SUSPENDED: ("suspended",),
    AgreementStatus.IN_FORCE: ("entered-into-force", "renewed", "resumed"),
    AgreementStatus.PROVISIONALLY_APPLIED: ("provisionally-applied",),
    AgreementStatus.SIGNED: (
        "signed",
        "signed-ad-referendum",
        "domestic-procedure-notified",
        "ratified",
        "approved",
        "provisional-application-ended",
    ),
    AgreementStatus.INITIALLED: ("initialled",),
    AgreementStatus.DRAFT: ("adopted",),
}

# What takes an agreement back from a stage, unless it was certainly earlier (VCLT art. 25 § 2, 57
# and 68).
UNDONE_BY = {
    AgreementStatus.UNDER_NOTICE: ("renewed", "resumed"),
    AgreementStatus.SUSPENDED: ("resumed",),
    AgreementStatus.PROVISIONALLY_APPLIED: ("provisional-application-ended",),
}

Bound = Literal["first", "last"]


@dataclass(frozen=True)
class Deed:
    """Something done to an agreement: a kind of action, when it was done and took effect."""

    kind: str
    done_on: PartialDate | None = None
    effective_on: PartialDate | None = None


@dataclass(frozen=True)
class History:
    """All that a record says on which an agreement's status rests."""

    signed_on: PartialDate | None = None
    provisionally_applied_on: PartialDate | None = None
    in_force_on: PartialDate | None = None
    ended_on: PartialDate | None = None
    ended_how: str | None = None
    duration_months: int | None = None
    renewal: str | None = None
    renewal_months: int | None = None
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True)
class StatusOn:
    """A status, whether it is only possible, and what else is possible then.

    ``status`` is what the events that have certainly happened make of the agreement. Where they
    make nothing of it, it is the first stage that it has possibly reached.
    """

    status: AgreementStatus
    others: tuple[AgreementStatus, ...] = ()

    @property
    def possibly(self) -> bool:
        """Whether the day leaves more than one status open."""
        return bool(self.others)

    @property
    def candidates(self) -> tuple[AgreementStatus, ...]:
        """All that the agreement may be on that day, the status first."""
        return (self.status, *self.others)


def status_on(history: History, day: date, *, known_by: date | None = None) -> StatusOn:
    """The status on a day: the furthest stage that the agreement has reached and not left.

    An event whose date spans the day may or may not have happened; one without a date happened on
    some day up to ``known_by`` (the day itself unless given). Where two dates overlap, events are
    taken in their natural order: the resumption after the suspension. An end is final, unless the
    agreement is renewed on that day or later, or the notice of it is withdrawn before (VCLT art.
    68). A term without renewal ends by itself (art. 54 a); one of which nobody knows whether it is
    renewed possibly does.
    """
    rule = _Rule(history, day, known_by or day)
    possible = list(rule.candidates())
    reached = [stage for stage in STAGES if rule.stands(stage, "last", "last")]
    named = reached[:1] or [stage for stage in possible if stage in STAGES][-1:]
    status = named[0] if named else AgreementStatus.UNKNOWN
    return StatusOn(status, tuple(other for other in possible if other is not status))


@dataclass(frozen=True)
class _Happening:
    """An event that leads to a stage; a notice of it was given before, if ``given`` says so."""

    on: Span
    given: Span | None = None


class _Rule:
    """The rule for one history and one day.

    A stage is looked at under two bounds: ``event`` says which end of its dates must have come for
    an event to count ("last": it certainly happened, "first": it possibly did), ``undoing`` the
    same for what undoes it.
    """

    def __init__(self, history: History, day: date, known_by: date) -> None:
        self.history = history
        self.day = day
        self.known_by = known_by

    def candidates(self) -> Iterator[AgreementStatus]:
        """Every status that is possible on the day, from the furthest stage to the first."""
        for stage in STAGES:
            if self.stands(stage, "first", "last"):
                yield stage
            if self.stands(stage, "last", "first"):
                return
        yield AgreementStatus.UNKNOWN

    def stands(self, stage: AgreementStatus, event: Bound, undoing: Bound) -> bool:
        """Whether some event led to the stage by the day, and nothing undid that event."""
        if stage in ENDS:
            ended = any(
                self._came(end.on, event) and not self._end_undone(end, undoing)
                for end in self._ends(stage)
            )
            by_term = stage is AgreementStatus.EXPIRED and self._term_over(event, undoing)
            return ended or by_term
        undone_by = list(self._deeds(UNDONE_BY.get(stage, ()), undoing))
        return any(
            self._came(on, event) and not any(other.last >= on.first for other in undone_by)
            for on in self._reached(stage)
        )

    def _came(self, on: Span, bound: Bound) -> bool:
        return (on.first if bound == "first" else on.last) <= self.day

    def _span(self, *dates: PartialDate | None) -> Span:
        known = next((on for on in dates if on is not None), None)
        return Span.of(known) if known else Span(date.min, self.known_by)

    def _deeds(self, kinds: Iterable[str], bound: Bound) -> Iterator[Span]:
        """When deeds of these kinds took effect, as far as they came by the day."""
        for deed in self.history.deeds:
            on = self._span(deed.effective_on, deed.done_on)
            if deed.kind in kinds and self._came(on, bound):
                yield on

    def _reached(self, stage: AgreementStatus) -> Iterator[Span]:
        known = self.history
        own = {
            AgreementStatus.IN_FORCE: known.in_force_on,
            AgreementStatus.PROVISIONALLY_APPLIED: known.provisionally_applied_on,
            AgreementStatus.SIGNED: known.signed_on,
        }.get(stage)
        if own is not None:
            yield Span.of(own)
        for deed in known.deeds:
            if stage is AgreementStatus.UNDER_NOTICE:
                if _is_notice(deed):
                    yield self._span(deed.done_on)
            elif deed.kind in REACHED_BY[stage] and not self._resumes_trial(deed):
                yield self._span(deed.effective_on, deed.done_on)

    def _resumes_trial(self, deed: Deed) -> bool:
        """What is resumed may be provisional application, and so is no sign of being in force."""
        trial = any(other.kind == "provisionally-applied" for other in self.history.deeds)
        trial = trial or self.history.provisionally_applied_on is not None
        return deed.kind == "resumed" and trial

    def _ends(self, stage: AgreementStatus) -> Iterator[_Happening]:
        known = self.history
        if known.ended_on is not None and (known.ended_how or "terminated") in ENDS[stage]:
            yield _Happening(Span.of(known.ended_on))
        for deed in known.deeds:
            noticed = deed.kind in NOTICES and deed.done_on and deed.effective_on
            given = Span.of(deed.done_on) if noticed and deed.done_on else None
            if deed.kind in ENDS[stage]:
                yield _Happening(self._span(deed.effective_on, deed.done_on), given)
            elif stage is AgreementStatus.TERMINATED and deed.kind in NOTICES and deed.effective_on:
                yield _Happening(Span.of(deed.effective_on), given)

    def _end_undone(self, end: _Happening, bound: Bound) -> bool:
        if any(other.first >= end.on.last for other in self._deeds(("renewed",), bound)):
            return True
        return end.given is not None and any(
            other.last >= end.given.first and other.first <= end.on.last
            for other in self._deeds(UNDONE_BY[AgreementStatus.UNDER_NOTICE], bound)
        )

    def _term_over(self, event: Bound, undoing: Bound) -> bool:
        """Whether the term ran out by the day; an end that the record states goes before it."""
        known = self.history
        ends_by_itself = known.renewal in ("none", "express")
        unknown = known.renewal is None and event == "first"
        stated = known.ended_on or any(deed.kind in END_KINDS for deed in known.deeds)
        entry = self._entry()
        if not known.duration_months or not (ends_by_itself or unknown) or stated or not entry:
            return False
        renewals = len(list(self._deeds(("renewed",), undoing)))
        if renewals and known.renewal_months is None:
            return False
        months = known.duration_months + renewals * (known.renewal_months or 0)
        over = months_after(entry.first if event == "first" else entry.last, months)
        return over is not None and over <= self.day

    def _entry(self) -> Span | None:
        """The entry into force from which the term is counted."""
        if self.history.in_force_on is not None:
            return Span.of(self.history.in_force_on)
        entries = [
            self._span(deed.effective_on, deed.done_on)
            for deed in self.history.deeds
            if deed.kind == "entered-into-force"
        ]
        if not entries:
            return None
        return Span(min(on.first for on in entries), max(on.last for on in entries))


def _is_notice(deed: Deed) -> bool:
    """A notice of termination, or a denunciation of which both days are known, is a notice."""
    if deed.kind == "denounced":
        return deed.done_on is not None and deed.effective_on is not None
    # Where only the day of its effect is known, nobody knows since when it was under notice.
    given = deed.done_on is not None or deed.effective_on is None
    return deed.kind == "notice-of-termination" and given


def unusual_orders(
    *,
    signed_on: PartialDate | None,
    in_force_on: PartialDate | None,
    ended_on: PartialDate | None,
    provisionally_applied_on: PartialDate | None,
) -> Iterator[tuple[str, str]]:
    """Column and message of each order of dates that is unusual, though never refused."""
    pairs = (
        (signed_on, in_force_on, "in_force_on", N_("In force before it was signed.")),
        (
            signed_on,
            provisionally_applied_on,
            "provisionally_applied_on",
            N_("Provisionally applied before it was signed."),
        ),
        (
            provisionally_applied_on,
            in_force_on,
            "provisionally_applied_on",
            N_("Provisionally applied only after it was in force."),
        ),
        (signed_on, ended_on, "ended_on", N_("Ended before it was signed.")),
        (in_force_on, ended_on, "ended_on", N_("Ended before it was in force.")),
    )
    for earlier, later, column, message in pairs:
        if earlier is not None and later is not None and not earlier.can_precede(later):
            yield column, message


def unusual_actions(
    actions: Iterable[tuple[str, PartialDate | None, PartialDate | None]],
    signed_on: PartialDate | None,
    in_force_on: PartialDate | None,
) -> Iterator[tuple[int, str]]:
    """Place and message of each action whose order is unusual, though never refused.

    An action is its kind, the day on which it was done, and that on which it took effect.
    """
    consent = {"domestic-procedure-notified", "ratified", "approved"}
    of_life = {"suspended", "resumed", "renewed", "denounced", "notice-of-termination"}
    suspended = False
    for place, (kind, done, effective) in enumerate(actions):
        on = effective or done
        suspended = suspended or kind == "suspended"
        if done and effective and not done.can_precede(effective):
            yield place, N_("An action took effect before it was done.")
        if kind in consent and signed_on and done and not signed_on.can_precede(done):
            yield place, N_("A side agreed to be bound before the agreement was signed.")
        if kind in of_life and in_force_on and on and not in_force_on.can_precede(on):
            yield place, N_("An action on an agreement in force is dated before its entry.")
        if kind == "resumed" and not suspended:
            yield place, N_("It was resumed, and no suspension is recorded before.")
        if kind == "entered-into-force" and in_force_on and on:
            overlap = in_force_on.first <= on.last and on.first <= in_force_on.last
            if not overlap:
                yield place, N_("The action and the record differ on the entry into force.")
