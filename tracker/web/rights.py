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
    right: Right, *, to_change: Right | None = None, way: Way = Way.FORM
) -> Callable[[View], View]:
    """Declare the right that a view needs; ``to_change`` the one for methods that change.

    It stands under the route's decorator, or on the method that a route is made of. ``way`` is
    the one by which what it writes comes.
    """

    def declare(view: View) -> View:
        view.right, view.right_to_change = right, to_change or right  # type: ignore[attr-defined]
        view.way = way  # type: ignore[attr-defined]
        return view

    return declare
