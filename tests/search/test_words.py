"""How words are folded, how a line is read, what is marked, and which record fits best."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.search.asking import MOST_TERMS, read
from tracker.search.folding import pieces, sounds_of, spellings
from tracker.search.marking import Marker, Part
from tracker.search.places import place_of, places_of, record_at
from tracker.search.ranking import Scale
from tracker.search.texts import Written, joined


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Iran's 13th, d'Ivoire", "iran 13th d ivoire"),
        ("Sana'a Oʻzbekiston Ўзбекистон", "sanaa ozbekiston ozbekiston"),
        ("STRASSE Straße", "strasse strasse"),
        ("e\N{COMBINING ACUTE ACCENT}tude étude", "etude etude"),
        ("Ελλάς ΕΛΛΆΣ", "ellas ellas"),
        ("۱۲۳ ١٢٣ 123", "123 123 123"),
        ("北京", "u5317 u4eac"),
        ("a_b-c/d.e", "a b c d e"),
    ],
)
def test_words_are_letters_and_figures(text: str, words: str) -> None:
    assert spellings(text) == words.split()


@given(st.text())
def test_words_are_the_same_however_they_are_read(text: str) -> None:
    words = spellings(text)

    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
    assert [word for _start, _end, piece in pieces(text) for word in spellings(piece)] == words


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_ascii_has_no_way_of_its_own(text: str) -> None:
    """It is read in a quicker way; a letter that is not ASCII forces the other one."""
    assert spellings(f"{text} é") == [*spellings(text), "e"]
    assert list(pieces(f"{text} é"))[:-1] == list(pieces(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Makhmudov", "محمودوف"),
        ("Maxmudov", "Махмудов"),
        ("Shavkat", "شوکت"),
        ("Qasemi", "Ghasemi"),
    ],
)
def test_spellings_of_a_name_share_a_sound(one: str, other: str) -> None:
    assert sounds_of(one).wide & sounds_of(other).wide


@pytest.mark.parametrize(
    ("one", "other"), [("Iran", "Oran"), ("Kenya", "Ghana"), ("Guinea", "China")]
)
def test_places_are_told_apart_by_their_vowels(one: str, other: str) -> None:
    assert not sounds_of(one).near & sounds_of(other).told


@given(st.text(max_size=3_000))
def test_no_line_is_wrong(text: str) -> None:
    asked = read(text)

    if asked is not None:
        assert 1 <= len(asked.terms) <= MOST_TERMS
        assert all(term.words for term in (*asked.terms, *asked.without))


def test_a_long_line_says_that_it_was_shortened() -> None:
    words = " ".join(f"word{number}" for number in range(500))

    asked = read(words)

    assert asked is not None
    assert asked.shortened
    assert len(asked.terms) == MOST_TERMS


def parts(found: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.marked else part.text for part in found)


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("mahmudov", "В. Махмудов и другие", "В. [Махмудов] и другие"),
        ("coop*", "On co-operation and cooperation", "On co-operation and [cooperation]"),
        ('"trade and"', "Trade, and trade and more", "[Trade, and] [trade and] more"),
        ("航空", "关于航空运输", "关于[航空]运输"),
        ("beijing", "在北京", "在北京"),
        ("ivoire", "Côte d'Ivoire", "Côte [d'Ivoire]"),
        ("<b>", "a <b> c", "a <[b]> c"),
        ("a -c", "a c", "[a] c"),
    ],
)
def test_what_was_asked_for_is_marked_as_it_is_written(typed: str, text: str, shown: str) -> None:
    asked = read(typed)

    assert asked is not None
    assert parts(Marker(asked.by_sound()).marked(text)) == shown


@given(st.text(), st.text(min_size=1))
def test_marking_loses_nothing(text: str, typed: str) -> None:
    asked = read(typed)

    if asked is not None:
        parts = Marker(asked.by_sound()).marked(text)
        assert "".join(part.text for part in parts) == text


def test_a_snippet_begins_before_what_was_found_and_ends_soon_after() -> None:
    asked = read("needle")
    assert asked is not None
    text = f"{'before ' * 50}needle{' after' * 100}"

    found = Marker(asked).snippet(["nothing", text])

    assert parts(found).startswith("… before")
    assert "[needle]" in parts(found)
    assert parts(found).endswith("after …")
    assert len(parts(found)) < 260
    assert Marker(asked).snippet(["nothing"]) == []


def test_a_place_holds_kind_day_and_number() -> None:
    undated, old, new = (
        place_of(4, day, 2**31 - 1) for day in (None, date(1900, 1, 1), date(9999, 12, 31))
    )
    first, last = places_of(4)

    assert first < undated < old < new < last < places_of(5)[0]
    assert record_at(new) == 2**31 - 1
    assert last < 2**63


def test_the_best_is_the_name_itself_then_a_name_then_another_text_then_a_sound() -> None:
    asked = read("makhmudov")
    assert asked is not None
    whole = Written(names=["Makhmudov"], sounding=["Makhmudov"])
    name = Written(names=["Viktor Makhmudov"])
    text = Written(names=["Talks"], texts=["with Makhmudov"])
    sound = Written(names=["Maxmudov"], sounding=["Maxmudov"])

    scale = Scale(asked.by_sound())
    order = sorted([sound, text, whole, name], key=lambda one: scale.fit(joined(one)))

    assert order == [whole, name, text, sound]
