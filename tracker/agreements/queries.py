"""Selections of agreements: by their status on a day, the rule of `rules.py` as SQL.

Each stage is an OR of what can bring an agreement there: its own columns, its actions, its
signatures. Actions are looked up by the index on their agreement, so a long list stays quick.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    and_,
    case,
    exists,
    extract,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from tracker.agreements.models import Action, Agreement, Renewal, Signature, SignatureKind
from tracker.agreements.rules import (
    END_KINDS,
    ENDS,
    NOTICES,
    REACHED_BY,
    STAGES,
    UNDONE_BY,
    AgreementStatus,
    Bound,
)

_OWN_DATE = {
    AgreementStatus.IN_FORCE: "in_force_on",
    AgreementStatus.PROVISIONALLY_APPLIED: "provisionally_applied_on",
    AgreementStatus.SIGNED: "signed_on",
}
_AGREEMENT = Agreement.__table__.c


def status_is(
    status: AgreementStatus, day: date, *, today: date | None = None
) -> ColumnElement[bool]:
    """Agreements whose status on a day is this one, as `rules.status_on` names it.

    The same as to compare `status_expression`, and quicker: what most agreements fail stands first.
    """
    rule = _Rule(day, today or day)
    if status is AgreementStatus.UNKNOWN:
        return not_(or_(*(rule.stands(stage, "first", "last") for stage in reversed(STAGES))))
    place = STAGES.index(status)
    further, nearer = STAGES[:place], STAGES[place + 1 :]
    certain = [rule.stands(stage, "last", "last") for stage in reversed(STAGES)]
    first_possible = [rule.stands(stage, "first", "last") for stage in nearer]
    return or_(
        and_(
            rule.stands(status, "last", "last"),
            not_(or_(false(), *(rule.stands(stage, "last", "last") for stage in further))),
        ),
        and_(
            rule.stands(status, "first", "last"),
            not_(or_(*certain)),
            not_(or_(false(), *first_possible)),
        ),
    )


def status_may_be(
    status: AgreementStatus, day: date, *, today: date | None = None
) -> ColumnElement[bool]:
    """Agreements that are, or possibly are, of this status on a day."""
    rule = _Rule(day, today or day)
    further = STAGES[: STAGES.index(status)] if status in STAGES else STAGES
    stays = [not_(rule.stands(stage, "last", "first")) for stage in further]
    if status is AgreementStatus.UNKNOWN:
        return and_(*stays)
    return and_(rule.stands(status, "first", "last"), *stays)


@lru_cache(maxsize=64)
def status_expression(day: date, *, today: date | None = None) -> ColumnElement[str]:
    """The status on a day, for a list to sort or count by; kept, since it is long to build."""
    rule = _Rule(day, today or day)
    certain = [(rule.stands(stage, "last", "last"), stage.value) for stage in STAGES]
    possible = [(rule.stands(stage, "first", "last"), stage.value) for stage in reversed(STAGES)]
    return case(*certain, *possible, else_=AgreementStatus.UNKNOWN.value)


class _Rule:
    """Conditions for one day; what ``event`` and ``undoing`` mean stands in `rules.py`."""

    def __init__(self, day: date, known_by: date) -> None:
        self.day = day
        self.known_by = known_by

    def stands(self, stage: AgreementStatus, event: Bound, undoing: Bound) -> ColumnElement[bool]:
        """Whether some event led to the stage by the day, and nothing undid that event."""
        if stage in ENDS:
            return or_(*self._ends(stage, event, undoing))
        ways = [self._by_action(stage, event, undoing)]
        if stage in _OWN_DATE:
            first, last = (_AGREEMENT[f"{_OWN_DATE[stage]}_{end}"] for end in ("first", "last"))
            came = (first if event == "first" else last) <= self.day
            ways.insert(
                0, and_(first.is_not(None), came, self._lasts(stage, first, _AGREEMENT.id, undoing))
            )
        if stage in (AgreementStatus.SIGNED, AgreementStatus.INITIALLED):
            ways.append(self._by_signature(stage, event))
        return or_(*ways)

    def _span(self, *names: str, of: FromClause) -> dict[Bound, ColumnElement[date]]:
        """The earliest and latest day of the first date that is known, or of any day so far."""
        return {
            "first": func.coalesce(*(of.c[f"{n}_first"] for n in names), _day(date.min)),
            "last": func.coalesce(*(of.c[f"{n}_last"] for n in names), _day(self.known_by)),
        }

    def _lasts(
        self,
        stage: AgreementStatus,
        since: ColumnElement[date],
        agreement_id: ColumnElement[int],
        bound: Bound,
    ) -> ColumnElement[bool]:
        """Nothing took the agreement back from the stage since that day."""
        if stage not in UNDONE_BY:
            return true()
        other = Action.__table__.alias()
        on = self._span("effective_on", "done_on", of=other)
        return not_(
            self._some(
                other, UNDONE_BY[stage], agreement_id, on[bound] <= self.day, on["last"] >= since
            )
        )

    def _some(
        self,
        action: FromClause,
        kinds: Iterable[str],
        agreement_id: ColumnElement[int],
        *conditions: ColumnElement[bool],
    ) -> ColumnElement[bool]:
        wanted = and_(
            action.c.agreement_id == agreement_id, action.c.kind.in_(tuple(kinds)), *conditions
        )
        return exists().where(wanted)

    def _by_action(
        self, stage: AgreementStatus, event: Bound, undoing: Bound
    ) -> ColumnElement[bool]:
        action = Action.__table__.alias()
        if stage is AgreementStatus.UNDER_NOTICE:
            on, more = self._span("done_on", of=action), _is_notice(action)
        else:
            on, more = self._span("effective_on", "done_on", of=action), true()
        kinds: tuple[str, ...] = REACHED_BY.get(stage, NOTICES)
        if "resumed" in kinds:
            more = or_(action.c.kind != "resumed", not_(self._trial(action.c.agreement_id)))
        lasts = self._lasts(stage, on["first"], action.c.agreement_id, undoing)
        return self._some(action, kinds, _AGREEMENT.id, on[event] <= self.day, more, lasts)

    def _trial(self, agreement_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Provisional application is recorded, on whatever day."""
        action = Action.__table__.alias()
        applied = self._some(action, ("provisionally-applied",), agreement_id)
        return or_(_AGREEMENT.provisionally_applied_on_first.is_not(None), applied)

    def _by_signature(self, stage: AgreementStatus, event: Bound) -> ColumnElement[bool]:
        signature = Signature.__table__.alias()
        initialled = signature.c.kind == SignatureKind.INITIALLED
        counts = (
            initialled
            if stage is AgreementStatus.INITIALLED
            else and_(not_(initialled), _AGREEMENT.signed_on_first.is_(None))
        )
        on = self._span("signed_on", of=signature)[event]
        own = signature.c.agreement_id == _AGREEMENT.id
        return exists().where(and_(own, counts, on <= self.day))

    def _ends(
        self, stage: AgreementStatus, event: Bound, undoing: Bound
    ) -> Iterable[ColumnElement[bool]]:
        kinds: tuple[str, ...] = ENDS[stage]
        ended = {"first": _AGREEMENT.ended_on_first, "last": _AGREEMENT.ended_on_last}
        how = func.coalesce(_AGREEMENT.ended_how, "terminated").in_(kinds)
        final = not_(self._renewed_since(ended["last"], _AGREEMENT.id, undoing))
        yield and_(ended["first"].is_not(None), ended[event] <= self.day, how, final)
        action = Action.__table__.alias()
        if stage is AgreementStatus.TERMINATED:
            kinds = (*kinds, *NOTICES)
        on = self._span("effective_on", "done_on", of=action)
        final = not_(
            or_(
                self._renewed_since(on["last"], action.c.agreement_id, undoing),
                self._withdrawn(action, on["last"], undoing),
            )
        )
        takes_effect = or_(
            action.c.kind != "notice-of-termination", action.c.effective_on_first.is_not(None)
        )
        yield self._some(action, kinds, _AGREEMENT.id, on[event] <= self.day, takes_effect, final)
        if stage is AgreementStatus.EXPIRED:
            yield self._term_over(event, undoing)

    def _renewed_since(
        self, end: ColumnElement[date], agreement_id: ColumnElement[int], bound: Bound
    ) -> ColumnElement[bool]:
        other = Action.__table__.alias()
        on = self._span("effective_on", "done_on", of=other)
        return self._some(
            other, ("renewed",), agreement_id, on[bound] <= self.day, on["first"] >= end
        )

    def _withdrawn(
        self, notice: FromClause, end: ColumnElement[date], bound: Bound
    ) -> ColumnElement[bool]:
        """The notice was given on one day, to take effect on another, and withdrawn between."""
        other = Action.__table__.alias()
        on = self._span("effective_on", "done_on", of=other)
        withdrawn = self._some(
            other,
            UNDONE_BY[AgreementStatus.UNDER_NOTICE],
            notice.c.agreement_id,
            on[bound] <= self.day,
            on["last"] >= notice.c.done_on_first,
            on["first"] <= end,
        )
        both = and_(notice.c.done_on_first.is_not(None), notice.c.effective_on_first.is_not(None))
        return and_(notice.c.kind.in_(NOTICES), both, withdrawn)

    def _term_over(self, event: Bound, undoing: Bound) -> ColumnElement[bool]:
        """Whether the term ran out by the day; an end that the record states goes before it."""
        renewal = _AGREEMENT.renewal
        ends = and_(renewal.is_not(None), renewal.in_((Renewal.NONE, Renewal.EXPRESS)))
        entry, renewals = self._entry(event), self._renewals(undoing)
        months = _AGREEMENT.duration_months + renewals * func.coalesce(_AGREEMENT.renewal_months, 0)
        stated = self._some(Action.__table__.alias(), END_KINDS, _AGREEMENT.id)
        return and_(
            _AGREEMENT.duration_months.is_not(None),
            or_(ends, renewal.is_(None)) if event == "first" else ends,
            _AGREEMENT.ended_on_first.is_(None),
            not_(stated),
            or_(_AGREEMENT.renewal_months.is_not(None), renewals == 0),
            entry.is_not(None),
            self._over(entry, months),
        )

    def _renewals(self, bound: Bound) -> Any:
        action = Action.__table__.alias()
        on = self._span("effective_on", "done_on", of=action)
        own = action.c.agreement_id == _AGREEMENT.id
        counted = and_(own, action.c.kind == "renewed", on[bound] <= self.day)
        return select(func.count()).where(counted).correlate(Agreement).scalar_subquery()

    def _entry(self, bound: Bound) -> Any:
        """The entry into force from which the term is counted."""
        action = Action.__table__.alias()
        on = self._span("effective_on", "done_on", of=action)[bound]
        own = and_(action.c.agreement_id == _AGREEMENT.id, action.c.kind == "entered-into-force")
        pick = func.min(on) if bound == "first" else func.max(on)
        entered = select(pick).where(own).correlate(Agreement).scalar_subquery()
        return func.coalesce(_AGREEMENT[f"in_force_on_{bound}"], entered, type_=Date)

    def _over(self, start: Any, months: ColumnElement[int]) -> ColumnElement[bool]:
        """So many months after the start have come by the day.

        Months are counted as numbers: databases add them to dates in ways of their own, and a
        long term leaves the calendar.
        """
        ahead = months + 12 * extract("year", start) + extract("month", start)
        came = 12 * self.day.year + self.day.month
        if self.day.day == calendar.monthrange(self.day.year, self.day.month)[1]:
            # A month that is too short for the day of the start ends the term with its last day.
            return ahead <= came
        return or_(ahead < came, and_(ahead == came, extract("day", start) <= self.day.day))


def _is_notice(action: FromClause) -> ColumnElement[bool]:
    """As in `rules.py`: since when it is under notice must be known, or nothing at all."""
    done, effective = action.c.done_on_first, action.c.effective_on_first
    return case(
        (action.c.kind == "denounced", and_(done.is_not(None), effective.is_not(None))),
        else_=or_(done.is_not(None), effective.is_(None)),
    )


def _day(day: date) -> ColumnElement[date]:
    return literal(day, Date)
