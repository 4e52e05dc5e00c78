"""The columns of parties and of bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from tracker.columns import (
    Choice,
    Code,
    Dated,
    Identity,
    Line,
    Names,
    Own,
    Problem,
    Reading,
    Table,
)
from tracker.constraints import means
from tracker.parties.columns import PartyColumn, party_index
from tracker.parties.models import Body, BodyName, Party, PartyKind, PartyName
from tracker.parties.words import KINDS
from tracker.text import N_


def _taken(reading: Reading) -> dict[str, Party]:
    """The codes that are given out, and whose they are."""

    def load() -> dict[str, Party]:
        held = [(p, name) for p in party_index(reading).parties for name in ("alpha3", "code")]
        return {getattr(p, name): p for p, name in held if not reading.leaves(p, name)}

    return reading.once("party codes", load)


def check_party(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """A party's own code, and an existence that does not end before it begins."""
    begun, ended = values["existed_from"], values["existed_until"]
    if begun and ended and not begun.can_precede(ended):
        yield Problem(("existed_until",), N_("This is before the day from which it existed."))
    taken = _taken(reading)
    for name in ("code", "alpha3"):
        other = taken.get(values[name]) if values[name] else None
        if other is not None and other is not reading.record:
            message = N_("%(party)s has this code.")
            yield Problem((name,), message, {"party": other.name})


PARTIES = Table(
    name="parties",
    model=Party,
    key="code",
    columns=(
        Identity(),
        Code(
            "code",
            _l("Code"),
            r"[A-Z][A-Z0-9-]{1,11}",
            N_("Write 2 to 12 letters, digits or hyphens."),
            required=True,
            hint=_l("ISO 3166-1 alpha-2 for states of today; a short code of your own otherwise."),
        ),
        Code("alpha3", _l("Alpha-3 code"), r"[A-Z]{3}", N_("Write three letters.")),
        Line("name", _l("Name"), required=True),
        Line("official_name", _l("Official name")),
        Choice("kind", _l("Kind"), PartyKind, KINDS, required=True),
        Dated("existed_from", _l("Existed from")),
        Dated("existed_until", _l("Existed until")),
        Names("other_names", _l("Other names"), PartyName, hint=_l("One a line.")),
    ),
    check=check_party,
    own=(
        Own(("code",), "code", lambda number: f"#{number}"),
        Own(("alpha3",), "alpha3", lambda _id: None),
    ),
    load=(selectinload(Party.names),),
)

BODIES = Table(
    name="bodies",
    model=Body,
    columns=(
        Identity(),
        PartyColumn("party", _l("Party"), required=True),
        Line("name", _l("Name"), required=True),
        Names("other_names", _l("Other names"), BodyName, hint=_l("One a line.")),
    ),
    load=(joinedload(Body.party), selectinload(Body.names)),
    # No line of text may hold this control character.
    own=(Own(("party", "name"), "name", lambda number: f"\x01{number}"),),
)

means("uq_party_code", "code", N_("Another party has this code."))
means("uq_party_alpha3", "alpha3", N_("Another party has this code."))
means("uq_body_party_id_name", "name", N_("This party has a body of this name already."))
means("uq_body_name_body_id_name", "other_names", N_("The body has this other name already."))
means("uq_party_name_party_id_name", "other_names", N_("The party has this other name already."))
means("ck_party_code_form", "code", N_("Write 2 to 12 capital letters, digits or hyphens."))
means("ck_party_alpha3_form", "alpha3", N_("Write three capital letters."))
means(
    "ck_party_existed_in_order",
    "existed_until",
    N_("This is before the day from which it existed."),
)
