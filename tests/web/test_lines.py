"""Lists and facts that are put together in Python: the same as a template would make of them."""

import pytest
from flask import Flask, url_for
from flask_babel import force_locale
from markupsafe import Markup

from tracker.columns import Line
from tracker.dates import PartialDate
from tracker.sources.evidence import Evidence
from tracker.web.agendas import _sign, agenda, timeline
from tracker.web.escaping import escaped
from tracker.web.facts import Facts, Shown, fact_rows, outer_link
from tracker.web.links import KEPT, coded_url, numbered_url
from tracker.web.pages import PanelLine
from tracker.web.site import _date_text, _days_overdue, date_text, days_overdue, in_words

HOSTILE = "<b>\"&'"
ESCAPED = "&lt;b&gt;&#34;&amp;&#39;"


def test_each_field_of_a_line_is_escaped(app: Flask) -> None:
    with app.test_request_context():
        shown = agenda([PanelLine(HOSTILE, HOSTILE, f"/?q={HOSTILE}", "held", HOSTILE, HOSTILE)])

    assert shown.count(ESCAPED) == 5
    assert "<b>" not in shown
    assert f'<a href="/?q={ESCAPED}">{ESCAPED}</a>' in shown
    assert f"{ESCAPED} · {ESCAPED}</p>" in shown


def test_lines_do_not_run_into_each_other(app: Flask) -> None:
    lines = [PanelLine("1 May", "One\x00", None, note="a"), PanelLine("", "Two", None, word="b")]

    with app.test_request_context():
        first, second = agenda(lines).split("</li>")[:2]

    assert "One" in first
    assert '<p class="date">1 May</p>' in first
    assert '<p class="quiet-text">a</p>' in first
    assert "agenda-plain" not in first
    assert "Two" in second
    assert '<li class="agenda-plain">' in second
    assert '<p class="quiet-text">b</p>' in second
    assert "<a" not in first + second


def test_a_list_of_nothing_is_empty(app: Flask) -> None:
    with app.test_request_context():
        assert agenda([]).split() == ["<ol", 'class="agenda">', "</ol>"]
        assert timeline([]).split() == ["<ol", 'class="agenda">', "</ol>"]


@pytest.mark.parametrize("shape", ["held", "planned", "overdue", "none"])
def test_signs_are_those_of_the_other_pages(app: Flask, shape: str) -> None:
    with app.test_request_context():
        drawn = app.jinja_env.get_template("web/macros/pages.html").module.shape(shape)  # type: ignore[attr-defined]
        shown = agenda([PanelLine("1 May", "One", None, shape)])

    assert f'<span class="state">{drawn} <span>1 May</span></span>' in shown


def facts(**shown: Shown) -> Facts:
    columns = {name: Line(name, name) for name in shown}
    return Facts(columns, lambda column: shown[column.name])


def test_facts_are_escaped_and_empty_ones_say_so(app: Flask) -> None:
    some = facts(title=HOSTILE, note="", names=[[HOSTILE, "", "b"], ["c"]], topics=[])

    with app.test_request_context():
        rows = fact_rows(some, some, Evidence([], {})).split("\n")

    assert rows == [
        f'<div class="fact"><dt>title</dt><dd>{ESCAPED}</dd></div>',
        '<div class="fact"><dt>note</dt><dd><span class="unknown">not known</span></dd></div>',
        f'<div class="fact"><dt>names</dt><dd><ul><li>{ESCAPED} · b</li><li>c</li></ul></dd></div>',
        '<div class="fact"><dt>topics</dt><dd><span class="unknown">not known</span></dd></div>',
    ]


def test_markup_stands_instead_of_a_text(app: Flask) -> None:
    some = facts(link="plain")

    with app.test_request_context():
        row = fact_rows(["link"], some, Evidence([], {}), {"link": Markup("<a>x</a>")})

    assert "<dd><a>x</a></dd>" in row


def test_only_addresses_of_the_web_are_links() -> None:
    assert outer_link("https://example.org/?a&b") == (
        '<a href="https://example.org/?a&amp;b" rel="noreferrer">https://example.org/?a&amp;b</a>'
    )
    assert outer_link("javascript:alert(1)") == "javascript:alert(1)"


@pytest.mark.parametrize("root", ["", "/tracker", "/2147483647"])
@pytest.mark.parametrize("number", [1, 2_147_483_647])
def test_an_address_that_is_kept_is_the_one_that_is_made(
    app: Flask, root: str, number: int
) -> None:
    with app.test_request_context(base_url=f"http://localhost{root}"):
        for endpoint in ("agreements.show", "agreements.edit", "commissions.show"):
            assert numbered_url(endpoint, number) == url_for(endpoint, number=number)
        for plural in ("agreements", "meetings"):
            made = url_for("history.of_record", plural=plural, number=number)
            assert numbered_url("history.of_record", number, plural=plural) == made


@pytest.mark.parametrize("code", ["IR", "X-Y", "CODE", "A&B", "İ/ß", "A B", "?", ".."])
def test_an_address_of_a_code_is_the_one_that_is_made(app: Flask, code: str) -> None:
    with app.test_request_context(base_url="http://localhost/CODE"):
        assert coded_url("parties.coded", "code", code) == url_for("parties.coded", code=code)
        made = url_for("agreements.index", topic=code)
        assert coded_url("agreements.index", "topic", code) == made


@pytest.mark.own_app
def test_no_more_addresses_are_kept_than_there_are(app: Flask) -> None:
    for place in range(KEPT + 10):
        with app.test_request_context(base_url=f"http://localhost/{place}"):
            assert numbered_url("agreements.show", 7) == f"/{place}/agreements/7"

    assert len(app.extensions["around"]) == KEPT


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
