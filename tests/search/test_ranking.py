"""How well a record fits what is asked for, by its words."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.search.asking import read
from tracker.search.ranking import MANY, Fit, Scale
from tracker.search.texts import NAMES_END, WORDS_END

NAMES = st.lists(st.sampled_from(["air", "airport", "port", "of", "call"]), min_size=1, max_size=5)


def words(*names: str, texts: str = "") -> str:
    return f" {' | '.join(names)}{NAMES_END}{texts}{WORDS_END} "


def fit(typed: str, record: str) -> Fit:
    asked = read(typed)
    assert asked is not None
    return Scale(asked).fit(record)


@given(NAMES)
def test_one_name_fits_as_the_same_name_twice(name: list[str]) -> None:
    once, twice = words(" ".join(name)), words(" ".join(name), " ".join(name))

    for typed in ("air", "port", "air*", '"port of"'):
        assert fit(typed, once) == fit(typed, twice)


def test_the_shorter_name_fits_better_and_then_the_earlier_place() -> None:
    assert fit("port", words("port of call")) < fit("port", words("the port of call"))
    assert fit("port", words("port of call")) < fit("port", words("of port call"))
    assert fit("port", words("of call", "port")) == fit("port", words("port"))


def test_what_stands_beside_names_comes_later() -> None:
    beside = fit("port", words("of call", texts="port"))

    assert beside == Fit(0, 1, MANY + 2, 0)
    assert fit("port", words("a name of very many words with port in it")) < beside
