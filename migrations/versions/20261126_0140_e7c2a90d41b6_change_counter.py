"""change counter: rows of which one is another one after each committed write"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "e7c2a90d41b6"
down_revision = "d3f6b8a2c951"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counter = op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "value", sa.BigInteger(), nullable=False, comment="rises in the order of the commits"
        ),
        sa.Column(
            "token",
            sa.String(40),
            nullable=False,
            comment="made anew, by chance, with each value",
        ),
        sa.CheckConstraint("id BETWEEN 1 AND 16", name=op.f("ck_change_counter_few_rows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_counter")),
    )
    op.bulk_insert(
        counter,
        [{"id": number, "value": 0, "token": secrets.token_hex(18)} for number in range(1, 17)],
    )


def downgrade() -> None:
    op.drop_table("change_counter")
