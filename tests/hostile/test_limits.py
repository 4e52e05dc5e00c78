"""Absurd addresses and forms get a plain answer, never a broken one, and a GET changes nothing."""

import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.routing import Rule

from tests.hostile.strings import HOSTILE, REFUSED
from tests.migrations.snapshot import rows_of
from tests.pages import Page, page_faults
from tracker.catalogue import TABLES

pytestmark = pytest.mark.own_app

EXPECTED = {200, 302, 303, 304, 308, 400, 403, 404, 405, 409, 410, 413, 422, 429}
ABSURD = (
    *(one.text for one in HOSTILE),
    *REFUSED.values(),
    *("", "0", "-1", "1", "119", "²", "٣", "2147483647", "2147483648", "9223372036854775808"),
    *("99999999999999999999", "1" * 5_000, "x" * 4_001, "%" * 4_000, "-" * 3_000, "ﷺ" * 300),
    *("9999-99-99", "9999-12-31", "0001-01-01", "9999", "0001-01", "2022-02-30", "\x00"),
    *("H2", "H2-H3", "h2;h3;h4", "year", "month", "title", "in-force", "yes"),
    *("agreements", "meetings", "relation", "commission", "add", "signatories:add:B"),
    *("signatories:²:up", "hosts:0:down", "signatories:99999999999999999999:remove"),
)
# Names of parameters and fields that some view reads.
NAMES = (
    *("q", "party", "kind", "status", "on", "topic", "from", "to", "signed_from", "signed_to"),
    *("commission", "person", "state", "due_from", "due_to", "agreement", "overdue", "sort"),
    *("per_page", "after", "view", "year", "month", "within", "alarm", "feed", "codes", "number"),
    *("page", "before", "author", "record", "way", "operation", "text", "next", "token", "until"),
    *("title", "name", "nothing", "days"),
)
FIELDS = (
    *("version", "save", "rows", "step", "filename", "partial", "column-0", "email", "password"),
    *("code", "role", "language", "next", "token", "name", "present", "new", "until", "again"),
    *("secret", "state", "note", "done_on", "on", "begins_on", "ends_on", "new_date"),
)
RECORD_FIELDS = tuple(
    dict.fromkeys(
        name
        for table in TABLES.values()
        for column in table.stored
        for name in (
            column.name,
            *(f"{column.name}-0-{part.name}" for part in getattr(column, "parts", ())),
        )
    )
)
texts = st.one_of(
    st.sampled_from(ABSURD),
    st.text(max_size=40),
    st.text(alphabet=string.printable, max_size=40),
    st.integers(-(10**25), 10**25).map(str),
    st.dates().map(str),
)
queries = st.dictionaries(st.sampled_from(NAMES), texts, max_size=3)
forms = st.dictionaries(st.sampled_from((*FIELDS, *RECORD_FIELDS)), texts, max_size=8)
# The same examples each time: a run must not fail on one that nobody can repeat.
bounded = settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def address_of(rule: Rule, value: str) -> str:
    """An address of a route with a value in each of its places."""
    parts = (quote(value, safe="") if isplace else text for isplace, text in rule._trace)
    return "".join(parts).removeprefix("|")


def routes(app: Flask, method: str) -> list[Rule]:
    """All routes of a method, in the order of their addresses."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    # Signing out would end what the other requests rest on.
    leaving = ("/sign-out", "/account/sign-out-everywhere")
    return sorted((r for r in found if r.rule not in leaving), key=lambda rule: rule.rule)


@pytest.fixture
def breakable(app: Flask, administrator: FlaskClient) -> FlaskClient:
    """An administrator of a site whose faults come through to the test."""
    app.config["WTF_CSRF_ENABLED"] = False
    return administrator


def faults(client: FlaskClient, method: str, address: str, **more: Any) -> Iterator[str]:
    """What is wrong with an answer: its status, or a page that is none."""
    with client.open(address, method=method, **more) as answer:
        assert answer.data is not None  # a file is read to its end
        if answer.status_code not in EXPECTED:
            yield f"{method} {address} {more}: {answer.status}"
        elif answer.mimetype == "text/html" and not answer.location:
            yield from page_faults(Page(answer.text))


@bounded
@given(data=st.data())
def test_no_address_breaks_a_page(breakable: FlaskClient, data: Any) -> None:
    rule = data.draw(st.sampled_from(routes(breakable.application, "GET")))
    address = address_of(rule, data.draw(st.sampled_from(("1", "119", "H2", "H2-H3", *ABSURD))))

    found = list(faults(breakable, "GET", address, query_string=data.draw(queries)))

    assert found == []


@bounded
@given(data=st.data())
def test_no_form_breaks_a_page(breakable: FlaskClient, data: Any) -> None:
    rule = data.draw(st.sampled_from(routes(breakable.application, "POST")))
    address = address_of(rule, data.draw(st.sampled_from(("1", "119", *ABSURD))))

    found = list(faults(breakable, "POST", address, data=data.draw(forms)))

    assert found == []


def test_no_get_changes_anything(breakable: FlaskClient, engine: Engine) -> None:
    before = rows_of(engine)

    for rule in routes(breakable.application, "GET"):
        for value, query in (("1", {}), ("H2", {"on": "2015-06-30"}), ("H2-H3", {"q": "%"})):
            address = address_of(rule, value)
            assert list(faults(breakable, "GET", address, query_string=query)) == []

    assert rows_of(engine) == before
