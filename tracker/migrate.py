"""Bring a database to the schema of this program, and say how far it is.

Only what moves a database needs Alembic: it takes a third of a second to be there, and memory in
every process that serves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from tracker.db import DatabaseUnusable
from tracker.derived import triggers as stale
from tracker.history import triggers

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).parent.parent
_SAYS = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def config(engine: Engine | None = None) -> Config:
    """Alembic's configuration for this project."""
    from alembic.config import Config

    found = Config(toml_file=str(ROOT / "pyproject.toml"))
    found.set_main_option("script_location", str(ROOT / "migrations"))
    if engine is not None:
        found.attributes["engine"] = engine
    return found


@cache
def _revisions() -> Mapping[str, str]:
    """Each migration, and the one before it (empty for the first), as their files say."""
    found = {}
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        said = dict(_SAYS.findall(path.read_text(encoding="utf-8")))
        found[said["revision"]] = said["down_revision"]
    return found


def head() -> str:
    """The newest revision that this program knows."""
    (newest,) = {*_revisions()} - {*_revisions().values()}
    return newest


def current(engine: Engine) -> str | None:
    """The revision of the database; None for a new one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def upgrade(engine: Engine, revision: str = "head", *, compare: bool = False) -> None:
    """Move the database up to a revision; a database from the future is refused.

    With ``compare`` every row is compared with the history, also where nothing is to be migrated.
    """
    from alembic import command

    refuse_newer(engine)
    asked = config(engine)
    asked.attributes["compare"] = compare
    command.upgrade(asked, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Move the database down to a revision."""
    from alembic import command

    command.downgrade(config(engine), revision)


def kinds_after(steps: Iterable[Any]) -> set[str] | None:
    """What must be worked out anew after these steps of Alembic, by its kind; None for all of it.

    A migration's module says so in ``works_out``; after one that says nothing, it is everything.
    """
    found: set[str] = set()
    for step in steps:
        said = None
        if step.is_upgrade and not step.is_stamp:
            said = getattr(step.up_revision.module, "works_out", None)
        if said is None:
            return None
        found.update(said)
    return found


def rows_changed(steps: Iterable[Any]) -> bool:
    """Whether these steps of Alembic may have changed rows of which the history tells.

    A migration that changes none, but only indexes and derived tables, say, has ``changes_rows =
    False`` in its module.
    """
    return any(
        not step.is_upgrade
        or step.is_stamp
        or getattr(step.up_revision.module, "changes_rows", True)
        for step in steps
    )


def check_ready(engine: Engine) -> None:
    """Raise DatabaseUnusable unless the database is there, writable and of this schema."""
    found = _current_or_refusal(engine)
    refuse_newer(engine)
    if found != head():
        raise DatabaseUnusable(
            "The database has no tables yet, or those of an older Entente. Run: tracker init"
        )
    with engine.connect() as connection:
        if triggers.missing(connection):
            raise DatabaseUnusable(
                "The database does not keep its history: triggers are missing. Run: tracker init"
            )
        if stale.missing(connection):
            raise DatabaseUnusable(
                "The database does not see what must be worked out anew: triggers are missing. "
                "Run: tracker init"
            )


def check_writable(engine: Engine) -> None:
    """Raise DatabaseUnusable when the database cannot be reached or written."""
    _current_or_refusal(engine)
    try:
        with engine.connect().execution_options(writing=True) as connection:
            inspect(connection).has_table("alembic_version")
    except DBAPIError as error:
        raise DatabaseUnusable(_reason(engine, error)) from None


def _current_or_refusal(engine: Engine) -> str | None:
    try:
        return current(engine)
    except (OperationalError, DBAPIError) as error:
        raise DatabaseUnusable(_reason(engine, error)) from None


def is_known(revision: str) -> bool:
    """Whether a revision is this program's own or older."""
    return revision in _revisions()


def refuse_newer(engine: Engine) -> None:
    """Raise DatabaseUnusable for a schema that this program does not know."""
    found = current(engine)
    if found is not None and not is_known(found):
        raise DatabaseUnusable(
            f"The database is newer than this program (its revision is {found}). "
            "Install the newer Entente, or use another database."
        )


def _reason(engine: Engine, error: DBAPIError) -> str:
    place = engine.url.render_as_string(hide_password=True)
    first_line = str(error.orig).strip().splitlines()[0]
    if engine.dialect.name == "postgresql":
        advice = "Start PostgreSQL, or correct TRACKER_DATABASE_URL."
    else:
        advice = (
            "Give the user who runs Entente the right to write that file and its folder, "
            "or set TRACKER_DATABASE_URL to another place."
        )
    return f"The database {place} cannot be used: {first_line}. {advice}"
