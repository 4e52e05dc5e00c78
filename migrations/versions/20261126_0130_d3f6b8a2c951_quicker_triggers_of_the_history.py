"""quicker triggers of the history: the tables stay, and the triggers are made anew at each upgrade"""

revision = "d3f6b8a2c951"
down_revision = "c4e9a1b7d0f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing but what each upgrade does."""


def downgrade() -> None:
    """Nothing but what each upgrade does."""
