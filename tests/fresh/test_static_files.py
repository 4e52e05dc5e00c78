"""Static files: for ever under the address of their content, asked about under the plain one."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.client import CheckedClient
from tracker.web import static_files

STATIC = Path(static_files.__file__).with_name("static")
FOR_EVER = "public, max-age=31536000, immutable"


def named(client: CheckedClient) -> list[str]:
    """The addresses of static files in the head of a page."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/people").text)


def test_pages_name_the_content(client: CheckedClient) -> None:
    addresses = named(client)

    assert len(addresses) == 5
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == FOR_EVER
            assert "Set-Cookie" not in answer.headers
            assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789ab"])
def test_other_addresses_are_asked_about_each_time(client: CheckedClient, query: str) -> None:
    with client.get(f"/static/entente.css{query}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"
        tag = answer.headers["ETag"]

    with client.get(f"/static/entente.css{query}", headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_what_is_not_there_is_not_kept(client: CheckedClient) -> None:
    with client.get("/static/nothing.css?v=0123456789ab") as answer:
        assert answer.status_code == 404
        assert answer.headers.get("Cache-Control") != FOR_EVER


@pytest.mark.parametrize("name", ["../app.py", "%00.css", "fonts"])
def test_nothing_else_is_named(anonymous: FlaskClient, name: str) -> None:
    with anonymous.get(f"/static/{name}?v=x") as answer:
        assert answer.status_code == 404


def test_a_file_that_is_changed_has_another_address(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("one")
    before = static_files.digest(file)

    file.write_text("another")

    assert before is not None
    assert static_files.digest(file) != before


def test_the_stylesheet_names_the_fonts_as_pages_do() -> None:
    """A font that is changed needs its new name in the stylesheet; this says which."""
    named = re.findall(
        r'url\("(fonts/[^"?]+)\?v=([0-9a-f]+)"\)', (STATIC / "entente.css").read_text()
    )

    fonts = {f"fonts/{path.name}" for path in (STATIC / "fonts").glob("*.woff2")}
    assert {name for name, _digest in named} == fonts
    assert dict(named) == {name: static_files.digest(STATIC / name) for name in fonts}
