"""status spans: what follows from records and is kept beside them"""

import sqlalchemy as sa
from alembic import op

revision = "d5b3f80c2a17"
down_revision = "c4e9a1b7d0f2"
branch_labels = None
depends_on = None

# The triggers that fill the first table are made by migrations/env.py after the last migration.

INDEXES = (
    ("ix_agreement_side_a_id_side_b_id", "agreement", ["side_a_id", "side_b_id"]),
    ("ix_agreement_side_b_id_side_a_id", "agreement", ["side_b_id", "side_a_id"]),
    ("ix_agreement_ended_on_last", "agreement", ["ended_on_last"]),
    (
        "ix_action_kind_effective_on_last_agreement_id",
        "action",
        ["kind", "effective_on_last", "agreement_id"],
    ),
    (
        "ix_action_kind_done_on_last_agreement_id",
        "action",
        ["kind", "done_on_last", "agreement_id"],
    ),
)

OF_SOME = (
    (
        "ix_agreement_awaited",
        ["binding", "signed_on_first"],
        "in_force_on_first IS NULL AND ended_on_first IS NULL",
    ),
    ("ix_agreement_with_term", ["in_force_on_first"], "duration_months IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "stale",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False, comment="what is derived from the record"),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale")),
    )
    op.create_index("ix_stale_kind_record_id", "stale", ["kind", "record_id"])
    op.create_table(
        "agreement_status_span",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False, comment="as rules.py names it"),
        sa.Column(
            "signed_on_first", sa.Date(), nullable=True, comment="the agreement's, to sort by"
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_status_span_agreement_id_agreement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement_id", "first_day", name=op.f("pk_agreement_status_span")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_agreement_status_span_days",
        "agreement_status_span",
        ["status", "last_day", "first_day", "signed_on_first", "agreement_id"],
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    for name, columns, where in OF_SOME:
        rows = sa.text(where)
        op.create_index(name, "agreement", columns, sqlite_where=rows, postgresql_where=rows)
    for side in ("a", "b"):
        op.drop_index(f"ix_agreement_side_{side}_id", "agreement")


def downgrade() -> None:
    for side in ("a", "b"):
        op.create_index(f"ix_agreement_side_{side}_id", "agreement", [f"side_{side}_id"])
    for name, _columns, _where in OF_SOME:
        op.drop_index(name, "agreement")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    op.drop_table("agreement_status_span")
    op.drop_table("stale")
