"""What of a party and of a body is searched."""

from tracker.columns.rows import Rows
from tracker.parties.models import Body, BodyName, Party, PartyName
from tracker.search.declared import Field, Lines, Searched
from tracker.search.writing import search

PARTIES_SEARCHED = search(
    Searched(
        kind="parties",
        number=2,
        model=Party,
        fields=(
            Field(Party.name, name=True, sounding=True),
            Field(Party.official_name, name=True),
            Field(Party.code, name=True),
            Field(Party.alpha3, name=True),
        ),
        lines=(Lines(PartyName.party_id, PartyName.name, name=True, sounding=True),),
        beside=("kind", "code"),
        rows=Rows(Party, "name", "kind", "code"),
    )
)
BODIES_SEARCHED = search(
    Searched(
        kind="bodies",
        number=3,
        model=Body,
        fields=(Field(Body.name, name=True, sounding=True),),
        lines=(Lines(BodyName.body_id, BodyName.name, name=True, sounding=True),),
        beside=("party",),
        rows=Rows(Body, "name", party=("code", "name")),
    )
)
