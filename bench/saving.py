"""Saving through the form: alone, eight at a time, and while others read and export."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import monotonic, perf_counter, sleep, time_ns

from bench.context import Bench
from bench.table import Found, Series, ratio, share, timed
from bench.visitor import Answer, Visitor
from tests.pages import Page

CLIENTS = 8
# Whoever has waited for so long has not saved.
PATIENCE_SECONDS = 15 * 60


class Form:
    """An agreement's form, read once and sent again and again: each save raises the version."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self.visitor = visitor
        self.path = path
        page = Page(visitor.get(path).body.decode())
        values = page.form(path).values
        self.fields = {name: list(texts) for name, texts in values.items()}

    def save(self, number: int) -> Answer:
        """Send it with another note."""
        # Not what an earlier run wrote: that would change nothing, and raise no version.
        self.fields["note"] = [f"Saved for the {number}th time, {time_ns()}."]
        pairs = [(name, text) for name, texts in self.fields.items() for text in texts]
        answer = self.visitor.post(self.path, pairs)
        if answer.status == 303:
            self.fields["version"] = [str(int(self.fields["version"][0]) + 1)]
        return answer


@dataclass
class Tally:
    """What came of many attempts: the seconds of each, and how many went wrong.

    ``waited`` is how many needed more than one try, and None where nobody tries again.
    """

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    waited: int | None = None

    @property
    def words(self) -> str:
        """Median, the slowest of a hundred, who waited, errors."""
        tried = "" if self.waited is None else f"{self.waited} waited for a second try, "
        if not self.seconds:
            return f"nothing, {tried}{self.errors} errors"
        middle, late = median(self.seconds) * 1000, share(self.seconds, 0.99) * 1000
        return f"p50 {middle:.1f} ms, p99 {late:.0f} ms, {tried}{self.errors} errors"


def save_waiting(form: Form, number: int, tally: Tally, patience: float = PATIENCE_SECONDS) -> None:
    """Save as the page that waits does: a 503 is sent again after the seconds that it names.

    The seconds of a save are those from its first try to its 303. What answers otherwise, or was
    not saved within ``patience`` seconds, is an error and has no time.
    """
    begun = perf_counter()
    answer = form.save(number)
    tally.waited = (tally.waited or 0) + _says_when(answer)
    while _says_when(answer) and perf_counter() - begun < patience:
        sleep(answer.retry_after or 0)
        answer = form.save(number)
    if answer.status == 303:
        tally.seconds.append(perf_counter() - begun)
    else:
        tally.errors += 1


def _says_when(answer: Answer) -> bool:
    return answer.status == 503 and answer.retry_after is not None


def form_of(bench: Bench, visitor: Visitor, place: int) -> Form:
    """The form of one of the data set's agreements."""
    return Form(visitor, f"/agreements/{bench.first + place}/edit")


def save(bench: Bench) -> Iterator[Found]:
    """One save after the other, in turn with the limit's."""
    theirs, ours = [], []
    limit = -bench.limit.processor()
    with closing(bench.editor()) as editor, closing(bench.at_the_limit()) as other:
        form = form_of(bench, editor, 1)
        program = -bench.program.processor()
        for number in range(bench.pace.rounds):
            fields = [("number", "1"), ("title", f"A title, the {number}th")]
            theirs.append(other.post("/save", fields).seconds)
            answer = form.save(number)
            if answer.status != 303:
                raise RuntimeError(f"saving answers {answer.status}")
            ours.append(answer.seconds)
        limit, program = limit + bench.limit.processor(), program + bench.program.processor()
    what = "save through the form"
    yield timed("save", what, Series(theirs, limit), Series(ours, program), most=3)


def writers(bench: Bench) -> Iterator[Found]:
    """Eight people save agreements of their own as quickly as they can."""
    seconds = bench.pace.seconds
    begun = perf_counter()
    until = monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS) as pool:
        theirs = list(pool.map(lambda place: _limit_saves(bench, place, until), range(CLIENTS)))
    limit = sum(theirs) / (perf_counter() - begun)
    begun = perf_counter()
    tallies = saving_for(bench, seconds)
    passed = perf_counter() - begun
    whole = Tally([s for one in tallies for s in one.seconds], sum(one.errors for one in tallies))
    rate = len(whole.seconds) / passed
    said = f"{rate:,.0f} a second, {whole.words}"
    what, goal = f"{CLIENTS} writers", "no error"
    times = ratio(limit, rate) if rate else None
    yield Found("writers", what, f"{limit:,.0f} a second", said, times, goal, whole.errors == 0)


def _limit_saves(bench: Bench, place: int, until: float) -> int:
    saved = 0
    with closing(bench.at_the_limit()) as visitor:
        while monotonic() < until:
            saved += 1
            visitor.post("/save", [("number", str(place + 1)), ("title", f"Title {saved}")])
    return saved


def saving_for(bench: Bench, seconds: float, clients: int = CLIENTS) -> list[Tally]:
    """Let so many people save for some seconds, each an agreement of their own."""
    until = monotonic() + seconds
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda place: _saves(bench, place, until), range(clients)))


def _saves(bench: Bench, place: int, until: float) -> Tally:
    tally = Tally()
    with closing(bench.editor()) as visitor:
        form = form_of(bench, visitor, 2 + place)
        while monotonic() < until or not (tally.seconds or tally.errors):
            answer = form.save(len(tally.seconds))
            if answer.status == 303:
                tally.seconds.append(answer.seconds)
            else:
                tally.errors += 1
    return tally


def beside(bench: Bench) -> Iterator[Found]:
    """Eight readers alone and beside eight exports, and somebody who saves beside the exports."""
    seconds = bench.pace.seconds
    alone = readers(bench, seconds)
    with exporting(bench) as exports:
        among = readers(bench, seconds)
    times = ratio(share(among, 0.95), share(alone, 0.95))
    said = f"p95 {share(among, 0.95) * 1000:.0f} ms, {exports.words}"
    limit = f"without exports: p95 {share(alone, 0.95) * 1000:.0f} ms"
    yield Found("beside-exports", f"{CLIENTS} readers beside {CLIENTS} exports", limit, said, times)
    with exporting(bench) as exports:
        (tally,) = saving_for(bench, seconds, clients=1)
    what = f"saving while {CLIENTS} exports run"
    met = tally.errors == 0
    yield Found("save-beside-exports", what, "", tally.words, None, "no error", met)


def readers(bench: Bench, seconds: float) -> list[float]:
    """Seconds of each list page that eight readers get."""
    until = monotonic() + seconds

    def read(_number: int) -> list[float]:
        found: list[float] = []
        with closing(bench.editor()) as visitor:
            while monotonic() < until or not found:
                answer = visitor.get("/agreements")
                if answer.status != 200:
                    raise RuntimeError(f"the list answers {answer.status}")
                found.append(answer.seconds)
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [one for each in pool.map(read, range(CLIENTS)) for one in each]


@dataclass
class Exports:
    """How many files were fetched whole, and how many were put off or went wrong."""

    whole: int = 0
    refused: int = 0

    @property
    def words(self) -> str:
        """The same in words."""
        return f"{self.whole} exports done, {self.refused} put off"


@contextmanager
def exporting(bench: Bench) -> Iterator[Exports]:
    """Let eight people fetch the whole list again and again as long as the block lasts."""
    over, counted, lock = threading.Event(), Exports(), threading.Lock()

    def export() -> None:
        while not over.is_set():
            with closing(bench.editor()) as visitor:
                status = _fetch(visitor, over.is_set)
            with lock:
                counted.whole += status == 200
                counted.refused += status not in (0, 200)
            if status != 200:
                over.wait(0.2)

    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(export) for _ in range(CLIENTS)]
        try:
            yield counted
        finally:
            over.set()
            for one in running:
                one.result()


def _fetch(visitor: Visitor, broken_off: Callable[[], bool]) -> int:
    """The status of the list's file, read to its end; 0 where it was broken off."""
    visitor.connection.request("GET", "/agreements.csv", headers=visitor.headers())
    answer = visitor.connection.getresponse()
    while answer.read(256 * 1024):
        if broken_off():
            return 0
    return answer.status
