"""Partial dates, and what people type for them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import MONTHS, DateError, PartialDate, read_date

DAYS = st.dates()
PARTIAL = st.one_of(
    st.builds(PartialDate.year, st.integers(1, 9999)),
    st.builds(PartialDate.month, st.integers(1, 9999), st.integers(1, 12)),
    st.builds(PartialDate.day, DAYS),
)


def iso(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


@given(PARTIAL)
def test_a_date_is_read_back_from_its_iso_form(partial: PartialDate) -> None:
    assert PartialDate.from_iso(partial.iso()) == partial
    assert read_date(partial.iso()) == partial


@given(PARTIAL)
def test_a_date_is_read_back_from_its_two_columns(partial: PartialDate) -> None:
    assert PartialDate.from_span(*partial.__composite_values__()) == partial


@given(DAYS, DAYS)
def test_two_days_are_a_date_only_if_they_bound_a_year_a_month_or_a_day(a: date, b: date) -> None:
    try:
        partial = PartialDate(a, b)
    except DateError:
        assert a != b
    else:
        assert partial.first <= partial.last
        assert iso(partial.iso()) == partial


@given(DAYS)
def test_every_usual_way_to_write_a_day_means_that_day(day: date) -> None:
    d, m, y, name = day.day, day.month, f"{day.year:04}", MONTHS[day.month - 1]
    written = [
        f"{d}/{m}/{y}", f"{d:02}.{m:02}.{y}", f"{d}-{m}-{y}", f"{y}/{m}/{d}", f"{y}-{m}-{d}",
        f"{d} {name} {y}", f"{name} {d}, {y}", f"{d} {name[:3].upper()} {y}", f"{name} {d} {y}",
        f"  {d}  {name.lower()}\u00a0{y} ",
    ]  # fmt: skip

    assert {read_date(text) for text in written} == {PartialDate.day(day)}


@given(st.integers(1, 9999), st.integers(1, 12))
def test_every_usual_way_to_write_a_month_means_that_month(year: int, month: int) -> None:
    name = MONTHS[month - 1]
    written = [f"{name} {year:04}", f"{name[:3]}. {year:04}", f"{month}/{year:04}",
               f"{month:02}.{year:04}", f"{year:04}-{month}"]  # fmt: skip

    assert {read_date(text) for text in written} == {PartialDate.month(year, month)}


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{0,5}[-/. ][0-9]{0,3}[-/. ][0-9]{0,5}"))
def test_whatever_is_typed_gives_a_date_or_nothing_or_a_message(text: str) -> None:
    found, message = answer(text)

    assert found is None or read_date(found.iso()) == found
    assert not (found and message)


def answer(text: str) -> tuple[PartialDate | None, str]:
    try:
        return read_date(text), ""
    except DateError as error:
        return None, str(error.wording)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2022", "2022"),
        ("0622", "0622"),
        ("2022-03", "2022-03"),
        ("9 March 2022", "2022-03-09"),
        ("9th March 2022", "2022-03-09"),
        ("March 9, 2022", "2022-03-09"),
        ("9-Mar-2022", "2022-03-09"),
        ("Sept 2022", "2022-09"),
        ("09.03.2022", "2022-03-09"),
        ("03/2022", "2022-03"),
        ("29/2/2024", "2024-02-29"),
        ("2022–03–09", "2022-03-09"),
    ],
)
def test_people_write_dates_in_many_ways(typed: str, meant: str) -> None:
    assert read_date(typed) == iso(meant)


def test_between_two_numbers_the_day_comes_first() -> None:
    assert read_date("9/3/2022") == iso("2022-03-09")


@pytest.mark.parametrize("typed", ["۲۰۲۲-۰۳-۰۹", "٢٠٢٢/٠٣/٠٩", "\u200f۹/۳/۲۰۲۲\u200f"])
def test_persian_and_arabic_digits_are_digits(typed: str) -> None:
    assert read_date(typed) == iso("2022-03-09")


@pytest.mark.parametrize("typed", ["", "   ", "\u00a0", "\u200f"])
def test_nothing_typed_is_no_date(typed: str) -> None:
    assert read_date(typed) is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("31/04/2022", "There is no 31 April 2022. April has 30 days."),
        ("29 Feb 2023", "There is no 29 February 2023. February 2023 has 28 days."),
        ("2022-03-00", "There is no 0 March 2022. March has 31 days."),
        ("2022-13", "There is no month 13. Write 2022, 2022-03 or 2022-03-09."),
        ("2022-00", "There is no month 0. Write 2022, 2022-03 or 2022-03-09."),
        (
            "3/13/2022",
            "There is no month 13. The day comes first: 13/3/2022, or write 2022-03-13.",
        ),
        ("0000", "There is no year 0. Years go from 0001 to 9999."),
        ("12022", "“12022”: years go from 0001 to 9999."),
        ("soon", "“soon” is not a date. Write 2022, 2022-03 or 2022-03-09."),
        (
            "2022-03-09T10:00",
            "“2022-03-09T10:00” is not a date. Write 2022, 2022-03 or 2022-03-09.",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(typed: str, message: str) -> None:
    with pytest.raises(DateError) as refusal:
        read_date(typed)

    assert str(refusal.value) == message


@pytest.mark.parametrize("typed", ["22", "9/3/22", "9 March 22", "12/22"])
def test_a_year_of_two_digits_is_asked_for_in_full(typed: str) -> None:
    with pytest.raises(DateError, match="Write the year with four digits, such as 2022"):
        read_date(typed)


def test_a_refusal_can_be_translated_with_the_name_of_its_month() -> None:
    german = {
        "There is no %(day)s %(month)s %(year)s. %(month)s has %(days)s days.": (
            "Den %(day)s. %(month)s %(year)s gibt es nicht."
        ),
        "April": "april (de)",
    }

    with pytest.raises(DateError) as refusal:
        read_date("31/04/2022")

    translated = refusal.value.wording.translated(lambda text: german[text])
    assert translated == "Den 31. april (de) 2022 gibt es nicht."


def test_a_message_shows_no_invisible_character_and_little_of_a_long_text() -> None:
    with pytest.raises(DateError) as refusal:
        PartialDate.from_iso("\u202etfosorciM\x00" + "x" * 10_000)

    assert len(str(refusal.value)) < 120
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(
    "text", ["", " 2022", "2022-3", "2022-03-9", "22", "2022/03", "۲۰۲۲", "2022\n", "9 March 2022"]
)
def test_the_iso_form_is_strict(text: str) -> None:
    with pytest.raises(DateError):
        PartialDate.from_iso(text)


@pytest.mark.parametrize(
    ("text", "precision"), [("0001", "year"), ("2022-02", "month"), ("2022-01-01", "day")]
)
def test_a_date_knows_how_precise_it_is(text: str, precision: str) -> None:
    assert iso(text).precision == precision


def test_half_a_span_is_refused() -> None:
    with pytest.raises(DateError):
        PartialDate.from_span(date(2022, 1, 1), None)


def test_empty_columns_are_no_date() -> None:
    assert PartialDate.from_span(None, None) is None


@given(PARTIAL, DAYS)
def test_a_day_is_in_a_date_when_they_overlap(partial: PartialDate, day: date) -> None:
    assert (day in partial) == partial.overlaps(PartialDate.day(day))


@given(PARTIAL, PARTIAL)
def test_two_dates_contradict_each_other_only_when_no_days_satisfy_both(
    a: PartialDate, b: PartialDate
) -> None:
    assert a.overlaps(b) == b.overlaps(a)
    assert a.overlaps(b) != (a.certainly_before(b) or b.certainly_before(a))
    assert a.can_precede(b) == (a.first <= b.last)
    assert not a.certainly_before(b) or a.possibly_before(b)


def test_a_year_may_come_before_a_month_of_that_year_and_after_it() -> None:
    assert iso("2022").can_precede(iso("2022-03"))
    assert iso("2022-03").can_precede(iso("2022"))
    assert not iso("2022-04").can_precede(iso("2022-03"))
    assert iso("2022-03-09").can_precede(iso("2022-03-09"))
    assert not iso("2022-03-09").possibly_before(iso("2022-03-09"))
    assert iso("2021-12-31").certainly_before(iso("2022"))


def test_dates_sort_by_their_first_day_and_the_preciser_first() -> None:
    mixed = [iso("2022"), iso("2021-12"), iso("2022-01"), iso("2022-01-01"), iso("2021")]

    assert [str(one) for one in sorted(mixed)] == [
        "2021", "2021-12", "2022-01-01", "2022-01", "2022",
    ]  # fmt: skip
