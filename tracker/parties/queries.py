"""Selections around parties: the two of an address, and what lies between them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tracker.parties.models import CODE, Party


def pair_of(codes: str, session: Session) -> tuple[Party, Party] | None:
    """The two parties of an address such as IR-UZ, in the order of their codes.

    Codes may hold hyphens themselves, so each hyphen is tried as the one between them.
    """
    if len(codes) > 2 * CODE + 1:
        return None
    parts = codes.upper().split("-")
    splits = [("-".join(parts[:i]), "-".join(parts[i:])) for i in range(1, len(parts))]
    wanted = {code for split in splits for code in split}
    found = {p.code: p for p in session.scalars(select(Party).where(Party.code.in_(wanted)))}
    for one, other in splits:
        if one != other and one in found and other in found:
            first, second = sorted((one, other))
            return found[first], found[second]
    return None


def with_party(model: Any, party_id: int) -> ColumnElement[bool]:
    """Records of which a party is one of the two sides."""
    return or_(model.side_a_id == party_id, model.side_b_id == party_id)


def between(model: Any, a: Party, b: Party) -> ColumnElement[bool]:
    """Records whose two sides are these parties, whichever of them is side A."""
    return or_(
        and_(model.side_a_id == a.id, model.side_b_id == b.id),
        and_(model.side_a_id == b.id, model.side_b_id == a.id),
    )
