"""From the command to the first answer, and what the server weighs then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from statistics import median
from time import perf_counter

from bench import servers
from bench.context import Bench
from bench.files import MEGABYTE
from bench.table import Found
from bench.visitor import Visitor


def start(bench: Bench) -> Iterator[Found]:
    """Start the program a few times more, beside the ones that run."""
    answered, shown, weights = [], [], []
    for _ in range(bench.pace.repeats):
        with (
            servers.program(bench.places.url, bench.places.work) as server,
            closing(Visitor(server.port)) as visitor,
        ):
            visitor.get("/healthz")
            answered.append(perf_counter() - server.started_at)
            visitor.get("/topics")
            shown.append(perf_counter() - server.started_at)
            weights.append(server.memory())
    first = median(answered)
    said = f"{first:.2f} s (the first page after {median(shown):.2f} s)"
    yield Found("start", "start to the first answer", "", said, None, "≤ 0.5 s", first <= 0.5)
    weight = median(weights) / MEGABYTE
    what = f"idle memory, {servers.PROCESSES} processes"
    yield Found("idle", what, "", f"{weight:.0f} MB", None, "≤ 120 MB", weight <= 120)
