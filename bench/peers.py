"""Datasette and Django's admin over the same data: each in an environment of its own, pinned."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.context import Bench
from bench.dataset import TODAY
from bench.reading import WARM, rate
from bench.servers import Server, running
from bench.table import Found, ratio
from bench.visitor import Visitor

DATASETTE = ("datasette==0.65.5",)
# The newest that still runs on every Python that we do.
DJANGO = ("Django==5.2.19", "waitress==3.0.2")

Pages = tuple[tuple[str, str, str], ...]
# What is asked: the page's name, the peer's address, the limit's.
_DATASETTE: Pages = (
    ("first list", "/limit/agreement?_sort_desc=place&_size=50&_nofacet=1", "/newest"),
    (
        "party + status + years",
        "/limit/agreement?_where=(a%3D'FR'+or+b%3D'FR')&status=in-force"
        "&signed_on__gte=1990-01-01&signed_on__lte=2005-12-31&_sort_desc=place&_size=50",
        "/party?party=FR&status=in-force&from=1990-01-01&to=2005-12-31",
    ),
    ("rare word", "/limit/agreement?_search=desalination&_size=50", "/rare?q=desalination"),
    ("common word", "/limit/agreement?_search=cooperation&_size=50", "/common?q=cooperation"),
    ("one agreement", "/limit/agreement/7", "/agreement?number=7"),
    (
        "coming meetings",
        f"/limit/meeting?begins_on__gte={TODAY}&_sort=begins_on&_size=50",
        f"/coming?from={TODAY}",
    ),
)
_DJANGO: Pages = (
    ("first list", "/admin/agreements/agreement/", "/newest"),
    ("rare word", "/admin/agreements/agreement/?q=desalination", "/rare?q=desalination"),
    ("common word", "/admin/agreements/agreement/?q=cooperation", "/common?q=cooperation"),
    ("one agreement", "/admin/agreements/agreement/7/change/", "/agreement?number=7"),
    (
        "coming meetings",
        f"/admin/agreements/meeting/?begins_on__gte={TODAY}",
        f"/coming?from={TODAY}",
    ),
)


@dataclass(frozen=True)
class Peer:
    """Another program: its name, how it is started, its pages."""

    name: str
    start: Callable[[Bench], AbstractContextManager[tuple[Server, dict[str, str]]]]
    pages: Pages


def peers(bench: Bench) -> Iterator[Found]:
    """Each peer's pages beside the limit's, and how many lists it answers beside ours."""
    if bench.places.postgres:
        raise SystemExit("The peers are measured on SQLite: leave DB=postgresql or PEERS=1 out.")
    for peer in (Peer("Datasette", _datasette, _DATASETTE), Peer("Django admin", _django, _DJANGO)):
        with peer.start(bench) as (server, cookies):
            for what, path, limit_path in peer.pages:
                yield _page(bench, peer.name, Visitor(server.port, cookies), what, path, limit_path)
            yield _requests(bench, peer, server, cookies)


def _page(
    bench: Bench, name: str, visitor: Visitor, what: str, path: str, limit_path: str
) -> Found:
    theirs, limits = [], []
    with closing(visitor), closing(bench.at_the_limit()) as limit:
        for number in range(WARM + bench.pace.rounds // 3):
            answer, other = visitor.get(path), limit.get(limit_path)
            if answer.status != 200:
                raise RuntimeError(f"{name}: {path} answers {answer.status}")
            if number >= WARM:
                theirs.append(answer.seconds)
                limits.append(other.seconds)
    said = f"{name}: {median(theirs) * 1000:.1f} ms"
    beside = f"{median(limits) * 1000:.2f} ms"
    times = ratio(median(theirs), median(limits))
    return Found(f"peer {name} {what}", f"{name}, {what}", beside, said, times)


def _requests(bench: Bench, peer: Peer, server: Server, cookies: dict[str, str]) -> Found:
    cookie = "; ".join(f"{key}={value}" for key, value in cookies.items())
    own = f"{_cookie(bench)}"
    theirs, ours = [], []
    for _ in range(bench.pace.repeats):
        theirs.append(rate(server, peer.pages[0][1], cookie, bench.pace.seconds))
        ours.append(rate(bench.program, "/agreements", own, bench.pace.seconds))
    times = ratio(median(ours), median(theirs))
    beside = f"{peer.name}: {median(theirs):,.0f} a second"
    said, what = f"{median(ours):,.0f} a second", f"the list, 8 connections, beside {peer.name}"
    return Found(f"peer {peer.name} requests", what, beside, said, times, "≥ 5 ×", times >= 5)


def _cookie(bench: Bench) -> str:
    with closing(bench.editor()) as visitor:
        return "; ".join(f"{key}={value}" for key, value in visitor.cookies.items())


def _environment(bench: Bench, name: str, wanted: tuple[str, ...]) -> Path:
    """The Python of an environment that holds what is pinned."""
    folder = bench.places.kept.folder / "peers" / f"{name}-{'-'.join(wanted)}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        bench.say(f"Installing {', '.join(wanted)}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [
            str(python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "-qq",
            "--no-input",
            "install",
        ]
        subprocess.run([*pip, *wanted], check=True)
        (folder / "whole").touch()
    return python


@contextmanager
def _django(bench: Bench) -> Iterator[tuple[Server, dict[str, str]]]:
    python = _environment(bench, "django", DJANGO)
    script = Path(__file__).with_name("django_site.py")
    work = bench.places.work
    command = [str(python), str(script), bench.places.limit, str(work)]
    with running(command, dict(os.environ), work / "django.log", folder=work) as server:
        name, _, value = server.said.split()[-1].partition("=")
        yield server, {name: value}


@contextmanager
def _datasette(bench: Bench) -> Iterator[tuple[Server, dict[str, str]]]:
    python = _environment(bench, "datasette", DATASETTE)
    port = _free_port()
    command = [str(python.with_name("datasette")), "serve", bench.places.limit]
    command += ["--port", str(port), "--setting", "default_facet_size", "1"]
    command += ["--setting", "suggest_facets", "off"]
    # Its own limit of a second would refuse some pages among a million.
    command += ["--setting", "sql_time_limit_ms", "60000"]
    work = bench.places.work
    with (work / "datasette.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=work)
    try:
        _wait(port)
        yield Server(process, port, 0.0), {}
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Datasette did not start; see datasette.log")
