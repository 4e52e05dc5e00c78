"""search texts: what is searched of each record, folded, and the index of its words

Revision ID: 8f2c6d4b1e97
Revises: f1b6d9e03c58
Create Date: 2026-11-26 01:30:00

Entente fills the table when the last migration is done, and keeps it from then on.
"""

import sqlalchemy as sa
from alembic import op

revision = "8f2c6d4b1e97"
down_revision = "f1b6d9e03c58"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column(
            "place",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="kind, day and record in one",
        ),
        sa.Column(
            "kind", sa.SmallInteger(), nullable=False, comment="the number of the kind of record"
        ),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column(
            "words",
            sa.Text(),
            nullable=False,
            comment="folded: names, then other texts, then the sounds of names",
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_text")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_search_text_kind_record_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_search_text_words ON search_text"
            " USING gin (to_tsvector('simple'::regconfig, words))"
        )
    else:
        _make_fts()


def _make_fts() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_text',"
        " content_rowid='place', tokenize='ascii', detail='none', columnsize=0)"
    )


def downgrade() -> None:
    """What is searched is worked out of the records again whenever it is wanted."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_text")
