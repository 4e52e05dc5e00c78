"""The hosts of a commission in their order, how their turns go, and the whole rule in words."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.commissions.cadence import LAST_WEEK, Cadence, CadenceUnit, Weekday
from tracker.dates import MONTHS
from tracker.text import N_
from tracker.wording import Wording


class TurnRule(enum.StrEnum):
    """How the hosts' turns go: with each session, or with each year."""

    BY_SESSION = "by-session"
    BY_YEAR = "by-year"


@dataclass(frozen=True)
class Host:
    """Who hosts: a party by its code, and the city if it is known."""

    party: str
    city: str | None = None

    def __str__(self) -> str:
        return self.city or self.party


def place_of(host: Host | None, hosts: Sequence[Host], at: int) -> int | None:
    """Where a host stands in the order, or None; its party is enough if the city is another.

    An order may name a host twice: the first place from `at` on is meant.
    """
    if host is None:
        return None
    places = [(at + step) % len(hosts) for step in range(len(hosts))]
    exact = (place for place in places if hosts[place] == host)
    party = (place for place in places if hosts[place].party == host.party)
    return next(exact, next(party, None))


_WEEKS = {
    1: N_("first"),
    2: N_("second"),
    3: N_("third"),
    4: N_("fourth"),
    LAST_WEEK: N_("last"),
}
_WEEKDAYS = {
    Weekday.MONDAY: N_("Monday"),
    Weekday.TUESDAY: N_("Tuesday"),
    Weekday.WEDNESDAY: N_("Wednesday"),
    Weekday.THURSDAY: N_("Thursday"),
    Weekday.FRIDAY: N_("Friday"),
    Weekday.SATURDAY: N_("Saturday"),
    Weekday.SUNDAY: N_("Sunday"),
}


def rule_in_words(
    cadence: Cadence | None, hosts: Sequence[Host], turns: TurnRule | None
) -> list[Wording]:
    """The rule as short sentences: how often, on which day, from when, where, in what turns."""
    if cadence is None:
        sentences = [Wording(N_("No interval between sessions is recorded."))]
    else:
        sentences = [_how_often(cadence), *_which_day(cadence), _from_when(cadence)]
    return [*sentences, *_where(tuple(hosts)), *_what_turns(hosts, turns)]


def _how_often(cadence: Cadence) -> Wording:
    if cadence.every == 1:
        year, month = N_("A session is due every year."), N_("A session is due every month.")
        return Wording(year if cadence.unit == CadenceUnit.YEAR else month)
    years = N_("A session is due every %(every)s years.")
    months = N_("A session is due every %(every)s months.")
    return Wording(years if cadence.unit == CadenceUnit.YEAR else months, {"every": cadence.every})


def _which_day(cadence: Cadence) -> list[Wording]:
    month = Wording(MONTHS[(cadence.month or cadence.first_due.month) - 1])
    if cadence.week is None or cadence.weekday is None:
        return [Wording(N_("It meets in %(month)s."), {"month": month})] if cadence.month else []
    values = {
        "week": Wording(_WEEKS[cadence.week]),
        "weekday": Wording(_WEEKDAYS[Weekday(cadence.weekday)]),
        "month": month,
    }
    if cadence.unit == CadenceUnit.YEAR:
        return [Wording(N_("It meets on the %(week)s %(weekday)s of %(month)s."), values)]
    return [Wording(N_("It meets on the %(week)s %(weekday)s of the month."), values)]


def _from_when(cadence: Cadence) -> Wording:
    day = cadence.period(1).last
    if cadence.week is not None:
        return Wording(N_("The first is due on %(day)s."), {"day": day})
    return Wording(N_("The first is due by %(day)s."), {"day": day})


def _where(hosts: tuple[Host, ...]) -> list[Wording]:
    if not hosts:
        return [Wording(N_("No hosts are recorded."))]
    if len(hosts) == 1:
        return [Wording(N_("%(host)s hosts every session."), {"host": hosts[0]})]
    return [Wording(N_("The hosts in order: %(hosts)s."), {"hosts": hosts})]


def _what_turns(hosts: Sequence[Host], turns: TurnRule | None) -> list[Wording]:
    if len(hosts) < 2:
        return []
    if turns is None:
        return [Wording(N_("How their turns go is not recorded."))]
    if turns == TurnRule.BY_SESSION:
        return [Wording(N_("Turns go by session: one that is postponed keeps its host."))]
    return [
        Wording(
            N_(
                "Turns go by year: a session that is postponed into another year "
                "is hosted by whose year that is."
            )
        )
    ]
