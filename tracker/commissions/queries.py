"""Selections of commissions."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from tracker.commissions.models import Commission, CommissionName
from tracker.text import fold


def is_called(text: str) -> ColumnElement[bool]:
    """Commissions of which a name holds a text, however its letters are written."""
    key = fold(text)
    other = CommissionName.name_key.contains(key, autoescape=True)
    return or_(
        Commission.name_key.contains(key, autoescape=True),
        Commission.id.in_(select(CommissionName.commission_id).where(other)),
    )
