"""The test client: it fills forms in as a browser does, and refuses pages that lack something."""

from collections.abc import Iterator

import pytest
from flask import Flask, request

from tests.client import CheckedClient

PAGE = """<!doctype html><html lang="en" dir="ltr"><head><title>T</title></head><body><main>
{}<form method="post" action="kept"><input type="hidden" name="csrf_token" value="t">
<label>A<input name="a" value="1"></label><label>B<input name="b" value="2"></label></form>
</main></body></html>"""


@pytest.fixture
def client() -> Iterator[CheckedClient]:
    app = Flask("stub")
    app.test_client_class = CheckedClient
    app.add_url_rule("/x/good", view_func=lambda: PAGE.format("<h1>T</h1>"), endpoint="good")
    app.add_url_rule("/x/bad", view_func=lambda: PAGE.format(""), endpoint="bad")
    app.add_url_rule("/x/kept", view_func=_echo, methods=["POST"])
    with app.test_client() as client:
        assert isinstance(client, CheckedClient)
        yield client


def _echo() -> dict[str, list[str]]:
    return request.form.to_dict(flat=False)


def test_a_form_is_sent_where_it_goes_with_what_it_holds(client: CheckedClient) -> None:
    answer = client.submit("/x/good", {"a": "new"})

    assert answer.json == {"csrf_token": ["t"], "a": ["new"], "b": ["2"]}


def test_fields_can_be_taken_out_and_sent_twice(client: CheckedClient) -> None:
    answer = client.submit("/x/good", {"a": None, "b": ["3", "4"]})

    assert answer.json == {"csrf_token": ["t"], "b": ["3", "4"]}


def test_a_page_that_lacks_something_fails_the_test(client: CheckedClient) -> None:
    with pytest.raises(AssertionError, match="0 <h1>"):
        client.get("/x/bad")
