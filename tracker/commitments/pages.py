"""The pages of commitments."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from tracker.columns import CellError, Reading
from tracker.commitments import words
from tracker.commitments.models import Commitment
from tracker.commitments.progress import Answer
from tracker.commitments.queries import of_agreement, of_party, overdue
from tracker.commitments.searched import COMMITMENTS_SEARCHED
from tracker.commitments.story import commitment_story, describe_commitment
from tracker.commitments.table import COMMITMENTS
from tracker.parties.pages import party_of
from tracker.search.lists import search_filter
from tracker.text import N_
from tracker.web.filters import day_of, listed, one_of
from tracker.web.keyset import by
from tracker.web.pages import Filter, RecordPages

_due_first: Any = Commitment.due_on_first  # type: ignore[attr-defined]
_due_last: Any = Commitment.due_on_last  # type: ignore[attr-defined]


def _agreement(text: str, _reading: Reading) -> ColumnElement[bool]:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise CellError(N_("“%(text)s” is no number of an agreement."), text=text)
    return of_agreement(int(text))


COMMITMENT_PAGES = RecordPages(
    table=COMMITMENTS,
    title=_l("Commitments"),
    new_label=_l("Record a commitment"),
    describe=describe_commitment,
    shown=("text", "parties", "kind", "status", "due_on"),
    order=by(_due_last, descending=True, nullable=True),
    filters={
        "q": search_filter(_l("Words"), COMMITMENTS_SEARCHED),
        "party": Filter(
            _l("Party"),
            lambda text, reading: of_party(party_of(text, reading).id),
            offers="parties",
        ),
        "agreement": Filter(_l("Number of the agreement"), _agreement),
        "kind": one_of(_l("Kind"), Commitment.kind, words.KINDS),
        "status": one_of(_l("Status"), Commitment.status, words.STATUSES),
        "due_from": Filter(_l("Due from"), lambda text, _reading: _due_last >= day_of(text).first),
        "due_to": Filter(_l("Due until"), lambda text, _reading: _due_first <= day_of(text).last),
        "overdue": Filter(
            _l("Overdue"),
            lambda text, reading: overdue(Answer(listed(text, words.ANSWERS)), reading.today),
            [(answer.value, word) for answer, word in words.ANSWERS.items()],
        ),
    },
    cited_as="commitment",
    show_template="commitments/show.html",
    present=commitment_story,
)
