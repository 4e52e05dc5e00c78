"""What the page of one agreement shows beside its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from tracker.agreements import words
from tracker.agreements.models import Agreement, Binding, Side, Signature, SignatureKind
from tracker.agreements.rules import AgreementStatus, StatusOn
from tracker.agreements.status import possible_status
from tracker.agreements.telling import AgreementTold
from tracker.clock import as_of, day_asked
from tracker.columns import Reading
from tracker.dates import PartialDate
from tracker.people.models import Person
from tracker.web.facts import anchor, in_lines, outer_link
from tracker.web.links import coded_url, record_url
from tracker.web.site import date_text


@dataclass(frozen=True)
class Signer:
    """A person who signed, and in what office, for which body, where and when."""

    person: Person
    words: Sequence[str]


@dataclass(frozen=True)
class SideOf:
    """One side: the party and who signed for it."""

    name: str
    url: str
    signers: Sequence[Signer]


@dataclass(frozen=True)
class Happening:
    """Something that happened to the agreement."""

    date: str
    label: str
    shape: str = "held"


def present(agreement: Agreement, _reading: Reading) -> Mapping[str, Any]:
    """The context of the agreement's own template."""
    country = agreement.signed_country.name if agreement.signed_country else None
    found = possible_status(agreement, day_asked())

    def known(names: Sequence[str]) -> list[str]:
        attributes = {"references": "reference_list"}
        return [name for name in names if getattr(agreement, attributes.get(name, name))]

    return {
        "state_line": " · ".join(_state(agreement, found)),
        "sides": {side: _side(agreement, side) for side in ("A", "B")},
        "place": ", ".join(filter(None, (agreement.signed_city, country))),
        "known": known,
        "instead": {"status": str(words.STATUSES[found.status]), **_links(agreement)},
        "happened": [Happening(date_text(on), label) for on, label in happenings(agreement)],
    }


def _state(agreement: Agreement, found: StatusOn) -> Iterator[str]:
    if as_of.get():
        yield _("As of %(day)s:", day=date_text(PartialDate.day(day_asked())))
    if agreement.signed_on:
        yield _("Signed %(day)s", day=date_text(agreement.signed_on))
    now = found.status
    if found.possibly:
        others = [str(words.STATUSES[one]) for one in found.candidates]
        yield _("possibly %(states)s", states=_(" or ").join(others))
    elif now in (AgreementStatus.SIGNED, AgreementStatus.UNKNOWN):
        yield _("not known to be in force")
    else:
        yield str(words.STATUSES[now])
    binding = {
        Binding.BINDING: _("meant to be binding"),
        Binding.NON_BINDING: _("not meant to be binding"),
        Binding.UNKNOWN: _("binding intent not known"),
    }
    yield binding[agreement.binding]


def _side(agreement: Agreement, side: str) -> SideOf:
    party = agreement.side_a if side == "A" else agreement.side_b
    signers = [
        Signer(signature.person, list(_office(agreement, signature)))
        for signature in agreement.signatures
        if signature.side is Side(side)
    ]
    return SideOf(party.name, coded_url("parties.coded", "code", party.code), signers)


def _office(agreement: Agreement, signature: Signature) -> Iterator[str]:
    if signature.capacity:
        yield signature.capacity
    if signature.body:
        yield signature.body.name
    elsewhere = [
        date_text(signature.signed_on)
        if signature.signed_on and signature.signed_on != agreement.signed_on
        else None,
        signature.city if signature.city != agreement.signed_city else None,
        str(words.SIGNATURE_KINDS[signature.kind])
        if signature.kind is not SignatureKind.SIGNED
        else None,
    ]
    if any(elsewhere):
        yield " · ".join(filter(None, elsewhere))


def _links(agreement: Agreement) -> dict[str, Markup]:
    """By column: what it shows as links."""
    topics = (
        anchor(coded_url("agreements.index", "topic", link.topic.code), link.topic.name)
        for link in agreement.topic_links
    )
    relations = (
        escape(words.RELATIONS[one.kind]) + " " + anchor(record_url(one.other), one.other.name)
        for one in agreement.relations
    )
    text = [outer_link(agreement.link)] if agreement.link else []
    return {"topics": in_lines(topics), "relations": in_lines(relations), "link": in_lines(text)}


_OWN_DAYS: Sequence[tuple[str, Any]] = (
    ("signed_on", _l("signed")),
    ("provisionally_applied_on", _l("provisionally applied")),
    ("in_force_on", _l("entered into force")),
)
_ENDED = _l("ended")


def happenings(agreement: Agreement | AgreementTold) -> list[tuple[PartialDate, str]]:
    """All that is dated, oldest first."""
    events = [(on, said(word, details)) for on, word, details in dated(agreement)]
    return sorted(events, key=lambda event: (event[0].first, event[0].last))


def said(word: Any, details: Sequence[str | None]) -> str:
    """A word, in the language of the page, and what more there is to say."""
    return " · ".join(filter(None, (str(word), *details)))


def dated(
    agreement: Agreement | AgreementTold,
) -> Iterator[tuple[PartialDate, Any, Sequence[str | None]]]:
    """All that is dated, in no order: the day, the word for it, still to be said, and details."""
    for name, label in _OWN_DAYS:
        on = getattr(agreement, name)
        if on is not None:
            yield on, label, ()
    if agreement.ended_on is not None:
        how = agreement.ended_how
        yield agreement.ended_on, words.ENDED_HOW[how] if how else _ENDED, ()
    for action in agreement.actions:
        on = action.effective_on or action.done_on
        if on is not None:
            side = {Side.A: agreement.side_a.name, Side.B: agreement.side_b.name}
            by = side[action.side] if action.side else None
            yield on, words.ACTION_KINDS[action.kind], (by, action.note)
