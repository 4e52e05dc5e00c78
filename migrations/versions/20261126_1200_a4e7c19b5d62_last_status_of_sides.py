"""last status of sides: a list of one status along a party's agreements needs no look at spans"""

import sqlalchemy as sa
from alembic import op

revision = "a4e7c19b5d62"
down_revision = "c8d15f7a3e40"
branch_labels = None
depends_on = None
# The new columns are filled here, from spans that are there.
works_out = ()
changes_rows = False

SIDES = "agreement_id, party_id, other_id, signed_on_first, signed_on_last"
READ = "id, side_a_id, side_b_id, signed_on_first, signed_on_last"
INDEXES = (
    ("ix_agreement_side_party", ["party_id", "signed_on_first", "agreement_id", "signed_on_last"]),
    (
        "ix_agreement_side_both",
        ["party_id", "other_id", "signed_on_first", "agreement_id", "signed_on_last"],
    ),
)
SPANS = " LEFT JOIN agreement_status_span s ON s.agreement_id = a.id AND s.last_day = '9999-12-31'"


def upgrade() -> None:
    """The table is made as new: rows widened in their place would take twice the room."""
    _drop()
    _create(
        sa.Column(
            "last_status", sa.String(40), comment="that of the last span, once it is worked out"
        ),
        sa.Column("last_since", sa.Date(), comment="the first day of the last span"),
    )
    names = f"{SIDES}, last_status, last_since"
    source = f"FROM agreement a{SPANS}"
    op.execute(
        f"INSERT INTO agreement_side ({names}) {_rows('a', ', s.status, s.first_day', source)}"
    )
    _index("last_since", "last_status")
    # What is written anew takes along what the spans say; when that is stale, it is noted as such.
    last = "".join(
        f", (SELECT s.{name} FROM agreement_status_span s WHERE s.agreement_id = NEW.id"
        " ORDER BY s.first_day DESC LIMIT 1)"
        for name in ("status", "first_day")
    )
    _watch(f"INSERT INTO agreement_side ({names}) {_rows('NEW', last, '')};")


def downgrade() -> None:
    _drop()
    _create()
    op.execute(f"INSERT INTO agreement_side ({SIDES}) {_rows('a', '', 'FROM agreement a')}")
    _index()
    _watch(f"INSERT INTO agreement_side ({SIDES}) {_rows('NEW', '', '')};")


def _drop() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER agreement_side_update")
    op.drop_table("agreement_side")


def _create(*more: sa.Column[object]) -> None:
    op.create_table(
        "agreement_side",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False, comment="the party of the other side"),
        sa.Column("signed_on_first", sa.Date(), nullable=True),
        sa.Column("signed_on_last", sa.Date(), nullable=True),
        *more,
        sa.PrimaryKeyConstraint("agreement_id", "party_id", name=op.f("pk_agreement_side")),
        sqlite_with_rowid=False,
    )


def _rows(row: str, last: str, source: str) -> str:
    days = f"{row}.signed_on_first, {row}.signed_on_last{last}"
    return (
        f"SELECT {row}.id, {row}.side_a_id, {row}.side_b_id, {days} {source} UNION ALL"
        f" SELECT {row}.id, {row}.side_b_id, {row}.side_a_id, {days} {source}"
        # Where the rule of two different sides was gone around, the one side has one row.
        f" WHERE {row}.side_a_id <> {row}.side_b_id"
    )


def _index(*more: str) -> None:
    for name, columns in INDEXES:
        op.create_index(name, "agreement_side", [*columns, *more])


def _watch(written: str) -> None:
    """The trigger of an update; those of other writes name no column that comes or goes."""
    then = f"DELETE FROM agreement_side WHERE agreement_id = OLD.id; {written}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER agreement_side_update AFTER UPDATE OF {READ} ON agreement"
            f" BEGIN {then} END"
        )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION agreement_side_update() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {then} RETURN NULL; END $$"
        )
