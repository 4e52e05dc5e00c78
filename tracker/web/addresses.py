"""What an address may hold, before any view reads it."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from flask_babel import gettext as _
from werkzeug.routing import IntegerConverter, Map, ValidationError

from tracker.text import visible

# SQLite refuses to look for texts of more than 50,000 bytes, twice as many as this can become.
MOST = 4_000
# The ids of both databases.
HIGHEST = 2_147_483_647


class NumberConverter(IntegerConverter):
    """The number of a record; what no record can have as its number is no address (404)."""

    def __init__(self, map: Map, *arguments: Any, **options: Any) -> None:
        super().__init__(map, *arguments, **{"max": HIGHEST, **options})

    def to_python(self, value: str) -> int:
        # Python refuses to read figures that are too long for it, with an error of its own.
        if len(value) > len(str(HIGHEST)):
            raise ValidationError
        return int(super().to_python(value))


def init_app(app: Flask) -> None:
    """Bound the numbers in addresses, and refuse what no address of ours holds."""
    app.url_map.converters["int"] = NumberConverter
    app.before_request(_plain)


def _plain() -> None:
    """400 for control characters, which no database keeps, and for texts without end."""
    if visible(request.path) != request.path:
        abort(404)
    for name, text in request.args.items(multi=True):
        if visible(name + text) != name + text:
            abort(400, _("The address holds invisible control characters. Take them out."))
        if len(name) > MOST or len(text) > MOST:
            abort(400, _("A text in the address is too long. The most is %(most)s.", most=MOST))
