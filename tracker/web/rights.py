"""The right that each view declares; who has which is said in `tracker.accounts`.

Default deny: the program does not start while a view declares none.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from tracker.authorship import Way

View = TypeVar("View", bound=Callable[..., Any])


class Right(enum.StrEnum):
    """What somebody must be allowed to do in order to use a view."""

    OPEN = "open"  # anybody: signing in, static files, the health check
    READ = "read"
    EDIT = "edit"
    ADMINISTER = "administer"
    ACCOUNT = "account"  # whoever is signed in, for what is their own


def needs(
    right: Right,
    *,
    to_change: Right | None = None,
    way: Way = Way.FORM,
    recorded: bool = False,
) -> Callable[[View], View]:
    """Declare the right that a view needs; ``to_change`` the one for methods that change.

    It stands under the route's decorator, or on the method that a route is made of. ``way`` is
    the one by which what it writes comes.

    ``recorded``: what the view shows follows from nothing but what is recorded, the day, the
    address, who asks and the language. Then it may be answered with 304 (`tracker.web.fresh`), and
    read from a copy of the database that is some seconds old (`tracker.web.replica`). Not so are
    forms for changes, which must begin from the newest state, and what shows accounts, sessions or
    a moment.
    """

    def declare(view: View) -> View:
        view.right, view.right_to_change = right, to_change or right  # type: ignore[attr-defined]
        view.way = way  # type: ignore[attr-defined]
        view.recorded = recorded  # type: ignore[attr-defined]
        return view

    return declare
