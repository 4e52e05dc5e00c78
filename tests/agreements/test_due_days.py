"""The kept deadlines are what the rule says as of each single day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.agreements.due_days import Deadline, due_day, due_days
from tracker.agreements.terms import Clause, TermError, outlook
from tracker.dates import PartialDate

FIRST, LAST = date(2020, 1, 1), date(2049, 12, 31)
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@st.composite
def clauses(draw: st.DrawFn) -> Clause | None:
    on = draw(DAYS)
    entry = draw(
        st.sampled_from(
            [PartialDate.day(on), PartialDate.month(on.year, on.month), PartialDate.year(on.year)]
        )
    )
    months = st.integers(1, 130)
    try:
        return Clause(
            entry,
            draw(months),
            draw(st.sampled_from(["tacit", "express", "none", None])),
            draw(st.none() | months),
            draw(st.none() | st.integers(0, 30)),
            draw(st.none() | st.integers(0, 400)),
            draw(st.none() | st.integers(0, 800)),
        )
    except TermError:
        return None


@given(clauses(), st.lists(DAYS, max_size=4), st.data())
def test_each_day_has_the_deadline_that_the_rule_says(
    clause: Clause | None, renewed: list[date], data: st.DataObject
) -> None:
    if clause is None:
        return
    renewed.sort()
    kept = list(due_days(clause, renewed, FIRST, LAST))

    edges = [day for _line, since, until in kept for day in (since, until)]
    near = [day + timedelta(days=n) for day in edges for n in (-1, 0, 1)]
    asked = data.draw(st.lists(st.dates(FIRST, LAST), min_size=5, max_size=20))
    for day in (*asked, *near):
        if not FIRST <= day <= LAST:
            continue
        times = sum(on <= day for on in renewed)
        ahead = outlook(clause, day, renewals=times)
        wanted = due_day(ahead, clause, day, times) if ahead else None
        if day < clause.in_force_on.first:
            wanted = None
        found = [line for line, since, until in kept if since <= day <= until]
        assert found == ([wanted] if wanted else []), day


def test_a_term_of_five_years_has_one_notice_at_a_time() -> None:
    clause = Clause(PartialDate.day(date(2018, 3, 1)), 60, "tacit", 60, 6)

    kept = list(due_days(clause, (), FIRST, date(2030, 1, 1)))

    assert [(line.what, line.number, line.due.first) for line, _since, _until in kept] == [
        (Deadline.NOTICE, 0, date(2022, 8, 28)),
        (Deadline.NOTICE, 1, date(2027, 8, 29)),
        (Deadline.NOTICE, 2, date(2032, 8, 28)),
    ]
    assert [(since, until) for _line, since, until in kept] == [
        (FIRST, date(2022, 8, 28)),
        (date(2022, 8, 29), date(2027, 8, 29)),
        (date(2027, 8, 30), date(2030, 1, 1)),
    ]
