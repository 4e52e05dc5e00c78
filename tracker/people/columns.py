"""The column by which other records point at a person."""

from typing import Any

from tracker.columns.cells import Label
from tracker.columns.references import NameReference
from tracker.people.models import Person, PersonName


class PersonColumn(NameReference):
    """A person, by any spelling of the name; `Name #new` adds one."""

    offers = "people"

    def __init__(self, name: str, label: Label, **options: Any) -> None:
        super().__init__(name, label, Person, PersonName, **options)
