"""The filter of a list by words."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from tracker.columns import Reading
from tracker.search.declared import Searched
from tracker.search.finding import clause
from tracker.web.pages import Clause


def clause_of(searched: Searched) -> Clause:
    """The clause of a list's filter `q`, the same that the search page asks."""

    def words(text: str, reading: Reading) -> ColumnElement[bool]:
        return clause(searched, text, reading.session)

    return words
