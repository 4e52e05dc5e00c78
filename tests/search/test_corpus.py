"""What is found in the shared corpus: the same on both databases, by the page and by the lists."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.search.corpus import Query, load, queries
from tracker.search.asking import read
from tracker.search.declared import SEARCHED
from tracker.search.finding import clause


def test_each_query_finds_what_it_should_and_the_best_first(
    db_session: Session, client: CheckedClient
) -> None:
    keys = load(db_session)
    tables = {kind: one.table for kind, one in SEARCHED.items()}

    def found(query: Query) -> list[str]:
        answer = client.get("/search.json", query_string={"q": query.typed}).get_json()
        return [
            keys.get((tables[group["kind"]], hit["id"]), "another record")
            for group in answer["groups"]
            for hit in group["hits"]
        ]

    wrong = [
        (query, order)
        for query in queries()
        if set(order := found(query)) != query.finds
        or len(order) != len(query.finds)
        or (query.first and order[0] != query.first)
    ]

    assert wrong == []


def test_a_list_holds_what_the_search_page_finds_of_its_kind(db_session: Session) -> None:
    keys = load(db_session)
    agreements = SEARCHED["agreements"]
    wanted = {key for (table, _number), key in keys.items() if table == "agreement"}
    wrong = []

    for query in queries():
        if not query.finds & wanted:
            continue
        held = clause(agreements, query.typed, db_session)
        numbers = db_session.scalars(select(agreements.model.id).where(held))
        found = {keys["agreement", number] for number in numbers}
        if found != query.finds & wanted:
            wrong.append((query, found))

    assert wrong == []


def test_the_corpus_is_large_enough_and_of_several_scripts() -> None:
    typed = [query.typed for query in queries()]
    with_hits = [query for query in queries() if query.finds]

    assert len(set(typed)) == len(typed)
    assert len(with_hits) > 300
    assert all(read(query.typed) for query in with_hits)


def test_queries_without_letters_ask_for_nothing() -> None:
    assert [read(typed) for typed in ('"', "*", "%", "_", "-", "( )", "\0", "")] == [None] * 8
