"""The columns of topics, and how a topic is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.agreements.topics import CODE, Topic
from tracker.columns import CellError, Code, Column, Identity, Line, Own, Problem, Reading, Table
from tracker.columns.batches import Cells, Origin
from tracker.constraints import means
from tracker.text import N_, clean_line, fold


def _index(reading: Reading, purpose: str = "find") -> dict[str, Any]:
    """Topics by code and by folded name; a file's own topics are there when parents are read.

    Plain rows: a form names few of them.
    """

    def load() -> dict[str, Any]:
        topics = [t for t in _plain(reading) if purpose == "find" or not reading.leaves(t, "code")]
        return {t.name_key: t for t in topics} | {t.code: t for t in topics}

    return reading.once(("topics", purpose), load)


def find_topic(text: str, reading: Reading) -> Topic:
    """The topic of this code or name; raises CellError."""
    wanted = clean_line(text)
    index = _index(reading)
    found = index.get(wanted.upper()) or index.get(fold(wanted))
    if found is None:
        near = (t.code for key, t in index.items() if fold(wanted) in fold(key))
        message = N_("No topic has the code or the name “%(text)s”.")
        raise CellError(message, text=wanted).offering(sorted(set(near))[:8])
    topic: Topic = reading.once(("topic", found.id), lambda: reading.numbered(Topic, found.id))
    return topic


def topics_below(text: str, reading: Reading) -> list[int]:
    """The numbers of the topic of this code or name and of all below it; raises CellError."""
    topics = reading.once("topics below", lambda: _plain(reading))
    wanted = clean_line(text)
    key = fold(wanted)
    found = next((t for t in topics if t.code == wanted.upper()), None)
    found = found or next((t for t in topics if t.name_key == key), None)
    top = found.id if found else find_topic(text, reading).id
    below = [top]
    for number in below:
        below.extend(t.id for t in topics if t.parent_id == number and t.id not in below)
    return below


_ROWS = select(Topic.id, Topic.code, Topic.name, Topic.name_key, Topic.parent_id)
_ALL, _BY_CODE = _ROWS.order_by(Topic.id), _ROWS.order_by(Topic.code)


def _plain(reading: Reading) -> Sequence[Any]:
    return reading.session.execute(_ALL).all()


def topics_offered(reading: Reading) -> dict[str, list[tuple[str, str]]]:
    """All topics as code and name, each below the widest term that it belongs to."""

    def load() -> dict[str, list[tuple[str, str]]]:
        offered: dict[str, list[tuple[str, str]]] = {}
        topics = reading.session.execute(_BY_CODE).all()
        by_number = {topic.id: topic for topic in topics}
        for top in (topic for topic in topics if topic.parent_id is None):
            offered[top.name] = [(top.code, top.name)]
        for topic in (topic for topic in topics if topic.parent_id is not None):
            offered[_widest(topic, by_number).name].append((topic.code, topic.name))
        return offered

    return reading.once("topics offered", load)


def _widest(topic: Any, by_number: Mapping[int, Any]) -> Any:
    while topic.parent_id is not None:
        topic = by_number[topic.parent_id]
    return topic


class TopicColumn(Column):
    """A topic, by its code or name."""

    late = True

    def parse(self, text: str, reading: Reading) -> Topic:
        return find_topic(text, reading)

    def format(self, value: Any) -> str:
        return "" if value is None else str(value.code)

    def fetch(self, origin: Origin) -> Cells:
        return Cells((origin.related(self.attribute).text("code"),))


def check_topic(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """A code of its own, and no circle in the tree."""
    other = _index(reading, "check").get(values["code"])
    if other is not None and other.id != getattr(reading.record, "id", None):
        yield Problem(("code",), N_("%(topic)s has this code."), {"topic": other.name})
    above = values.get("parent")
    while above is not None:
        if above is reading.record:
            yield Problem(("parent",), N_("A topic cannot stand below itself."))
            return
        above = above.parent


TOPICS = Table(
    name="topics",
    model=Topic,
    key="code",
    columns=(
        Identity(),
        Code(
            "code",
            _l("Code"),
            rf"[A-Z][A-Z0-9-]{{0,{CODE - 1}}}",
            N_("Write letters, digits and hyphens."),
            required=True,
        ),
        Line("name", _l("Name"), required=True),
        TopicColumn("parent", _l("Below")),
    ),
    check=check_topic,
    own=(Own(("code",), "code", lambda number: f"#{number}"),),
    load=(joinedload(Topic.parent),),
)

means("uq_topic_code", "code", N_("Another topic has this code."))
means("ck_topic_not_below_itself", "parent", N_("A topic cannot stand below itself."))
