"""What the search page shows: hits by kind of record, the likeliest kind first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from tracker.columns import Column, Reading, Table
from tracker.search.asking import Asked
from tracker.search.declared import SEARCHED, Searched
from tracker.search.looking import Look, Most, look
from tracker.search.marking import Marker, Part
from tracker.search.places import record_at
from tracker.search.ranking import OF_MANY, Fit, Scale
from tracker.search.texts import Written, written

SHOWN = 8
RANKED = 1_000


@dataclass(frozen=True)
class Hit:
    """A record that was found: what it is called, what is shown beside, and where else it is."""

    number: int
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
Texts = Callable[[Column, Sequence[Any]], Sequence[str]]


@dataclass(frozen=True)
class Showing:
    """How the program shows the records of a kind: by whose table, and by which words."""

    table: Table
    describe: Describe
    texts: Texts


def find(reading: Reading, asked: Asked, showing: Callable[[Any], Showing]) -> list[Group]:
    """The kinds of record in which something is found, the one with the best hit first."""
    most = Most(RANKED, words=True)
    looks = look(reading.session, list(SEARCHED.values()), asked, most)
    groups = [_group(reading, one, showing(one.searched.model)) for one in looks if one.rows]
    return sorted(groups, key=lambda group: group.best)


def _group(reading: Reading, one: Look, shown: Showing) -> Group:
    if one.more:
        places = [place for place, _words in one.rows[:SHOWN]]
        return Group(one.searched, one.asked, _hits(reading, one, places, shown), None, OF_MANY)
    scale = Scale(one.asked)
    best = nsmallest(SHOWN, ((scale.fit(words), -place) for place, words in one.rows))
    hits = _hits(reading, one, [-place for _fit, place in best], shown)
    return Group(one.searched, one.asked, hits, len(one.rows), best[0][0])


def _hits(reading: Reading, one: Look, places: Sequence[int], shown: Showing) -> list[Hit]:
    ids = [record_at(place) for place in places]
    marker = Marker(one.asked)
    records = {record.id: record for record in one.searched.rows(ids, reading)}
    lines = _lines([records[number] for number in ids if number in records], one, shown)
    left = {number: marker.missing(line) for number, line in lines.items()}
    elsewhere = [number for number, more in left.items() if more is not None]
    texts = written(reading.session.connection(), one.searched, elsewhere) if elsewhere else {}
    return [
        Hit(
            number,
            marker.marked(title),
            [marker.marked(word) for word in beside],
            more.snippet(_others(texts[number], {title, *beside})) if more else [],
        )
        for number, (title, *beside) in lines.items()
        for more in (left[number],)
    ]


def _lines(records: Sequence[Any], one: Look, shown: Showing) -> dict[int, list[str]]:
    """What records are called, and what is shown beside, by their numbers."""
    beside = [shown.texts(shown.table[name], records) for name in one.searched.beside]
    return {
        record.id: [shown.describe(record), *filter(None, texts)]
        for record, *texts in zip(records, *beside, strict=True)
    }


def _others(texts: Written, shown: Iterable[str]) -> Iterator[str]:
    for text in (*texts.names, *texts.texts):
        if text not in shown:
            yield " ".join(text.split())
