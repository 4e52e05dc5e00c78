"""Sentences that are put together far from any page and translated on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tracker.text import N_

_COMMA = N_(", ")


def _same(message: str) -> str:
    return message


@dataclass(frozen=True)
class Wording:
    """An English template with %(name)s places, and the values that belong there.

    A value may be a Wording itself (a month's name), or a tuple, which reads as a list.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.translated(_same)

    def translated(self, gettext: Callable[[str], str], show: Callable[[object], str] = str) -> str:
        """The sentence in the language of `gettext`; `show` writes the dates, hosts and names."""

        def write(value: object) -> str:
            if isinstance(value, Wording):
                return value.translated(gettext, show)
            if isinstance(value, tuple):
                return gettext(_COMMA).join(write(item) for item in value)
            return show(value)

        return gettext(self.template) % {name: write(value) for name, value in self.values.items()}
