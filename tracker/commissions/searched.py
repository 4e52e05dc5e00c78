"""What of a commission is searched."""

from tracker.columns.rows import Rows
from tracker.commissions.models import Commission, CommissionName, Host
from tracker.search.declared import Field, Lines, Searched
from tracker.search.writing import search

_SIDE = ("code", "name")

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
        rows=Rows(Commission, "name", "status", side_a=_SIDE, side_b=_SIDE),
        lines=(
            Lines(CommissionName.commission_id, CommissionName.name, name=True, sounding=True),
            Lines(Host.commission_id, Host.city, sounding=True),
        ),
    )
)
