"""Silent overwrites, found from what each editor read and wrote.

Each save replaces a text that was read by a new one. If nobody overwrites what he has not seen, the
accepted saves form one chain from the first text to the last: each text is replaced once.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Save:
    """A save that was accepted: the text that the form showed, and the one that replaced it."""

    before: str
    after: str


def faults(first: str, last: str, accepted: Iterable[Save]) -> list[str]:
    """Where the accepted saves are no chain from the first text to the last."""
    saves = list(accepted)
    found = [
        f"{count} saves replaced the same text {text!r}: {count - 1} of them overwrote silently"
        for text, count in Counter(save.before for save in saves).items()
        if count > 1
    ]
    successor = {save.before: save.after for save in saves}
    text, length = first, 0
    while text in successor and length < len(saves):
        text, length = successor[text], length + 1
    if length < len(saves):
        found.append(f"{len(saves) - length} saves are not in the chain of {length}")
    if text != last:
        found.append(f"the chain ends with {text!r}, and the record holds {last!r}")
    return found
