"""the few awaited entries of which a side has notified are found by an index of their own"""

import sqlalchemy as sa
from alembic import op

revision = "b1f8d24c6e07"
down_revision = "d9f04b7ac213"
branch_labels = None
depends_on = None
# An index only.
works_out = ()
changes_rows = False

NAME, TABLE = "ix_agreement_awaited_entry_notified", "agreement_awaited_entry"


def upgrade() -> None:
    op.create_index(
        NAME,
        TABLE,
        ["timed", "signed_on_last", "agreement_id"],
        sqlite_where=sa.text("notified = 1"),
        postgresql_where=sa.text("notified"),
    )


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
