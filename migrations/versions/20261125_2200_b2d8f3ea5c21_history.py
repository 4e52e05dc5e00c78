"""history

Revision ID: b2d8f3ea5c21
Revises: a1c7e2d94b10
Create Date: 2026-11-25 22:00:00

The triggers that fill these tables are made by migrations/env.py after the last migration.
"""

import sqlalchemy as sa
from alembic import op

revision = "b2d8f3ea5c21"
down_revision = "a1c7e2d94b10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_entries()
    _make_changes()
    op.create_table(
        "change_context",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_change_context_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_context")),
    )


def _make_entries() -> None:
    op.create_table(
        "change_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), nullable=False, comment="when it was written, UTC"
        ),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column(
            "account_id",
            sa.Integer(),
            nullable=True,
            comment="the author's account; accounts are never deleted",
        ),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False, comment="network address or computer"),
        sa.Column("request_id", sa.String(300), nullable=False),
        sa.Column(
            "note", sa.String(2000), nullable=False, comment="the file's name, or what was undone"
        ),
        sa.Column(
            "undoes_id", sa.Integer(), nullable=True, comment="the entry that this one took back"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["change_entry.id"], name=op.f("fk_change_entry_undoes_id_change_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_entry")),
        sqlite_autoincrement=True,
    )
    for column in ("at", "account_id", "undoes_id"):
        op.create_index(op.f(f"ix_change_entry_{column}"), "change_entry", [column])
    op.create_index("ix_change_entry_author_id", "change_entry", ["author", "id"])


def _make_changes() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(40), nullable=False, comment="name of the record's table"),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("also", sa.String(40), nullable=True),
        sa.Column("also_id", sa.Integer(), nullable=True),
        sa.Column("table_name", sa.String(40), nullable=False),
        sa.Column(
            "row_key", sa.String(300), nullable=False, comment="the primary key, its parts by |"
        ),
        sa.Column("operation", sa.String(10), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "operation IN ('insert', 'update', 'delete')", name=op.f("ck_change_operation_known")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["change_entry.id"], name=op.f("fk_change_entry_id_change_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_entry_id"), "change", ["entry_id"])
    op.create_index("ix_change_record_record_id_id", "change", ["record", "record_id", "id"])
    op.create_index("ix_change_also_also_id_id", "change", ["also", "also_id", "id"])


def downgrade() -> None:
    """The whole history goes with it; whoever steps back here has decided so."""
    op.drop_table("change_context")
    op.drop_table("change")
    op.drop_table("change_entry")
