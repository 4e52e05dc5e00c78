"""What of a meeting is searched: what was said and decided, and where; its commission has a row."""

from tracker.db import first_day, standing_alias
from tracker.derived import Reads
from tracker.meetings.listing import rows
from tracker.meetings.models import ActionItem, Decision, Meeting
from tracker.parties.models import Party
from tracker.search.declared import Field, Lines, Searched
from tracker.search.writing import search

_HOST = standing_alias(Party)

MEETINGS_SEARCHED = search(
    Searched(
        kind="meetings",
        number=7,
        model=Meeting,
        fields=(
            Field(Meeting.title, name=True),
            Field(Meeting.city, sounding=True),
            Field(_HOST.name, sounding=True),
            Field(Meeting.outcome),
            Field(Meeting.minutes),
            Field(Meeting.note),
        ),
        beside=("status", "begins_on", "city"),
        rows=rows,
        lines=(
            Lines(Decision.meeting_id, Decision.text),
            Lines(Decision.meeting_id, Decision.reference),
            Lines(ActionItem.meeting_id, ActionItem.text),
            Lines(ActionItem.meeting_id, ActionItem.note),
        ),
        day=first_day(Meeting.begins_on),
        joins=((_HOST, Meeting.host_id),),
        also=(
            Reads("party", "SELECT id FROM meeting WHERE host_id = {row}.id", columns=("name",)),
        ),
    )
)
