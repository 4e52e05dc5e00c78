"""Prove that what is derived is what follows from the records."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, func, select

from tracker.derived.models import Stale
from tracker.derived.registry import DERIVATIONS, Derivation
from tracker.derived.working_out import batches

NAMED = 20
ADVICE = "run: tracker reindex"


def faults(connection: Connection) -> Iterator[str]:
    """Records that wait to be worked out, and those whose derived rows are wrong."""
    query = (
        select(Stale.kind, func.count(Stale.record_id.distinct()))
        .group_by(Stale.kind)
        .order_by(Stale.kind)
    )
    for kind, count in connection.execute(query):
        yield f"stale: {count} records wait for their {kind} to be worked out; {ADVICE}"
    for derivation in DERIVATIONS:
        wrong = _wrong(connection, derivation)
        for number in islice(wrong, NAMED):
            yield f"{derivation.record} {number}: its {derivation.kind} is not right; {ADVICE}"
        if more := sum(1 for _ in wrong):
            yield f"{derivation.record}: the {derivation.kind} of {more} more is not right"


def _wrong(connection: Connection, derivation: Derivation) -> Iterator[int]:
    for ids in batches(connection, derivation):
        yield from sorted(derivation.wrong(connection, ids))
