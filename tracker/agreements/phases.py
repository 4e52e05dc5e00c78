"""The days on which an agreement has each status: `rules.status_on` for all days at once.

What happened without a date happened by the day that is asked about, so that the status on a day
follows from that day alone, and changes only on days that the record names, on the days after them
and where a term ends.

Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

from tracker.agreements.rules import (
    END_KINDS,
    ENDS,
    NOTICES,
    REACHED_BY,
    UNDONE_BY,
    AgreementStatus,
    Deed,
    History,
    status_on,
)
from tracker.agreements.terms import Span, months_after
from tracker.dates import PartialDate

# Kinds of action that the rule looks at; an amendment or a registration changes no status.
TELLING = frozenset(
    kind
    for kinds in (*ENDS.values(), NOTICES, *REACHED_BY.values(), *UNDONE_BY.values())
    for kind in kinds
)
_ENDS_BY_ITSELF = ("none", "express")
_DAY = timedelta(days=1)

Days = tuple[date | None, date | None]
Phase = tuple[AgreementStatus, date, date]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says, as its columns hold it: a date is its earliest and its latest day.

    A deed is its kind, when it was done and when it took effect.
    """

    signed_on: Days = (None, None)
    provisionally_applied_on: Days = (None, None)
    in_force_on: Days = (None, None)
    ended_on: Days = (None, None)
    ended_how: str | None = None
    duration_months: int | None = None
    renewal: str | None = None
    renewal_months: int | None = None
    deeds: tuple[tuple[str, Days, Days], ...] = ()


def phases(facts: Facts) -> list[Phase]:
    """Each status with its first and last day, in their order, from the first day to the last.

    The order of the days decides, and not how far they lie apart; so what the rule says of one
    order is kept, and the rule itself is asked once for all records of the same order.
    """
    plain = _without_term(facts)
    if plain is None:
        return phases_by_rule(history_of(facts))
    deeds = [deed for deed in plain.deeds if deed[0] in TELLING]
    undated = any(done[0] is None and effect[0] is None for _kind, done, effect in deeds)
    spans = [plain.signed_on, plain.provisionally_applied_on, plain.in_force_on, plain.ended_on]
    for _kind, done, effect in deeds:
        spans += (done, effect)
    named = {day for span in spans for day in span if day is not None}
    if undated:
        named.add(date.min)
    days = sorted(named)
    place: dict[date | None, int | None] = {None: None}
    place.update((day, number) for number, day in enumerate(days))
    order = tuple((place[first], place[last]) for first, last in spans)
    kinds = tuple(deed[0] for deed in deeds)
    changes = _changes(order, plain.ended_how, kinds, len(days), undated)
    return _dated(changes, days)


def _without_term(facts: Facts) -> Facts | None:
    """The same with the end of its term as a stated end; None where that is not the same.

    A term of which nobody knows whether it is renewed, or that is renewed tacitly, has no end that
    is certain, and so decides no status.
    """
    if facts.duration_months is None or facts.renewal not in _ENDS_BY_ITSELF:
        return facts
    kinds = {deed[0] for deed in facts.deeds}
    if facts.ended_on[0] is not None or not kinds.isdisjoint(END_KINDS):
        return facts
    first, last = facts.in_force_on
    if first is None or last is None or "renewed" in kinds:
        return None
    over = months_after(first, facts.duration_months), months_after(last, facts.duration_months)
    if over[0] is None or over[1] is None:
        return None
    return replace(facts, ended_on=over, ended_how="expired")


Order = tuple[tuple[int | None, int | None], ...]
# A status from a place on: before all days (-1), on a named one (2 n), on the one after (2 n + 1).
Changes = tuple[tuple[AgreementStatus, int], ...]


@lru_cache(maxsize=20_000)
def _changes(
    order: Order, ended_how: str | None, kinds: tuple[str, ...], count: int, undated: bool
) -> Changes:
    """What the rule says of days in such an order, asked of days that lie well apart."""
    days = [date(1000, 1, 1) + timedelta(days=10 * number) for number in range(count)]
    if undated:
        days[0] = date.min
    spans = [_span(days, first, last) for first, last in order]
    deeds = tuple(
        Deed(kind, done, effect)
        for kind, done, effect in zip(kinds, spans[4::2], spans[5::2], strict=True)
    )
    signed, applied, in_force, ended = spans[:4]
    known = History(signed, applied, in_force, ended, ended_how, deeds=deeds)
    asked = [(-1, date(999, 1, 1))] if not undated else []
    for number, day in enumerate(days):
        asked += [(2 * number, day), (2 * number + 1, day + _DAY)]
    return tuple(_merged((status_on(known, day).status, place) for place, day in asked))


def _span(days: Sequence[date], first: int | None, last: int | None) -> PartialDate | None:
    if first is None or last is None:
        return None
    # The rule reads both ends of a date, and nothing else of it.
    return cast(PartialDate, Span(days[first], days[last]))


def _merged(found: Iterable[tuple[AgreementStatus, int]]) -> Iterator[tuple[AgreementStatus, int]]:
    before = None
    for status, place in found:
        if status is not before:
            yield status, place
        before = status


def _dated(changes: Changes, days: Sequence[date]) -> list[Phase]:
    """The changes on their days; what would end before it begins falls away."""
    made: list[Phase] = []
    end = date.max
    for status, place in reversed(changes):
        if place < 0:
            first = date.min
        elif place % 2 == 0:
            first = days[place // 2]
        elif days[place // 2] == date.max:
            continue
        else:
            first = days[place // 2] + _DAY
        if first > end or (made and first == made[-1][1]):
            continue
        if made and made[-1][0] is status:
            made[-1] = (status, first, made[-1][2])
        else:
            made.append((status, first, end))
        if first == date.min:
            break
        end = first - _DAY
    made.reverse()
    return made


def history_of(facts: Facts) -> History:
    """The facts as the rule takes them."""

    def on(days: Days) -> PartialDate | None:
        first, last = days
        return None if first is None or last is None else cast(PartialDate, Span(first, last))

    return History(
        on(facts.signed_on),
        on(facts.provisionally_applied_on),
        on(facts.in_force_on),
        on(facts.ended_on),
        facts.ended_how,
        facts.duration_months,
        facts.renewal,
        facts.renewal_months,
        tuple(Deed(kind, on(done), on(effect)) for kind, done, effect in facts.deeds),
    )


def phases_by_rule(known: History) -> list[Phase]:
    """The same as `phases`, by asking the rule on each day on which the status can change."""
    found: list[Phase] = []
    for day in sorted(_turning_days(known)):
        status = status_on(known, day).status
        if found and found[-1][0] is status:
            continue
        if found:
            found[-1] = (found[-1][0], found[-1][1], day - _DAY)
        found.append((status, day, date.max))
    return found


def _turning_days(known: History) -> set[date]:
    named = {date.min}
    own = (known.signed_on, known.provisionally_applied_on, known.in_force_on, known.ended_on)
    acted = (on for deed in known.deeds for on in (deed.done_on, deed.effective_on))
    for on in (*own, *acted):
        if on is not None:
            named |= {on.first, on.last}
    after = {day + _DAY for day in named if day < date.max}
    return named | after | set(_term_ends(known, named))


def _term_ends(known: History, named: Iterable[date]) -> Iterator[date]:
    """Where a term may end that began on one of these days, renewed as often as is recorded."""
    if known.duration_months is None:
        return
    for times in range(1 + sum(deed.kind == "renewed" for deed in known.deeds)):
        months = known.duration_months + times * (known.renewal_months or 0)
        yield from filter(None, (months_after(day, months) for day in named))
