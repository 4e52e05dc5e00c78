"""An agreement's status on a day, from what its record holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.agreements.models import Agreement, SignatureKind
from tracker.agreements.rules import AgreementStatus, Event, status_on


def status(agreement: Agreement, day: date) -> AgreementStatus:
    """What the agreement is on a day; derived, never stored."""
    signed = any(s.kind is not SignatureKind.INITIALLED for s in agreement.signatures)
    signed = signed and agreement.signed_on is None
    return status_on(_events(agreement), day, signed=signed)


def _events(agreement: Agreement) -> Iterator[Event]:
    dated = (
        ("signed", agreement.signed_on),
        ("provisionally-applied", agreement.provisionally_applied_on),
        ("entered-into-force", agreement.in_force_on),
        (agreement.ended_how or "terminated", agreement.ended_on),
        *((action.kind, action.effective_on or action.done_on) for action in agreement.actions),
    )
    return (Event(str(kind), on) for kind, on in dated if on is not None)
