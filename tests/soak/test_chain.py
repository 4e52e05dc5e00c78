"""The checker of silent overwrites sees them."""

from tests.soak.chain import Save, faults


def test_a_chain_is_in_order() -> None:
    assert faults("", "b", [Save("a", "b"), Save("", "a")]) == []
    assert faults("x", "x", []) == []


def test_two_saves_from_one_text_are_an_overwrite() -> None:
    found = faults("", "c", [Save("", "a"), Save("a", "b"), Save("a", "c")])

    assert found[0].startswith("2 saves replaced the same text 'a'")


def test_a_save_that_is_not_there_in_the_end_is_seen() -> None:
    assert faults("", "a", [Save("", "a"), Save("a", "b")]) == [
        "the chain ends with 'b', and the record holds 'a'"
    ]


def test_a_save_of_a_text_that_never_stood_there_is_seen() -> None:
    assert faults("", "a", [Save("", "a"), Save("y", "z")]) == ["1 saves are not in the chain of 1"]
