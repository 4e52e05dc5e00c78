"""What the page of one commitment tells, in words and places, as of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commitments import words
from tracker.commitments.chart import Chart, Drawn, draw
from tracker.commitments.columns import shortened
from tracker.commitments.models import Commitment, CommitmentStatus, MadeBy, Observation
from tracker.commitments.progress import (
    Answer,
    Observed,
    Promise,
    latest,
    overdue,
    percent,
    reached,
    share,
)
from tracker.commitments.telling import AnyCommitment
from tracker.dates import PartialDate
from tracker.meetings.pages import describe_meeting
from tracker.web.links import record_url
from tracker.web.site import date_text

TITLE_LENGTH = 140

_SHAPES = {
    CommitmentStatus.OPEN: "planned",
    CommitmentStatus.MET: "held",
    CommitmentStatus.MISSED: "cancelled",
    CommitmentStatus.DROPPED: "none",
    CommitmentStatus.SUPERSEDED: "postponed",
}


def describe_commitment(commitment: AnyCommitment) -> str:
    """What lists call a commitment: the beginning of its text."""
    return shortened(commitment.text, TITLE_LENGTH)


def promise_of(commitment: AnyCommitment) -> Promise:
    """What the rules of progress want to know."""
    observed = [Observed(one.on, one.value) for one in commitment.observations if one.on]
    return Promise(
        commitment.status,
        commitment.due_on,
        commitment.baseline,
        commitment.baseline_on,
        commitment.target,
        observed,
    )


@dataclass(frozen=True)
class State:
    """How a commitment stands on a day: a shape, a word, and what more there is to say."""

    shape: str
    word: str
    more: tuple[str, ...] = ()


def state_of(commitment: AnyCommitment, day: date) -> State:
    """How a commitment stands on a day."""
    promise = promise_of(commitment)
    late = overdue(promise, day)
    if late is not Answer.NO and commitment.due_on is not None:
        if late is Answer.YES:
            days = (day - commitment.due_on.last).days
            return State("overdue", _("overdue by %(days)s days", days=number_text(Decimal(days))))
        said = _("possibly overdue: a date is not known to the day")
        return State("expected", said)
    if commitment.status is None:
        return State("none", _("a remark: nothing to keep"))
    word = str(words.STATUSES[commitment.status])
    at_target = reached(promise, day)
    if commitment.status is CommitmentStatus.OPEN and at_target is not Answer.NO:
        said = _("target reached") if at_target is Answer.YES else _("target possibly reached")
        return State(_SHAPES[commitment.status], word, (said,))
    return State(_SHAPES[commitment.status], word)


def number_text(value: Decimal) -> str:
    """A number as the page's language writes it, with all its digits."""
    return format_decimal(value, locale=get_locale() or "en", decimal_quantization=False)


def amount_text(value: Decimal, unit: str | None) -> str:
    """A number with its unit."""
    return f"{number_text(value)} {unit}" if unit else number_text(value)


@dataclass(frozen=True)
class Step:
    """One commitment of a chain in which each supersedes the one before."""

    title: str
    url: str | None
    date: str
    state: State
    target: str


def chain_of(commitment: Commitment, day: date) -> list[Step]:
    """All that it superseded and all that superseded it, the oldest first; empty where none."""
    seen = {commitment}
    before = list(_before(commitment, seen))
    after = list(_after(commitment, seen))
    if not before and not after:
        return []
    whole = [*before, commitment, *after]
    return [_step(one, day, here=one is commitment) for one in whole]


def _before(commitment: Commitment, seen: set[Commitment]) -> Iterator[Commitment]:
    # Two people who save at once could make a circle, and a page must end all the same.
    for one in commitment.supersedes:
        if one not in seen:
            seen.add(one)
            yield from _before(one, seen)
            yield one


def _after(commitment: Commitment, seen: set[Commitment]) -> Iterator[Commitment]:
    following = commitment.superseded_by
    while following is not None and following not in seen:
        seen.add(following)
        yield following
        following = following.superseded_by


def _step(one: Commitment, day: date, *, here: bool) -> Step:
    return Step(
        describe_commitment(one),
        None if here else record_url(one),
        date_text(one.made_on) if one.made_on else _("day not known"),
        state_of(one, day),
        amount_text(one.target, one.unit) if one.target is not None else "",
    )


@dataclass(frozen=True)
class Seen:
    """An observation, as a row of the table."""

    date: str
    value: str
    is_number: bool
    share: str
    note: str
    source: str
    source_url: str | None
    locator: str


def seen_of(commitment: Commitment) -> list[Seen]:
    """The observations, the oldest first."""
    dated = [(one.on, one) for one in commitment.observations if one.on is not None]
    return [_seen(commitment, on, one) for on, one in sorted(dated, key=lambda pair: pair[0])]


def _seen(commitment: Commitment, on: PartialDate, one: Observation) -> Seen:
    number = one.value
    text = one.word or "" if number is None else amount_text(number, commitment.unit)
    alone = Promise(
        baseline=commitment.baseline,
        target=commitment.target,
        observed=[Observed(on, number)],
    )
    part = share(alone, on.last)
    return Seen(
        date_text(on),
        text,
        number is not None,
        "" if part is None else _("%(number)s %%", number=number_text(Decimal(percent(part)))),
        one.note or "",
        one.source.title if one.source else "",
        record_url(one.source) if one.source else None,
        one.locator or "",
    )


def chart_of(commitment: Commitment, *, mirrored: bool) -> Chart | None:
    """The drawing of the numbers observed, where there are any."""
    points = [(one.on, one.value) for one in commitment.observations if one.on]
    drawn = Drawn(
        [(on, value) for on, value in points if value is not None],
        commitment.baseline,
        commitment.baseline_on,
        commitment.target,
        commitment.due_on,
    )

    def time(day: date, with_month: bool) -> str:
        return str(format_date(day, "LLL y" if with_month else "y"))  # type: ignore[no-untyped-call]

    return draw(drawn, amount=number_text, time=time, mirrored=mirrored)


def _latest_text(commitment: Commitment, promise: Promise, day: date) -> str:
    found = latest(promise, day)
    if found is None:
        return ""
    rows = [o for o in commitment.observations if o.on == found.observed.on]
    row = next(o for o in reversed(rows) if o.value == found.observed.value)
    value = row.word or "" if row.value is None else amount_text(row.value, commitment.unit)
    said = _("%(value)s, %(date)s", value=value, date=date_text(found.observed.on))
    return said if found.certain else _("possibly %(said)s", said=said)


def _way_text(promise: Promise, day: date) -> str:
    part = share(promise, day)
    if part is None:
        return ""
    number = number_text(Decimal(percent(part)))
    return _("%(number)s %% of the way from the baseline to the target", number=number)


def _origin(commitment: Commitment) -> tuple[str, str] | None:
    origin = commitment.origin
    if origin is None:
        return None
    said = origin.name if isinstance(origin, Agreement) else describe_meeting(origin)
    return said, record_url(origin)


def commitment_story(commitment: Commitment, reading: Reading) -> Mapping[str, Any]:
    """Everything that the page shows beside the facts."""
    day = reading.today
    promise = promise_of(commitment)
    locale = get_locale()
    mirrored = locale is not None and locale.text_direction == "rtl"
    return {
        "state": state_of(commitment, day),
        "commitment_kind": words.KINDS[commitment.kind],
        "origin": _origin(commitment),
        "committed": {
            side: commitment.made_by in (MadeBy.BOTH, MadeBy(side)) for side in ("A", "B")
        },
        "chain": chain_of(commitment, day),
        "seen": seen_of(commitment),
        "chart": chart_of(commitment, mirrored=mirrored),
        "latest": _latest_text(commitment, promise, day),
        "way": _way_text(promise, day),
        "amount": lambda value: amount_text(value, commitment.unit),
        "number": number_text,
        "date_text": date_text,
        "record_url": record_url,
    }
