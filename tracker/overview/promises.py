"""Commitments that fall due or are past their date."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from tracker.commitments.models import Commitment
from tracker.commitments.progress import Answer, overdue
from tracker.commitments.story import describe_commitment, promise_of
from tracker.commitments.words import KINDS
from tracker.overview.due import Asked, Due, DueKind, Side
from tracker.overview.kept_queries import kept, values
from tracker.overview.queries import open_commitments
from tracker.overview.rows import lines


def commitments_due(asked: Asked) -> Iterator[Due]:
    """Open commitments with a date that are not known to have reached their target."""

    def lines_of(commitment: Commitment) -> Iterator[Due]:
        made = commitment.made_on
        if not (made and made.first > asked.today):
            yield _of_commitment(commitment, asked)

    query = kept(open_commitments, asked)
    return lines(asked.session, query, Commitment.id, lines_of, values(asked))


def _of_commitment(commitment: Commitment, asked: Asked) -> Due:
    when = commitment.due_on
    assert when is not None
    answer = overdue(promise_of(commitment), asked.today)
    late = asked.late(when.last) if answer is Answer.YES else None
    word = _("possibly overdue") if answer is Answer.POSSIBLY else _("open")
    return Due(
        kind=DueKind.COMMITMENT,
        due_on=when.last,
        when=when,
        sides=(Side.of(commitment.side_a), Side.of(commitment.side_b)),
        title=describe_commitment(commitment),
        record="commitments",
        number=commitment.id,
        shape="overdue" if late else "planned",
        word=_("nothing says that it was met") if late else word,
        key=f"commitment-{commitment.id}",
        note=str(KINDS[commitment.kind]),
        overdue=late,
        possibly=answer is Answer.POSSIBLY,
    )
