"""What of a commission is searched."""

from sqlalchemy.orm import joinedload

from tracker.commissions.models import Commission, CommissionName, Host
from tracker.search.declared import Field, Lines, Searched
from tracker.search.writing import search

COMMISSIONS_SEARCHED = search(
    Searched(
        kind="commissions",
        number=6,
        model=Commission,
        fields=(
            Field(Commission.name, name=True, sounding=True),
            Field(Commission.mandate),
            Field(Commission.article),
            Field(Commission.note),
        ),
        beside=("side_a", "side_b", "status"),
        load=(joinedload(Commission.side_a), joinedload(Commission.side_b)),
        lines=(
            Lines(CommissionName.commission_id, CommissionName.name, name=True, sounding=True),
            Lines(Host.commission_id, Host.city, sounding=True),
        ),
    )
)
