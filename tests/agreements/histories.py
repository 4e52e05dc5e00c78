"""Random histories of agreements, crowded into few years so that dates meet and overlap."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tracker.agreements.models import ActionKind, EndedHow, Renewal
from tracker.agreements.rules import Deed, History
from tracker.dates import PartialDate

# Around a leap day, and at both ends of the calendar.
_YEARS = st.sampled_from([2019, 2020, 2020, 2021]) | st.sampled_from([1, 2, 9998, 9999])
_WITHIN = st.integers(0, 364)

days = st.builds(lambda year, day: date(year, 1, 1) + timedelta(days=day), _YEARS, _WITHIN)
_month_ends = st.sampled_from(
    [date(2020, 2, 28), date(2020, 2, 29), date(2020, 1, 31), date(2020, 3, 1), date(2020, 4, 30)]
)
days = days | _month_ends

dates = st.one_of(
    days.map(PartialDate.day),
    days.map(lambda day: PartialDate.month(day.year, day.month)),
    days.map(lambda day: PartialDate.year(day.year)),
)
_MARKING = [kind.value for kind in ActionKind if kind.value not in ("registered", "corrected")]


def deeds(
    kinds: list[str] = _MARKING, on: st.SearchStrategy[PartialDate] = dates
) -> st.SearchStrategy[Deed]:
    """An action with both of its dates, one, or none."""
    return st.builds(Deed, st.sampled_from(kinds), st.none() | on, st.none() | on)


@st.composite
def histories(
    draw: st.DrawFn,
    kinds: list[str] = _MARKING,
    on: st.SearchStrategy[PartialDate] = dates,
) -> History:
    """What a record may say, in whatever order."""
    ended_on = draw(st.none() | st.none() | on)
    renewal = draw(st.none() | st.sampled_from([member.value for member in Renewal]))
    return History(
        signed_on=draw(st.none() | on),
        provisionally_applied_on=draw(st.none() | st.none() | on),
        in_force_on=draw(st.none() | on),
        ended_on=ended_on,
        ended_how=draw(st.none() | st.sampled_from([how.value for how in EndedHow]))
        if ended_on
        else None,
        duration_months=draw(st.none() | st.integers(1, 30) | st.just(12_000)),
        renewal=renewal,
        renewal_months=draw(st.none() | st.integers(1, 13)),
        deeds=tuple(draw(st.lists(deeds(kinds, on), max_size=4))),
    )
