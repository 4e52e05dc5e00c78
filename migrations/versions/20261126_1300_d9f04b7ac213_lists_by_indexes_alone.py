"""lists by indexes alone: of agreements by kind and title, by place, and by what is asked besides"""

from alembic import op

revision = "d9f04b7ac213"
down_revision = "a4e7c19b5d62"
branch_labels = None
depends_on = None
# Indexes only.
works_out = ()
changes_rows = False

BESIDES = "kind, binding, in_force_on_first, in_force_on_last, ended_on_first, ended_on_last"
BEFORE = {
    "ix_agreement_signed_on_first_id": "signed_on_first, id",
    "ix_agreement_signed_country_id": "signed_country_id",
    "ix_agreement_title_id": "{title}, id",
}


def upgrade() -> None:
    """Orders and conditions that were answered by reading a million rows."""
    postgres = op.get_bind().dialect.name == "postgresql"
    title = _title()
    city = "lower(signed_city)" if postgres else "signed_city COLLATE NOCASE"
    for name in BEFORE:
        op.execute(f"DROP INDEX {name}")
    for name, columns in {
        "ix_agreement_signed": f"signed_on_first, id, {BESIDES}",
        "ix_agreement_title": f"{title}, id, {BESIDES}",
        "ix_agreement_of_kind_title": f"kind, {title}, id",
        "ix_agreement_signed_country": "signed_country_id, signed_on_first, id",
    }.items():
        op.execute(f"CREATE INDEX {name} ON agreement ({columns})")
    op.execute(
        f"CREATE INDEX ix_agreement_signed_city ON agreement ({city}, signed_on_first, id)"
        " WHERE signed_city IS NOT NULL"
    )


def downgrade() -> None:
    for name in ("signed", "title", "of_kind_title", "signed_city", "signed_country"):
        op.execute(f"DROP INDEX ix_agreement_{name}")
    for name, columns in BEFORE.items():
        op.execute(f"CREATE INDEX {name} ON agreement ({columns.format(title=_title())})")


def _title() -> str:
    return "substr(title, 1, 300)" if op.get_bind().dialect.name == "postgresql" else "title"
