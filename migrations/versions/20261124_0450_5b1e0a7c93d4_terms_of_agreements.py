"""terms of agreements"""

import sqlalchemy as sa
from alembic import op

revision = "5b1e0a7c93d4"
down_revision = "c0331f1e7a52"
branch_labels = None
depends_on = None

# Column, name of its check, greatest value, comment.
COLUMNS = (
    ("notice_days", "notice_days_not_negative", 36500, None),
    (
        "lead_days",
        "lead_days_not_negative",
        3650,
        "how long before the last day for notice the users want to be reminded",
    ),
    (
        "in_force_after_months",
        "in_force_after_months_range",
        1200,
        "entry into force so long after the later of two notifications",
    ),
    ("in_force_after_days", "in_force_after_days_range", 36500, None),
)


def upgrade() -> None:
    for column, check, most, comment in COLUMNS:
        rule, name = f"{column} BETWEEN 0 AND {most}", f"ck_agreement_{check}"
        if op.get_bind().dialect.name == "sqlite":
            # In place: to copy the table and drop the old one would delete what hangs on it.
            op.execute(
                f"ALTER TABLE agreement ADD COLUMN {column} INTEGER CONSTRAINT {name} CHECK ({rule})"
            )
        else:
            op.add_column("agreement", sa.Column(column, sa.Integer(), comment=comment))
            op.create_check_constraint(op.f(name), "agreement", rule)


def downgrade() -> None:
    for column, check, _most, _comment in reversed(COLUMNS):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"ALTER TABLE agreement DROP COLUMN {column}")
        else:
            op.drop_constraint(op.f(f"ck_agreement_{check}"), "agreement", type_="check")
            op.drop_column("agreement", column)
