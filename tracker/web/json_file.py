"""A list as a JSON file: the rows of the page, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, abort
from sqlalchemy.orm import Session

from tracker.clock import as_of
from tracker.tabular import write_json
from tracker.web.database import reading, reading_engine
from tracker.web.list_views import ListViews
from tracker.web.pages import FilterRefused
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text


def json_view(views: ListViews) -> Callable[[], Response]:
    """The view of a list's file, with the filters that are set in the address."""

    @needs(Right.READ, recorded=True)
    def view() -> Response:
        return _file(views)

    return view


def _file(views: ListViews) -> Response:
    pages = views.pages
    try:
        query = pages.select(views.wanted(), reading(), views.sort())
    except FilterRefused as refused:
        abort(400, problem_text(refused))
    engine = reading_engine()

    day = as_of.get()

    def rows() -> Iterator[dict[str, Any]]:
        as_of.set(day)
        # The request is over before the last row is sent: the file has a session of its own.
        # Whoever breaks the download off leaves no cursor open.
        streamed = query.execution_options(yield_per=500)
        with Session(engine) as session, session.scalars(streamed) as records:
            for record in records:
                yield pages.table.plain(record)

    answer = Response(write_json(rows()), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{pages.name}.json"'
    return answer
