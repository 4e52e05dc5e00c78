"""triggers that note what is stale can be silent while records come in bulk

They are made anew after each migration, see `tracker.derived.triggers`: nothing is to be done here.
"""

revision = "c7a3e51f08d2"
down_revision = "b1f8d24c6e07"
branch_labels = None
depends_on = None
works_out = ()
changes_rows = False


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
