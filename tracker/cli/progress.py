"""How far a long command is: a bar with an estimate on a terminal, a plain line now and then
elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Shows on standard error how much of each stage is done."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._end()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that so much of a stage is done."""
        if stage != self._stage:
            self._begin(stage, total)
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)
        elif time.monotonic() - self._told >= SECONDS_BETWEEN_LINES and done:
            self._told = time.monotonic()
            left = (self._told - self._begun) * (total - done) / done
            click.echo(f"{stage}: {done * 100 // total} %, about {left:.0f} s more.", err=True)

    def _begin(self, stage: str, total: int) -> None:
        self._end()
        self._stage = stage
        self._begun = self._told = time.monotonic()
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=total, label=stage, file=sys.stderr)
            self._bar.__enter__()

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
