"""What of a commitment is searched."""

from tracker.columns.rows import Rows
from tracker.commitments.models import Commitment, Observation
from tracker.search.declared import Field, Lines, Searched
from tracker.search.writing import search

COMMITMENTS_SEARCHED = search(
    Searched(
        kind="commitments",
        number=8,
        model=Commitment,
        fields=(
            Field(Commitment.text, name=True),
            Field(Commitment.measure),
            Field(Commitment.note),
        ),
        lines=(Lines(Observation.commitment_id, Observation.note),),
        day=Commitment.__table__.c.due_on_first,
        beside=("kind", "status", "due_on"),
        rows=Rows(Commitment, "text", "kind", "status", "due_on"),
    )
)
