"""accounts, their sessions, sign-in links, recovery codes and guesses"""

import sqlalchemy as sa
from alembic import op

revision = "a1c7e2d94b10"
down_revision = "3a6d1f0b85c2"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_accounts()
    _make_sessions()
    _make_links()
    _make_codes()
    _make_guesses()


def _make_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False, comment="case-folded"),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "viewer",
                "editor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "password_hash",
            sa.String(300),
            nullable=True,
            comment="Argon2id; empty: only by a link",
        ),
        sa.Column(
            "totp_secret",
            sa.String(64),
            nullable=True,
            comment="second factor (RFC 6238), base 32; empty: none",
        ),
        sa.Column(
            "totp_step",
            sa.Integer(),
            nullable=True,
            comment="time step of the last code that was taken; no older one is",
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("signed_in_at", MOMENT, nullable=True, comment="last, UTC; empty: never"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "changed_at",
            MOMENT,
            server_default=sa.text("'1970-01-01 00:00:00+00:00'"),
            nullable=False,
            comment="when the row was last written, UTC",
        ),
        sa.CheckConstraint("length(email) BETWEEN 1 AND 254", name=op.f("ck_account_email_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 300", name=op.f("ck_account_name_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        # What an account did names it by its number, which is never given out again.
        sqlite_autoincrement=True,
    )


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["account.id"],
        name=op.f(f"fk_{table}_account_id_account"),
        ondelete="CASCADE",
    )


def _make_sessions() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("address", sa.String(64), nullable=False, comment="network address"),
        sa.Column(
            "browser", sa.String(300), nullable=False, comment="what the browser calls itself"
        ),
        sa.Column("by_link", sa.Boolean(), nullable=False, comment="no password was asked for"),
        sa.Column(
            "complete",
            sa.Boolean(),
            nullable=False,
            comment="no: the second factor is still to come",
        ),
        _account_key("account_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    for column in ("account_id", "expires_at"):
        op.create_index(op.f(f"ix_account_session_{column}"), "account_session", [column])


def _make_links() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, comment="SHA-256 of the token"),
        sa.Column("expires_at", MOMENT, nullable=False),
        _account_key("sign_in_link"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("account_id", name=op.f("uq_sign_in_link_account_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )


def _make_codes() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False, comment="SHA-256 of the code"),
        _account_key("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])


def _make_guesses() -> None:
    op.create_table(
        "guess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.String(64),
            nullable=False,
            comment="SHA-256 of what was guessed at: nobody can read what was typed",
        ),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guess")),
    )
    op.create_index(op.f("ix_guess_made_at"), "guess", ["made_at"])
    op.create_index(op.f("ix_guess_subject_made_at"), "guess", ["subject", "made_at"])
    op.create_index(op.f("ix_guess_network_made_at"), "guess", ["network", "made_at"])


def downgrade() -> None:
    for table in ("guess", "recovery_code", "sign_in_link", "account_session", "account"):
        op.drop_table(table)
