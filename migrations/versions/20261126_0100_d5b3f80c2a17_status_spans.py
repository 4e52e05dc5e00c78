"""status spans: what follows from records and is kept beside them"""

import sqlalchemy as sa
from alembic import op

revision = "d5b3f80c2a17"
down_revision = "c4e9a1b7d0f2"
branch_labels = None
depends_on = None

# The triggers that fill the first table are made by migrations/env.py after the last migration.


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


def downgrade() -> None:
    op.drop_table("agreement_status_span")
    op.drop_table("stale")
