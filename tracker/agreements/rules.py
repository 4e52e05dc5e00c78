"""What holds for an agreement: its status on a day, and which orders of dates are unusual.

Pure: values in, values out. Kinds of action are given by their plain names (`ActionKind`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class Event:
    """Something that happened to an agreement: a kind of action and the day it takes effect."""

    kind: str
    on: PartialDate


_AFTER = {
    "adopted": AgreementStatus.DRAFT,
    "initialled": AgreementStatus.INITIALLED,
    "signed": AgreementStatus.SIGNED,
    "signed-ad-referendum": AgreementStatus.SIGNED,
    "provisionally-applied": AgreementStatus.PROVISIONALLY_APPLIED,
    "provisional-application-ended": AgreementStatus.SIGNED,
    "entered-into-force": AgreementStatus.IN_FORCE,
    "renewed": AgreementStatus.IN_FORCE,
    "suspended": AgreementStatus.SUSPENDED,
    "resumed": AgreementStatus.IN_FORCE,
    "notice-of-termination": AgreementStatus.UNDER_NOTICE,
    "terminated": AgreementStatus.TERMINATED,
    "terminated-by-agreement": AgreementStatus.TERMINATED,
    "denounced": AgreementStatus.TERMINATED,
    "expired": AgreementStatus.EXPIRED,
    "superseded": AgreementStatus.SUPERSEDED,
}
_RANK = list(_AFTER)
_EARLY = {AgreementStatus.DRAFT, AgreementStatus.INITIALLED, AgreementStatus.SIGNED}
_ENDED = {AgreementStatus.TERMINATED, AgreementStatus.EXPIRED, AgreementStatus.SUPERSEDED}


def status_on(events: Iterable[Event], day: date, *, signed: bool = False) -> AgreementStatus:
    """The status on a day: what the last event up to that day made of the agreement.

    An end is final, and signing does not undo an entry into force that came before it (real
    agreements have that order). ``signed`` says that it is signed though no day is known.
    An event counts from the earliest day that it can have happened on.
    """
    status = AgreementStatus.SIGNED if signed else AgreementStatus.UNKNOWN
    known = [e for e in events if e.kind in _AFTER and e.on.first <= day]
    for event in sorted(known, key=lambda e: (e.on.first, _RANK.index(e.kind))):
        after = _AFTER[event.kind]
        early_again = after in _EARLY and status not in {AgreementStatus.UNKNOWN, *_EARLY}
        ended_trial = event.kind == "provisional-application-ended"
        if status in _ENDED or (early_again and not ended_trial):
            continue
        if ended_trial and status is not AgreementStatus.PROVISIONALLY_APPLIED:
            continue
        status = after
    return status


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
