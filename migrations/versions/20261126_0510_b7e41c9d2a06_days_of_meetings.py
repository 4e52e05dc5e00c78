"""days of meetings: the days by which their list is walked, and indexes of what two parties have"""

import sqlalchemy as sa
from alembic import op

revision = "b7e41c9d2a06"
down_revision = "f3a8d1c6b205"
branch_labels = None
depends_on = None

DAYS = (
    (
        "opens_on",
        "begins_on_first, due_from, due_to",
        "the first day on which it can take place",
    ),
    (
        "closes_on",
        "ends_on_last, begins_on_last, due_to",
        "the last day on which it can take place",
    ),
    (
        "placed_on",
        "begins_on_first, due_to",
        "the first day on which it takes place, else by which it is due",
    ),
)

GONE = (
    ("ix_meeting_side_a_id", "meeting", "side_a_id"),
    ("ix_meeting_side_b_id", "meeting", "side_b_id"),
    ("ix_commission_side_a_id", "commission", "side_a_id"),
    ("ix_commitment_side_a_id", "commitment", "side_a_id"),
    ("ix_commitment_side_b_id", "commitment", "side_b_id"),
    ("ix_commitment_meeting_id", "commitment", "meeting_id"),
    ("ix_commitment_agreement_id", "commitment", "agreement_id"),
)

# SQLite is to take none of these parts for a part of the index of the status.
IS_OPEN = "{} IN ('planned', 'confirmed')"
UNDATED = "begins_on_last IS NULL AND ends_on_last IS NULL"
INDEXES = (
    ("ix_meeting_opens_on_id", "meeting", ["opens_on", "id"], None),
    ("ix_meeting_closes_on_id", "meeting", ["closes_on", "id"], None),
    ("ix_meeting_held", "meeting", ["opens_on", "id", "status"], "{} = 'held'"),
    ("ix_meeting_held_until", "meeting", ["closes_on", "id", "status"], "{} = 'held'"),
    ("ix_meeting_open", "meeting", ["closes_on", "id", "status"], IS_OPEN),
    ("ix_meeting_open_undated", "meeting", ["due_to", "id"], f"{IS_OPEN} AND {UNDATED}"),
    (
        "ix_meeting_postponed",
        "meeting",
        ["closes_on", "id", "status"],
        "{} = 'postponed'",
    ),
    (
        "ix_meeting_cancelled",
        "meeting",
        ["placed_on", "id", "status"],
        "{} = 'cancelled'",
    ),
    (
        "ix_meeting_side_a_id_side_b_id",
        "meeting",
        ["side_a_id", "side_b_id"],
        "side_a_id IS NOT NULL",
    ),
    ("ix_meeting_side_b_id", "meeting", ["side_b_id"], "side_b_id IS NOT NULL"),
    ("ix_commission_side_a_id_side_b_id", "commission", ["side_a_id", "side_b_id"], None),
    (
        "ix_commitment_side_a_id_side_b_id",
        "commitment",
        ["side_a_id", "side_b_id"],
        "side_a_id IS NOT NULL",
    ),
    ("ix_commitment_side_b_id", "commitment", ["side_b_id"], "side_b_id IS NOT NULL"),
    ("ix_commitment_meeting_id", "commitment", ["meeting_id"], "meeting_id IS NOT NULL"),
    ("ix_commitment_agreement_id", "commitment", ["agreement_id"], "agreement_id IS NOT NULL"),
)


def upgrade() -> None:
    for name, columns, comment in DAYS:
        known = sa.Computed(f"coalesce({columns})")
        column = sa.Column(name, sa.Date(), known, nullable=True, comment=comment)
        op.add_column("meeting", column)
    for name, table, _column in GONE:
        op.drop_index(name, table)
    status = "status" if op.get_bind().dialect.name == "postgresql" else "(status || '')"
    for name, table, columns, where in INDEXES:
        some = None if where is None else sa.text(where.format(status))
        op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)
    for name, table, column in GONE:
        op.create_index(name, table, [column])
    for name, _columns, _comment in reversed(DAYS):
        op.drop_column("meeting", name)
