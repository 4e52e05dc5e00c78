"""decisions and action items of meetings"""

import sqlalchemy as sa
from alembic import op

revision = "3a6d1f0b85c2"
down_revision = "7d20c6a1f4be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_decisions()
    _make_items()


def _make_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column(
            "reference",
            sa.String(300),
            nullable=True,
            comment="where in the agreed minutes: paragraph, page",
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_decision_text_length")),
        sa.CheckConstraint(
            "length(reference) BETWEEN 1 AND 300", name=op.f("ck_decision_reference_length")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_decision_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_meeting_id"), "decision", ["meeting_id"])


def _make_items() -> None:
    op.create_table(
        "action_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column(
            "side",
            sa.Enum("A", "B", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on_first", sa.Date(), nullable=True),
        sa.Column("due_on_last", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="itemstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done_on_first", sa.Date(), nullable=True),
        sa.Column("done_on_last", sa.Date(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "side IS NOT NULL OR person_id IS NOT NULL", name=op.f("ck_action_item_somebody")
        ),
        sa.CheckConstraint(
            "done_on_first IS NULL OR state <> 'open'",
            name=op.f("ck_action_item_closed_when_dated"),
        ),
        sa.CheckConstraint(
            "length(text) BETWEEN 1 AND 2000", name=op.f("ck_action_item_text_length")
        ),
        sa.CheckConstraint(
            "length(note) BETWEEN 1 AND 2000", name=op.f("ck_action_item_note_length")
        ),
        *(
            sa.CheckConstraint(
                f"({name}_first IS NULL AND {name}_last IS NULL)"
                f" OR ({name}_first IS NOT NULL AND {name}_last IS NOT NULL"
                f" AND {name}_first <= {name}_last)",
                name=op.f(f"ck_action_item_{name}_span"),
            )
            for name in ("due_on", "done_on")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_action_item_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_action_item_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        # An item has an address and a place in calendars: its number is never given out again.
        sqlite_autoincrement=True,
    )
    for column in ("meeting_id", "person_id"):
        op.create_index(op.f(f"ix_action_item_{column}"), "action_item", [column])


def downgrade() -> None:
    op.drop_table("action_item")
    op.drop_table("decision")
