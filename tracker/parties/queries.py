"""Selections around parties: the two of an address, and what lies between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.parties.models import CODE, Party


class HasId(Protocol):
    """A party, or what stands for one in a statement that is kept."""

    @property
    def id(self) -> Any:
        """Its number."""


@dataclass(frozen=True)
class _Bound:
    """A party that a kept statement is given each time."""

    id: BindParameter[int]


# The two parties of statements that are kept; `pair_values` gives them.
ONE, OTHER = (_Bound(bindparam(name, type_=Integer)) for name in ("one", "other"))
_CODED = select(Party).where(Party.code.in_(bindparam("codes", expanding=True)))


def pair_values(one: Party, other: Party) -> Mapping[str, int]:
    """What a kept statement of ONE and OTHER is given."""
    return {"one": one.id, "other": other.id}


def pair_of(codes: str, session: Session) -> tuple[Party, Party] | None:
    """The two parties of an address such as IR-UZ, in the order of their codes.

    Codes may hold hyphens themselves, so each hyphen is tried as the one between them.
    """
    if len(codes) > 2 * CODE + 1:
        return None
    parts = codes.upper().split("-")
    splits = [("-".join(parts[:i]), "-".join(parts[i:])) for i in range(1, len(parts))]
    wanted = {code for split in splits for code in split}
    found = {p.code: p for p in session.scalars(_CODED, {"codes": list(wanted)})}
    for one, other in splits:
        if one != other and one in found and other in found:
            first, second = sorted((one, other))
            return found[first], found[second]
    return None


def with_party(model: Any, party_id: int) -> ColumnElement[bool]:
    """Records of which a party is one of the two sides."""
    return or_(model.side_a_id == party_id, model.side_b_id == party_id)


def between(model: Any, a: HasId, b: HasId) -> ColumnElement[bool]:
    """Records whose two sides are these parties, whichever of them is side A."""
    return or_(
        and_(model.side_a_id == a.id, model.side_b_id == b.id),
        and_(model.side_a_id == b.id, model.side_b_id == a.id),
    )
