"""Whose turn it is to host a session, and why."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.commissions.cadence import Cadence
from tracker.commissions.rotation import Host, TurnRule, place_of
from tracker.meetings.sequence import MeetingStatus, Step
from tracker.text import N_
from tracker.wording import Wording


class Why(enum.StrEnum):
    """The rule that gave a session its host, or left it without one."""

    NO_HOSTS = "no-hosts"
    ONLY_HOST = "only-host"
    TURNS_UNKNOWN = "turns-unknown"
    YEAR_UNKNOWN = "year-unknown"
    EXTRAORDINARY = "extraordinary"
    FIRST_IN_ORDER = "first-in-order"
    COUNTED_BACK = "counted-back"
    AFTER_HELD = "after-held"
    AFTER_PLANNED = "after-planned"
    AFTER_UNKNOWN = "after-unknown"
    AFTER_CANCELLED = "after-cancelled"
    KEEPS_TURN = "keeps-turn"
    FIRST_YEAR = "first-year"
    BY_YEAR = "by-year"


_SENTENCES = {
    Why.NO_HOSTS: N_("No hosts are recorded for this commission."),
    Why.ONLY_HOST: N_("%(host)s hosts every session."),
    Why.TURNS_UNKNOWN: N_("How the turns of the hosts go is not recorded."),
    Why.YEAR_UNKNOWN: N_("Turns go by year, and the year in which it meets is not known yet."),
    Why.EXTRAORDINARY: N_("An extraordinary session takes no turn."),
    Why.FIRST_IN_ORDER: N_("Turns go by session, and %(host)s is first in the order of hosts."),
    Why.COUNTED_BACK: N_(
        "Turns go by session; counted back from later sessions, %(session)s is %(host)s’s."
    ),
    Why.AFTER_HELD: N_(
        "%(previous_host)s hosted %(previous)s; turns go by session, so %(session)s is %(host)s’s."
    ),
    Why.AFTER_PLANNED: N_(
        "%(previous_host)s has %(previous)s; turns go by session, so %(session)s is %(host)s’s."
    ),
    Why.AFTER_UNKNOWN: N_(
        "No host in the order is recorded for %(previous)s, which was %(previous_host)s’s turn; "
        "turns go by session, so %(session)s is %(host)s’s."
    ),
    Why.AFTER_CANCELLED: N_(
        "Turns go by session, and %(cancelled)s was cancelled without using its turn, "
        "so %(session)s is %(host)s’s."
    ),
    Why.KEEPS_TURN: N_(
        "Turns go by session, so %(session)s keeps its host %(host)s although it was postponed."
    ),
    Why.FIRST_YEAR: N_("Turns go by year, and begin with %(host)s in %(year)s."),
    Why.BY_YEAR: N_(
        "Turns go by year: %(first_host)s has %(first_year)s, so %(year)s is %(host)s’s."
    ),
}


@dataclass(frozen=True)
class Reason:
    """Why a session has its host: the rule, and the sessions, hosts or years that it used."""

    why: Why
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def wording(self) -> Wording:
        """The reason as a sentence to translate."""
        return Wording(_SENTENCES[self.why], self.values)

    def __str__(self) -> str:
        return str(self.wording)


@dataclass(frozen=True)
class Turn:
    """Whose turn a session is; no host where the rule gives none."""

    host: Host | None
    reason: Reason


def turns_of(
    line: Sequence[Step],
    cadence: Cadence | None,
    hosts: Sequence[Host],
    turns: TurnRule | None,
    year: int | None = None,
) -> list[Turn]:
    """The turn of each session of the line, which stands in order.

    `year` is when an expected session meets, where there is no cadence to tell.
    """
    if not hosts:
        return [Turn(None, Reason(Why.NO_HOSTS)) for _ in line]
    if len(hosts) == 1:
        only = Turn(hosts[0], Reason(Why.ONLY_HOST, {"host": hosts[0]}))
        return [only for _ in line]
    if turns is None:
        return [Turn(None, Reason(Why.TURNS_UNKNOWN)) for _ in line]
    if turns == TurnRule.BY_SESSION:
        return _by_session(line, cadence, hosts)
    years = _Years(line, cadence, hosts)
    return [years.turn(_year_of(step, cadence, year)) for step in line]


def _by_session(line: Sequence[Step], cadence: Cadence | None, hosts: Sequence[Host]) -> list[Turn]:
    """Each session that was not cancelled uses one turn.

    One that met elsewhere, or nobody knows where, has used the turn of the host whose it was.
    """
    place = start = _first_place(line, hosts)
    found: list[Turn] = []
    previous: tuple[Step, Host] | None = None
    cancelled: Step | None = None
    for step in line:
        recorded = place_of(step.known.host, hosts, place) if step.known else None
        at = place if recorded is None or step.cancelled else recorded
        values: dict[str, object] = {"session": _name(step, cadence), "host": hosts[at]}
        if previous:
            values |= {"previous": _name(previous[0], cadence), "previous_host": previous[1]}
        if cancelled:
            values |= {"cancelled": _name(cancelled, cadence)}
        why = _why_by_session(step, recorded, previous, cancelled, hosts, start)
        found.append(Turn(hosts[at], Reason(why, values)))
        if step.cancelled:
            cancelled = step
        else:
            place, previous, cancelled = (at + 1) % len(hosts), (step, hosts[at]), None
    return found


def _why_by_session(
    step: Step,
    recorded: int | None,
    previous: tuple[Step, Host] | None,
    cancelled: Step | None,
    hosts: Sequence[Host],
    start: int,
) -> Why:
    if step.known and step.known.status == MeetingStatus.POSTPONED and recorded is not None:
        return Why.KEEPS_TURN
    if cancelled:
        return Why.AFTER_CANCELLED
    if previous is None:
        return Why.COUNTED_BACK if start else Why.FIRST_IN_ORDER
    before = previous[0].known
    if before and place_of(before.host, hosts, 0) is None:
        return Why.AFTER_UNKNOWN
    return Why.AFTER_HELD if before and before.status == MeetingStatus.HELD else Why.AFTER_PLANNED


def _first_place(line: Sequence[Step], hosts: Sequence[Host]) -> int:
    """Where the order begins, so that the first session with a known host has its turn."""
    taking = [step for step in line if not step.cancelled]
    for steps, step in enumerate(taking):
        place = place_of(step.known.host, hosts, steps % len(hosts)) if step.known else None
        if place is not None:
            return (place - steps) % len(hosts)
    return 0


def _name(step: Step, cadence: Cadence | None) -> Wording:
    """How a sentence calls a session: by its number, else by its day."""
    if step.number is not None:
        return Wording(N_("session %(number)s"), {"number": step.number})
    if step.known and step.known.begins:
        return Wording(N_("the session of %(day)s"), {"day": step.known.begins})
    if due := _day_of(step, cadence):
        return Wording(N_("the session due by %(day)s"), {"day": due})
    return Wording(N_("the session without a date"))


class _Years:
    """Turns that pass with the year, counted from the first year whose host is known.

    A postponed or cancelled session says nothing of its year: its host is that of the plan.
    """

    def __init__(
        self, line: Sequence[Step], cadence: Cadence | None, hosts: Sequence[Host]
    ) -> None:
        self._cadence, self._hosts = cadence, hosts
        begins = _year_of(Step(None, 1), cadence)
        known = [(year, step.known.host) for step, year in _telling(line, cadence) if step.known]
        found = (
            (year, place)
            for year, host in sorted(known, key=lambda pair: pair[0])
            if (place := place_of(host, hosts, self._turns_since(begins, year))) is not None
        )
        self._first_year, self._first_place = next(found, (begins, 0))

    def turn(self, year: int | None) -> Turn:
        if year is None:
            return Turn(None, Reason(Why.YEAR_UNKNOWN))
        first = year if self._first_year is None else self._first_year
        host = self._hosts[(self._first_place + year - first) % len(self._hosts)]
        values: dict[str, object] = {"year": self._name(year), "host": host}
        if year == first:
            return Turn(host, Reason(Why.FIRST_YEAR, values))
        values |= {"first_year": self._name(first), "first_host": self._hosts[self._first_place]}
        return Turn(host, Reason(Why.BY_YEAR, values))

    def _turns_since(self, first: int | None, year: int) -> int:
        return 0 if first is None else (year - first) % len(self._hosts)

    def _name(self, year: int) -> str:
        return self._cadence.year_name(year) if self._cadence else f"{year:04}"


def _telling(line: Sequence[Step], cadence: Cadence | None) -> list[tuple[Step, int]]:
    """The sessions whose host tells whose year it was, with their years."""
    moved = (MeetingStatus.POSTPONED, MeetingStatus.CANCELLED)
    return [
        (step, year)
        for step in line
        if step.known and step.known.status not in moved
        if (year := _year_of(step, cadence)) is not None
    ]


def _year_of(step: Step, cadence: Cadence | None, otherwise: int | None = None) -> int | None:
    """The commission's year in which a session meets, as far as it is known."""
    day = _day_of(step, cadence)
    if day is None:
        return otherwise
    return cadence.year_of(day) if cadence else day.year


def _day_of(step: Step, cadence: Cadence | None) -> date | None:
    if step.known:
        return step.known.meets_on
    return cadence.period(step.slot).last if cadence else None
