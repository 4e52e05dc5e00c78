"""The filter of a list by words, the same that the search page asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select

from tracker.columns import Reading
from tracker.search.declared import Searched
from tracker.search.finding import clause, numbers
from tracker.web.pages import Filter, Label


def search_filter(label: Label, searched: Searched) -> Filter:
    """The filter `q` of a list of these records."""

    def words(text: str, reading: Reading) -> ColumnElement[bool]:
        return clause(searched, text, reading.session)

    def counted(text: str, reading: Reading) -> Select[Any] | None:
        return numbers(searched, text, reading.session)

    return Filter(label, words, numbers=counted)
