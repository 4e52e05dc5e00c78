"""A list as a file: the rows of the page, in its order, in each of the formats."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import IO

from flask import Response, abort, request
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from tracker.clock import as_of, day_asked
from tracker.exporting import (
    Contents,
    Format,
    Rows,
    TooManyRows,
    disposition,
    pieces,
    records,
    write_spreadsheet,
)
from tracker.tabular import CHUNK
from tracker.web.database import reading, reading_engine, release
from tracker.web.list_views import ListViews
from tracker.web.pages import FilterRefused
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

# So many files are made at once in one process; whoever comes then is told to come again. It is
# less than the server has threads, so that pages are always answered.
MOST_AT_ONCE = 8
AGAIN_SECONDS = 15
_places = threading.BoundedSemaphore(MOST_AT_ONCE)
# Batches are read one after the other: many files at once leave pages as much as a single one.
TURN = threading.Semaphore()


def export_view(views: ListViews, kind: Format) -> Callable[[], Response]:
    """The view of a list's file, with the filters that are set in the address."""

    @needs(Right.READ, recorded=True)
    def view() -> Response:
        pages = views.pages
        wanted = views.wanted()
        try:
            query = pages.select(wanted, reading(), views.sort())
        except FilterRefused as refused:
            abort(400, problem_text(refused))
        contents = records(reading_engine(), pages.table, query, as_of.get(), TURN)
        return send(kind, contents, [text for name, text in wanted.items() if name != "on"])

    return view


def send(kind: Format, contents: Contents, filters: Iterable[str]) -> Response:
    """The answer that brings a file; raises ServiceUnavailable while too many are being made."""
    # What was read to understand the address is not held on to while the file goes out.
    release()
    place = _Place()
    if kind is Format.XLSX:
        with closing(place):
            answer = _spreadsheet(contents)
    else:
        answer = Response(_held(place, pieces(kind, contents)), mimetype=kind.mimetype)
        # Also where nothing of it is asked for: what never began has no end.
        answer.call_on_close(place.close)
    name = disposition(contents.name, filters, day_asked(), kind)
    answer.headers["Content-Disposition"] = name
    return answer


class _Place:
    """One of the places for files that are being made."""

    def __init__(self) -> None:
        if not _places.acquire(blocking=False):
            message = _("Many files are being made just now. Try again in some seconds.")
            raise ServiceUnavailable(message, retry_after=AGAIN_SECONDS)
        self._held = True

    def close(self) -> None:
        """Free the place, once."""
        if self._held:
            self._held = False
            _places.release()


def _held(place: _Place, made: Iterator[bytes]) -> Iterator[bytes]:
    with closing(place):
        yield from made


def _spreadsheet(contents: Contents) -> Response:
    """A spreadsheet is sent when it is whole."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        write_spreadsheet(_while_somebody_waits(contents), file)
    except BaseException as error:
        file.close()
        if isinstance(error, TooManyRows):
            abort(400, problem_text(error))
        raise
    size = file.tell()
    file.seek(0)
    answer = Response(_read(file), mimetype=Format.XLSX.mimetype)
    answer.call_on_close(file.close)
    answer.content_length = size
    return answer


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _while_somebody_waits(contents: Contents) -> Contents:
    """The same, that ends with 400 between two batches when whoever asked has gone."""
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)

    def batches(plain: bool) -> Rows:
        with closing(contents.batches(plain)) as found:
            for batch in found:
                if gone():
                    abort(400)
                yield batch

    return replace(contents, batches=batches)
