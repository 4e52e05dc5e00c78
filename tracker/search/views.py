"""The search page: what is found in all kinds of record, and the same as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from tracker.search.asking import read
from tracker.search.marking import Part
from tracker.search.results import Group, Hit, Showing, find
from tracker.web.database import reading
from tracker.web.links import addresses_of
from tracker.web.rights import Right, needs
from tracker.web.site import texts_of

search = Blueprint("search", __name__, template_folder="templates")
LONGEST = 2_000


@search.get("/search")
@needs(Right.READ, recorded=True)
def index() -> ResponseReturnValue:
    """What is found in all kinds of record."""
    typed = _typed()
    asked = read(typed)
    return render_template(
        "search/index.html",
        typed=typed,
        asked=asked,
        groups=[_shown(group, typed) for group in _found(typed)],
        json_url=url_for("search.json_file", q=typed),
        parts=_markup,
    )


@search.get("/search.json")
@needs(Right.READ, recorded=True)
def json_file() -> ResponseReturnValue:
    """The same as JSON; what was asked for stands in parts of texts that are marked."""
    typed = _typed()
    return jsonify(q=typed, groups=[_plain(group, typed) for group in _found(typed)])


def _typed() -> str:
    return request.args.get("q", "")[:LONGEST].strip()


def _found(typed: str) -> list[Group]:
    asked = read(typed)
    return find(reading(), asked, _showing) if asked else []


def _showing(model: Any) -> Showing:
    pages = current_app.extensions["pages"][model]
    return Showing(pages.table, pages.describe, texts_of)


def _shown(group: Group, typed: str) -> dict[str, Any]:
    """A group as the page shows it, with the address of the list that holds all of it."""
    pages = current_app.extensions["pages"][group.searched.model]
    return {
        "kind": pages.name,
        "title": pages.title,
        "group": group,
        "list_url": url_for(f"{pages.name}.index", q=typed),
        "address": addresses_of(group.searched.model),
    }


def _markup(parts: Sequence[Part]) -> Markup:
    """A text with what was asked for marked in it."""
    texts = (f"<mark>{escape(text)}</mark>" if marked else escape(text) for text, marked in parts)
    return Markup("".join(texts))  # noqa: S704 - escaped


def _plain(group: Group, typed: str) -> dict[str, Any]:
    address = addresses_of(group.searched.model)
    return {
        "kind": group.searched.kind,
        "count": group.count,
        "order": "best" if group.ranked else "newest",
        "found": group.asked.way,
        "url": url_for(f"{group.searched.kind}.index", q=typed),
        "hits": [_plain_hit(hit, address(hit.number)) for hit in group.hits],
    }


def _plain_hit(hit: Hit, url: str) -> dict[str, Any]:
    return {
        "id": hit.number,
        "url": url,
        "title": "".join(part.text for part in hit.title),
        "beside": ["".join(part.text for part in word) for word in hit.beside],
        "snippet": "".join(part.text for part in hit.snippet),
        "marked": [part.text for part in (*hit.title, *hit.snippet) if part.marked],
    }
