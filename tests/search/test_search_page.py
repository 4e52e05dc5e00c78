"""The search page, its JSON twin and the field at the top of each page, on the seeds."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.search.corpus import load
from tracker import integrity
from tracker.columns import Reading
from tracker.people.models import Person
from tracker.search import index
from tracker.search.declared import SEARCHED
from tracker.web.site import word_of

Counter = Callable[[], AbstractContextManager[list[str]]]


def kinds(client: CheckedClient, typed: str) -> dict[str, list[str]]:
    groups = client.get("/search.json", query_string={"q": typed}).get_json()["groups"]
    return {group["kind"]: [hit["title"] for hit in group["hits"]] for group in groups}


@pytest.mark.parametrize("typed", ["Makhmudov", "Mahmudov", "Махмудов", "محمودوف", "Maxmudov"])
def test_a_name_is_found_in_each_script(seeded: Session, client: CheckedClient, typed: str) -> None:
    found = kinds(client, typed)

    assert next(iter(found)) == "people"
    assert found["people"] == ["Viktor Makhmudov"]


def test_the_page_marks_what_was_asked_for_and_leads_to_the_lists(
    seeded: Session, client: CheckedClient
) -> None:
    page = client.page("/search?q=security+-chiefs")

    assert "security" in {mark.text.lower() for mark in page.all("mark")}
    assert page.one("input", id="q-all").attrs["value"] == "security -chiefs"
    assert page.all("a", href="/agreements/1")


def test_what_is_marked_is_escaped(db_session: Session, client: CheckedClient) -> None:
    load(db_session)
    client.submit("/people/new", {"name": "<b>Bold</b> & Sons"})

    page = client.get("/search?q=bold").text

    assert "&lt;b&gt;" not in page.partition("<h1")[0]
    assert "<b>" not in page
    assert "&lt;<mark>b</mark>" not in page
    assert "<mark>Bold</mark>&lt;/b&gt; &amp; Sons" in page


def test_each_page_has_the_field_and_the_search_page_says_what_to_do(
    seeded: Session, client: CheckedClient
) -> None:
    home = client.page("/")
    field = home.one("input", id="site-search")
    nothing, empty, signs = (client.get(f"/search?q={q}").text for q in ("zzzzz", "", "%22*%25"))

    assert field.attrs["name"] == "q"
    assert home.one("form", role="search").attrs["action"] == "/search"
    assert "Nothing holds all of these words." in nothing
    assert "Nothing holds" not in empty
    assert "neither a letter nor a figure" in signs


def test_a_result_shows_of_a_record_what_the_record_says(app: Flask, seeded: Session) -> None:
    reading = Reading(seeded, date(2026, 1, 1))
    differing = []
    with app.test_request_context():
        for searched in SEARCHED.values():
            pages = app.extensions["pages"][searched.model]
            columns = [pages.table[name] for name in searched.beside]
            records = {one.id: one for one in seeded.scalars(select(searched.model))}
            rows = {row.id: row for row in searched.rows(list(records), reading)}
            assert rows.keys() == records.keys() != set()
            differing += [
                (told, said)
                for number, row in rows.items()
                for told, said in (
                    (pages.describe(row), pages.describe(records[number])),
                    *((word_of(one, row), word_of(one, records[number])) for one in columns),
                )
                if told != said
            ]

    assert differing == []


def test_what_is_saved_is_found_at_once_and_what_is_deleted_is_not(
    seeded: Session, client: CheckedClient
) -> None:
    client.submit("/people/new", {"name": "Gurbanguly Orazov", "other_names": "Гурбангулы Оразов"})
    saved = kinds(client, "оразов")
    number = client.get("/search.json?q=orazov").get_json()["groups"][0]["hits"][0]["id"]
    client.submit(f"/people/{number}/edit", {"name": "Gurbanguly Annayev", "other_names": ""})
    renamed = kinds(client, "orazov"), kinds(client, "annaev")
    client.submit(f"/people/{number}/delete")

    assert saved == {"people": ["Gurbanguly Orazov"]}
    assert renamed == ({}, {"people": ["Gurbanguly Annayev"]})
    assert kinds(client, "annayev") == {}


def test_a_party_that_is_renamed_is_found_by_its_agreements(
    seeded: Session, client: CheckedClient
) -> None:
    number = client.get("/search.json?q=uzbekistan").get_json()["groups"][0]["hits"][0]["id"]

    client.submit(f"/parties/{number}/edit", {"name": "Ozodiston"})

    assert kinds(client, "ozodiston")["agreements"] == ["Security cooperation document"]


def test_what_is_searched_is_proved_to_be_what_is_recorded(engine: Engine, seeded: Session) -> None:
    before = integrity.problems(seeded)
    seeded.execute(text("UPDATE search_text SET words = ' other || ~ ' WHERE kind = 4"))
    seeded.execute(text("INSERT INTO search_text VALUES (99, 1, 9999, ' lost || ~ ')"))
    found = [*integrity.derived(seeded), *index.faults(seeded.connection())]
    index.rebuild(seeded.connection())
    after = list(index.faults(seeded.connection()))

    assert before == []
    assert any("agreement 1: its search_agreement is not right" in one for one in found)
    assert any("1 rows are of records that are not there" in one for one in found)
    assert after == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_index_of_words_that_somebody_spoilt_is_found_and_made_anew(
    engine: Engine, seeded: Session
) -> None:
    seeded.execute(
        text("INSERT INTO search_fts (search_fts, rowid, words) VALUES ('delete', 1, ' x ')")
    )
    found = list(index.faults(seeded.connection()))
    index.rebuild(seeded.connection())

    assert "search_fts" in found[0]
    assert list(index.faults(seeded.connection())) == []


def test_a_page_takes_one_statement_more_for_many_hits_than_for_few(
    db_session: Session, client: CheckedClient, query_counter: Counter
) -> None:
    load(db_session)
    db_session.add_all([Person(name=f"Manifold {number}") for number in range(200)])
    db_session.commit()
    counts = {}
    for typed in ("manifold", "karimi"):
        with query_counter() as statements:
            client.get("/search", query_string={"q": typed})
        counts[typed] = len(statements)

    assert counts == {"karimi": 5, "manifold": 6}
