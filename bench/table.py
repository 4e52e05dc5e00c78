"""What a run found, and how it stands in a document: pure, values in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

HEADER = ("what", "limit", "the program", "ratio (processor)", "goal", "met", "measured at")


@dataclass(frozen=True)
class Found:
    """One row: what was measured, in words; ``ratio`` is None where nothing is set beside it.

    ``work`` is the ratio of processor time alone, which others on the same machine do not change.
    ``met`` is None where no goal is named, or where the other side was not measured.
    """

    key: str
    what: str
    limit: str = ""
    program: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    at: str = ""
    work: float | None = None


def ratio(ours: float, theirs: float) -> float:
    """How many times theirs ours is; what takes no time at all cannot be set beside anything."""
    if theirs <= 0:
        raise ValueError("a ratio to nothing")
    return ours / theirs


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of all values do not exceed (nearest rank), e.g. 0.95."""
    ordered = sorted(values)
    place = -(-len(ordered) * part // 1)
    return ordered[max(int(place), 1) - 1]


@dataclass(frozen=True)
class Series:
    """Seconds of each answer, and of a processor for all of them together."""

    seconds: Sequence[float]
    processor: float

    @property
    def words(self) -> str:
        """The median, what 95 of 100 do not exceed, and the processor's part, an answer."""
        middle, late = median(self.seconds) * 1000, share(self.seconds, 0.95) * 1000
        work = self.processor / len(self.seconds) * 1000
        return f"{middle:.2f} ms (p95 {late:.2f}; processor {work:.2f})"


def timed(key: str, what: str, limit: Series, ours: Series, *, most: float) -> Found:
    """A row of two series: the ratio of their medians, with ``most`` as its goal."""
    times = ratio(median(ours.seconds), median(limit.seconds))
    work = ratio(ours.processor, limit.processor) if limit.processor else None
    goal = f"≤ {most:g} ×"
    return Found(key, what, limit.words, ours.words, times, goal, times <= most, work=work)


def not_there(key: str, what: str, goal: str, why: str) -> Found:
    """A row of something that the program does not have, or did not do."""
    return Found(key, what, program=why, goal=goal, met=False if goal else None)


def cells(found: Found) -> list[str]:
    """A row as the texts of its cells."""
    met = {True: "yes", False: "**no**", None: ""}[found.met]
    times = "" if found.ratio is None else f"{found.ratio:.2f} ×"
    times += "" if found.work is None else f" ({found.work:.2f})"
    return [found.what, found.limit, found.program, times, found.goal, met, found.at]


def table(rows: Iterable[Found]) -> str:
    """The rows as a table in Markdown."""
    lines = [_line(HEADER), _line(["---"] * len(HEADER))]
    return "\n".join([*lines, *(_line(cells(found)) for found in rows)])


def _line(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def marks(name: str) -> tuple[str, str]:
    """The two comments between which a block stands."""
    return f"<!-- bench {name} -->", f"<!-- end of bench {name} -->"


def with_block(document: str, name: str, block: str) -> str:
    """The document with this block in its place, or at its end; all other text stays.

    Raises ValueError where only one of the two comments is there.
    """
    begin, end = marks(name)
    whole = f"{begin}\n\n{block.strip()}\n\n{end}"
    if (begin in document) != (end in document):
        raise ValueError(f"one of the comments of the block {name} is missing")
    if begin not in document:
        return f"{document.rstrip()}\n\n{whole}\n"
    before, _, rest = document.partition(begin)
    _old, _, after = rest.partition(end)
    return f"{before}{whole}{after}"


def merged(kept: Mapping[str, Found], new: Iterable[Found], order: Sequence[str]) -> list[Found]:
    """The rows of earlier runs with those of this one in their places."""
    rows = {**kept, **{found.key: found for found in new}}
    places = {key: place for place, key in enumerate(order)}
    return sorted(rows.values(), key=lambda found: places.get(found.key, len(places)))
