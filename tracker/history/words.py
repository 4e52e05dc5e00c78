"""The words of the history."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

WAYS = {
    "form": _l("by form"),
    "import": _l("by import"),
    "command": _l("by command"),
    "seeds": _l("with the seeds"),
    "api": _l("by the API"),
    "migration": _l("found or changed at an upgrade"),
    "outside": _l("around the program"),
}
OPERATIONS = {
    "insert": _l("recorded"),
    "update": _l("changed"),
    "delete": _l("deleted"),
    "": _l("changed"),
}
SHAPES = {"insert": "held", "update": "planned", "delete": "cancelled", "": "planned"}
