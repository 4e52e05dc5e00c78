"""Action items of meetings that fall due."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import Select

from tracker.meetings.items import concerns, late_by, open_items_due, possibly_late, who
from tracker.meetings.models import ActionItem, Meeting
from tracker.meetings.pages import describe_meeting
from tracker.overview.due import Asked, Due, DueKind, Side
from tracker.overview.kept_queries import kept, values
from tracker.overview.rows import lines


def items_due(asked: Asked) -> Iterator[Due]:
    """Open items with a day, of meetings that were held by the day that is asked about."""

    def lines_of(item: ActionItem) -> Iterator[Due]:
        if item.due_on is not None and asked.holds(item.due_on.last):
            yield _of_item(item, asked)

    return lines(asked.session, kept(_open_items, asked), ActionItem.id, lines_of, values(asked))


def _open_items(asked: Asked) -> Select[tuple[ActionItem]]:
    clauses = []
    if asked.party is not None:
        clauses.append(concerns(asked.party.id))
    if asked.commission is not None:
        clauses.append(Meeting.commission_id == asked.commission.id)
    return open_items_due(asked.today, asked.last, *clauses)


def _of_item(item: ActionItem, asked: Asked) -> Due:
    assert item.due_on is not None
    late = late_by(item, asked.today)
    meeting = item.meeting
    return Due(
        kind=DueKind.ACTION_ITEM,
        due_on=item.due_on.last,
        when=item.due_on,
        sides=(Side.of(meeting.side_a), Side.of(meeting.side_b)),
        title=item.text,
        record="meetings",
        number=meeting.id,
        shape="overdue" if late else "planned",
        word=_("not closed") if late else _("open"),
        key=f"item-{item.id}",
        note=" · ".join(filter(None, (who(item), describe_meeting(meeting)))),
        overdue=late,
        possibly=possibly_late(item, asked.today),
    )
