"""sides of agreements, and the indexes by which lists are walked"""

import sqlalchemy as sa
from alembic import op

revision = "f1b6d9e03c58"
down_revision = "d5b3f80c2a17"
branch_labels = None
depends_on = None

SIDES = "(agreement_id, party_id, other_id, signed_on_first, signed_on_last)"
OF_NEW = (
    "SELECT {n}.id, {n}.side_a_id, {n}.side_b_id, {n}.signed_on_first, {n}.signed_on_last{f}"
    " UNION ALL"
    " SELECT {n}.id, {n}.side_b_id, {n}.side_a_id, {n}.signed_on_first, {n}.signed_on_last{f}"
    # Where the rule of two different sides was gone around, the one side has one row.
    " WHERE {n}.side_a_id <> {n}.side_b_id"
)
SUBJECTS = (
    "INSERT INTO agreement_subject (agreement_id, topic_id, signed_on_first, signed_on_last)"
    " SELECT a.id, l.topic_id, a.signed_on_first, a.signed_on_last FROM {l} JOIN agreement a"
)
TRIGGERS = (
    *((f"agreement_side_{when}", "agreement") for when in ("insert", "update", "delete")),
    *((f"agreement_subject_{when}", "agreement_topic") for when in ("insert", "update", "delete")),
    ("agreement_subject_signed", "agreement"),
)
READ = ("id", "side_a_id", "side_b_id", "signed_on_first", "signed_on_last")


def upgrade() -> None:
    op.create_table(
        "agreement_side",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False, comment="the party of the other side"),
        sa.Column("signed_on_first", sa.Date(), nullable=True),
        sa.Column("signed_on_last", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("agreement_id", "party_id", name=op.f("pk_agreement_side")),
        sqlite_with_rowid=False,
    )
    every = OF_NEW.format(n="agreement", f=" FROM agreement")
    op.execute(f"INSERT INTO agreement_side {SIDES} {every}")
    op.create_index(
        "ix_agreement_side_party",
        "agreement_side",
        ["party_id", "signed_on_first", "agreement_id", "signed_on_last"],
    )
    op.create_index(
        "ix_agreement_side_both",
        "agreement_side",
        ["party_id", "other_id", "signed_on_first", "agreement_id", "signed_on_last"],
    )
    _make_subjects()
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
        _watch_subjects_on_postgresql()
        by_title = [sa.text("substr(title, 1, 300)"), "id"]
    else:
        _watch_on_sqlite()
        _watch_subjects_on_sqlite()
        by_title = ["title", "id"]
    op.create_index("ix_agreement_title_id", "agreement", by_title)
    op.create_index(
        "ix_agreement_kind_signed_on_first_id", "agreement", ["kind", "signed_on_first", "id"]
    )
    op.drop_index("ix_agreement_topic_topic_id", "agreement_topic")
    op.create_index(
        "ix_agreement_topic_topic_id_agreement_id", "agreement_topic", ["topic_id", "agreement_id"]
    )


def _make_subjects() -> None:
    op.create_table(
        "agreement_subject",
        sa.Column("agreement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed_on_first", sa.Date(), nullable=True),
        sa.Column("signed_on_last", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("agreement_id", "topic_id", name=op.f("pk_agreement_subject")),
        sqlite_with_rowid=False,
    )
    op.execute(SUBJECTS.format(l="agreement_topic l") + " ON a.id = l.agreement_id")
    op.create_index(
        "ix_agreement_subject_topic",
        "agreement_subject",
        ["topic_id", "signed_on_first", "agreement_id", "signed_on_last"],
    )


def _watch_on_sqlite() -> None:
    written = f"INSERT INTO agreement_side {SIDES} {OF_NEW.format(n='NEW', f='')};"
    gone = "DELETE FROM agreement_side WHERE agreement_id = OLD.id;"
    for name, when, then in (
        ("insert", "INSERT", written),
        ("update", f"UPDATE OF {', '.join(READ)}", gone + written),
        ("delete", "DELETE", gone),
    ):
        op.execute(
            f"CREATE TRIGGER agreement_side_{name} AFTER {when} ON agreement BEGIN {then} END"
        )


def _watch_on_postgresql() -> None:
    op.execute(f"""
CREATE FUNCTION agreement_side_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO agreement_side {SIDES} {OF_NEW.format(n="a", f=" FROM after_rows a")};
  RETURN NULL;
END $$""")
    op.execute(
        "CREATE TRIGGER agreement_side_insert AFTER INSERT ON agreement"
        " REFERENCING NEW TABLE AS after_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION agreement_side_insert()"
    )
    # An update of many rows seldom touches these columns: only rows that it does touch cost.
    op.execute(f"""
CREATE FUNCTION agreement_side_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agreement_side WHERE agreement_id = OLD.id;
  INSERT INTO agreement_side {SIDES} {OF_NEW.format(n="NEW", f="")};
  RETURN NULL;
END $$""")
    was, now = (", ".join(f"{row}.{name}" for name in READ) for row in ("OLD", "NEW"))
    op.execute(
        "CREATE TRIGGER agreement_side_update AFTER UPDATE ON agreement FOR EACH ROW"
        f" WHEN (({was}) IS DISTINCT FROM ({now})) EXECUTE FUNCTION agreement_side_update()"
    )
    op.execute("""
CREATE FUNCTION agreement_side_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agreement_side s USING before_rows b WHERE s.agreement_id = b.id;
  RETURN NULL;
END $$""")
    op.execute(
        "CREATE TRIGGER agreement_side_delete AFTER DELETE ON agreement"
        " REFERENCING OLD TABLE AS before_rows"
        " FOR EACH STATEMENT EXECUTE FUNCTION agreement_side_delete()"
    )


def _watch_subjects_on_sqlite() -> None:
    written = (
        "INSERT INTO agreement_subject (agreement_id, topic_id, signed_on_first, signed_on_last)"
        " SELECT a.id, NEW.topic_id, a.signed_on_first, a.signed_on_last FROM agreement a"
        " WHERE a.id = NEW.agreement_id;"
    )
    gone = (
        "DELETE FROM agreement_subject"
        " WHERE agreement_id = OLD.agreement_id AND topic_id = OLD.topic_id;"
    )
    signed = (
        "UPDATE agreement_subject SET signed_on_first = NEW.signed_on_first,"
        " signed_on_last = NEW.signed_on_last WHERE agreement_id = NEW.id;"
    )
    for name, when, then in (
        ("insert", "INSERT ON agreement_topic", written),
        ("update", "UPDATE OF agreement_id, topic_id ON agreement_topic", gone + written),
        ("delete", "DELETE ON agreement_topic", gone),
        ("signed", "UPDATE OF signed_on_first, signed_on_last ON agreement", signed),
    ):
        op.execute(f"CREATE TRIGGER agreement_subject_{name} AFTER {when} BEGIN {then} END")


def _watch_subjects_on_postgresql() -> None:
    op.execute(f"""
CREATE FUNCTION agreement_subject_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {SUBJECTS.format(l="after_rows l")} ON a.id = l.agreement_id;
  RETURN NULL;
END $$""")
    op.execute("""
CREATE FUNCTION agreement_subject_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agreement_subject s USING before_rows b
    WHERE s.agreement_id = b.agreement_id AND s.topic_id = b.topic_id;
  RETURN NULL;
END $$""")
    op.execute(f"""
CREATE FUNCTION agreement_subject_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agreement_subject s USING before_rows b
    WHERE s.agreement_id = b.agreement_id AND s.topic_id = b.topic_id;
  {SUBJECTS.format(l="after_rows l")} ON a.id = l.agreement_id;
  RETURN NULL;
END $$""")
    op.execute("""
CREATE FUNCTION agreement_subject_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE agreement_subject SET signed_on_first = NEW.signed_on_first,
    signed_on_last = NEW.signed_on_last WHERE agreement_id = NEW.id;
  RETURN NULL;
END $$""")
    for name, given in (
        ("insert", "NEW TABLE AS after_rows"),
        ("update", "OLD TABLE AS before_rows NEW TABLE AS after_rows"),
        ("delete", "OLD TABLE AS before_rows"),
    ):
        op.execute(
            f"CREATE TRIGGER agreement_subject_{name} AFTER {name.upper()} ON agreement_topic"
            f" REFERENCING {given} FOR EACH STATEMENT EXECUTE FUNCTION agreement_subject_{name}()"
        )
    op.execute(
        "CREATE TRIGGER agreement_subject_signed AFTER UPDATE ON agreement FOR EACH ROW"
        " WHEN ((OLD.signed_on_first, OLD.signed_on_last)"
        " IS DISTINCT FROM (NEW.signed_on_first, NEW.signed_on_last))"
        " EXECUTE FUNCTION agreement_subject_signed()"
    )


def downgrade() -> None:
    op.drop_index("ix_agreement_topic_topic_id_agreement_id", "agreement_topic")
    op.create_index("ix_agreement_topic_topic_id", "agreement_topic", ["topic_id"])
    op.drop_index("ix_agreement_kind_signed_on_first_id", "agreement")
    op.drop_index("ix_agreement_title_id", "agreement")
    for name, table in TRIGGERS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("agreement_subject")
    op.drop_table("agreement_side")
