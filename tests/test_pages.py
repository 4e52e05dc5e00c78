"""The page checker itself: a good page passes, and each planted fault is found."""

import pytest

from tests.pages import Page, page_faults

GOOD = """<!doctype html><html lang="en" dir="ltr">
<head><meta charset="utf-8"><title>T</title></head>
<body><main><h1>T</h1><form method="post" action="/x">
<input type="hidden" name="csrf_token" value="t">
<label for="a">A</label><input id="a" name="a" value="1">
<label for="b">B</label><select id="b" name="b"><option value="x">X</option>
<option value="y" selected>Y</option></select>
<label><input type="checkbox" name="c" value="1" checked>C</label>
<label><input type="checkbox" name="c" value="2">D</label>
<label for="n">N</label><textarea id="n" name="n">
two
lines</textarea>
<button name="add" value="1">Add</button></form></main></body></html>"""

FAULTS = [
    ("<h1>T</h1>", "", "0 <h1>"),
    ("<h1>T</h1>", "<h1>T</h1><h1>U</h1>", "2 <h1>"),
    ("<title>T</title>", "<title></title>", "empty <title>"),
    (' dir="ltr"', "", "lang and dir"),
    ('<label for="a">A</label>', "", "'a'> has no label"),
    ('value="t"', 'value=""', "no csrf_token"),
    ('method="post"', 'method="get"', "shows its csrf_token"),
    ('id="b"', 'id="a"', "id 'a' stands 2 times"),
    ('<input id="a"', '<input aria-describedby="z" id="a"', "points at no element"),
    ("</select>", "", "closes <select>"),
    ("Add</button>", "</button>", "without words"),
    ("<h1>", '<a href="#gone">x</a><h1>', "leads nowhere"),
]


def test_a_good_page_has_no_faults() -> None:
    assert page_faults(Page(GOOD)) == []


@pytest.mark.parametrize(("old", "new", "complaint"), FAULTS)
def test_a_planted_fault_is_found(old: str, new: str, complaint: str) -> None:
    page = Page(GOOD.replace(old, new, 1))

    assert any(complaint in fault for fault in page_faults(page))


def test_a_form_sends_what_a_browser_would() -> None:
    form = Page(GOOD).form()

    assert form.action == "/x"
    assert form.values == {
        "csrf_token": ["t"],
        "a": ["1"],
        "b": ["y"],
        "c": ["1"],
        "n": ["two\nlines"],
    }
