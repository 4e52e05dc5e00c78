"""The days on which agreements have each status, kept beside them: what `phases` says.

A list of one status, or how many agreements have each, is then a look into an index, on whatever
day. The rows follow from agreements, actions and signatures; `tracker.derived` keeps them right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import Connection, select

from tracker.agreements.kept_spans import SPANS
from tracker.agreements.models import Action, Agreement, Signature, SignatureKind
from tracker.agreements.phases import TELLING, Days, Facts, phases
from tracker.agreements.sides import LAST_STATUS
from tracker.among import among
from tracker.derived import Reads, own, register, replaced_rows, together

_OWN = Agreement.__table__.c
_COLUMNS = (
    "id",
    *(
        f"{name}_{end}"
        for name in ("signed_on", "provisionally_applied_on", "in_force_on", "ended_on")
        for end in ("first", "last")
    ),
    "ended_how",
    "duration_months",
    "renewal",
    "renewal_months",
)


_ACT = Action.__table__.c
_SIGN = Signature.__table__.c
_agreements = select(*(_OWN[name] for name in _COLUMNS)).where(among(_OWN.id))
# By the agreement alone, the rest is looked at below: SQLite, to which these tables are as small as
# when it last counted them, would walk a whole index of something else for each batch.
_acts = select(
    _ACT.agreement_id,
    _ACT.kind,
    _ACT.done_on_first,
    _ACT.done_on_last,
    _ACT.effective_on_first,
    _ACT.effective_on_last,
).where(among(_ACT.agreement_id))
_signatures = select(
    _SIGN.agreement_id, _SIGN.kind, _SIGN.signed_on_first, _SIGN.signed_on_last
).where(among(_SIGN.agreement_id))


def rows(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The spans that these agreements should have, in the order of the table's columns."""
    agreements = connection.execute(_agreements, {"ids": ids}).all()
    deeds = _deeds(connection, ids, {row[0] for row in agreements if row[1] is None})
    for row in agreements:
        for status, first, last in phases(_facts(row, deeds)):
            yield row[0], first, last, status.value, row[1]


def _facts(row: Sequence[Any], deeds: Mapping[int, list[tuple[str, Days, Days]]]) -> Facts:
    number, sf, sl, pf, pl, ff, fl, ef, el, how, duration, renewal, renewed_by = row
    return Facts(
        (sf, sl),
        (pf, pl),
        (ff, fl),
        (ef, el),
        how,
        duration,
        renewal,
        renewed_by,
        tuple(deeds.get(number, ())),
    )


def _deeds(
    connection: Connection, ids: Sequence[int], undated: Set[int]
) -> dict[int, list[tuple[str, Days, Days]]]:
    """What was done to each of these agreements, as `status.history` takes it from a record.

    Signatures tell of those whose day of signature the record does not say, ``undated``.
    """
    found: dict[int, list[tuple[str, Days, Days]]] = defaultdict(list)
    for number, kind, df, dl, ef, el in connection.execute(_acts, {"ids": ids}).all():
        if kind in TELLING:
            found[number].append((kind, (df, dl), (ef, el)))
    for number, kind, first, last in connection.execute(_signatures, {"ids": ids}).all():
        if kind == SignatureKind.INITIALLED or number in undated:
            found[number].append((kind, (first, last), (None, None)))
    return found


STATUS_SPANS = register(
    together(
        "status",
        replaced_rows(
            "spans",
            "agreement",
            (
                Reads("agreement", own("id"), columns=_COLUMNS),
                Reads("action", own("agreement_id")),
                Reads(
                    "signature",
                    own("agreement_id"),
                    columns=("agreement_id", "kind", "signed_on_first", "signed_on_last"),
                ),
            ),
            SPANS,
            "agreement_id",
            rows,
        ),
        LAST_STATUS,
    )
)
