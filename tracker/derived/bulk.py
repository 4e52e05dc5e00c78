"""New records that come in bulk: remembered by the session, where triggers would note each of them.

What triggers write is written twice, once to note it and once to take the note away. And on
PostgreSQL everybody who commits meanwhile walks over the notes of an import that nobody sees yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice

from sqlalchemy.orm import Session

from tracker.authorship import BULK, Told
from tracker.derived.registry import DERIVATIONS, Derivation, Ids, own
from tracker.derived.triggers import name_of, silenced

_BROUGHT = "derived_brought"


@dataclass
class Brought:
    """The records that came, and by which column the rows of their tables name them.

    Ids that follow each other are kept as one range, so that a million need no memory.
    """

    tables: dict[str, str]
    ranges: list[range] = field(default_factory=list)

    @property
    def derivations(self) -> list[Derivation]:
        """What has to be worked out of these records, in its order."""
        return [one for one in DERIVATIONS if any(self._says(self.tables, one))]

    @property
    def triggers(self) -> list[str]:
        """Those that would only note what is remembered here.

        They are those of the tables that come, and of what is worked out of them: one derivation
        may read the rows of another. Those that concern other records go on noting.
        """
        found = self.derivations
        written = {table: owner for one in found for table, owner in one.writes.items()}
        return [
            name_of("INSERT", one.kind, table)
            for one in found
            for table in self._says({**written, **self.tables}, one)
        ]

    @staticmethod
    def _says(tables: Mapping[str, str], derivation: Derivation) -> Iterator[str]:
        """Those of some tables whose rows concern the very record that they belong to."""
        for reads in derivation.reads:
            if reads.table in tables and reads.ids == own(tables[reads.table]):
                yield reads.table

    def add(self, ids: Ids) -> None:
        """Remember records."""
        for number in ids:
            if self.ranges and self.ranges[-1].stop == number:
                self.ranges[-1] = range(self.ranges[-1].start, number + 1)
            else:
                self.ranges.append(range(number, number + 1))

    def __len__(self) -> int:
        return sum(map(len, self.ranges))

    def batches(self, size: int) -> Iterator[Ids]:
        """Their ids in order, so many at a time."""
        in_order = sorted(self.ranges, key=lambda one: one.start)
        ids = chain.from_iterable(in_order)
        while batch := list(islice(ids, size)):
            yield batch


def brought(session: Session) -> list[Brought]:
    """What came in bulk in a session's transaction and is to be worked out, once only."""
    found: list[Brought] = session.info.pop(_BROUGHT, [])
    return found


@contextmanager
def remembered(session: Session, tables: Mapping[str, str], _coming: int) -> Iterator[Told]:
    """Remember the records whose rows are put into tables; what they concern besides is noted."""
    coming = Brought(dict(tables))
    session.info.setdefault(_BROUGHT, []).append(coming)
    with silenced(session.connection(), coming.triggers):
        yield coming.add


BULK.append(remembered)
