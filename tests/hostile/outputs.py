"""The pages on which the texts of a record are shown: each is one entry of `OUTPUTS`.

A new page, such as the comparison of two versions, is one more entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.hostile.filling import typed


class Shows(Enum):
    """Which texts of a record a page must show."""

    ALL = auto()
    NAME = auto()
    FIELDS = auto()  # all of them, in a form's fields
    TYPED = auto()  # what was sent, in a form's fields


@dataclass(frozen=True)
class Visit:
    """Who looks: a client, its form token, and the last change of each record."""

    client: FlaskClient
    token: str
    changes: Mapping[tuple[str, int], int]

    def send(self, kind: str, number: int, more: Mapping[str, str]) -> TestResponse:
        """Send a record's own form again with something else in it."""
        form = {**typed(kind, number).form, "version": "1", "csrf_token": self.token, **more}
        return self.client.post(f"/{kind}/{number}/edit", data=form)


Fetch = Callable[[Visit, str, int], TestResponse]


@dataclass(frozen=True)
class Output:
    """A page of one record: how it is fetched, with which status, and what it shows."""

    name: str
    fetch: Fetch
    status: int = 200
    shows: Shows = Shows.ALL


def _get(where: str) -> Fetch:
    return lambda visit, kind, number: visit.client.get(f"/{kind}/{number}{where}")


def _refused(visit: Visit, kind: str, number: int) -> TestResponse:
    """A form that is refused for a control character in its last field."""
    last = list(typed(kind, number).kept)[-1]
    return visit.send(kind, number, {last: typed(kind, number).form[last] + "x\x07x"})


def _earlier(visit: Visit, kind: str, number: int) -> TestResponse:
    return visit.client.get(f"/{kind}/{number}/history/{visit.changes[kind, number]}")


OUTPUTS = (
    Output("page", _get("")),
    Output("form", _get("/edit"), shows=Shows.FIELDS),
    Output("form that is refused", _refused, 422, Shows.TYPED),
    Output("form that is stale", lambda v, k, n: v.send(k, n, {"version": "0"}), 409, Shows.TYPED),
    Output("delete prompt", _get("/delete"), shows=Shows.NAME),
    Output("history", _get("/history")),
    Output("earlier state", _earlier),
)
