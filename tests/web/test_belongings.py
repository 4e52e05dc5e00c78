"""A record's page reads only what there is, and shows the same as if it had read everything."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement, AgreementKind, AgreementLanguage
from tracker.app import create_app
from tracker.catalogue import PAGES
from tracker.columns.table import touch
from tracker.commissions.models import Commission, CommissionKind, CommissionStatus
from tracker.parties.models import Party
from tracker.settings import Settings
from tracker.web.belongings import Belongings
from tracker.web.pages import RecordPages

Counter = Callable[[], AbstractContextManager[list[str]]]


@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: pages.name)
def test_each_list_is_what_the_database_holds(pages: RecordPages, seeded: Session) -> None:
    table = pages.table
    belongings = Belongings(table.model, {})
    names = {one.key for one in inspect(table.model).relationships if one.uselist}
    numbers = list(seeded.scalars(select(table.model.id)))
    assert numbers
    assert set(belongings.lists) <= names

    for number in numbers:
        there = belongings.there(seeded, number)
        record = belongings.load(seeded, number, table.load, there)
        found = {name: list(getattr(record, name)) for name in belongings.lists}
        seeded.expire_all()
        kept = {name: list(getattr(record, name)) for name in belongings.lists}
        assert found == kept
        assert there == {name for name, rows in kept.items() if rows}
        seeded.expunge_all()


@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: pages.name)
def test_what_the_options_name_is_read_along(
    pages: RecordPages, seeded: Session, query_counter: Counter
) -> None:
    table = pages.table
    belongings = Belongings(table.model, {})

    for number in seeded.scalars(select(table.model.id)).all():
        seeded.expunge_all()
        there = belongings.there(seeded, number)
        record = belongings.load(seeded, number, table.load, there)
        with query_counter() as statements:
            for option in table.load:
                _follow([record], [one.key for one in option.context[-1].path[1::2]])  # type: ignore[attr-defined]
        assert statements == [], (pages.name, number)


def _follow(records: list[Any], names: list[str]) -> None:
    for name in names:
        found = [getattr(record, name) for record in records if record is not None]
        records = [one for each in found for one in (each if isinstance(each, list) else [each])]


@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: pages.name)
def test_a_record_that_is_not_there_has_nothing(pages: RecordPages, seeded: Session) -> None:
    belongings = Belongings(pages.table.model, {})

    assert belongings.there(seeded, 4_000_000) == frozenset()
    assert belongings.load(seeded, 4_000_000, pages.table.load, frozenset()) is None


def _bare(session: Session) -> Agreement:
    parties = session.scalars(select(Party).limit(2)).all()
    agreement = Agreement(
        title="Bare", kind=AgreementKind.TREATY, side_a=parties[0], side_b=parties[1]
    )
    session.add(agreement)
    session.commit()
    return agreement


def test_a_bare_agreement_costs_few_queries(
    seeded: Session, client: CheckedClient, query_counter: Counter
) -> None:
    number = _bare(seeded).id

    with query_counter() as statements:
        page = client.page(f"/agreements/{number}")

    # Who asks, of which state, what there is, and the agreement itself with its sides.
    assert len(statements) == 4, statements
    assert "Who signed is not known." in page.text
    assert "No commission is recorded." in page.text


def test_what_comes_to_point_at_it_is_shown(seeded: Session, client: CheckedClient) -> None:
    agreement = _bare(seeded)
    client.page(f"/agreements/{agreement.id}")

    seeded.add(
        Commission(
            name="Commission of a test",
            side_a=agreement.side_a,
            side_b=agreement.side_b,
            kind=CommissionKind.COMMITTEE,
            status=CommissionStatus.ACTIVE,
            agreement=agreement,
        )
    )
    seeded.commit()

    assert "Commission of a test" in client.page(f"/agreements/{agreement.id}").text


def test_words_follow_the_language_of_each_request(settings: Settings) -> None:
    app = create_app(replace(settings, languages=("en", "fa")))
    client = app.test_client()

    before = client.get("/topics").text
    with client.session_transaction() as kept:
        kept["language"] = "fa"
    after = client.get("/topics").text
    app.extensions["engine"].dispose()

    assert ('lang="en"' in before, 'dir="ltr"' in before) == (True, True)
    assert ('lang="fa"' in after, 'dir="rtl"' in after) == (True, True)
    assert set(app.extensions["spoken"]) == {"en", "fa"}


def test_a_form_holds_no_lists_older_than_its_version(
    seeded: Session, client: CheckedClient
) -> None:
    agreement = _bare(seeded)
    saved: list[int] = []

    @event.listens_for(Engine, "after_cursor_execute")
    def save_in_between(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "SELECT agreement.version, EXISTS" in statement and not saved:
            saved.append(agreement.id)
            agreement.languages = [AgreementLanguage(language="en", position=0)]
            touch(agreement)
            seeded.commit()

    try:
        page = client.page(f"/agreements/{agreement.id}/edit")
    finally:
        event.remove(Engine, "after_cursor_execute", save_in_between)

    values = page.form(f"/agreements/{agreement.id}/edit").values
    # SQLite shows all as it was before, PostgreSQL all as it is now.
    assert (values["version"], values["languages"]) in [(["1"], [""]), (["2"], ["en"])]
    assert saved
    assert agreement.version == 2
