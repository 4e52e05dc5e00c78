"""The forms of the import: the file, and what each of its columns is read as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, Form, SelectField

from tracker.columns import Table

FILE: Any = _l("CSV file")
PARTIAL: Any = _l("Columns that the file lacks stay as they are")


class ImportForm(Form):
    """A file to be checked."""

    file = FileField(FILE)
    partial = BooleanField(PARTIAL)


def mapping_form(header: Sequence[str], table: Table) -> type[Form]:
    """A form with a choice among our columns for each column of a file."""
    choices: Any = [
        ("", _l("(leave out)")),
        *((c.name, _called(c.name, c.label)) for c in table.columns),
    ]
    fields: dict[str, Any] = {
        f"column-{index}": SelectField(
            name or _("Column %(number)s (without a name)", number=index + 1),
            choices=choices,
            validate_choice=False,
        )
        for index, name in enumerate(header)
    }
    fields["partial"] = BooleanField(PARTIAL, id="mapping-partial")
    return type("MappingForm", (Form,), fields)


def _called(name: str, label: Any) -> str:
    return f"{name} – {label}"
