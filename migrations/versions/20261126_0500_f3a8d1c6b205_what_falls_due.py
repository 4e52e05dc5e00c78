"""what falls due: deadlines of terms and entries that are awaited, kept beside the agreements"""

import sqlalchemy as sa
from alembic import op

revision = "f3a8d1c6b205"
down_revision = "e7c2a90d41b6"
branch_labels = None
depends_on = None

OF_SOME = (
    ("ix_agreement_term_due_uncertain", "due_first < due_last"),
    ("ix_agreement_term_due_reminded", "remind_on IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "agreement_term_due",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("known_first", sa.Date(), nullable=False),
        sa.Column("known_last", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False, comment="notice or expiry"),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the term, 0 for the first"),
        sa.Column("due_first", sa.Date(), nullable=False),
        sa.Column("due_last", sa.Date(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True, comment="where it is an earlier day"),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_term_due_agreement_id_agreement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement_id", "known_first", name=op.f("pk_agreement_term_due")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_agreement_term_due_day",
        "agreement_term_due",
        ["kind", "due_first", "known_first", "known_last"],
    )
    for name, where in OF_SOME:
        rows = sa.text(where)
        op.create_index(
            name,
            "agreement_term_due",
            ["due_first"],
            sqlite_where=rows,
            postgresql_where=rows,
        )
    op.create_table(
        "agreement_awaited_entry",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "timed",
            sa.Boolean(),
            nullable=False,
            comment="it says how long after the notifications",
        ),
        sa.Column("notified", sa.Boolean(), nullable=False, comment="a side agreed to be bound"),
        sa.Column("signed_on_first", sa.Date(), nullable=False),
        sa.Column("signed_on_last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_awaited_entry_agreement_id_agreement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_agreement_awaited_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_agreement_awaited_entry_signed",
        "agreement_awaited_entry",
        ["timed", "signed_on_last", "agreement_id"],
    )
    op.drop_index("ix_agreement_awaited", "agreement")
    op.create_index("ix_meeting_act_done_on_first", "meeting_act", ["done_on_first"])
    op.create_index("ix_commission_status_id", "commission", ["status", "id"])
    rows = sa.text("title IS NOT NULL")
    op.create_index(
        "ix_meeting_titled", "meeting", ["id"], sqlite_where=rows, postgresql_where=rows
    )


def downgrade() -> None:
    op.drop_index("ix_meeting_titled", "meeting")
    op.drop_index("ix_commission_status_id", "commission")
    op.drop_index("ix_meeting_act_done_on_first", "meeting_act")
    rows = sa.text("in_force_on_first IS NULL AND ended_on_first IS NULL")
    op.create_index(
        "ix_agreement_awaited",
        "agreement",
        ["binding", "signed_on_first"],
        sqlite_where=rows,
        postgresql_where=rows,
    )
    op.drop_table("agreement_awaited_entry")
    op.drop_table("agreement_term_due")
