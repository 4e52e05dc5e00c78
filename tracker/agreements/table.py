"""The columns of agreements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from tracker.agreements import words
from tracker.agreements.models import (
    Action,
    ActionKind,
    Agreement,
    AgreementKind,
    AgreementLanguage,
    AgreementRelation,
    AgreementTerritory,
    AgreementTopic,
    Binding,
    EndedHow,
    RelationKind,
    Renewal,
    Side,
    Signature,
    SignatureKind,
)
from tracker.agreements.rules import unusual_actions, unusual_orders
from tracker.agreements.status import status
from tracker.agreements.statuses import status_on_day
from tracker.agreements.terms import term_problems
from tracker.agreements.topics_table import find_topic, topics_offered
from tracker.clock import day_asked
from tracker.columns import (
    Choice,
    Codes,
    Dated,
    Derived,
    Identity,
    Items,
    Line,
    Link,
    Paragraphs,
    Problem,
    Reading,
    References,
    Table,
    Whole,
)
from tracker.columns.batches import Cells, Origin
from tracker.columns.cells import language_code
from tracker.columns.references import Reference
from tracker.constraints import means
from tracker.parties.columns import BodyColumn, PartyColumn, find_party
from tracker.people.columns import PersonColumn
from tracker.text import N_, TITLE


class StatusColumn(Derived):
    """The status on the day that is asked for; today otherwise."""

    bare = True

    def get(self, record: Any) -> Any:
        if isinstance(record, Agreement):
            return status(record, day_asked())
        return record.status  # a row of a list has asked the database

    def fetch(self, origin: Origin) -> Cells:
        return Cells((status_on_day(day_asked()),))


def side_column(*, required: bool = True) -> Choice:
    """Which side an item belongs to."""
    return Choice("side", _l("Side"), Side, words.SIDES, required=required)


SIGNATORIES = Items(
    "signatories",
    _l("Signatories"),
    attribute="signatures",
    model=Signature,
    key=("side", "person"),
    start=({"side": "A"}, {"side": "B"}),
    parts=(
        side_column(),
        PersonColumn("person", _l("Person"), required=True),
        Line("capacity", _l("Capacity"), hint=_l("The office held on that day.")),
        BodyColumn("body", _l("Body")),
        Dated("signed_on", _l("Signed on")),
        Line("city", _l("City")),
        Choice(
            "kind",
            _l("Kind"),
            SignatureKind,
            words.SIGNATURE_KINDS,
            default=SignatureKind.SIGNED,
        ),
    ),
)

ACTIONS = Items(
    "actions",
    _l("What happened"),
    attribute="actions",
    model=Action,
    parts=(
        Choice("kind", _l("What"), ActionKind, words.ACTION_KINDS, required=True),
        Choice("side", _l("Side"), Side, words.SIDES),
        Dated("done_on", _l("Done on")),
        Dated("effective_on", _l("Effective on")),
        Line("note", _l("Note"), limit=TITLE),
    ),
)

RELATIONS = Items(
    "relations",
    _l("Other agreements"),
    attribute="relations",
    model=AgreementRelation,
    key=("kind", "other"),
    late=True,
    parts=(
        Choice("kind", _l("How"), RelationKind, words.RELATIONS, required=True),
        Reference("other", _l("Agreement"), Agreement, required=True, offers="agreements"),
    ),
)


def check_agreement(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Two different sides; an end that is dated; no relation to itself."""
    if values["side_a"] is values["side_b"]:
        message = N_("Both sides are %(party)s. An agreement has two different sides.")
        yield Problem(("side_b",), message, {"party": values["side_b"].name})
    if values["ended_how"] and not values["ended_on"]:
        message = N_("Say when it ended, or leave open how it ended.")
        yield Problem(("ended_on",), message)
    for index, relation in enumerate(values.get("relations", ())):
        if relation["other"] is reading.record:
            yield Problem(("relations", index, "other"), N_("This is the agreement itself."))
    yield from _check_terms(values, reading)


_TERMS = ("duration_months", "renewal", "renewal_months", "notice_months", "notice_days")
_AFTER = ("in_force_after_months", "in_force_after_days")


def _as_it_will_be(name: str, values: Mapping[str, Any], reading: Reading) -> Any:
    """A column's value after the change: a file may leave columns as they are."""
    return values[name] if name in values else getattr(reading.record, name, None)


def _check_terms(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """A duration, a renewal and a notice that can be together."""
    clause = {name: _as_it_will_be(name, values, reading) for name in _TERMS}
    for problem in term_problems(**clause):
        yield Problem.of((problem.column,), problem)
    if all(_as_it_will_be(name, values, reading) is not None for name in _AFTER):
        message = N_("Write how long after in months or in days, not in both.")
        yield Problem((_AFTER[1],), message)


def warn_agreement(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Orders of dates that are unusual; a renewal of which no term can be worked out."""
    renewal, months = (_as_it_will_be(n, values, reading) for n in ("renewal", "renewal_months"))
    if renewal is Renewal.TACIT and months is None:
        message = N_("Say for how many months it is renewed, if known: no deadline follows yet.")
        yield Problem(("renewal_months",), message)
    names = ("signed_on", "in_force_on", "ended_on", "provisionally_applied_on")
    if all(name in values for name in names):
        for column, message in unusual_orders(**{name: values[name] for name in names}):
            yield Problem((column,), message)
    acts = [(a["kind"], a["done_on"], a["effective_on"]) for a in values.get("actions", ())]
    for place, message in unusual_actions(acts, values.get("signed_on"), values.get("in_force_on")):
        yield Problem(("actions", place, "done_on"), message)


def _territory(text: str, reading: Reading) -> Any:
    return find_party(text, reading)


AGREEMENTS = Table(
    name="agreements",
    model=Agreement,
    columns=(
        Identity(),
        Line("title", _l("Title"), required=True, limit=TITLE),
        Choice("kind", _l("Kind"), AgreementKind, words.KINDS, required=True),
        PartyColumn("side_a", _l("Side A"), required=True),
        PartyColumn("side_b", _l("Side B"), required=True),
        Dated("signed_on", _l("Signed on")),
        Line("signed_city", _l("City of signature")),
        PartyColumn("signed_country", _l("Country of signature")),
        Dated("in_force_on", _l("In force from")),
        Dated("ended_on", _l("Ended on")),
        Choice("ended_how", _l("How it ended"), EndedHow, words.ENDED_HOW),
        StatusColumn("status", _l("Status")),
        Codes(
            "topics",
            _l("Topics"),
            attribute="topic_links",
            model=AgreementTopic,
            part="topic",
            find=find_topic,
            show=lambda topic: str(topic.code),
            offer=topics_offered,
        ),
        SIGNATORIES,
        Line("short_title", _l("Short title")),
        Line(
            "designation",
            _l("Designation"),
            hint=_l("What the instrument calls itself, as printed."),
        ),
        Choice("binding", _l("Binding intent"), Binding, words.BINDING, default=Binding.UNKNOWN),
        Codes(
            "languages",
            _l("Languages of the authentic texts"),
            attribute="languages",
            model=AgreementLanguage,
            part="language",
            find=lambda text, _reading: language_code(text),
            show=str,
            hint=_l("Codes or names, parted by semicolons: fa; uz; en."),
        ),
        Paragraphs("summary", _l("Summary")),
        Dated("provisionally_applied_on", _l("Provisionally applied from")),
        Whole("duration_months", _l("Duration in months"), 1, 12_000),
        Choice("renewal", _l("Renewal"), Renewal, words.RENEWAL),
        Whole("renewal_months", _l("Renewed for months"), 1, 12_000),
        Whole("notice_months", _l("Notice of termination in months"), 0, 1_200),
        Line("depositary", _l("Depositary")),
        Line("registration", _l("Registration"), hint=_l("The UN registration number.")),
        References(
            "references",
            _l("References"),
            "reference_list",
            hint=_l("Series, volume and page; one a line."),
        ),
        Link("link", _l("Link to the text")),
        RELATIONS,
        Codes(
            "territories",
            _l("Territories that it extends to"),
            attribute="territories",
            model=AgreementTerritory,
            part="party",
            find=_territory,
            show=lambda party: str(party.code),
            hint=_l("Codes or names, parted by semicolons."),
        ),
        ACTIONS,
        Paragraphs("note", _l("Note")),
        Whole(
            "notice_days",
            _l("Notice of termination in days"),
            0,
            36_500,
            hint=_l("Instead of months, where the text counts days."),
        ),
        Whole(
            "lead_days",
            _l("Internal lead time in days"),
            0,
            3_650,
            hint=_l("How long before the last day for notice you want to be reminded."),
        ),
        Whole(
            "in_force_after_months",
            _l("In force so many months after the later notification"),
            0,
            1_200,
            hint=_l("Where the text says so; 0 for the same day."),
        ),
        Whole(
            "in_force_after_days",
            _l("In force so many days after the later notification"),
            0,
            36_500,
            hint=_l("Where the text says so; 0 for the same day."),
        ),
    ),
    check=check_agreement,
    warn=warn_agreement,
    apart=True,
    load=(
        joinedload(Agreement.side_a),
        joinedload(Agreement.side_b),
        joinedload(Agreement.signed_country),
        selectinload(Agreement.topic_links).joinedload(AgreementTopic.topic),
        selectinload(Agreement.languages),
        selectinload(Agreement.signatures).joinedload(Signature.person),
        selectinload(Agreement.signatures).joinedload(Signature.body),
        selectinload(Agreement.relations).joinedload(AgreementRelation.other),
        selectinload(Agreement.territories).joinedload(AgreementTerritory.party),
        selectinload(Agreement.actions),
    ),
)

means("ck_agreement_two_different_sides", "side_b", N_("An agreement has two different sides."))
means("ck_agreement_ended_how_needs_day", "ended_on", N_("Say when it ended."))
means("ck_agreement_relation_not_to_itself", "relations", N_("This is the agreement itself."))
means(
    "ck_agreement_duration_positive", "duration_months", N_("Write 1 to 12,000 months, or nothing.")
)
means(
    "ck_agreement_renewal_positive", "renewal_months", N_("Write 1 to 12,000 months, or nothing.")
)
means(
    "ck_agreement_notice_not_negative", "notice_months", N_("Write 0 to 1,200 months, or nothing.")
)
means("ck_agreement_notice_days_not_negative", "notice_days", N_("Write 0 to 36,500 days."))
means("ck_agreement_lead_days_not_negative", "lead_days", N_("Write 0 to 3,650 days."))
means(
    "ck_agreement_in_force_after_months_range",
    "in_force_after_months",
    N_("Write 0 to 1,200 months."),
)
means(
    "ck_agreement_in_force_after_days_range", "in_force_after_days", N_("Write 0 to 36,500 days.")
)
means("ck_agreement_link_scheme", "link", N_("A link begins with https:// or http://."))
means(
    "uq_signature_agreement_id_side_person_id",
    "signatories",
    N_("A person signs once for a side. Take the second row out."),
)
