"""Parts of pages that take long to make are kept until something that they show changes.

What is kept follows from the same as an ETag (see `tracker.web.fresh`): what is recorded, the day,
the address, the language, the program and its settings. Who asks is none of it; what a part shows
to some people only has to be named. Each process keeps some parts, those that were asked for last.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Flask, current_app, g
from markupsafe import Markup

MOST = 16


class KeptParts:
    """The parts that a process keeps; the one that nobody asked for longest goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._parts: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Markup | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
            return self._parts.get(key)

    def keep(self, key: Hashable, part: Markup) -> None:
        """Keep a part, in place of another one where there are enough."""
        with self._lock:
            self._parts[key] = part
            if len(self._parts) > self._most:
                self._parts.popitem(last=False)


def init_app(app: Flask) -> None:
    """Let this app keep parts."""
    app.extensions["kept_parts"] = KeptParts()


def kept_part(name: str, make: Callable[[], str], *seen_by: Hashable) -> Markup:
    """A part of this page, made by a template or kept from an earlier answer.

    ``seen_by`` is what it takes of the person who asks, such as whether they may edit. A state that
    is not known, or a view that is not declared `recorded`, keeps nothing.
    """
    if "told" not in g:
        return Markup(make())  # noqa: S704 - a template has escaped it
    parts: KeptParts = current_app.extensions["kept_parts"]
    # The person stands last; their rights stand for them.
    key = (name, g.told[:-1], seen_by)
    part = parts.get(key)
    if part is None:
        part = Markup(make())  # noqa: S704 - a template has escaped it
        parts.keep(key, part)
    return part
