"""Columns of records, declared once: how a cell is read, checked, written and kept.

Files, forms, the import and the export all go through the same columns, so that each of them
accepts and refuses the same values with the same words.
"""

from tracker.columns.cells import (
    Choice,
    Code,
    Column,
    Dated,
    Day,
    Derived,
    Identity,
    Language,
    Line,
    Link,
    Paragraphs,
    References,
    Whole,
    YesNo,
)
from tracker.columns.lists import Codes, Items, Names, join_items, split_items
from tracker.columns.reading import CellError, Problem, Reading
from tracker.columns.table import Outcome, Own, Table

__all__ = [
    "CellError",
    "Choice",
    "Code",
    "Codes",
    "Column",
    "Dated",
    "Day",
    "Derived",
    "Identity",
    "Items",
    "Language",
    "Line",
    "Link",
    "Names",
    "Outcome",
    "Own",
    "Paragraphs",
    "Problem",
    "Reading",
    "References",
    "Table",
    "Whole",
    "YesNo",
    "join_items",
    "split_items",
]
