"""What was typed is kept as it is, and the pages of each record show it as words and nothing else.

In an ordinary run each page is looked at for every twelfth record, in turns, so that each page of
each kind of record has had texts of every sort and each text stands on some; the page itself has
them twice as often. HOSTILE_EVERY=1 looks at every page of every record.
"""

import os
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.hostile.filling import (
    BASE,
    COUNT,
    FIELDS,
    HARMLESS_NUMBER,
    NUMBERS,
    TextField,
    form_token,
    text_for,
    typed,
)
from tests.hostile.outputs import OUTPUTS, Output, Shows, Visit
from tests.hostile.skeleton import foreign, skeleton, words_of
from tests.hostile.strings import HOSTILE
from tests.pages import Page
from tracker.catalogue import PAGES, TABLES
from tracker.columns.references import NameReference
from tracker.history.models import Change

EVERY = int(os.environ.get("HOSTILE_EVERY", "12"))
# Parties at which more records point than at the harmless one: their pages have more parts.
WITHOUT_PEER = {("parties", number) for number in (1, 2, 3)}
DESCRIBE = {pages.name: pages.describe for pages in PAGES}


@pytest.fixture
def visit(editor: FlaskClient, db_session: Session) -> Visit:
    whole = select(Change.record, Change.record_id, func.max(Change.id))
    kinds = {table.model.__tablename__: name for name, table in TABLES.items()}
    changes = {
        (kinds[kind], number): change
        for kind, number, change in db_session.execute(
            whole.where(Change.record.in_(kinds)).group_by(Change.record, Change.record_id)
        )
    }
    return Visit(editor, form_token(editor, "/people/new"), changes)


def numbers(kind: str, place: int, engine: Engine) -> list[int]:
    """The records of which a page is looked at: some others for each kind and page."""
    every = max(EVERY // 2, 1) if place == 0 else EVERY
    if engine.dialect.name == "postgresql":
        # The pages are made by the same code; what the database gave back is compared in whole.
        every *= 8
    return list(range(1 + (place + list(BASE).index(kind)) % every, COUNT + 1, every))


def test_there_are_a_hundred_texts_and_they_differ() -> None:
    assert len(HOSTILE) >= 100
    assert len({one.stored for one in HOSTILE}) == len(HOSTILE)
    assert len({one.name for one in HOSTILE}) == len(HOSTILE)


def test_every_record_has_text_fields_and_each_has_had_every_text() -> None:
    assert set(BASE) == set(TABLES) == {kind for kind, fields in FIELDS.items() if fields}
    for fields in FIELDS.values():
        for place, one in enumerate(fields):
            had = {text_for(one, number, place).text for number in NUMBERS}
            assert {each.text for each in HOSTILE if one.takes(each)} <= had


def test_what_was_typed_is_kept(db_session: Session) -> None:
    for kind in BASE:
        for number in NUMBERS:
            record = db_session.get_one(TABLES[kind].model, number)

            kept = {one.path: one.kept(record) for one in FIELDS[kind]}

            assert kept == typed(kind, number).kept, number


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output.name)
def test_pages_show_it_as_words(
    visit: Visit, db_session: Session, engine: Engine, output: Output
) -> None:
    for kind in BASE:
        bones = skeleton(page_of(visit, output, kind, HARMLESS_NUMBER))
        for number in numbers(kind, OUTPUTS.index(output), engine):
            page = page_of(visit, output, kind, number)
            where = f"{output.name} of {kind} {number}"
            assert list(foreign(page)) == [], where
            assert (kind, number) in WITHOUT_PEER or skeleton(page) == bones, where
            missing = list(not_shown(page, output, kind, number, db_session))
            assert missing == [], where


def page_of(visit: Visit, output: Output, kind: str, number: int) -> Page:
    answer = output.fetch(visit, kind, number)
    assert answer.status_code == output.status, f"{output.name} of {kind} {number}"
    return Page(answer.text)


def not_shown(
    page: Page, output: Output, kind: str, number: int, session: Session
) -> Iterator[str]:
    """The texts that should stand on the page and do not, to the letter."""
    if output.shows is Shows.NAME:
        name = DESCRIBE[kind](session.get_one(TABLES[kind].model, number))
        yield from [name] if name not in words_of(page) else []
    elif output.shows is Shows.ALL:
        words = words_of(page)
        for texts in typed(kind, number).kept.values():
            yield from (text for text in texts if text not in words)
    else:
        values = page.form().values
        for one in FIELDS[kind]:
            found = values[one.path][0].replace("\r\n", "\n")
            if found != in_field(one, output, kind, number, found):
                yield f"{one.path}: {found!r}"


def in_field(one: TextField, output: Output, kind: str, number: int, found: str) -> str:
    """What a form's field must hold."""
    if output.shows is Shows.TYPED:
        spoilt = one.path == list(typed(kind, number).kept)[-1] and output.status == 422
        sent = typed(kind, number).form[one.path] + ("x\x07x" if spoilt else "")
        return sent.replace("\r\n", "\n")
    kept = "\n".join(typed(kind, number).kept[one.path])
    # A person or a body is shown with the number that it got.
    return f"{kept} #{found.rpartition('#')[2]}" if isinstance(one.column, NameReference) else kept
