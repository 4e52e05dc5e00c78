"""What a form records along with its own record: a commission, a source, in the same sitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from tracker.columns import Column, Outcome, Reading
from tracker.columns.cells import Label


class Companion:
    """A further record in a form; nothing is recorded while its fields are as they were.

    ``name`` stands before the names of its fields, ``columns`` are asked in their order, and
    ``preset`` holds the texts that an empty form begins with.
    """

    name: str
    legend: Label
    hint: Label = ""
    columns: tuple[Column, ...]
    layout: tuple[str | tuple[str, ...], ...]
    preset: Mapping[str, str] = {}

    def read(
        self, given: Mapping[str, Any], reading: Reading, values: Mapping[str, Any]
    ) -> Outcome:
        """The values typed and what is wrong with them; ``values`` are the record's own."""
        raise NotImplementedError

    def attach(
        self, session: Session, record: Any, made: Sequence[Any], values: Mapping[str, Any]
    ) -> list[Any]:
        """Record it for a record in the session; ``made`` was recorded along with it before."""
        raise NotImplementedError

    def field_of(self, column: str) -> str:
        """The field at which a problem of a column is shown."""
        names = [asked.name for asked in self.columns]
        return column if column in names else names[0]

    def present(self, session: Session, record: Any) -> Sequence[Any]:
        """What is recorded already, to be named above the fields."""
        return ()
