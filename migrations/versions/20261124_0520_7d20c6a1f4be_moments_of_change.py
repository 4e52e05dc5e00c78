"""moments of change, and the name of this installation"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "7d20c6a1f4be"
down_revision = "5b1e0a7c93d4"
branch_labels = None
depends_on = None

TABLES = (
    "party",
    "body",
    "person",
    "topic",
    "source",
    "agreement",
    "commission",
    "meeting",
    "commitment",
    "citation",
)
# SQLite adds a column that is never empty only with a constant default.
LONG_AGO = "'1970-01-01 00:00:00+00:00'"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table,
            sa.Column(
                "changed_at",
                sa.DateTime(timezone=True),
                server_default=sa.text(LONG_AGO),
                nullable=False,
                comment="when the row was last written, UTC",
            ),
        )
        # Of rows that are there, nobody knows when they changed: now is the first that is known.
        rows = sa.table(table, sa.column("changed_at", sa.DateTime(timezone=True)))
        op.execute(rows.update().values(changed_at=_now()))
    _name_installation()


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else now


def _name_installation() -> None:
    table = op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "uid",
            sa.String(36),
            nullable=False,
            comment="made once; the end of each UID in calendar feeds",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.bulk_insert(table, [{"id": 1, "uid": str(uuid4())}])


def downgrade() -> None:
    op.drop_table("installation")
    for table in reversed(TABLES):
        op.drop_column(table, "changed_at")
