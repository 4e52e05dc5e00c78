"""The ordinary sessions of a commission as one line: where each stands and what number is free."""

from __future__ import annotations

import enum
import math
import sys
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.commissions.rotation import Host
from tracker.dates import PartialDate


class MeetingStatus(enum.StrEnum):
    """What has become of a session."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_AFTER_ALL = sys.maxsize


@dataclass(frozen=True)
class Known:
    """A session that is recorded already, in whatever state."""

    number: int | None
    status: MeetingStatus
    due_from: date | None = None
    due_to: date | None = None
    begins: PartialDate | None = None
    host: Host | None = None
    extraordinary: bool = False

    @property
    def due_on(self) -> date | None:
        """The day that says which period it was due for: its due day, else when it meets."""
        return self.due_to or self.due_from or self.meets_on

    @property
    def meets_on(self) -> date | None:
        """The day around which it meets or is due to meet."""
        return self.begins.middle if self.begins else self.due_to or self.due_from


@dataclass(frozen=True)
class Step:
    """One ordinary session in the line; `known` is None for one that is only expected."""

    number: int | None
    slot: int
    known: Known | None = None

    @property
    def cancelled(self) -> bool:
        """A cancelled session keeps its number and its period, and has used no turn."""
        return self.known is not None and self.known.status == MeetingStatus.CANCELLED


def placed(known: Iterable[Known], slot_of: Callable[[date], int]) -> list[Step]:
    """Each ordinary session at its slot (a period, or a day).

    A session without any date follows the one that is numbered before it, one slot later; without
    a number either, it comes after all others and covers no period.
    """
    ordinary = [one for one in known if not one.extraordinary]
    steps: list[Step] = []
    slot = 0
    for one in sorted(ordinary, key=_by_number):
        if one.due_on:
            slot = slot_of(one.due_on)
        else:
            slot = _AFTER_ALL if one.number is None else max(slot + 1, 1)
        steps.append(Step(one.number, slot, one))
    return steps


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By number; a session without one stands where its date puts it among the numbered."""
    keyed = []
    highest = 0
    for step in sorted(steps, key=lambda step: (step.slot, step.number is None)):
        highest = max(highest, step.number or 0)
        keyed.append(((step.number or highest, step.number is None, step.slot), step))
    return [step for _, step in sorted(keyed, key=lambda pair: pair[0])]


def missing(steps: Collection[Step], taken: Collection[int], until: int) -> Iterator[Step]:
    """The slots from 1 to `until` that no session covers, with the numbers that are free for them.

    Numbers rise with the periods. A period between two sessions is missing only if a number
    between theirs is free: between the 15th and the 16th nothing was left out, however many years
    lie between. What came before the first known number is not proposed, unless the count leads
    back to number 1. Where sessions are known and none has a number, what is missing has none.
    """
    covered = {step.slot for step in steps}
    count = _Count(steps, taken)
    for slot in range(1, until + 1):
        count.pass_by(slot)
        if slot in covered or not count.begun:
            continue
        if count.unknown:
            yield Step(None, slot)
        elif (number := count.next_free()) < count.ceiling(slot):
            count.last = number
            yield Step(number, slot)


def next_number(steps: Collection[Step], taken: Collection[int]) -> int | None:
    """The number after all that are known; None where sessions are known and none has a number."""
    count = _Count(steps, taken)
    count.pass_by(math.inf)
    return None if count.unknown else count.next_free()


class _Count:
    """Counts along the line which number the next session has."""

    def __init__(self, steps: Collection[Step], taken: Collection[int]) -> None:
        self._ahead = sorted(steps, key=lambda step: (-step.slot, step.number is not None))
        self._taken = frozenset(taken)
        self._lowest_after = _lowest_after(steps)
        numbered = sorted((step.number, step.slot) for step in steps if step.number is not None)
        self.unknown = not numbered and any(step.slot < _AFTER_ALL for step in steps)
        self.last = 0
        self.begun = not numbered or self._leads_back_to_one(*numbered[0])

    def pass_by(self, slot: float) -> None:
        """Count what stands before a slot; an unnumbered session took a number that is unknown."""
        while self._ahead and self._ahead[-1].slot < slot:
            step = self._ahead.pop()
            if step.number is not None:
                self.begun = True
                self.last = max(self.last, step.number)
            elif not step.cancelled:
                self.last += 1

    def next_free(self) -> int:
        number = self.last + 1
        while number in self._taken:
            number += 1
        return number

    def ceiling(self, slot: int) -> float:
        """The lowest number after a slot."""
        slots, numbers = self._lowest_after
        place = bisect_right(slots, slot)
        return numbers[place] if place < len(numbers) else math.inf

    def _leads_back_to_one(self, number: int, slot: int) -> bool:
        extraordinary = sum(1 for other in self._taken if other < number)
        return number - extraordinary <= slot


def _lowest_after(steps: Iterable[Step]) -> tuple[list[int], list[int]]:
    """Slots in order, and for each the lowest number from there on."""
    numbered = sorted((step.slot, step.number) for step in steps if step.number is not None)
    lowest: list[int] = []
    for _, number in reversed(numbered):
        lowest.append(min(number, lowest[-1]) if lowest else number)
    return [slot for slot, _ in numbered], lowest[::-1]


def _by_number(one: Known) -> tuple[float, date]:
    number = math.inf if one.number is None else one.number
    return number, one.due_on or date.max
