"""What is too large is refused with a plain word."""

import pytest

from tests.client import CheckedClient
from tests.pages import Page
from tracker.app import BODY_LIMIT

MEGABYTE = 1024 * 1024


def typed(client: CheckedClient, **more: str) -> dict[str, str]:
    token = client.page("/people/new").form().values["csrf_token"][0]
    return {"csrf_token": token, "version": "", **more}


def test_a_body_of_ten_megabytes_gets_a_page_that_says_so(client: CheckedClient) -> None:
    answer = client.post("/people/new", data=typed(client, name="x" * (10 * MEGABYTE)))

    assert answer.status_code == 413
    assert "too large" in Page(answer.text).one("main").text


def test_a_file_of_ten_megabytes_gets_the_same_page(client: CheckedClient) -> None:
    answer = client.post(
        "/people/import",
        data=b"x" * (10 * MEGABYTE),
        content_type="multipart/form-data; boundary=part",
    )

    assert answer.status_code == 413
    assert "too large" in Page(answer.text).one("main").text


@pytest.mark.parametrize(("name", "most"), [("name", "300"), ("note", "20,000")])
def test_a_field_of_megabytes_is_refused_at_the_field(
    client: CheckedClient, name: str, most: str
) -> None:
    text = "x" * (BODY_LIMIT - MEGABYTE)

    answer = client.post("/people/new", data=typed(client, name="A") | {name: text})

    assert answer.status_code == 422
    assert f"This has {len(text):,} characters. The most is {most}." in answer.text
