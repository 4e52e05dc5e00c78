"""Terms, renewals and the last days for notice."""

from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.agreements.terms import (
    Clause,
    Consent,
    Notice,
    Span,
    Term,
    TermError,
    ends_by_notice,
    entry_by_consent,
    future_renewals,
    months_after,
    months_since,
    outlook,
    terms,
)
from tracker.dates import PartialDate


def clause(entry: str, **more: Any) -> Clause:
    return Clause(PartialDate.from_iso(entry), **more)


def on(first: str, last: str | None = None) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last or first))


def test_last_day_for_notice_before_the_next_tacit_renewal() -> None:
    glpi = clause(
        "2024-08-29", duration_months=12, renewal="tacit", renewal_months=12, notice_months=2
    )

    ahead = outlook(glpi, date(2026, 2, 11))

    assert next(terms(glpi)).ends == on("2025-08-28")
    assert ahead is not None
    assert ahead.term.ends == on("2026-08-28")
    assert ahead.next_notice_by == on("2026-06-28")
    assert ahead.renewed_until == on("2027-08-28")
    assert ahead.expires_on is None


def test_renewals_come_each_first_of_august() -> None:
    known = clause("2020-08-01", duration_months=36, renewal="tacit", renewal_months=12)

    renewals = future_renewals(known, date(2023, 1, 1), limit=4)

    assert [term.begins for term in renewals] == [
        on("2023-08-01"),
        on("2024-08-01"),
        on("2025-08-01"),
        on("2026-08-01"),
    ]


def test_sixty_months_and_then_twelve_not_twice_sixty() -> None:
    known = clause("2015-03-01", duration_months=60, renewal="tacit", renewal_months=12)

    first, second, third = islice(terms(known), 3)

    assert first.ends == on("2020-02-29")
    assert second.ends == on("2021-02-28")
    assert third.ends == on("2022-02-28")


def test_the_29th_of_february_comes_back() -> None:
    known = clause("2020-02-29", duration_months=12, renewal="tacit", renewal_months=12)

    begins = [term.begins.first.isoformat() for term in islice(terms(known), 5)]

    assert begins == ["2020-02-29", "2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"]


def test_the_31st_comes_back() -> None:
    known = clause("2023-01-31", duration_months=1, renewal="tacit", renewal_months=1)

    begins = [term.begins.first.isoformat() for term in islice(terms(known), 4)]

    assert begins == ["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30"]


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"duration_months": 12, "renewal": "tacit", "renewal_months": 0}, "renewal_months"),
        ({"duration_months": 12, "notice_months": 13}, "notice_months"),
        ({"duration_months": 1, "notice_days": 32}, "notice_days"),
        ({"duration_months": 0}, "duration_months"),
        ({"renewal": "none", "renewal_months": 12}, "renewal"),
        ({"renewal_months": 12}, "renewal"),
        ({"notice_months": 1, "notice_days": 30}, "notice_days"),
        ({"notice_days": -1}, "notice_days"),
    ],
)
def test_terms_that_cannot_be_are_refused(more: dict[str, Any], column: str) -> None:
    with pytest.raises(TermError) as refused:
        clause("2020-01-01", **more)

    assert refused.value.column == column


def test_a_notice_as_long_as_the_term_is_taken() -> None:
    assert clause("2020-01-01", duration_months=12, notice_months=12).notice == Notice(months=12)


def test_where_the_text_is_silent_twelve_months_stand_as_a_default() -> None:
    assert clause("2020-01-01").notice == Notice(months=12, default=True)


def test_notice_of_zero_is_a_fact_and_no_default() -> None:
    assert clause("2020-01-01", notice_months=0).notice == Notice()


def test_notice_in_days_and_the_reminder_before_it() -> None:
    known = clause(
        "2024-01-01",
        duration_months=12,
        renewal="tacit",
        renewal_months=12,
        notice_days=30,
        lead_days=14,
    )

    before, due = (outlook(known, date(2024, 11, day)) for day in (16, 17))

    assert before is not None
    assert due is not None
    assert (before.next_notice_by, before.remind_on) == (on("2024-12-01"), on("2024-11-17"))
    assert (before.reminder_due, due.reminder_due) == (False, True)


def test_after_the_last_day_the_next_terms_deadline_counts() -> None:
    known = clause(
        "2024-01-01", duration_months=12, renewal="tacit", renewal_months=12, notice_months=3
    )

    last_day, day_after = (outlook(known, date(2024, *day)) for day in ((9, 30), (10, 1)))

    assert last_day is not None
    assert day_after is not None
    assert last_day.next_notice_by == on("2024-09-30")
    assert day_after.next_notice_by == on("2025-09-30")
    assert day_after.term.number == 0


def test_a_fixed_term_expires_the_day_after_its_last() -> None:
    ahead = outlook(clause("2020-08-01", duration_months=36, renewal="none"), date(2021, 1, 1))

    assert ahead is not None
    assert ahead.term.ends == on("2023-07-31")
    assert ahead.expires_on == on("2023-08-01")
    assert ahead.next_notice_by is None


def test_a_renewal_that_is_not_known_promises_neither_expiry_nor_renewal() -> None:
    ahead = outlook(clause("2020-08-01", duration_months=36), date(2021, 1, 1))

    assert ahead is not None
    assert (ahead.expires_on, ahead.renewed_until) == (None, None)


def test_an_express_renewal_on_record_gives_a_second_term() -> None:
    known = clause("2020-01-01", duration_months=12, renewal="express", renewal_months=24)

    without, renewed = (outlook(known, date(2021, 6, 1), renewals=n) for n in (0, 1))

    assert without is not None
    assert renewed is not None
    assert without.expires_on == on("2021-01-01")
    assert renewed.expires_on == on("2023-01-01")


def test_a_partial_date_gives_spans() -> None:
    ahead = outlook(
        clause("2020-03", duration_months=12, renewal="tacit", renewal_months=12, notice_months=1),
        date(2020, 6, 1),
    )

    assert ahead is not None
    assert ahead.term.ends == on("2021-02-28", "2021-03-30")
    assert ahead.next_notice_by == on("2021-01-28", "2021-02-28")


def test_notice_in_time_ends_this_term_and_late_notice_the_next() -> None:
    known = clause(
        "2024-01-01", duration_months=12, renewal="tacit", renewal_months=12, notice_months=3
    )

    assert ends_by_notice(known, PartialDate.from_iso("2024-09-30")) == on("2024-12-31")
    assert ends_by_notice(known, PartialDate.from_iso("2024-10-01")) == on("2025-12-31")
    assert ends_by_notice(known, PartialDate.from_iso("2024")) == on("2024-12-31", "2025-12-31")


def test_notice_without_a_term_counts_from_the_notice() -> None:
    noticed = PartialDate.from_iso("2024-01-31")

    assert ends_by_notice(clause("2000-01-01", notice_months=1), noticed) == on("2024-02-29")
    assert ends_by_notice(clause("2000-01-01"), noticed) == on("2025-01-31")


def test_the_side_whose_notification_is_missing() -> None:
    found = entry_by_consent([Consent("ratified", "A", PartialDate.from_iso("2020-01-01"))])

    assert found.missing == ("B",)
    assert (found.later, found.on) == (None, None)


def test_entry_into_force_follows_the_later_notification() -> None:
    given = [
        Consent("ratified", "A", PartialDate.from_iso("2019-01-01")),
        Consent("domestic-procedure-notified", "A", PartialDate.from_iso("2020-01-31")),
        Consent("domestic-procedure-notified", "B", PartialDate.from_iso("2019-06-01")),
    ]

    assert entry_by_consent(given, after_months=1).on == on("2020-02-29")
    assert entry_by_consent(given, after_days=30).on == on("2020-03-01")
    assert entry_by_consent(given, after_days=0).on == on("2020-01-31")
    assert entry_by_consent(given).on is None
    assert entry_by_consent(given).later == on("2020-01-31")
    assert entry_by_consent(given).missing == ()


def test_a_notification_without_a_date_is_not_missing() -> None:
    found = entry_by_consent([Consent("approved", None, None)], after_days=30)

    assert (found.missing, found.on) == ((), None)


def test_full_months_since_an_agreement_was_signed() -> None:
    assert months_since(PartialDate.from_iso("2020-01-31"), date(2020, 2, 29)) == 1
    assert months_since(PartialDate.from_iso("2020"), date(2021, 12, 30)) == 11
    assert months_since(PartialDate.from_iso("2020"), date(2020, 6, 1)) is None


def test_terms_end_with_the_calendar() -> None:
    known = clause("9998-06-01", duration_months=12, renewal="tacit", renewal_months=12)

    assert [term.number for term in terms(known)] == [0]


entries = st.builds(
    lambda day, precision: {
        "day": PartialDate.day(day),
        "month": PartialDate.month(day.year, day.month),
        "year": PartialDate.year(day.year),
    }[precision],
    st.dates(date(1800, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["day", "month", "year"]),
)
clauses = st.integers(1, 240).flatmap(
    lambda duration: st.builds(
        Clause,
        entries,
        st.just(duration),
        st.just("tacit"),
        st.integers(1, 120),
        st.integers(0, duration),
        st.none(),
        st.integers(0, 400),
    )
)


def both(term: Term, name: str) -> tuple[date, date]:
    span = getattr(term, name)
    return span.first, span.last


@given(clauses)
def test_terms_follow_one_another_without_a_gap(known: Clause) -> None:
    found = list(islice(terms(known), 12))

    assert found[0].begins == Span.of(known.in_force_on)
    for earlier, later in pairwise(found):
        assert later.begins == earlier.over_on
        for before, begin in zip(both(earlier, "ends"), both(later, "begins"), strict=True):
            assert begin - before == timedelta(days=1)


@given(clauses)
def test_deadlines_rise_and_stand_in_order(known: Clause) -> None:
    found = list(islice(terms(known), 12))

    for name in ("begins", "ends", "notice_by", "remind_on"):
        spans = [both(term, name) for term in found]
        assert spans == sorted(spans)
        assert all(first <= last for first, last in spans)
    for term in found:
        assert term.remind_on.first <= term.notice_by.first <= term.ends.first
        assert term.begins.first <= term.ends.first


@given(clauses)
def test_no_first_deadline_lies_before_the_day_before_entry_into_force(known: Clause) -> None:
    # A notice as long as the term is due on the eve of its first day, or on days before it where
    # a short month stands for the same day.
    first = next(terms(known))

    assert first.notice_by.first >= known.in_force_on.first - timedelta(days=4)


@given(clauses, st.dates(date(1800, 1, 1), date(2150, 1, 1)))
def test_the_outlook_is_the_same_until_its_term_or_deadline_is_past(
    known: Clause, day: date
) -> None:
    ahead = outlook(known, day)

    assert ahead is not None
    assert ahead.term.ends.last >= day
    if ahead.next_notice_by is not None:
        later = outlook(known, max(day, min(ahead.next_notice_by.last, ahead.term.ends.last)))
        assert later is not None
        assert later.next_notice_by == ahead.next_notice_by


@given(st.dates(date(1, 2, 1), date(9000, 1, 1)), st.integers(0, 11_000))
def test_months_are_added_as_far_as_the_month_reaches(day: date, months: int) -> None:
    there = months_after(day, months)

    assert there is not None
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there + timedelta(days=1)).day == 1


@settings(deadline=None)
@given(
    entry=st.dates(date(1980, 1, 1), date(2020, 1, 1)),
    day=st.dates(date(1975, 1, 1), date(2040, 1, 1)),
    duration=st.integers(1, 60),
    renewal=st.integers(1, 60),
    precision=st.sampled_from(["day", "month", "year"]),
)
def test_the_term_of_a_day_is_the_first_that_is_not_over(
    entry: date, day: date, duration: int, renewal: int, precision: str
) -> None:
    spans = {
        "day": PartialDate.day(entry),
        "month": PartialDate.month(entry.year, entry.month),
        "year": PartialDate.year(entry.year),
    }
    known = Clause(
        spans[precision], duration_months=duration, renewal="tacit", renewal_months=renewal
    )

    ahead = outlook(known, day)

    one_by_one = next(term for term in terms(known) if term.ends.last >= day)
    assert ahead is not None
    assert ahead.term == one_by_one
