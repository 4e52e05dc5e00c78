"""commitments"""

import sqlalchemy as sa
from alembic import op

revision = "c0331f1e7a52"
down_revision = "747eecb963f3"
branch_labels = None
depends_on = None

# A decimal number, exact on both: SQLite keeps ten-thousandths as whole numbers.
EXACT = sa.Numeric(18, 4).with_variant(sa.BigInteger(), "sqlite")
CITED = ("party", "body", "person", "agreement", "commission", "meeting")


def _length(table, name, limit):
    return sa.CheckConstraint(
        f"length({name}) BETWEEN 1 AND {limit}", name=op.f(f"ck_{table}_{name}_length")
    )


def _span(table, name):
    return sa.CheckConstraint(
        f"({name}_first IS NULL AND {name}_last IS NULL)"
        f" OR ({name}_first IS NOT NULL AND {name}_last IS NOT NULL"
        f" AND {name}_first <= {name}_last)",
        name=op.f(f"ck_{table}_{name}_span"),
    )


def _key(table, column, other, **options):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def _check(table, name, rule):
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _members(name, *members):
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_commitment()
    _create_observation()
    _cite((*CITED, "commitment"))


def _create_commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("side_a_id", sa.Integer(), nullable=True),
        sa.Column("side_b_id", sa.Integer(), nullable=True),
        sa.Column("made_on_first", sa.Date(), nullable=True),
        sa.Column("made_on_last", sa.Date(), nullable=True),
        sa.Column("made_by", _members("madeby", "A", "B", "both"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            _members("commitmentkind", "clause", "decision", "joint-target", "statement"),
            nullable=False,
        ),
        sa.Column("due_on_first", sa.Date(), nullable=True),
        sa.Column("due_on_last", sa.Date(), nullable=True),
        sa.Column("measure", sa.String(300), nullable=True, comment="what is measured"),
        sa.Column(
            "unit",
            sa.String(300),
            nullable=True,
            comment="of the baseline, the target and the values observed",
        ),
        sa.Column("baseline", EXACT, nullable=True),
        sa.Column("baseline_on_first", sa.Date(), nullable=True),
        sa.Column("baseline_on_last", sa.Date(), nullable=True),
        sa.Column("target", EXACT, nullable=True),
        sa.Column(
            "status",
            _members("commitmentstatus", "open", "met", "missed", "dropped", "superseded"),
            nullable=True,
            comment="empty: nothing to keep, as in a remark",
        ),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(
            "commitment",
            "one_origin",
            "(agreement_id IS NOT NULL AND meeting_id IS NULL"
            " AND side_a_id IS NULL AND side_b_id IS NULL)"
            " OR (meeting_id IS NOT NULL AND agreement_id IS NULL"
            " AND side_a_id IS NULL AND side_b_id IS NULL)"
            " OR (agreement_id IS NULL AND meeting_id IS NULL"
            " AND side_a_id IS NOT NULL AND side_b_id IS NOT NULL AND side_a_id <> side_b_id)",
        ),
        _check(
            "commitment",
            "made_on_without_origin",
            "made_on_first IS NULL OR side_a_id IS NOT NULL",
        ),
        _check("commitment", "target_has_a_unit", "target IS NULL OR unit IS NOT NULL"),
        _check("commitment", "baseline_has_a_unit", "baseline IS NULL OR unit IS NOT NULL"),
        _check(
            "commitment",
            "baseline_on_has_a_baseline",
            "baseline_on_first IS NULL OR baseline IS NOT NULL",
        ),
        _check(
            "commitment",
            "superseded_by_another",
            "(superseded_by_id IS NULL AND coalesce(status, '') <> 'superseded')"
            " OR (superseded_by_id IS NOT NULL AND coalesce(status, '') = 'superseded')",
        ),
        _check("commitment", "not_by_itself", "superseded_by_id <> id"),
        _length("commitment", "text", 20000),
        _length("commitment", "measure", 300),
        _length("commitment", "unit", 300),
        _length("commitment", "note", 20000),
        _span("commitment", "made_on"),
        _span("commitment", "due_on"),
        _span("commitment", "baseline_on"),
        _key("commitment", "agreement_id", "agreement"),
        _key("commitment", "meeting_id", "meeting"),
        _key("commitment", "side_a_id", "party"),
        _key("commitment", "side_b_id", "party"),
        _key("commitment", "superseded_by_id", "commitment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sqlite_autoincrement=True,
    )
    for name in ("agreement_id", "meeting_id", "side_a_id", "side_b_id", "superseded_by_id"):
        op.create_index(op.f(f"ix_commitment_{name}"), "commitment", [name])
    op.create_index(op.f("ix_commitment_kind"), "commitment", ["kind"])
    op.create_index(op.f("ix_commitment_status"), "commitment", ["status"])
    op.create_index(op.f("ix_commitment_due_on_last_id"), "commitment", ["due_on_last", "id"])


def _create_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("on_first", sa.Date(), nullable=True),
        sa.Column("on_last", sa.Date(), nullable=True),
        sa.Column("value", EXACT, nullable=True),
        sa.Column("word", sa.String(2000), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column(
            "locator",
            sa.String(300),
            nullable=True,
            comment="where in the source: paragraph, page, article",
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        _check("observation", "has_a_date", "on_first IS NOT NULL"),
        _check(
            "observation",
            "number_or_word",
            "(value IS NULL AND word IS NOT NULL) OR (value IS NOT NULL AND word IS NULL)",
        ),
        _length("observation", "word", 2000),
        _length("observation", "note", 2000),
        _length("observation", "locator", 300),
        _span("observation", "on"),
        _key("observation", "commitment_id", "commitment", ondelete="CASCADE"),
        _key("observation", "source_id", "source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index(op.f("ix_observation_commitment_id"), "observation", ["commitment_id"])
    op.create_index(op.f("ix_observation_source_id"), "observation", ["source_id"])


def downgrade() -> None:
    # What attests a commitment attests nothing once commitments are gone.
    op.execute("DELETE FROM citation WHERE commitment_id IS NOT NULL")
    _cite(CITED)
    op.drop_table("observation")
    op.drop_table("commitment")


def _one_of(cited):
    cases = (f"(CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END)" for name in cited)
    return " + ".join(cases) + " = 1"


def _cite(wanted) -> None:
    """Let citations point at other kinds of record than before; all rows stay."""
    numbered = _highest_number()
    with op.batch_alter_table("citation", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("ck_citation_one_record"), type_="check")
        if "commitment" in wanted:
            batch.add_column(sa.Column("commitment_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f("fk_citation_commitment_id_commitment"),
                "commitment",
                ["commitment_id"],
                ["id"],
                ondelete="CASCADE",
            )
            batch.create_index(op.f("ix_citation_commitment_id"), ["commitment_id"])
        else:
            batch.drop_index(op.f("ix_citation_commitment_id"))
            batch.drop_constraint(op.f("fk_citation_commitment_id_commitment"), type_="foreignkey")
            batch.drop_column("commitment_id")
        batch.create_check_constraint(op.f("ck_citation_one_record"), _one_of(wanted))
    if numbered:
        op.execute(
            sa.text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'citation'").bindparams(
                seq=numbered
            )
        )


def _highest_number():
    """The highest number ever given on SQLite, which a copied table would forget."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'citation'")
    return op.get_bind().execute(query).scalar()
