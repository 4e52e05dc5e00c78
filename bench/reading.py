"""Pages one after the other, and as many as fit into a second."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from itertools import cycle, islice
from statistics import median

from bench.addresses import PAGES, Page, last_page
from bench.context import Bench
from bench.servers import Server
from bench.table import Found, Series, not_there, ratio, timed
from bench.visitor import Visitor
from tracker.accounts.guard import COOKIE
from tracker.counter import rise
from tracker.db import make_engine

WARM = 6
MOST_SECONDS = 20.0
CONNECTIONS = 8


def pages(bench: Bench) -> Iterator[Found]:
    """Each page of the program and of the limit in turn."""
    for page in PAGES:
        yield one_page(bench, page)


def one_page(bench: Bench, page: Page) -> Found:
    """The times of one page, or that the program does not have it."""
    with closing(bench.editor()) as ours, closing(bench.at_the_limit()) as theirs:
        pairs = list(page.pairs(bench.places.n, bench.first))
        if page.key == "last":
            pairs = [(last_page(ours, pairs[0][0]) or pairs[0][0], pairs[0][1])]
        answer = ours.get(pairs[0][0])
        if answer.status != 200:
            what = f"not there: answers {answer.status}"
            return not_there(page.key, page.what, f"≤ {page.most:g} ×", what)
        with something_changed(bench) if page.changed else nullcontext() as change:
            limit, program = _series(bench, ours, theirs, pairs, change)
        return timed(page.key, page.what, limit, program, most=page.most)


@contextmanager
def something_changed(bench: Bench) -> Iterator[Callable[[], None]]:
    """What raises the counter of changes, so that nothing that was kept is good any more."""
    engine = make_engine(bench.places.url).execution_options(writing=True)

    def change() -> None:
        with engine.begin() as connection:
            rise(connection)

    yield change
    engine.dispose()


def _series(
    bench: Bench,
    ours: Visitor,
    theirs: Visitor,
    pairs: list[tuple[str, str]],
    change: Callable[[], None] | None,
) -> tuple[Series, Series]:
    """The limit's and the program's answers, asked in turn; the first rounds only warm up."""
    asked = cycle(pairs)
    for path, limit_path in islice(asked, max(WARM, len(pairs))):
        _asked(theirs, limit_path)
        _asked(ours, path)
    before = bench.limit.processor(), bench.program.processor()
    found: tuple[list[float], list[float]] = ([], [])
    until = time.monotonic() + MOST_SECONDS
    for path, limit_path in islice(asked, bench.pace.rounds):
        if change is not None:
            change()
        found[0].append(_asked(theirs, limit_path))
        found[1].append(_asked(ours, path))
        if time.monotonic() > until:
            break
    limit, program = bench.limit.processor(), bench.program.processor()
    return Series(found[0], limit - before[0]), Series(found[1], program - before[1])


def _asked(visitor: Visitor, path: str) -> float:
    answer = visitor.get(path)
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    return answer.seconds


def requests(bench: Bench) -> Iterator[Found]:
    """How many list pages and agreements both answer in a second, over eight connections."""
    cookie = f"{COOKIE}={bench.token}"
    number = bench.first + 1
    for key, what, ours, theirs in (
        ("requests-list", "the list, 8 connections", "/agreements", "/newest"),
        ("requests-record", "an agreement, 8 connections", f"/agreements/{number}", ""),
    ):
        theirs = theirs or "/agreement?number=1"
        rates: tuple[list[float], list[float]] = ([], [])
        for _ in range(bench.pace.repeats):
            rates[0].append(rate(bench.limit, theirs, "", bench.pace.seconds))
            rates[1].append(rate(bench.program, ours, cookie, bench.pace.seconds))
        limit, program = median(rates[0]), median(rates[1])
        times = ratio(limit, program)
        yield Found(key, what, f"{limit:,.0f} a second", f"{program:,.0f} a second", times)


def rate(server: Server, path: str, cookie: str, seconds: float) -> float:
    """Answers a second over connections that each ask again as soon as they have an answer."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    request += f"Cookie: {cookie}\r\n\r\n" if cookie else "\r\n"
    with selectors.DefaultSelector() as waiting:
        for _ in range(CONNECTIONS):
            opened = socket.create_connection(("127.0.0.1", server.port), timeout=60)
            opened.sendall(request.encode())
            waiting.register(opened, selectors.EVENT_READ, bytearray())
        try:
            return _answers(waiting, request.encode(), seconds)
        finally:
            for key in list(waiting.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]


def _answers(waiting: selectors.BaseSelector, request: bytes, seconds: float) -> float:
    answers, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds or not answers:
        for key, _events in waiting.select(0.1):
            opened, got = key.fileobj, key.data
            assert isinstance(opened, socket.socket)
            block = opened.recv(256 * 1024)
            if not block:
                raise RuntimeError("the server closed a connection")
            got += block
            if is_whole(got):
                if not got.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(got[:200].decode(errors="replace"))
                got.clear()
                answers += 1
                opened.sendall(request)
    return answers / passed


def is_whole(got: bytearray) -> bool:
    """Whether an answer is there to its end: of a stated length, or in chunks (RFC 9112, 7.1)."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(got[:end]).lower()
    if b"transfer-encoding: chunked" in head:
        return got.endswith(b"\r\n0\r\n\r\n")
    _, _, length = head.partition(b"content-length:")
    return len(got) >= end + 4 + int(length.split(b"\r\n")[0])
