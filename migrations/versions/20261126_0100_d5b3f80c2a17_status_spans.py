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


def downgrade() -> None:
    op.drop_table("stale")
