"""The columns of people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from tracker.columns import Identity, Line, Names, Paragraphs, Table
from tracker.constraints import means
from tracker.people.models import Person, PersonName
from tracker.text import N_

PEOPLE = Table(
    name="people",
    model=Person,
    columns=(
        Identity(),
        Line("name", _l("Name"), required=True, hint=_l("In Latin letters, given name first.")),
        Line("native_name", _l("Name in its own script")),
        Names("other_names", _l("Other spellings"), PersonName, hint=_l("One a line.")),
        Paragraphs("note", _l("Note")),
    ),
    load=(selectinload(Person.names),),
    apart=True,
)

means("uq_person_name_person_id_name", "other_names", N_("The person has this spelling already."))
