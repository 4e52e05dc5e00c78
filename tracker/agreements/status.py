"""What follows on a day from what an agreement's record holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.agreements.models import Agreement, SignatureKind
from tracker.agreements.rules import AgreementStatus, Deed, History, StatusOn, status_on


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
