"""The pages of parties and of bodies."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, bindparam, or_, select, true
from sqlalchemy.orm import joinedload

from tracker.columns import CellError, Reading
from tracker.parties.columns import PartyColumn
from tracker.parties.models import Body, Party, PartyKind
from tracker.parties.searched import BODIES_SEARCHED, PARTIES_SEARCHED
from tracker.parties.table import BODIES, PARTIES
from tracker.parties.words import KINDS
from tracker.search.lists import search_filter
from tracker.text import N_
from tracker.web.keyset import by
from tracker.web.pages import Clause, Filter, RecordPages

_PARTY = PartyColumn("party", _l("Party"))
_CODED = select(Party).where(Party.code == bindparam("code"))


def party_of(text: str, reading: Reading) -> Party:
    """The party that a filter means; raises CellError."""

    def find() -> Party:
        # A list asks for one or two, mostly by code: all others need not be loaded for that.
        coded = reading.session.scalar(_CODED, {"code": text.strip().upper()})
        return coded or _PARTY.parse(text, reading)

    party: Party = reading.once(("party", text), find)
    return party


def parties_of(text: str, reading: Reading) -> list[Party]:
    """The parties that a filter means, parted by semicolons; raises CellError."""
    return [party_of(part, reading) for part in text.split(";") if part.strip()]


def between(side_a: Any, side_b: Any) -> Clause:
    """The clause of a filter that names one or both of two sides."""

    def clause(text: str, reading: Reading) -> ColumnElement[bool]:
        named = parties_of(text, reading)
        return and_(true(), *(or_(side_a == p.id, side_b == p.id) for p in named))

    return clause


def kind_of(text: str) -> PartyKind:
    """The kind that a filter means; raises CellError."""
    if text not in list(PartyKind):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return PartyKind(text)


PARTY_PAGES = RecordPages(
    table=PARTIES,
    title=_l("Parties"),
    new_label=_l("Record a party"),
    describe=lambda party: party.name,
    shown=("name", "code", "kind", "official_name"),
    order=by(Party.__table__.c.name_key),
    list_load=(),
    filters={
        "q": search_filter(_l("Name or code"), PARTIES_SEARCHED),
        "kind": Filter(
            _l("Kind"),
            lambda text, _reading: Party.kind == kind_of(text),
            [(kind.value, word) for kind, word in KINDS.items()],
        ),
    },
    cited_as="party",
    coded=True,
)

BODY_PAGES = RecordPages(
    table=BODIES,
    title=_l("Bodies"),
    new_label=_l("Record a body"),
    describe=lambda body: body.name,
    shown=("name", "party"),
    order=by(Body.__table__.c.name_key),
    list_load=(joinedload(Body.party),),
    filters={
        "q": search_filter(_l("Name"), BODIES_SEARCHED),
        "party": Filter(
            _l("Party"),
            lambda text, reading: Body.party_id == party_of(text, reading).id,
            offers="parties",
        ),
    },
    cited_as="body",
)
