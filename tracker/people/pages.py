"""The pages of people."""

from flask_babel import lazy_gettext as _l

from tracker.people.models import Person
from tracker.people.searched import PEOPLE_SEARCHED
from tracker.people.table import PEOPLE
from tracker.search.lists import search_filter
from tracker.web.keyset import by
from tracker.web.pages import RecordPages

PERSON_PAGES = RecordPages(
    table=PEOPLE,
    title=_l("People"),
    new_label=_l("Record a person"),
    describe=lambda person: person.name,
    shown=("name", "native_name", "other_names"),
    order=by(Person.__table__.c.name_key),
    filters={
        "q": search_filter(_l("Name, in any spelling"), PEOPLE_SEARCHED),
    },
    cited_as="person",
)
