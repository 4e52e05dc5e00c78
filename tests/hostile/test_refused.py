"""What may not stand in a text is refused at its field with a word, and nothing of it is kept."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.hostile.filling import BASE, FIELDS, HARMLESS_NUMBER, TextField, form_token, typed
from tests.hostile.skeleton import foreign
from tests.hostile.strings import HOSTILE, REFUSED
from tests.migrations.snapshot import rows_of
from tests.pages import Page
from tracker.catalogue import TABLES
from tracker.columns import Line, Names
from tracker.text import LINE, fold


def send(client: FlaskClient, token: str, kind: str, changes: dict[str, str]) -> Page:
    """Send a form that must be refused; the page that says why."""
    form = {**typed(kind, HARMLESS_NUMBER).form, **changes, "version": "1", "csrf_token": token}
    answer = client.post(f"/{kind}/{HARMLESS_NUMBER}/edit", data=form)
    assert answer.status_code == 422, (kind, changes)
    page = Page(answer.text)
    assert list(foreign(page)) == [], (kind, changes)
    assert page.all("div", class_="error-summary")
    return page


def test_each_field_refuses_what_no_text_may_hold(editor: FlaskClient, engine: Engine) -> None:
    token = form_token(editor, "/people/new")
    before = rows_of(engine)

    for kind in BASE:
        for place, one in enumerate(FIELDS[kind]):
            refused = list(REFUSED.values())[place % len(REFUSED)]
            page = send(editor, token, kind, {one.path: f"x{refused}y"})
            assert one.path in page.form().values

    assert rows_of(engine) == before


def test_each_line_refuses_the_texts_of_several_lines(editor: FlaskClient, engine: Engine) -> None:
    token = form_token(editor, "/people/new")
    before = rows_of(engine)

    for kind in BASE:
        for place, one in enumerate(one for one in FIELDS[kind] if type(one.column) is Line):
            several = [each for each in HOSTILE if each.lines]
            send(editor, token, kind, {one.path: several[place % len(several)].text})

    assert rows_of(engine) == before


def _limited() -> list[tuple[str, TextField, int]]:
    return [
        (kind, one, getattr(one.column, "limit", LINE))
        for kind in BASE
        for one in FIELDS[kind]
        if isinstance(one.column, Line | Names)
    ]


def test_each_field_takes_its_limit_and_not_one_more(
    editor: FlaskClient, db_session: Session
) -> None:
    token = form_token(editor, "/people/new")
    limited = _limited()
    for kind, one, limit in limited:
        send(editor, token, kind, {one.path: "ж" * (limit + 1)})

    for kind in BASE:
        longest = {one.path: "ж" * limit for name, one, limit in limited if name == kind}
        address = f"/{kind}/{HARMLESS_NUMBER}/edit"
        # As the page holds it: what was added with the record is not added once more.
        answer = editor.post(address, data=Page(editor.get(address).text).form().values | longest)
        said = [e.text[:500] for e in Page(answer.text).all(class_="error-summary")]
        assert answer.status_code == 303, (kind, said)
        db_session.rollback()
        record = db_session.get_one(TABLES[kind].model, HARMLESS_NUMBER)
        for name, one, limit in limited:
            assert name != kind or one.kept(record) == ["ж" * limit], (kind, one.path)


def test_a_name_that_grows_when_it_is_folded_is_kept(editor: FlaskClient) -> None:
    token = form_token(editor, "/people/new")

    for name in ("ﷺ" * LINE, "ß" * LINE, "ﬃ" * LINE):
        answer = editor.post("/people/new", data={"name": name, "csrf_token": token})
        assert answer.status_code == 303
        assert name in editor.get(answer.location).text


@pytest.mark.parametrize(("one", "other"), [("!!!", "???"), ("🙂", "…"), ("***", "%")])
def test_names_without_letters_are_not_taken_for_each_other(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert fold(one)


def test_a_line_of_a_form_is_a_name_as_it_is(editor: FlaskClient) -> None:
    token = form_token(editor, "/people/new")
    names = ["a;b", "c|d", "C:\\new\\;", "e \\| f"]

    answer = editor.post(
        "/people/new",
        data={"name": "Lines", "other_names": "\r\n".join(names), "csrf_token": token},
    )

    number = answer.location.rpartition("/")[2]
    page = Page(editor.get(f"/people/{number}/edit").text)
    assert page.form().values["other_names"] == ["\n".join(names)]
    assert "a\\;b;c\\|d;C:\\\\new\\\\\\;;e \\\\\\| f" in editor.get("/people.csv").text


LINKS = (
    "javascript:window.__hit('link')",
    "data:text/html,<script>window.__hit('link')</script>",
    "//evil.example/",
    "https://example.org/\" onclick=\"window.__hit('link')",
    "https://",
    "ftp://example.org/x",
    "https://example.org/a b",
    "http://[::1",
)


def test_only_addresses_of_the_web_are_stored_as_links(editor: FlaskClient) -> None:
    token = form_token(editor, "/people/new")

    for link in LINKS:
        for kind in ("agreements", "sources"):
            page = send(editor, token, kind, {"link": link})
            assert page.form().values["link"] == [link]


def test_a_link_written_around_the_program_is_shown_as_words(
    editor: FlaskClient, engine: Engine
) -> None:
    for link in LINKS:
        plant(engine, link)

        for address in (f"/agreements/{HARMLESS_NUMBER}", f"/sources/{HARMLESS_NUMBER}"):
            page = Page(editor.get(address).text)
            assert list(foreign(page)) == [], link
            assert link not in {one.attrs.get("href") for one in page.all("a")}
        assert link in Page(editor.get(f"/agreements/{HARMLESS_NUMBER}").text)._raw_text()
    feed = editor.get("/meetings.ics?from=2019-01-01").text.replace("\r\n ", "")
    urls = [one for one in feed.split("\r\n") if one.startswith("URL")]
    assert all(one.startswith("URL:http://localhost/meetings/") for one in urls)


def plant(engine: Engine, link: str) -> None:
    """Write a link into the rows as somebody with the database can, without its CHECK."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for table in ("agreement", "source"):
            if engine.dialect.name == "postgresql":
                connection.execute(
                    text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_link_scheme")
                )
            connection.execute(
                text(f"UPDATE {table} SET link = :link WHERE id = :number"),  # noqa: S608
                {"link": link, "number": HARMLESS_NUMBER},
            )
        connection.commit()
