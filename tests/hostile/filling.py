"""Type every hostile text into every text field of every record, through the forms.

The fields are those of the tables: a new column takes part by being there. One save fills all
fields of a record, each with another text, so that after as many saves as there are texts each
field has had each of them. The last record of a kind holds harmless words in the same fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from tests.hostile.strings import HOSTILE, Hostile
from tests.pages import Page
from tracker.catalogue import TABLES
from tracker.columns import Column, Items, Line, Names, Paragraphs, References
from tracker.columns.references import NameReference
from tracker.commitments.columns import Value

# Fields beside each other hold texts that lie so far apart in the list.
STEP = 11
COUNT = len(HOSTILE)
NUMBERS = range(1, COUNT + 2)
HARMLESS_NUMBER = COUNT + 1
# What is typed for another record, and means more than its letters.
_LIKE_A_NUMBER = re.compile(r"[-+−.,٫]*\d")

# What a form needs beside its texts. Each kind of record is filled in this order.
BASE: dict[str, dict[str, str]] = {
    "parties": {"code": "H{n}", "kind": "state"},
    "bodies": {"party": "H{other}"},
    "people": {},
    "topics": {"code": "H{n}"},
    "sources": {"kind": "news-article"},
    "agreements": {
        "kind": "treaty",
        "side_a": "H2",
        "side_b": "H3",
        "binding": "unknown",
        "signed_on": "2020",
        "link": "https://example.org/{n}?a=1&copy=2",
        "signatories-0-side": "A",
        "signatories-0-kind": "signed",
        "actions-0-kind": "ratified",
        "actions-0-done_on": "2021-02-03",
    },
    "commissions": {
        "side_a": "H2",
        "side_b": "H3",
        "kind": "joint-commission",
        "status": "active",
        "agreement": "{n}",
        "co_chairs-0-side": "A",
        "hosts-0-party": "H2",
    },
    "meetings": {
        "kind": "high-level-meeting",
        "side_a": "H2",
        "side_b": "H3",
        "status": "held",
        "begins_on": "2020-01-01",
        "host": "H2",
        "participants-0-side": "A",
        "participants-0-role": "participant",
        "acts-0-kind": "held",
        "acts-0-done_on": "2020-01-01",
        "action_items-0-side": "B",
        "action_items-0-state": "open",
    },
    "commitments": {
        "kind": "clause",
        "made_by": "A",
        "status": "open",
        "agreement": "{n}",
        "due_on": "2030-01-01",
        "target": "5",
        "observations-0-on": "2022",
    },
    "citations": {
        "source": "#{n}",
        "record": "agreement",
        "record_id": "{n}",
        "basis": "inferred",
        "fields": "title",
    },
}


@dataclass(frozen=True)
class TextField:
    """A field that takes text: its name in the form, its column, and the column of its list."""

    path: str
    column: Column
    around: Items | None = None

    @property
    def several(self) -> bool:
        """Whether it may hold line breaks and tabs."""
        return isinstance(self.column, Paragraphs)

    def takes(self, one: Hostile) -> bool:
        """Whether the field's own rules let this text in."""
        if isinstance(self.column, Value) and _LIKE_A_NUMBER.match(one.stored):
            return False
        return self.several or not one.lines

    def typed(self, text: str) -> str:
        """What somebody types to have this text in the field."""
        return f"{text} #new" if isinstance(self.column, NameReference) else text

    def kept(self, record: Any) -> list[str]:
        """The texts that a record holds in this field."""
        if self.around is not None:
            items = self.around.get(record)
            return [_text(item[self.column.name]) for item in items]
        value = self.column.get(record)
        if isinstance(self.column, References):
            return value.split("\n") if value else []
        return list(value) if isinstance(self.column, Names) else [_text(value)]


def _text(value: Any) -> str:
    return str(getattr(value, "name", value))


def text_fields(columns: Any) -> Iterator[TextField]:
    """The text fields of some columns, in their order."""
    for column in columns:
        if isinstance(column, Items):
            for part in column.parts:
                if _is_text(part):
                    yield TextField(f"{column.name}-0-{part.name}", part, column)
        elif _is_text(column):
            yield TextField(column.name, column)


def _is_text(column: Column) -> bool:
    # Codes, links and languages are lines too, but of a form of their own.
    return type(column) in (Line, Paragraphs) or isinstance(
        column, Names | References | NameReference | Value
    )


FIELDS = {name: tuple(text_fields(table.stored)) for name, table in TABLES.items()}


@dataclass(frozen=True)
class Typed:
    """What is typed for one record, and the texts that must be kept of it, by field."""

    form: Mapping[str, str]
    kept: Mapping[str, list[str]] = field(default_factory=dict)


def typed(name: str, number: int) -> Typed:
    """The form of the record of this number among its kind."""
    # A signatory's body is added to H2, which must not have one of that name already.
    other = str(number if number != 2 else 1)
    form = {
        key: value.replace("{n}", str(number)).replace("{other}", other)
        for key, value in BASE[name].items()
    }
    kept: dict[str, list[str]] = {}
    for place, one in enumerate(FIELDS[name]):
        chosen = text_for(one, number, place)
        form[one.path] = one.typed(chosen.text)
        kept[one.path] = _kept(one, chosen)
    return Typed(form, kept)


def text_for(one: TextField, number: int, place: int) -> Hostile:
    """The text that a field holds in a record: plain words where it would refuse its turn."""
    if number == HARMLESS_NUMBER:
        return Hostile("harmless", f"harmless words {place}")
    chosen = HOSTILE[(number - 1 + STEP * place) % COUNT]
    return chosen if one.takes(chosen) else Hostile(chosen.name, f"plain words {number}.{place}")


def _kept(one: TextField, chosen: Hostile) -> list[str]:
    if isinstance(one.column, References):
        # Documented: references are parted at each semicolon.
        parts = (part.strip() for part in chosen.stored.split(";"))
        return [part for part in parts if part]
    return [chosen.stored]


def fill(client: FlaskClient) -> None:
    """Record everything through the forms; each save must be taken."""
    for name in BASE:
        token = form_token(client, f"/{name}/new")
        for number in NUMBERS:
            sent = {**typed(name, number).form, "csrf_token": token}
            answer = client.post(f"/{name}/new", data=sent)
            assert answer.status_code == 303, (
                f"{name} {number} was refused: {refusals(answer.text)}\n{sent}"
            )
            assert answer.location == f"/{name}/{number}", answer.location


def form_token(client: FlaskClient, url: str) -> str:
    """The token of a form, which all forms of this session take."""
    return Page(client.get(url).text).form().values["csrf_token"][0]


def refusals(html: str) -> str:
    """What a page says is wrong."""
    page = Page(html)
    return " | ".join(one.text for one in page.all("div", class_="error-summary")) or page.text
