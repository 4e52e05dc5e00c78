"""What speaks against a proposed day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.meetings.clashes import FlagKind, OtherMeeting, day_flags


def kinds(day: date, country: str | None) -> list[FlagKind]:
    return [flag.kind for flag in day_flags(day, country)]


def test_a_working_day_has_no_flag() -> None:
    assert day_flags(date(2026, 10, 13), "UZ") == []


def test_a_public_holiday_is_named() -> None:
    (flag,) = day_flags(date(2026, 9, 1), "UZ")

    assert str(flag) == "2026-09-01 is a public holiday in UZ: Independence Day."


def test_two_holidays_of_a_day_are_both_named() -> None:
    (flag,) = day_flags(date(2026, 3, 21), "IR")

    assert flag.values["name"] == ("Eid al-Fitr", "Nowruz")


def test_a_holiday_that_follows_the_moon_is_an_estimate_in_years_to_come() -> None:
    (flag,) = day_flags(date(2027, 6, 15), "IR")

    assert flag.kind == FlagKind.ESTIMATED_HOLIDAY
    assert str(flag) == (
        "2027-06-15 may be a public holiday in IR: Tasua. "
        "Its day follows the moon and is an estimate."
    )


def test_an_estimate_is_known_as_such_in_another_language_too() -> None:
    (flag,) = day_flags(date(2027, 6, 15), "IR", language="fa")

    assert flag.kind == FlagKind.ESTIMATED_HOLIDAY
    assert flag.values["name"] == ("تاسوعای حسینی",)


def test_a_language_that_the_calendar_lacks_falls_back_to_english() -> None:
    (flag,) = day_flags(date(2026, 2, 11), "IR", language="uz")

    assert flag.values["name"] == ("Islamic Revolution Day",)


def test_each_country_has_its_own_weekend() -> None:
    friday, saturday = date(2026, 10, 16), date(2026, 10, 17)

    assert (kinds(friday, "IR"), kinds(friday, "UZ")) == ([FlagKind.WEEKEND], [])
    assert (kinds(saturday, "IR"), kinds(saturday, "UZ")) == ([], [FlagKind.WEEKEND])


def test_a_saturday_that_was_made_a_working_day_is_no_weekend() -> None:
    assert kinds(date(2026, 12, 12), "UZ") == []


def test_a_holiday_on_a_weekend_has_both_flags() -> None:
    assert kinds(date(2026, 5, 9), "UZ") == [FlagKind.HOLIDAY, FlagKind.WEEKEND]


def test_another_session_of_a_co_chair_clashes_on_each_of_its_days() -> None:
    other = OtherMeeting(
        "Laziz Kudratov", "the trade commission", date(2026, 10, 13), date(2026, 10, 14)
    )
    flags = {day: day_flags(date(2026, 10, day), "UZ", [other]) for day in (12, 13, 14, 15)}

    assert [day for day, found in flags.items() if found] == [13, 14]
    assert str(flags[13][0]) == "On 2026-10-13 Laziz Kudratov co-chairs the trade commission."


@pytest.mark.parametrize("country", [None, "", "SU", "XX", "ir", "UN", "HolidayBase", "../x"])
def test_a_country_that_is_not_known_has_no_flags(country: str | None) -> None:
    assert day_flags(date(2026, 1, 2), country) == []


@given(st.dates(), st.sampled_from(["IR", "UZ", "KZ", "IN", "IL", "US", "RU", "AF", "TJ"]))
def test_any_day_of_the_calendar_can_be_asked_for(day: date, country: str) -> None:
    assert all(str(flag) for flag in day_flags(day, country))
