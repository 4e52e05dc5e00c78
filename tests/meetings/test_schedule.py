"""Which sessions are expected: periods, numbers, hosts and their reasons."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.rrule import MONTHLY, WE, YEARLY, rrule
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.dates import PartialDate
from tracker.meetings.schedule import (
    MOST,
    Cadence,
    CadenceUnit,
    Expected,
    Host,
    Known,
    MeetingStatus,
    ScheduleError,
    TurnRule,
    Weekday,
    Why,
    next_in_turn,
    rule_in_words,
    sessions,
    turn_of,
)

TEHRAN, TASHKENT, ASTANA = Host("IR", "Tehran"), Host("UZ", "Tashkent"), Host("KZ", "Astana")
PAIR = (TEHRAN, TASHKENT)
YEARLY_IN_MARCH = Cadence(1, CadenceUnit.YEAR, date(2023, 3, 9))
YEARLY_IN_DECEMBER = Cadence(1, CadenceUnit.YEAR, date(2022, 12, 31))


def held(number: int | None, on: str, host: Host | None = None, **more: object) -> Known:
    return replace(
        Known(number, MeetingStatus.HELD, begins=PartialDate.from_iso(on), host=host),
        **more,  # type: ignore[arg-type]
    )


def due(number: int | None, year: int, status: MeetingStatus, host: Host | None = None) -> Known:
    """A session due in a calendar year, as a plan recorded it."""
    return Known(number, status, date(year, 1, 1), date(year, 12, 31), host=host)


def plan(
    known: Sequence[Known] = (),
    until: int = 2026,
    turns: TurnRule | None = TurnRule.BY_SESSION,
    cadence: Cadence = YEARLY_IN_DECEMBER,
    hosts: Sequence[Host] = PAIR,
) -> list[Expected]:
    return sessions(cadence, hosts, turns, known, date(until, 12, 31))


def in_short(expected: Sequence[Expected]) -> list[tuple[int | None, int, str]]:
    """Number, year in which it is due at the latest, city."""
    return [(one.number, one.due_to.year, str(one.host)) for one in expected if one.due_to]


FIRST_DUE = st.dates(date(2000, 1, 1), date(2030, 12, 31))
PLAIN = st.builds(Cadence, st.integers(1, 30), st.just(CadenceUnit.MONTH), FIRST_DUE) | st.builds(
    Cadence, st.integers(1, 4), st.just(CadenceUnit.YEAR), FIRST_DUE
)
FIXED = st.builds(
    Cadence,
    st.integers(1, 12),
    st.just(CadenceUnit.MONTH),
    FIRST_DUE,
    st.sampled_from([1, 2, 3, 4, -1]),
    st.sampled_from(Weekday),
) | st.builds(
    Cadence,
    st.integers(1, 4),
    st.just(CadenceUnit.YEAR),
    FIRST_DUE,
    st.sampled_from([1, 2, 3, 4, -1]),
    st.sampled_from(Weekday),
    st.none() | st.integers(1, 12),
)
IN_A_MONTH = st.builds(
    Cadence,
    st.integers(1, 4),
    st.just(CadenceUnit.YEAR),
    FIRST_DUE,
    month=st.integers(1, 12),
)
CADENCES = PLAIN | FIXED | IN_A_MONTH
HOSTS = st.lists(
    st.builds(Host, st.sampled_from(["IR", "UZ", "KZ"]), st.sampled_from([None, "A", "B"])),
    max_size=4,
)
TURNS = st.none() | st.sampled_from(TurnRule)
UNTIL = st.dates(date(1995, 1, 1), date(2035, 12, 31))
KNOWN = st.lists(
    st.builds(
        Known,
        st.none() | st.integers(1, 30),
        st.sampled_from(MeetingStatus),
        due_to=st.none() | st.dates(date(1985, 1, 1), date(2035, 12, 31)),
        begins=st.none()
        | st.dates(date(1985, 1, 1), date(2035, 12, 31)).map(PartialDate.day)
        | st.integers(1985, 2035).map(PartialDate.year),
        host=st.none() | st.builds(Host, st.sampled_from(["IR", "UZ", "FR"])),
        extraordinary=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.number or id(one),
)


class TestPeriods:
    def test_the_first_period_ends_when_the_first_session_is_due(self) -> None:
        first, second, *_ = plan(cadence=YEARLY_IN_MARCH)

        assert (first.due_from, first.due_to) == (date(2022, 3, 10), date(2023, 3, 9))
        assert (second.due_from, second.due_to) == (date(2023, 3, 10), date(2024, 3, 9))
        assert (first.number, first.host) == (1, TEHRAN)
        assert (second.number, second.host) == (2, TASHKENT)

    def test_a_plan_until_a_day_includes_the_period_that_contains_it(self) -> None:
        until = date(2024, 3, 10)

        first_of_third = sessions(YEARLY_IN_MARCH, PAIR, TurnRule.BY_SESSION, [], until)
        last_of_second = sessions(
            YEARLY_IN_MARCH, PAIR, TurnRule.BY_SESSION, [], until - timedelta(days=1)
        )

        assert [one.number for one in first_of_third] == [1, 2, 3]
        assert [one.number for one in last_of_second] == [1, 2]

    def test_nothing_is_expected_before_the_first_period(self) -> None:
        assert plan(until=2021) == []

    def test_the_29_february_comes_back_in_leap_years(self) -> None:
        expected = plan(cadence=Cadence(1, CadenceUnit.YEAR, date(2024, 2, 29)), until=2028)

        assert [one.due_to for one in expected][:5] == [
            date(2024, 2, 29),
            date(2025, 2, 28),
            date(2026, 2, 28),
            date(2027, 2, 28),
            date(2028, 2, 29),
        ]

    def test_a_month_end_is_counted_from_the_first_and_not_from_the_month_before(self) -> None:
        expected = plan(cadence=Cadence(1, CadenceUnit.MONTH, date(2023, 1, 31)), until=2023)

        assert [one.due_to for one in expected][:4] == [
            date(2023, 1, 31),
            date(2023, 2, 28),
            date(2023, 3, 31),
            date(2023, 4, 30),
        ]

    def test_the_third_wednesday_of_a_month_is_proposed_as_the_day(self) -> None:
        cadence = Cadence(1, CadenceUnit.YEAR, date(2023, 3, 9), 3, Weekday.WEDNESDAY, month=5)

        first, second, *_ = plan(cadence=cadence)

        assert first.day == first.due_from == first.due_to == date(2023, 5, 17)
        assert second.day == date(2024, 5, 15)

    def test_without_a_month_the_weekday_is_in_the_month_of_the_first_due_day(self) -> None:
        cadence = Cadence(1, CadenceUnit.YEAR, date(2023, 3, 9), -1, Weekday.FRIDAY)

        assert [one.day for one in plan(cadence=cadence, until=2024)] == [
            date(2023, 3, 31),
            date(2024, 3, 29),
        ]

    def test_a_named_month_is_the_whole_period(self) -> None:
        first, *_ = plan(cadence=Cadence(1, CadenceUnit.YEAR, date(2023, 3, 9), month=2))

        assert (first.due_from, first.due_to, first.day) == (
            date(2023, 2, 1),
            date(2023, 2, 28),
            None,
        )

    @given(st.integers(1, 12), FIRST_DUE)
    def test_weekdays_of_months_are_those_of_rfc_5545(self, every: int, first: date) -> None:
        cadence = Cadence(every, CadenceUnit.MONTH, first, 3, Weekday.WEDNESDAY)
        rule = rrule(
            MONTHLY, interval=every, byweekday=WE(3), dtstart=first.replace(day=1), count=12
        )

        assert [cadence.day(index) for index in range(1, 13)] == [day.date() for day in rule]

    @given(FIRST_DUE, st.integers(1, 12))
    def test_last_weekdays_of_years_are_those_of_rfc_5545(self, first: date, month: int) -> None:
        cadence = Cadence(1, CadenceUnit.YEAR, first, -1, Weekday.WEDNESDAY, month)
        start = first.replace(month=1, day=1)
        rule = rrule(YEARLY, bymonth=month, byweekday=WE(-1), dtstart=start, count=12)

        assert [cadence.day(index) for index in range(1, 13)] == [day.date() for day in rule]

    @given(PLAIN, st.integers(-20, 60))
    def test_periods_leave_no_day_out_and_share_none(self, cadence: Cadence, index: int) -> None:
        period, following = cadence.period(index), cadence.period(index + 1)

        assert period.first <= period.last
        assert following.first == period.last + timedelta(days=1)

    @given(CADENCES, st.integers(-20, 60))
    def test_each_day_of_a_period_belongs_to_it(self, cadence: Cadence, index: int) -> None:
        period = cadence.period(index)

        assert cadence.index_of(period.first) == cadence.index_of(period.last) == index

    @given(CADENCES)
    def test_both_ends_of_the_calendar_have_a_period(self, cadence: Cadence) -> None:
        assert cadence.index_of(date.min) < cadence.index_of(date.max)


class TestNumbers:
    def test_numbers_go_on_from_a_session_that_is_not_the_first(self) -> None:
        known = [held(14, "2022-02-20", TEHRAN)]

        assert in_short(plan(known, until=2024)) == [(15, 2023, "Tashkent"), (16, 2024, "Tehran")]

    def test_after_14_in_tehran_15_in_tashkent_and_16_in_tehran_comes_17_in_tashkent(self) -> None:
        known = [
            held(14, "2022-02-20", TEHRAN),
            held(15, "2023-05-31", TASHKENT),
            held(16, "2025-05", TEHRAN),
        ]

        expected = plan(known, until=2027)

        assert in_short(expected) == [(17, 2026, "Tashkent"), (18, 2027, "Tehran")]
        assert str(expected[0].why) == (
            "Tehran hosted session 16; turns go by session, so session 17 is Tashkent’s."
        )

    def test_no_session_is_put_between_two_that_follow_each_other(self) -> None:
        known = [held(15, "2023-05-31", TASHKENT), held(16, "2025-05", TEHRAN)]

        assert [one.number for one in plan(known, until=2025)] == []

    def test_a_session_left_out_between_two_is_expected_again(self) -> None:
        known = [held(1, "2022"), held(3, "2024")]

        assert in_short(plan(known, until=2024)) == [(2, 2023, "Tashkent")]

    def test_what_was_before_the_first_known_number_is_not_made_up(self) -> None:
        assert in_short(plan([held(14, "2024", TEHRAN)], until=2025)) == [(15, 2025, "Tashkent")]

    def test_the_first_session_is_expected_again_when_the_count_leads_back_to_it(self) -> None:
        known = [due(3, 2024, MeetingStatus.PLANNED, TEHRAN)]

        expected = plan(known, until=2024)

        assert in_short(expected) == [(1, 2022, "Tehran"), (2, 2023, "Tashkent")]

    def test_a_late_first_session_leaves_no_number_for_the_period_that_it_missed(self) -> None:
        assert in_short(plan([held(1, "2023", TEHRAN)], until=2024)) == [(2, 2024, "Tashkent")]

    def test_a_cancelled_session_keeps_its_number_and_its_period(self) -> None:
        known = [held(1, "2022", TEHRAN), due(2, 2023, MeetingStatus.CANCELLED, TASHKENT)]

        assert [one.number for one in plan(known, until=2024)] == [3]

    def test_the_number_of_an_extraordinary_session_is_left_out(self) -> None:
        known = [held(2, "2022-06-01", extraordinary=True)]

        assert [one.number for one in plan(known, until=2024)] == [1, 3, 4]

    def test_a_planned_session_without_a_date_is_the_next(self) -> None:
        known = [held(16, "2025", TEHRAN), Known(17, MeetingStatus.PLANNED)]

        assert in_short(plan(known, until=2027)) == [(18, 2027, "Tehran")]

    def test_a_session_without_number_and_date_covers_no_period(self) -> None:
        assert in_short(plan([Known(None, MeetingStatus.PLANNED)], until=2022)) == [
            (1, 2022, "Tehran")
        ]

    def test_an_unnumbered_session_has_used_a_number(self) -> None:
        known = [held(16, "2025", TEHRAN), held(None, "2026", TASHKENT)]

        assert in_short(plan(known, until=2027)) == [(18, 2027, "Tehran")]

    def test_where_no_session_has_a_number_the_expected_ones_have_none(self) -> None:
        known = [held(None, "2022", TASHKENT)]

        expected = plan(known, until=2023)

        assert in_short(expected) == [(None, 2023, "Tehran")]
        assert str(expected[0].why) == (
            "Tashkent hosted the session of 2022; turns go by session, "
            "so the session due by 2023-12-31 is Tehran’s."
        )


class TestCoverage:
    def test_a_session_held_late_covers_the_period_that_it_was_due_for(self) -> None:
        late = held(1, "2023-02-01", due_from=date(2022, 1, 1), due_to=date(2022, 12, 31))

        assert [one.due_to for one in plan([late], until=2023)] == [date(2023, 12, 31)]

    def test_a_session_without_a_due_period_covers_the_one_in_which_it_met(self) -> None:
        assert [one.number for one in plan([held(1, "2022-02-20")], until=2022)] == []

    def test_two_sessions_in_one_period_do_not_release_the_next(self) -> None:
        known = [held(1, "2022-02"), held(2, "2022-11")]

        assert [(one.number, one.due_to) for one in plan(known, until=2023)] == [
            (3, date(2023, 12, 31))
        ]

    def test_a_wednesday_missed_by_a_week_is_still_that_months_session(self) -> None:
        cadence = Cadence(1, CadenceUnit.MONTH, date(2026, 1, 1), 3, Weekday.WEDNESDAY)

        expected = sessions(
            cadence, PAIR, TurnRule.BY_SESSION, [held(1, "2026-01-28")], date(2026, 2, 28)
        )

        assert [one.day for one in expected] == [date(2026, 2, 18)]

    def test_an_extraordinary_session_covers_no_period_and_uses_no_turn(self) -> None:
        known = [held(None, "2022-06-01", TEHRAN, extraordinary=True)]

        assert in_short(plan(known, until=2022)) == [(1, 2022, "Tehran")]


class TestTurnsBySession:
    def test_hosts_alternate(self) -> None:
        cities = [city for _, _, city in in_short(plan())]

        assert cities == ["Tehran", "Tashkent", "Tehran", "Tashkent", "Tehran"]

    def test_a_postponed_session_keeps_its_host_and_number(self) -> None:
        second = replace(
            due(2, 2023, MeetingStatus.POSTPONED, TASHKENT), begins=PartialDate.from_iso("2024-02")
        )
        known = [held(1, "2022", TEHRAN), second]

        turn = turn_of(second, YEARLY_IN_DECEMBER, PAIR, TurnRule.BY_SESSION, known[:1])

        assert (turn.host, turn.reason.why) == (TASHKENT, Why.KEEPS_TURN)
        assert in_short(plan(known, until=2025)) == [(3, 2024, "Tehran"), (4, 2025, "Tashkent")]

    def test_the_session_after_a_cancelled_one_takes_its_turn(self) -> None:
        known = [held(16, "2025", TEHRAN), due(17, 2026, MeetingStatus.CANCELLED, TASHKENT)]

        (expected,) = plan(known, until=2027)

        assert (expected.number, expected.host) == (18, TASHKENT)
        assert str(expected.why) == (
            "Turns go by session, and session 17 was cancelled without using its turn, "
            "so session 18 is Tashkent’s."
        )

    def test_a_session_in_another_city_of_the_host_uses_its_turn(self) -> None:
        known = [held(1, "2022", Host("UZ", "Samarkand"))]

        assert in_short(plan(known, until=2023)) == [(2, 2023, "Tehran")]

    @pytest.mark.parametrize("elsewhere", [None, Host("FR", "Paris")])
    def test_a_session_elsewhere_used_the_turn_whose_it_was(self, elsewhere: Host | None) -> None:
        known = [held(1, "2022", TEHRAN), held(2, "2023", elsewhere)]

        (expected,) = plan(known, until=2024)

        assert (expected.host, expected.why.why) == (TEHRAN, Why.AFTER_UNKNOWN)

    def test_a_host_that_stands_twice_in_the_order_is_found_where_the_line_is(self) -> None:
        hosts = (TEHRAN, TASHKENT, TEHRAN, ASTANA)
        known = [held(1, "2022", TEHRAN), held(2, "2023", TASHKENT), held(3, "2024", TEHRAN)]

        assert in_short(plan(known, 2025, hosts=hosts)) == [(4, 2025, "Astana")]

    def test_a_change_of_the_order_in_fact_is_followed(self) -> None:
        known = [held(1, "2022", TEHRAN), held(2, "2023", TEHRAN)]

        assert in_short(plan(known, until=2024)) == [(3, 2024, "Tashkent")]


class TestTurnsByYear:
    def test_the_turn_passes_with_the_year(self) -> None:
        cadence = Cadence(6, CadenceUnit.MONTH, date(2022, 6, 30))

        expected = plan(until=2023, turns=TurnRule.BY_YEAR, cadence=cadence)

        assert [str(one.host) for one in expected][:4] == [
            "Tehran",
            "Tehran",
            "Tashkent",
            "Tashkent",
        ]

    def test_a_session_postponed_into_the_next_year_takes_that_years_host(self) -> None:
        second = replace(
            due(2, 2023, MeetingStatus.POSTPONED, TASHKENT), begins=PartialDate.from_iso("2024-02")
        )
        first = held(1, "2022", TEHRAN)

        turn = turn_of(second, YEARLY_IN_DECEMBER, PAIR, TurnRule.BY_YEAR, [first])

        assert turn.host == TEHRAN
        assert str(turn.reason) == ("Turns go by year: Tehran has 2022, so 2024 is Tehran’s.")
        assert in_short(plan([first, second], 2025, TurnRule.BY_YEAR)) == [
            (3, 2024, "Tehran"),
            (4, 2025, "Tashkent"),
        ]

    def test_a_session_postponed_within_its_year_keeps_its_host(self) -> None:
        second = replace(
            due(2, 2023, MeetingStatus.POSTPONED, TASHKENT), begins=PartialDate.from_iso("2023-11")
        )

        turn = turn_of(
            second, YEARLY_IN_DECEMBER, PAIR, TurnRule.BY_YEAR, [held(1, "2022", TEHRAN)]
        )

        assert turn.host == TASHKENT

    def test_a_year_without_a_session_passes_the_turn_on(self) -> None:
        known = [held(1, "2022", TEHRAN), due(2, 2023, MeetingStatus.CANCELLED, TASHKENT)]

        assert in_short(plan(known, 2024, TurnRule.BY_YEAR)) == [(3, 2024, "Tehran")]

    def test_the_count_begins_with_the_first_year_that_is_known(self) -> None:
        known = [held(14, "2022-02-20", TASHKENT)]

        assert in_short(plan(known, 2024, TurnRule.BY_YEAR)) == [
            (15, 2023, "Tehran"),
            (16, 2024, "Tashkent"),
        ]

    def test_a_commissions_year_may_run_from_march_to_march(self) -> None:
        expected = plan(turns=TurnRule.BY_YEAR, cadence=YEARLY_IN_MARCH, until=2023)

        assert [one.host for one in expected] == [TEHRAN, TASHKENT]
        assert str(expected[1].why) == (
            "Turns go by year: Tehran has 2022–2023, so 2023–2024 is Tashkent’s."
        )

    def test_hosts_take_turns_also_where_sessions_come_every_second_year(self) -> None:
        cadence = Cadence(2, CadenceUnit.YEAR, date(2022, 12, 31))

        expected = plan(turns=TurnRule.BY_YEAR, cadence=cadence, until=2026)

        assert in_short(expected)[:3] == [
            (1, 2022, "Tehran"), (2, 2024, "Tashkent"), (3, 2026, "Tehran"),
        ]  # fmt: skip


class TestHostsUnknown:
    def test_one_host_has_every_session(self) -> None:
        expected = plan(hosts=[TEHRAN])

        assert {(one.host, one.why.why) for one in expected} == {(TEHRAN, Why.ONLY_HOST)}

    def test_without_hosts_sessions_are_expected_somewhere(self) -> None:
        assert {(one.host, one.why.why) for one in plan(hosts=[])} == {(None, Why.NO_HOSTS)}

    def test_where_the_turns_are_not_known_no_host_is_guessed(self) -> None:
        assert {(one.host, one.why.why) for one in plan(turns=None)} == {(None, Why.TURNS_UNKNOWN)}


class TestWithoutCadence:
    KNOWN = (
        held(14, "2022-02-20", TEHRAN),
        held(15, "2023-05-31", TASHKENT),
        held(16, "2025-05", TEHRAN),
    )

    def test_the_next_session_has_a_number_and_a_host_and_no_period(self) -> None:
        following = next_in_turn(PAIR, TurnRule.BY_SESSION, self.KNOWN)

        assert following is not None
        assert (following.number, following.host) == (17, TASHKENT)
        assert (following.due_from, following.due_to, following.day) == (None, None, None)

    @pytest.mark.parametrize(
        "status", [MeetingStatus.PLANNED, MeetingStatus.CONFIRMED, MeetingStatus.POSTPONED]
    )
    def test_while_a_session_is_open_that_one_is_the_next(self, status: MeetingStatus) -> None:
        known = [*self.KNOWN, Known(17, status)]

        assert next_in_turn(PAIR, TurnRule.BY_SESSION, known) is None

    def test_after_a_cancelled_session_its_host_is_next(self) -> None:
        known = [*self.KNOWN, Known(17, MeetingStatus.CANCELLED, host=TASHKENT)]

        following = next_in_turn(PAIR, TurnRule.BY_SESSION, known)

        assert following is not None
        assert (following.number, following.host) == (18, TASHKENT)

    def test_by_year_the_host_follows_from_the_year_in_which_it_meets(self) -> None:
        unknown = next_in_turn(PAIR, TurnRule.BY_YEAR, self.KNOWN)
        in_2027 = next_in_turn(PAIR, TurnRule.BY_YEAR, self.KNOWN, year=2027)

        assert unknown is not None
        assert (unknown.host, unknown.why.why) == (None, Why.YEAR_UNKNOWN)
        assert in_2027 is not None
        assert in_2027.host == TASHKENT

    def test_a_commission_that_never_met_begins_with_the_first_session(self) -> None:
        following = next_in_turn(PAIR, TurnRule.BY_SESSION, [])

        assert following is not None
        assert (following.number, following.host) == (1, TEHRAN)


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"every": 0}, "every 1 to 1200"),
            ({"week": 3}, "both"),
            ({"weekday": Weekday.MONDAY}, "both"),
            ({"week": 5, "weekday": Weekday.MONDAY}, "first, second, third, fourth or last"),
            ({"month": 13}, "There is no month 13"),
            (
                {"unit": CadenceUnit.MONTH, "month": 3},
                "only where sessions come every so many years",
            ),
        ],
    )
    def test_a_rule_that_cannot_be_is_refused(
        self, arguments: dict[str, int], message: str
    ) -> None:
        with pytest.raises(ScheduleError, match=message):
            replace(YEARLY_IN_DECEMBER, **arguments)  # type: ignore[arg-type]

    def test_a_plan_without_end_is_refused(self) -> None:
        monthly = Cadence(1, CadenceUnit.MONTH, date(2026, 1, 31))

        with pytest.raises(ScheduleError, match=f"more than {MOST} sessions are due"):
            sessions(monthly, PAIR, TurnRule.BY_SESSION, [], date.max)

    def test_the_last_year_of_the_calendar_can_be_planned(self) -> None:
        cadence = Cadence(1, CadenceUnit.YEAR, date(9998, 3, 9))

        assert [one.due_to for one in plan(cadence=cadence, until=9999)] == [
            date(9998, 3, 9),
            date(9999, 3, 9),
            date.max,
        ]


class TestRules:
    @given(CADENCES, HOSTS, TURNS, KNOWN, UNTIL)
    def test_a_second_run_finds_nothing_missing(
        self, cadence: Cadence, hosts: list[Host], turns: TurnRule, known: list[Known], until: date
    ) -> None:
        expected = sessions(cadence, hosts, turns, known, until)

        recorded = [*known, *(one.planned() for one in expected)]

        assert sessions(cadence, hosts, turns, recorded, until) == []

    @given(CADENCES, HOSTS, TURNS, KNOWN, UNTIL)
    def test_what_is_known_is_never_proposed_again(
        self, cadence: Cadence, hosts: list[Host], turns: TurnRule, known: list[Known], until: date
    ) -> None:
        numbers = [
            one.number for one in sessions(cadence, hosts, turns, known, until) if one.number
        ]

        assert len(set(numbers)) == len(numbers)
        assert not set(numbers) & {one.number for one in known}
        assert numbers == sorted(numbers)

    @given(CADENCES, HOSTS, TURNS, KNOWN, UNTIL)
    def test_a_held_session_is_untouched_and_its_period_not_asked_for_again(
        self, cadence: Cadence, hosts: list[Host], turns: TurnRule, known: list[Known], until: date
    ) -> None:
        given_before = list(known)
        covered = {
            cadence.index_of(one.due_on)
            for one in known
            if one.status == MeetingStatus.HELD and one.due_on and not one.extraordinary
        }

        expected = sessions(cadence, hosts, turns, known, until)

        assert known == given_before
        assert not covered & {cadence.index_of(one.due_to) for one in expected if one.due_to}

    @given(CADENCES, HOSTS, TURNS, UNTIL, st.integers(1, 20), st.data())
    def test_sessions_that_were_deleted_come_back_as_they_were(
        self,
        cadence: Cadence,
        hosts: list[Host],
        turns: TurnRule | None,
        until: date,
        start: int,
        data: st.DataObject,
    ) -> None:
        before = cadence.period(0).last
        known = [Known(start, MeetingStatus.HELD, due_to=before)] if start > 1 else []
        expected = sessions(cadence, hosts, turns, known, until)
        kept = [one for one in expected if data.draw(st.booleans())]

        again = sessions(cadence, hosts, turns, [*known, *(one.planned() for one in kept)], until)

        assert [one.planned() for one in again] == [
            one.planned() for one in expected if one not in kept
        ]

    @given(CADENCES, UNTIL, st.integers(2, 4), st.sampled_from(TurnRule))
    def test_hosts_take_turns(
        self, cadence: Cadence, until: date, count: int, turns: TurnRule
    ) -> None:
        hosts = [Host(f"P{place}") for place in range(count)]
        whole_years = cadence.months % 12 == 0
        assume(turns == TurnRule.BY_SESSION or whole_years)

        expected = sessions(cadence, hosts, turns, [], until)

        assert [one.host for one in expected] == [
            hosts[place % count] for place in range(len(expected))
        ]

    @given(st.integers(1, 11), FIRST_DUE, UNTIL)
    def test_by_year_the_sessions_of_a_calendar_year_have_one_host(
        self, months: int, first_due: date, until: date
    ) -> None:
        cadence = Cadence(months, CadenceUnit.MONTH, first_due)

        expected = sessions(cadence, PAIR, TurnRule.BY_YEAR, [], until)

        years = {one.due_to.year for one in expected if one.due_to}
        assert len({(one.due_to.year, one.host) for one in expected if one.due_to}) == len(years)

    @given(CADENCES, HOSTS, TURNS, KNOWN, UNTIL)
    def test_every_reason_can_be_said_in_words(
        self, cadence: Cadence, hosts: list[Host], turns: TurnRule, known: list[Known], until: date
    ) -> None:
        for one in sessions(cadence, hosts, turns, known, until):
            assert str(one.why).endswith(".")
        for recorded in known:
            others = [other for other in known if other is not recorded]
            assert str(turn_of(recorded, cadence, hosts, turns, others).reason).endswith(".")
            assert str(turn_of(recorded, None, hosts, turns, others).reason).endswith(".")


class TestRuleInWords:
    def test_a_yearly_rule(self) -> None:
        words = rule_in_words(YEARLY_IN_MARCH, PAIR, TurnRule.BY_SESSION)

        assert [str(sentence) for sentence in words] == [
            "A session is due every year.",
            "The first is due by 2023-03-09.",
            "The hosts in order: Tehran, Tashkent.",
            "Turns go by session: one that is postponed keeps its host.",
        ]

    def test_a_weekday_of_a_month(self) -> None:
        cadence = Cadence(2, CadenceUnit.YEAR, date(2023, 3, 9), -1, Weekday.FRIDAY, 5)

        words = rule_in_words(cadence, [TEHRAN], None)

        assert [str(sentence) for sentence in words] == [
            "A session is due every 2 years.",
            "It meets on the last Friday of May.",
            "The first is due on 2023-05-26.",
            "Tehran hosts every session.",
        ]

    def test_what_is_not_recorded_is_said(self) -> None:
        assert [str(sentence) for sentence in rule_in_words(None, PAIR, None)] == [
            "No interval between sessions is recorded.",
            "The hosts in order: Tehran, Tashkent.",
            "How their turns go is not recorded.",
        ]

    def test_words_can_be_translated_with_their_parts(self) -> None:
        words = rule_in_words(None, PAIR, None)[1]

        said = words.translated(lambda text: text.replace(", ", "، "), lambda value: f"«{value}»")

        assert said == "The hosts in order: «Tehran»، «Tashkent»."

    @given(st.none() | CADENCES, HOSTS, TURNS)
    def test_every_rule_can_be_said(
        self, cadence: Cadence | None, hosts: list[Host], turns: TurnRule | None
    ) -> None:
        assert all(str(sentence).endswith(".") for sentence in rule_in_words(cadence, hosts, turns))
