"""Tables that are derived from others by Python, and how they are kept right whoever writes.

To register a derivation, say of texts to search in, in a module that `tracker.schema` imports:

    register(
        Derivation(
            kind="party_text",  # its name in `stale`; lower case, short
            record="party",  # the table of the records
            reads=(
                Reads("party", own("id"), columns=("name", "official_name")),
                Reads("party_name", own("party_id")),
                Reads("body", "SELECT {row}.party_id AS id"),
            ),
            work_out=work_out,  # (connection, ids): write what follows from these records
            wrong=wrong,  # (connection, ids): those of which something else is written
        )
    )

or, where the derived rows are simply replaced, `replaced_rows(kind, record, reads, table, owner,
rows)` with one function ``rows(connection, ids)`` that gives the rows as they should be.

Triggers note in the table `stale` which records a written row touches (`triggers`), on whatever way
it was written; before a transaction of the program is committed, the noted records are worked out
anew in batches (`working_out`). The triggers are made from what is registered whenever the schema
moves, so a derivation needs no migration but the one of its own tables. A derivation may read the
rows of another one.

After a migration all rows are worked out anew, which takes long where much is recorded, unless its
module names the kinds for which that is needed: ``works_out = ("status", "due")``, or ``()``. Name
a kind whose rows, rule or ``reads`` change, or whose records the migration writes (no trigger looks
on meanwhile), and with it the kinds that read its rows.
"""

from tracker.derived import bulk, working_out
from tracker.derived.registry import (
    DERIVATIONS,
    Derivation,
    Reads,
    own,
    register,
    replaced_rows,
    together,
)

__all__ = [
    "DERIVATIONS",
    "Derivation",
    "Reads",
    "bulk",
    "own",
    "register",
    "replaced_rows",
    "together",
    "working_out",
]
