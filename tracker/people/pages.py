"""The pages of people."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from tracker.people.models import Person, PersonName
from tracker.people.table import PEOPLE
from tracker.text import fold
from tracker.web.keyset import by
from tracker.web.pages import Filter, RecordPages

PERSON_PAGES = RecordPages(
    table=PEOPLE,
    title=_l("People"),
    new_label=_l("Record a person"),
    describe=lambda person: person.name,
    shown=("name", "native_name", "other_names"),
    order=by(Person.__table__.c.name_key),
    filters={
        "q": Filter(
            _l("Name, in any spelling"),
            lambda text, _reading: or_(
                Person.name_key.contains(fold(text), autoescape=True),
                Person.id.in_(
                    select(PersonName.person_id).where(
                        PersonName.name_key.contains(fold(text), autoescape=True)
                    )
                ),
            ),
        ),
    },
    cited_as="person",
)
