"""words by kind: PostgreSQL has an index of the words of each kind of record, and not one of all"""

from alembic import op

revision = "c8d15f7a3e40"
down_revision = "b7e41c9d2a06"
branch_labels = None
depends_on = None
# An index and no rows.
works_out = ()
changes_rows = False

KINDS = range(1, 10)
WORDS = "USING gin (to_tsvector('simple'::regconfig, words))"


def upgrade() -> None:
    """A word that most agreements hold is then looked for among a few people only."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX ix_search_text_words")
    for kind in KINDS:
        name = f"ix_search_text_words_{kind}"
        op.execute(f"CREATE INDEX {name} ON search_text {WORDS} WHERE kind = {kind}")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for kind in KINDS:
        op.execute(f"DROP INDEX ix_search_text_words_{kind}")
    op.execute(f"CREATE INDEX ix_search_text_words ON search_text {WORDS}")
