"""What belongs to a record, and what points at it: one query says what of it is there at all.

Most of a record's lists are empty, and so is most of what other features show on its page. To ask
for each of them costs more than to show what there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Integer,
    Select,
    TextClause,
    bindparam,
    exists,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Mapper, RelationshipProperty, Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

NUMBER = bindparam("number", type_=Integer)


class Belongings:
    """The lists of one kind of record, and ``others``: what else to look for, by a name.

    What is looked for uses `NUMBER` for the record's id, and no other value.
    """

    def __init__(self, model: type[Any], others: Mapping[str, Exists]) -> None:
        self.model = model
        self.others = others

    @cached_property
    def lists(self) -> Mapping[str, Exists]:
        """The record's own lists: rows of a table of their own that go along with it."""
        return {
            one.key: _rows(one)
            for one in inspect(self.model).relationships
            if one.uselist and one.cascade.delete_orphan
        }

    @cached_property
    def question(self) -> TextClause:
        """The query as text: built and compiled once, not for each page."""
        wanted = {**self.lists, **self.others}
        return text(str(select(*(one.label(name) for name, one in wanted.items()))))

    @cached_property
    def opening(self) -> TextClause:
        """The same question of the record's own lists, and the version of which it is answered."""
        lists = (one.label(name) for name, one in self.lists.items())
        return text(str(select(self.model.version, *lists).where(self.model.id == NUMBER)))

    def there(self, session: Session, number: int) -> frozenset[str]:
        """The names of what holds anything."""
        if not self.lists and not self.others:
            return frozenset()
        row = session.execute(self.question, {"number": number}).one()
        names = (*self.lists, *self.others)
        return frozenset(name for name, found in zip(names, row, strict=True) if found)

    def load(
        self, session: Session, number: int, load: Sequence[ORMOption], there: frozenset[str]
    ) -> Any | None:
        """The record with its lists; those that are empty are not asked for again."""
        kept = _kept(inspect(self.model), tuple(load), tuple(self.lists))
        given = {"number": number}
        record = session.scalars(kept.record, given).one_or_none()
        if record is not None:
            for name in self.lists:
                if name not in there:
                    set_committed_value(record, name, [])
                elif name in kept.lists and name not in inspect(record).dict:
                    rows = session.scalars(kept.lists[name], given).all()
                    set_committed_value(record, name, rows)
        return record

    def to_change(self, session: Session, number: int, load: Sequence[ORMOption]) -> Any | None:
        """The record with its lists, as a form takes them: none is older than its version.

        On PostgreSQL somebody may save it between the question and the reading. Then it is read
        again with each list: one that was filled meanwhile must not be saved as an empty one.
        """
        row = session.execute(self.opening, {"number": number}).one_or_none()
        if row is None:
            return None
        version, *found = row
        there = frozenset(name for name, filled in zip(self.lists, found, strict=True) if filled)
        record = self.load(session, number, load, there)
        if record is not None and record.version != version:
            record = session.get(self.model, number, options=load, populate_existing=True)
        return record


@dataclass(frozen=True)
class _Kept:
    """The statements that read a record and each of its lists."""

    record: Select[Any]
    lists: Mapping[str, Select[Any]]


# As many as there are kinds of record, and more.
@lru_cache(maxsize=64)
def _kept(mapper: Mapper[Any], load: tuple[ORMOption, ...], lists: tuple[str, ...]) -> _Kept:
    """Built once: with loader options, a list costs more to be asked for than to be read."""
    along: dict[str, list[ORMOption]] = {}
    own = []
    for option in load:
        first, *more = _path(option)
        if first.key in lists:
            along.setdefault(first.key, []).extend(_joined(more))
        else:
            own.append(option)
    record = select(mapper.class_).where(mapper.class_.id == NUMBER).options(*own)
    relationships = mapper.relationships
    return _Kept(record, {name: _list(relationships[name], along[name]) for name in along})


def _path(option: Any) -> list[RelationshipProperty[Any]]:
    """The relationships along which a loader option leads, from the record on."""
    path = option.context[-1].path
    return [path[place] for place in range(1, len(path), 2)]


def _joined(path: Sequence[RelationshipProperty[Any]]) -> Iterator[ORMOption]:
    """The rest of a loader option, as rows of the list itself take it."""
    if path:
        first, *more = (one.class_attribute for one in path)
        option = joinedload(first)
        for attribute in more:
            option = option.joinedload(attribute)
        yield option


def _list(relationship: RelationshipProperty[Any], load: Sequence[ORMOption]) -> Select[Any]:
    rows = select(relationship.entity.class_).where(_foreign(relationship) == NUMBER)
    return rows.order_by(*(relationship.order_by or ())).options(*load)


def _foreign(relationship: RelationshipProperty[Any]) -> ColumnElement[Any]:
    """The column in which the rows of a list hold their record's number."""
    ((_own, foreign),) = relationship.local_remote_pairs or []
    return foreign


def _rows(relationship: RelationshipProperty[Any]) -> Exists:
    """The rows of a list whose record has this number."""
    return exists().where(_foreign(relationship) == NUMBER)
