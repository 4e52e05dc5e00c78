"""The table of what is searched: one row a record, its words folded, on both databases the same.

SQLite has an index of the words beside it (FTS5, without places: phrases are looked for in the row
itself); whoever writes rows writes it, see `texts`. Triggers would have FTS5 write each row to the
disk by itself, which takes five times as long. PostgreSQL has GIN indexes of the same words, one
for each kind of record: what most agreements hold is looked for in a few people by itself, and the
places of all agreements that hold it need not be gathered first.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Connection,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base

# The numbers of all kinds, see `declared`.
KINDS = range(1, 10)
VECTOR = "to_tsvector('simple'::regconfig, words)"

FTS = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_text',"
    " content_rowid='place', tokenize='ascii', detail='none', columnsize=0)"
)


class SearchText(Base):
    """What is searched of one record.

    ``place`` holds kind, day and id, so that the rows of a kind stand from the oldest to the newest
    and the index of words gives them in that order: see `places`.
    """

    __tablename__ = "search_text"
    __table_args__ = (
        UniqueConstraint("kind", "record_id"),
        *(
            Index(
                f"ix_search_text_words_{kind}",
                text(VECTOR),
                postgresql_using="gin",
                postgresql_where=text(f"kind = {kind}"),
                info={"only": "postgresql"},
            ).ddl_if(dialect="postgresql")
            for kind in KINDS
        ),
        {"info": {"history": False}},
    )

    place: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="kind, day and record in one",
    )
    kind: Mapped[int] = mapped_column(SmallInteger, comment="the number of the kind of record")
    record_id: Mapped[int]
    words: Mapped[str] = mapped_column(
        Text, comment="folded: names, then other texts, then the sounds of names"
    )


def _make_fts(_table: object, connection: Connection, **_options: object) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(FTS)


event.listen(SearchText.__table__, "after_create", _make_fts)
