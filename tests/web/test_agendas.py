"""Lines of what is due, as the page holds them, and the words that they say often."""

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from tracker.dates import PartialDate
from tracker.web.agendas import _sign, agenda
from tracker.web.escaping import escaped
from tracker.web.pages import PanelLine
from tracker.web.site import _date_text, _days_overdue, date_text, days_overdue, in_words

LINES = (
    PanelLine("<1>", "A & B", "/x?a=1&b=2", "planned", "word", "<note>"),
    PanelLine("2026", "«عنوان»", None),
    PanelLine("", "plain", "/y", note="note"),
)


def test_all_that_a_line_holds_is_escaped(app: Flask) -> None:
    with app.app_context():
        shown = agenda(LINES)

    assert "&lt;1&gt;" in shown
    assert '<a href="/x?a=1&amp;b=2">A &amp; B</a>' in shown
    assert '<p class="quiet-text">word · &lt;note&gt;</p>' in shown
    assert "«عنوان»" in shown


def test_a_line_without_a_day_or_a_state_is_plain(app: Flask) -> None:
    with app.app_context():
        first, second, third = agenda(LINES).split("</li>")[:3]

    assert "shape-planned" in first
    assert '<p class="date">2026</p>' in second
    assert "<a" not in second
    assert '<li class="agenda-plain">' in third
    assert 'class="date"' not in third


def test_a_list_may_be_empty(app: Flask) -> None:
    with app.app_context():
        assert re.fullmatch(r'<ol class="agenda">\s*</ol>', agenda([]))


def test_texts_are_escaped_one_by_one() -> None:
    assert escaped([]) == []
    assert escaped(["a<", "", 'b"\x00c']) == ["a&lt;", "", "b&#34;c"]


@pytest.mark.parametrize("kept", [_sign, _days_overdue, _date_text])
def test_what_is_kept_is_bounded(kept: object) -> None:
    assert kept.cache_info().maxsize  # type: ignore[attr-defined]


def test_words_for_many_lines_are_those_of_each_language(app: Flask) -> None:
    day = PartialDate.month(2026, 11)
    for language in ("en", "fr", "en"):
        with app.test_request_context("/"), force_locale(language):
            show, late = in_words()

            assert (show(day), late(1_200)) == (date_text(day), days_overdue(1_200))
            assert ("November" in show(day)) is (language == "en")
            assert ("1,200" in late(1_200)) is (language == "en")
