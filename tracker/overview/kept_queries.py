"""Queries of what is asked that are put together once, since that takes longer than to run them.

They are made of parameters in the place of a day, a span, a party or a commission.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, func, select

from tracker.overview.due import Asked

Make = Callable[[Asked], Any]
# More than there are: each of them for all, for a party, for a commission, and for both.
MOST = 128


def kept(make: Make, asked: Asked) -> Any:
    """The query that a function of a module makes of parameters; to be run with `values`."""
    return _made(make, asked.party is not None, asked.commission is not None)


def values(asked: Asked, **more: Any) -> Mapping[str, Any]:
    """What is asked, under the names of the parameters."""
    return {
        "today": asked.today,
        "first": asked.first,
        "last": asked.last,
        "party": asked.party.id if asked.party else None,
        "commission": asked.commission.id if asked.commission else None,
        "agreement": asked.commission.agreement_id if asked.commission else None,
        **more,
    }


@lru_cache(maxsize=MOST)
def _made(make: Make, of_party: bool, of_commission: bool) -> Any:
    number = whole_number
    commission = SimpleNamespace(id=number("commission"), agreement_id=number("agreement"))
    parameters: Any = {
        "session": None,
        "today": day("today"),
        "first": day("first"),
        "last": day("last"),
        "party": SimpleNamespace(id=number("party")) if of_party else None,
        "commission": commission if of_commission else None,
        "show": str,
    }
    return make(Asked(**parameters))


def counted(query: Any) -> Select[tuple[int]]:
    """How many rows a query gives, counted no further than a parameter says."""
    return select(func.count()).select_from(query.limit(whole_number("most")).subquery())


def day(name: str) -> Any:
    """A parameter that is a day."""
    return bindparam(name, type_=Date)


def whole_number(name: str) -> Any:
    """A parameter that is a whole number."""
    return bindparam(name, type_=Integer)
