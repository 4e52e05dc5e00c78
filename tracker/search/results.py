"""What the search page shows: hits by kind of record, the likeliest kind first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.columns import Table
from tracker.search.asking import Asked
from tracker.search.declared import SEARCHED, Searched
from tracker.search.finding import RANKED, Look, look, walked
from tracker.search.marking import Part, marked, missing, snippet
from tracker.search.places import record_at
from tracker.search.ranking import OF_MANY, Fit, fit
from tracker.search.texts import Written, written

SHOWN = 8


@dataclass(frozen=True)
class Hit:
    """A record that was found: what it is called, what is shown beside, and where else it is."""

    record: Any
    title: list[Part]
    beside: list[list[Part]]
    snippet: list[Part]


@dataclass(frozen=True)
class Group:
    """The best or the newest hits of one kind of record.

    ``count`` is how many there are, None where they are more than RANKED. ``ranked``: the best
    stand first, else the newest.
    """

    searched: Searched
    asked: Asked
    hits: list[Hit]
    count: int | None
    best: Fit

    @property
    def ranked(self) -> bool:
        """Whether all hits were compared."""
        return self.count is not None


Describe = Callable[[Any], str]
Word = Callable[[Any, Any], str]


@dataclass(frozen=True)
class Showing:
    """How the program shows the records of a kind: by whose table, and by which words."""

    table: Table
    describe: Describe
    word: Word


def find(session: Session, asked: Asked, showing: Callable[[Any], Showing]) -> list[Group]:
    """The kinds of record in which something is found, the one with the best hit first."""
    looks = look(session, list(SEARCHED.values()), asked, RANKED, words=True)
    groups = [_group(session, one, showing) for one in looks if one.common or one.rows]
    return sorted(groups, key=lambda group: group.best)


def _group(session: Session, one: Look, showing: Callable[[Any], Showing]) -> Group:
    if one.common or len(one.rows) > RANKED:
        places = (
            [place for _kind, place, _words in session.execute(walked(one, SHOWN))]
            if one.common
            else [place for place, _words in one.rows[:SHOWN]]
        )
        return Group(one.searched, one.asked, _hits(session, one, places, showing), None, OF_MANY)
    ranked = sorted((fit(words, one.asked), -place) for place, words in one.rows)
    places = [-place for _fit, place in ranked[:SHOWN]]
    hits = _hits(session, one, places, showing)
    return Group(one.searched, one.asked, hits, len(ranked), ranked[0][0])


def _hits(
    session: Session, one: Look, places: Sequence[int], showing: Callable[[Any], Showing]
) -> list[Hit]:
    ids = [record_at(place) for place in places]
    model = one.searched.model
    query = select(model).where(model.id.in_(ids)).options(*one.searched.load)
    records = {record.id: record for record in session.scalars(query)}
    texts = written(session.connection(), one.searched, ids)
    shown = showing(model)
    return [_hit(records[number], texts[number], one, shown) for number in ids if number in records]


def _hit(record: Any, texts: Written, one: Look, shown: Showing) -> Hit:
    title = shown.describe(record)
    beside = [
        word for name in one.searched.beside if (word := shown.word(shown.table[name], record))
    ]
    others = list(_others(texts, {title, *beside}))
    left = missing(f"{title} ; {' ; '.join(beside)}", one.asked)
    return Hit(
        record,
        marked(title, one.asked),
        [marked(word, one.asked) for word in beside],
        snippet(others, left) if left else [],
    )


def _others(texts: Written, shown: Iterable[str]) -> Iterator[str]:
    for text in (*texts.names, *texts.texts):
        if text not in shown:
            yield " ".join(text.split())
