"""quicker triggers of the history: the tables stay, and the triggers are made anew at each upgrade"""

revision = "d3f6b8a2c951"
down_revision = "8f2c6d4b1e97"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing but what each upgrade does."""


def downgrade() -> None:
    """Nothing but what each upgrade does."""
