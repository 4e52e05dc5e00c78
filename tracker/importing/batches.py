"""What the first pass of a long file puts aside for the second one."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tracker.importing.plain import Plain

Cells = tuple[int, tuple[str, ...]]  # a row's number and its cells
Hard = tuple[Cells, str]  # and its verdict
Aside = tuple[Cells, int | None, str]  # a row, the id of its record, and its verdict


@dataclass
class Batch:
    """Rows of the file that were found in order, as the second pass takes them.

    ``rows`` are those that became plain rows in ``tables``, with the ``ids`` that they name;
    ``hard`` are written as records, each with its verdict; of ``late`` ones the late columns have
    something to write: by their numbers, with the id of the record where it is known.
    """

    count: int
    tables: list[list[Plain]]
    rows: list[Cells] = field(default_factory=list)
    ids: list[int | None] = field(default_factory=list)
    hard: list[Hard] = field(default_factory=list)
    late: dict[int, Aside] = field(default_factory=dict)


def packed(thing: object) -> bytes:
    """A thing as bytes for a `Spool`."""
    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


class Spool:
    """Things put aside outside the memory, to be taken out in the same order."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its owner

    def add(self, thing: object) -> None:
        """Put a thing aside."""
        self.add_packed(packed(thing))

    def add_packed(self, thing: bytes) -> None:
        """Put a thing aside that `packed` has packed."""
        self._file.write(thing)

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301 - nobody else can write there
            except EOFError:
                return

    def close(self) -> None:
        """Forget all of it."""
        self._file.close()
