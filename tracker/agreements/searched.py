"""What of an agreement and of a topic is searched."""

from tracker.agreements.models import Agreement
from tracker.agreements.topics import Topic
from tracker.columns.rows import Rows
from tracker.db import first_day, standing_alias
from tracker.derived import Reads
from tracker.parties.models import Party
from tracker.search.declared import Field, Searched
from tracker.search.writing import search

_SIDE_A, _SIDE_B, _COUNTRY = (standing_alias(Party) for _ in range(3))

AGREEMENTS_SEARCHED = search(
    Searched(
        kind="agreements",
        number=4,
        model=Agreement,
        fields=(
            Field(Agreement.title, name=True),
            Field(Agreement.short_title, name=True),
            Field(Agreement.designation),
            Field(Agreement.registration),
            Field(Agreement.reference_list),
            Field(Agreement.summary),
            Field(Agreement.note),
            Field(Agreement.depositary),
            Field(Agreement.signed_city, sounding=True),
            Field(_COUNTRY.name, sounding=True),
            Field(_SIDE_A.name, sounding=True),
            Field(_SIDE_B.name, sounding=True),
        ),
        day=first_day(Agreement.signed_on),
        beside=("side_a", "side_b", "signed_on", "kind"),
        rows=Rows(
            Agreement,
            "title",
            "short_title",
            "signed_on",
            "kind",
            side_a=("code", "name"),
            side_b=("code", "name"),
        ),
        joins=(
            (_SIDE_A, Agreement.side_a_id),
            (_SIDE_B, Agreement.side_b_id),
            (_COUNTRY, Agreement.signed_country_id),
        ),
        also=(
            Reads(
                "party",
                "SELECT id FROM agreement WHERE side_a_id = {row}.id"
                " UNION SELECT id FROM agreement WHERE side_b_id = {row}.id"
                " UNION SELECT id FROM agreement WHERE signed_country_id = {row}.id",
                columns=("name",),
            ),
        ),
    )
)
TOPICS_SEARCHED = search(
    Searched(
        kind="topics",
        number=5,
        model=Topic,
        fields=(Field(Topic.name, name=True), Field(Topic.code, name=True)),
        beside=("code",),
        rows=Rows(Topic, "name", "code"),
    )
)
