"""identities at a provider: whom an account is tied to"""

import sqlalchemy as sa
from alembic import op

revision = "c4e9a1b7d0f2"
down_revision = "b2d8f3ea5c21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False, comment="the provider's address"),
        sa.Column(
            "subject",
            sa.String(255),
            nullable=False,
            comment="the provider's name for them (sub); never given to others",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_provider_identity_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_identity_issuer_subject")),
        sa.UniqueConstraint(
            "account_id", "issuer", name=op.f("uq_provider_identity_account_id_issuer")
        ),
    )


def downgrade() -> None:
    op.drop_table("provider_identity")
