"""Columns by which other records point at parties and bodies."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from tracker.columns import CellError, Column, Reading
from tracker.columns.batches import Cells, Origin
from tracker.columns.cells import Label
from tracker.columns.references import CANDIDATES, NameReference
from tracker.parties.models import Body, BodyName, Party
from tracker.text import BEHIND_NAME, LINE, N_, clean_line, fold

_WITH_CODE = re.compile(r".*\(([^()]+)\)", re.DOTALL)
_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,11}")
_OF_CODE = select(Party).where(
    or_(Party.code == bindparam("asked"), Party.alpha3 == bindparam("asked"))
)


def _code_in(text: str) -> str:
    """The code behind a name, or else what would be one."""
    bracketed = _WITH_CODE.fullmatch(text)
    return (bracketed[1] if bracketed else text).strip().upper()


class PartyIndex:
    """All parties by code and by folded name."""

    def __init__(self, parties: list[Party]) -> None:
        self.parties = parties
        self.by_code = {party.code: party for party in parties}
        self.by_code.update({p.alpha3: p for p in parties if p.alpha3})
        self.by_name: dict[str, set[Party]] = defaultdict(set)
        for party in parties:
            own = (party.name, party.official_name or party.name)
            for name in (*own, *(other.name for other in party.names)):
                self.by_name[fold(name)].add(party)

    def find(self, text: str) -> Party:
        """The one party of this code or name; raises CellError that offers what is near."""
        code = _code_in(text)
        if code in self.by_code:
            return self.by_code[code]
        exact = self.by_name.get(fold(text), set())
        if len(exact) == 1:
            return next(iter(exact))
        if exact:
            error = CellError(N_("Several parties are called “%(text)s”. Choose one."), text=text)
            return self._refuse(error, exact)
        error = CellError(N_("No party has the code or the name “%(text)s”."), text=text)
        return self._refuse(error, self.near(text))

    def _refuse(self, error: CellError, near: set[Party] | list[Party]) -> Party:
        raise error.offering(sorted(map(show_party, near))[:CANDIDATES])

    def near(self, text: str) -> list[Party]:
        """Parties that may be meant: a name holds the text, or is spelt almost like it."""
        wanted = fold(text)
        holding = {p: None for name, ps in self.by_name.items() if wanted in name for p in ps}
        if not holding:
            close = difflib.get_close_matches(wanted, self.by_name, CANDIDATES, 0.75)
            holding = {p: None for name in close for p in self.by_name[name]}
        starts = [p for p in holding if p.name_key.startswith(wanted)]
        return starts + [p for p in holding if p not in starts]


def party_index(reading: Reading) -> PartyIndex:
    """The index, made once for a form or a file."""

    def load() -> PartyIndex:
        query = select(Party).options(selectinload(Party.names)).order_by(Party.id)
        return PartyIndex(list(reading.session.scalars(query)))

    return reading.once("parties", load)


def find_party(text: str, reading: Reading) -> Party:
    """The one party of this code or name; raises CellError that offers what is near.

    A form names few parties, most by their codes: these are fetched alone.
    """
    code = _code_in(text)
    if not reading.bulk and _CODE.fullmatch(code):
        party = reading.once(("party", code), lambda: _of_code(code, reading))
        if party is not None:
            return party
    return party_index(reading).find(text)


def _of_code(code: str, reading: Reading) -> Party | None:
    found = reading.session.scalars(_OF_CODE, {"asked": code}).all()
    # As in the index, one party's alpha-3 code goes before another one's own code.
    return max(found, key=lambda party: party.alpha3 == code, default=None)


def show_party(party: Party) -> str:
    """How forms write a party: name and code."""
    return f"{party.name} ({party.code})"


class PartyColumn(Column):
    """A party, by its code or any of its names. Files hold the code."""

    offers = "parties"

    def __init__(
        self, name: str, label: Label, *, attribute: str | None = None, **options: Any
    ) -> None:
        super().__init__(name, label, **options)
        self.attribute = attribute or name

    def parse(self, text: str, reading: Reading) -> Party:
        return find_party(clean_line(text, LINE + BEHIND_NAME), reading)

    def format(self, value: Any) -> str:
        return "" if value is None else str(value.code)

    def typed(self, value: Any) -> str:
        return "" if value is None else show_party(value)

    def fetch(self, origin: Origin) -> Cells:
        return Cells((origin.related(self.attribute).text("code"),))


class BodyColumn(NameReference):
    """A body of the party whose side the item is on; `Name #new` adds one to that party."""

    offers = "bodies"

    def __init__(self, name: str, label: Label, **options: Any) -> None:
        super().__init__(name, label, Body, BodyName, **options)

    def owner(self, reading: Reading) -> Party | None:
        side = reading.item.get("side")
        party: Party | None = reading.row.get(f"side_{side.value.lower()}") if side else None
        return party

    def make(self, name: str, reading: Reading) -> Body:
        party = self.owner(reading)
        if party is None:
            raise CellError(N_("Say first for which side this body stands."))
        return Body(name=name, party=party)

    def parse(self, text: str, reading: Reading) -> Any:
        body = super().parse(text, reading)
        party = self.owner(reading)
        if party is not None and body.party is not party:
            raise CellError(
                N_("%(body)s is a body of %(other)s, not of %(party)s."),
                body=body.name,
                other=body.party.name,
                party=party.name,
            )
        return body
