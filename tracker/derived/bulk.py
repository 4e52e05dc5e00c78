"""Note many new records as stale at once, where triggers of SQLite would note each row alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from tracker.authorship import BULK, Told
from tracker.derived.registry import DERIVATIONS, own
from tracker.derived.triggers import PREFIX
from tracker.triggers import taken_away


@contextmanager
def noted_at_once(session: Session, tables: Mapping[str, str], _coming: int) -> Iterator[Told]:
    """Note the records whose rows are put into tables; rows that concern others keep triggers."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        yield lambda _ids: None
        return
    noted = [
        (derivation.kind, reads.table)
        for derivation in DERIVATIONS
        for reads in derivation.reads
        if reads.table in tables and reads.ids == own(tables[reads.table])
    ]

    def tell(ids: Sequence[int]) -> None:
        for kind in dict.fromkeys(kind for kind, _table in noted):
            connection.exec_driver_sql(
                "INSERT INTO stale (kind, record_id) SELECT ?, new.value FROM json_each(?) AS new"
                " WHERE NOT EXISTS (SELECT 1 FROM stale WHERE kind = ? AND record_id = new.value)",
                (kind, json.dumps(ids), kind),
            )

    with taken_away(session, [f"{PREFIX}insert_{kind}_{table}" for kind, table in noted]):
        yield tell


BULK.append(noted_at_once)
