"""What follows on a day from what an agreement's record holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.agreements.models import ActionKind, Agreement, SignatureKind
from tracker.agreements.rules import AgreementStatus, Deed, History, StatusOn, status_on
from tracker.agreements.terms import (
    Clause,
    Consent,
    EntryByConsent,
    Outlook,
    entry_by_consent,
    outlook,
)


def status(agreement: Agreement, day: date) -> AgreementStatus:
    """What the agreement is on a day; derived, never stored."""
    return possible_status(agreement, day).status


def possible_status(agreement: Agreement, day: date, *, today: date | None = None) -> StatusOn:
    """What the agreement is on a day, and what else it may be.

    What is recorded without a date happened up to ``today`` (the day itself unless given).
    """
    return status_on(history(agreement), day, known_by=today)


def history(agreement: Agreement) -> History:
    """What the record says on which the status rests."""
    return History(
        signed_on=agreement.signed_on,
        provisionally_applied_on=agreement.provisionally_applied_on,
        in_force_on=agreement.in_force_on,
        ended_on=agreement.ended_on,
        ended_how=agreement.ended_how,
        duration_months=agreement.duration_months,
        renewal=agreement.renewal,
        renewal_months=agreement.renewal_months,
        deeds=tuple(_deeds(agreement)),
    )


def _deeds(agreement: Agreement) -> Iterator[Deed]:
    for action in agreement.actions:
        yield Deed(action.kind, action.done_on, action.effective_on)
    for signature in agreement.signatures:
        # The day on which the agreement was signed goes before the days of single signatures.
        if signature.kind is SignatureKind.INITIALLED or agreement.signed_on is None:
            yield Deed(signature.kind, signature.signed_on)


def term_outlook(agreement: Agreement, day: date) -> Outlook | None:
    """Its term on a day and the deadlines ahead; None without entry into force or duration.

    Raises TermError where the terms on record cannot be, which forms and files refuse.
    """
    clause = clause_of(agreement)
    if clause is None:
        return None
    renewed = [
        a.effective_on or a.done_on for a in agreement.actions if a.kind is ActionKind.RENEWED
    ]
    return outlook(clause, day, renewals=sum(on is None or on.first <= day for on in renewed))


def clause_of(agreement: Any) -> Clause | None:
    """What a record, or a row of its columns, says of its terms; None without entry into force.

    Raises TermError as `term_outlook` does.
    """
    if agreement.in_force_on is None:
        return None
    return Clause(
        agreement.in_force_on,
        agreement.duration_months,
        agreement.renewal,
        agreement.renewal_months,
        agreement.notice_months,
        agreement.notice_days,
        agreement.lead_days,
    )


def awaited_entry(agreement: Agreement) -> EntryByConsent:
    """Which side's notification is missing, and the entry into force that follows the later."""
    return entry_by_consent(
        (Consent(a.kind, a.side, a.done_on or a.effective_on) for a in agreement.actions),
        after_months=agreement.in_force_after_months,
        after_days=agreement.in_force_after_days,
    )
