"""The ground of every table: naming, types, and how each kind of database is opened."""

from __future__ import annotations

import enum
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Index,
    MetaData,
    Numeric,
    Select,
    String,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import (
    Composite,
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    aliased,
    composite,
    declared_attr,
    mapped_column,
    validates,
)
from sqlalchemy.pool import ConnectionPoolEntry

from tracker.clock import now
from tracker.dates import PartialDate
from tracker.sqlite_cache import USUAL_KIB
from tracker.text import LINE, fold

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Closed lists are text with a CHECK, so that both databases keep the same rule.
_closed_list = Enum(
    enum.Enum,
    native_enum=False,
    create_constraint=True,
    length=40,
    values_callable=lambda members: [member.value for member in members],
)

BUSY_TIMEOUT_MS = 15_000


class Exact(TypeDecorator[Decimal]):
    """A decimal number of up to 14 digits before and 4 behind the point, kept exactly.

    PostgreSQL has NUMERIC; SQLite knows only binary floats, so there it is a whole number of
    ten-thousandths. Both compare exactly.
    """

    impl = Numeric(18, 4)
    cache_ok = True
    PLACES = 4
    MOST = Decimal("99999999999999.9999")

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = BigInteger() if dialect.name == "sqlite" else Numeric(18, self.PLACES)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.scaleb(self.PLACES))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]
        return Decimal(value).scaleb(-self.PLACES)


class Moment(TypeDecorator[datetime]):
    """A moment, aware, in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {enum.StrEnum: _closed_list, Decimal: Exact, datetime: Moment}


class DatabaseUnusable(RuntimeError):
    """The database cannot be opened as it must be; the text says why and what to do."""


class WritersBusy(RuntimeError):
    """Somebody else has been writing for longer than we wait; nothing of ours was written."""

    def __init__(self) -> None:
        super().__init__("Somebody else is writing for long, such as an import. Try again later.")


def partial_date(name: str, *, index: bool = False) -> Composite[PartialDate | None]:
    """Two DATE columns, the earliest and the latest day, seen as one PartialDate or None."""
    return composite(
        PartialDate.from_span,
        mapped_column(f"{name}_first", Date, index=index),
        mapped_column(f"{name}_last", Date),
    )


AnyModel = TypeVar("AnyModel", bound=Base)


def standing_alias(model: type[AnyModel]) -> type[AnyModel]:
    """A model under a name of its own, for a statement that a module keeps for all threads.

    All its columns are made at once: SQLAlchemy makes them when the first is asked for, and two
    threads that ask at the same time can get columns that do not fit each other, for good.
    """
    alias = aliased(model)
    _ = inspect(alias).selectable.c
    return alias


def first_day(attribute: InstrumentedAttribute[PartialDate | None]) -> ColumnElement[date]:
    """The earliest day of a partial date, for queries."""
    return _span_column(attribute, "first")


def last_day(attribute: InstrumentedAttribute[PartialDate | None]) -> ColumnElement[date]:
    """The latest day of a partial date, for queries."""
    return _span_column(attribute, "last")


def _span_column(
    attribute: InstrumentedAttribute[PartialDate | None], end: str
) -> ColumnElement[date]:
    column: ColumnElement[date] = getattr(attribute.class_, f"{attribute.key}_{end}").expression
    return column


def span_check(*names: str) -> tuple[CheckConstraint, ...]:
    """For each partial date: both ends or neither, and in order."""
    return tuple(
        CheckConstraint(
            f"({name}_first IS NULL AND {name}_last IS NULL)"
            f" OR ({name}_first IS NOT NULL AND {name}_last IS NOT NULL"
            f" AND {name}_first <= {name}_last)",
            name=f"{name}_span",
        )
        for name in names
    )


def text_check(**limits: int) -> tuple[CheckConstraint, ...]:
    """For each text column: not blank, and at most so many characters."""
    return tuple(
        CheckConstraint(
            f"length({name}) BETWEEN 1 AND {limit}",
            name=f"{name}_length",
        )
        for name, limit in limits.items()
    )


def any_of(*selections: Select[tuple[int]]) -> Select[tuple[int]]:
    """The ids that one of some selections gives, each once.

    That each stands once is said for PostgreSQL, which holds such ids for half of all otherwise.
    """
    return select(union_all(*selections).subquery().c.id).distinct()


def index_of_some(name: str, *columns: str, where: str) -> Index:
    """An index of some rows only."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def exact_json(content: str | bytes) -> Any:
    """Read JSON without a loss: what is no whole number becomes a Decimal."""
    return json.loads(content, parse_float=Decimal)


# As many connections as a process that serves has threads: none waits for another one's.
CONNECTIONS = 16
_POOL = {"pool_size": CONNECTIONS // 2, "max_overflow": CONNECTIONS // 2, "pool_use_lifo": True}


def make_engine(url: str) -> Engine:
    """Open an engine for SQLite or PostgreSQL with the settings that our promises rest on."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(url, address.database)
    engine = create_engine(
        url,
        pool_pre_ping=True,
        **_POOL,
        connect_args={"connect_timeout": 5},
        json_deserializer=exact_json,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def make_copy_engine(url: str) -> Engine:
    """Open an engine for a copy that PostgreSQL keeps of the database: for reading, and only that.

    It may be gone or hang at any moment. Nobody waits long for it, nor asks twice (no ping): the
    first question of each request says whether it answers.
    """
    engine = create_engine(
        url,
        pool_timeout=2,
        **_POOL,
        connect_args={"connect_timeout": 2, "keepalives_idle": 10, "tcp_user_timeout": 10_000},
        json_deserializer=exact_json,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "connect", _only_reading)
    return engine


def _only_reading(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.autocommit = True
    connection.execute("SET default_transaction_read_only = on")
    connection.autocommit = False


def _prepare_postgresql(connection: Any, _record: ConnectionPoolEntry) -> None:
    # The rule of an agreement's status is one long expression. PostgreSQL would compile it anew
    # for each list of many thousands, which takes ten times as long as to work it out.
    connection.autocommit = True
    connection.execute("SET jit = off")
    # Nor does a list gain from workers: its pages are short, and the parts of their query must
    # come one after the other (see `web.keyset`).
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.autocommit = False


def _sqlite_engine(url: str, database: str | None) -> Engine:
    if database:
        _make_folder(Path(database).parent)
    engine = create_engine(
        url,
        # The connection that was used last is taken: its cache holds what is asked for again.
        **(_POOL if database else {}),
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        json_deserializer=exact_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(
            f"The folder {folder} cannot be made ({error.strerror}). Give the user who runs "
            "Entente the right to write there, or set TRACKER_DATABASE_URL to another place."
        ) from None


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: we say BEGIN, so that a writer can say
    # BEGIN IMMEDIATE and wait its turn instead of failing half way.
    connection.isolation_level = None
    for pragma, wanted in (
        ("journal_mode=WAL", "wal"),
        ("synchronous=FULL", 2),
        ("foreign_keys=ON", 1),
        (f"busy_timeout={BUSY_TIMEOUT_MS}", BUSY_TIMEOUT_MS),
        (f"cache_size=-{USUAL_KIB}", -USUAL_KIB),
    ):
        _set_pragma(connection, pragma, wanted)


def _set_pragma(connection: Any, pragma: str, wanted: str | int) -> None:
    """Set a PRAGMA and read it back; raises DatabaseUnusable when it did not take."""
    connection.execute(f"PRAGMA {pragma}")
    name = pragma.partition("=")[0]
    (found,) = connection.execute(f"PRAGMA {name}").fetchone()
    if found != wanted and not (name == "journal_mode" and found == "memory"):
        raise DatabaseUnusable(
            f"SQLite keeps {name} at {found!r} and not at {wanted!r}. "
            "Entente needs a local disk (no network share) that it may write to."
        )


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing", False)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise WritersBusy from error
        raise


class Record:
    """A row with an address of its own: an id that is never reused, a version, and its last change.

    The version rises with each save; a save that began from an older one is refused. With it the
    moment of the change is kept, whoever saves: no feature sets it. Rows that were written around
    the program have 1970, which is before any change.
    """

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
    version: Mapped[int] = mapped_column(default=1, sort_order=99)
    changed_at: Mapped[datetime] = mapped_column(
        default=now,
        onupdate=now,
        server_default=text("'1970-01-01 00:00:00+00:00'"),
        sort_order=100,
        comment="when the row was last written, UTC",
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


NEVER_REUSE = {"sqlite_autoincrement": True}


class OtherName:
    """Another name or spelling of a record, with the key by which it is found."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LINE))
    name_key: Mapped[str] = mapped_column(String(LINE), index=True, comment="name, folded")
    position: Mapped[int]

    @validates("name")
    def _keep_key(self, _attribute: str, name: str) -> str:
        self.name_key = fold(name)
        return name


class Named:
    """A record that is found by its name, however its letters are written."""

    name: Mapped[str] = mapped_column(String(LINE), sort_order=-1)
    name_key: Mapped[str] = mapped_column(
        String(LINE), index=True, comment="name, folded", sort_order=-1
    )

    @validates("name")
    def _keep_key(self, _attribute: str, name: str) -> str:
        self.name_key = fold(name)
        return name
