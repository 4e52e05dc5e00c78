"""What of a person is searched."""

from tracker.columns.rows import Rows
from tracker.people.models import Person, PersonName
from tracker.search.declared import Field, Lines, Searched
from tracker.search.writing import search

PEOPLE_SEARCHED = search(
    Searched(
        kind="people",
        number=1,
        model=Person,
        fields=(
            Field(Person.name, name=True, sounding=True),
            Field(Person.native_name, name=True, sounding=True),
            Field(Person.note),
        ),
        lines=(Lines(PersonName.person_id, PersonName.name, name=True, sounding=True),),
        by_sound=True,
        beside=("native_name",),
        rows=Rows(Person, "name", "native_name"),
    )
)
