"""The columns of commitments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from tracker.agreements.models import Agreement
from tracker.columns import (
    Choice,
    Column,
    Dated,
    Identity,
    Items,
    Line,
    Paragraphs,
    Problem,
    Reading,
    Table,
)
from tracker.columns.references import Reference
from tracker.commissions.models import Commission
from tracker.commitments import words
from tracker.commitments.columns import BothParties, Number, OwnDate, Value, Worded
from tracker.commitments.models import (
    Commitment,
    CommitmentKind,
    CommitmentStatus,
    MadeBy,
    Observation,
)
from tracker.constraints import means
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting
from tracker.parties.columns import PartyColumn
from tracker.sources.models import Source
from tracker.text import N_, TITLE

_SAME = N_("A commitment cannot supersede itself.")
_NAME_IT = N_("It is superseded: name the commitment that took its place.")


class LateChoice(Choice):
    """A closed list that is read together with what points at rows further down the file."""

    late = True


def check_origin(values: Mapping[str, Any]) -> Iterator[Problem]:
    """From one agreement, or one meeting, or else between two different parties."""
    origin = [name for name in ("agreement", "meeting") if values[name] is not None]
    own = ("side_a", "side_b")
    if len(origin) == 2:
        message = N_(
            "It comes from an agreement or from a meeting, not from both. Leave one empty."
        )
        yield Problem(("meeting",), message)
    elif origin:
        for name in (*own, "made_on"):
            if values[name] is not None:
                message = N_("Leave this empty: it is that of the agreement or the meeting.")
                yield Problem((name,), message)
    elif values["side_a"] is None and values["side_b"] is None:
        message = N_("Name the agreement or the meeting that it comes from, or the two parties.")
        yield Problem(("agreement",), message)
    else:
        for name in own:
            if values[name] is None:
                yield Problem((name,), N_("Say between which two parties."))
        if values["side_a"] is values["side_b"]:
            yield Problem(("side_b",), N_("A commitment is between two different parties."))


def check_measure(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Numbers have a unit; a baseline's date has a baseline."""
    numbers = {"target": values["target"], "baseline": values["baseline"]}
    named = next((name for name, number in numbers.items() if number is not None), None)
    observed = any(isinstance(one["value"], Decimal) for one in values["observations"])
    if values["unit"] is None and named:
        message = N_("Say in what unit the %(what)s is: billion US dollars, %%, tonnes.")
        yield Problem(("unit",), message, {"what": named})
    elif values["unit"] is None and observed:
        message = N_("Say in what unit the numbers observed are, or write them as words.")
        yield Problem(("unit",), message)
    if values["baseline_on"] is not None and values["baseline"] is None:
        yield Problem(("baseline",), N_("A day is given, and no baseline. Write it."))


def check_observations(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Nothing is observed on a day to come."""
    for index, one in enumerate(values["observations"]):
        if one["on"].first > reading.today:
            message = N_("Nothing can have been observed on a day to come.")
            yield Problem(("observations", index, "on"), message)


def _parties(values: Mapping[str, Any]) -> set[Any]:
    origin = values["agreement"] or values["meeting"]
    if origin is not None:
        return {origin.side_a, origin.side_b}
    return {values["side_a"], values["side_b"]}


def check_supersession(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Superseded by another one of the same parties, never by itself nor in a circle."""
    # A file brings these two columns late, when all its rows are there.
    if "superseded_by" not in values or "status" not in values:
        return
    successor, status = values["superseded_by"], values["status"]
    if status is CommitmentStatus.SUPERSEDED and successor is None:
        yield Problem(("superseded_by",), _NAME_IT)
    if successor is None:
        return
    if status is not CommitmentStatus.SUPERSEDED:
        message = N_("Another commitment took its place: choose the status superseded.")
        yield Problem(("status",), message)
    yield from _check_chain(successor, reading.record)
    if {successor.side_a, successor.side_b} != _parties(values):
        message = N_("The commitment that takes its place is between other parties.")
        yield Problem(("superseded_by",), message)


def _check_chain(successor: Commitment, record: Commitment | None) -> Iterator[Problem]:
    if successor is record:
        yield Problem(("superseded_by",), _SAME)
        return
    seen, following = {successor}, successor.superseded_by
    while following is not None and following not in seen:
        if following is record:
            message = N_("This makes a circle: that commitment is itself superseded by this one.")
            yield Problem(("superseded_by",), message)
            return
        seen.add(following)
        following = following.superseded_by


def check_commitment(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Everything that holds between a commitment's columns."""
    # A file need not bring all columns; what a new row leaves out is empty.
    values = {**{c.name: c.cleared for c in COMMITMENTS.stored if not c.late}, **values}
    yield from check_origin(values)
    yield from check_measure(values)
    yield from check_observations(values, reading)
    yield from check_supersession(values, reading)


def warn_commitment(values: Mapping[str, Any], _reading: Reading) -> Iterator[Problem]:
    """What is unusual: a promise without a state, a joint one made by one side."""
    kind, made_by = values.get("kind"), values.get("made_by")
    status = values.get("status", CommitmentStatus.OPEN)
    if status is None and kind not in (None, CommitmentKind.STATEMENT):
        message = N_("No status is recorded. Only a remark that promises nothing has none.")
        yield Problem(("status",), message)
    if kind is CommitmentKind.JOINT_TARGET and made_by is not MadeBy.BOTH:
        yield Problem(("made_by",), N_("A joint target is usually made by both sides."))
    if kind is CommitmentKind.STATEMENT and made_by is MadeBy.BOTH:
        yield Problem(("made_by",), N_("A statement is usually made by one side."))


OBSERVATIONS = Items(
    "observations",
    _l("Observations"),
    attribute="observations",
    model=Observation,
    parts=(
        Dated("on", _l("On"), required=True),
        Value("value", _l("Value"), required=True, hint=_l("A number, or words.")),
        Line("note", _l("Note"), limit=TITLE),
        Reference("source", _l("Source"), Source, offers="sources"),
        Line("locator", _l("Where in the source")),
    ),
)

_COLUMNS: tuple[Column, ...] = (
    Identity(),
    Paragraphs(
        "text", _l("What was promised"), required=True, hint=_l("In your own words, or as written.")
    ),
    Choice("kind", _l("Kind"), CommitmentKind, words.KINDS, required=True),
    Choice("made_by", _l("Made by"), MadeBy, words.MADE_BY, required=True),
    BothParties("parties", _l("Parties")),
    Reference(
        "agreement",
        _l("From the agreement"),
        Agreement,
        offers="agreements",
        hint=_l("Where it was promised: an agreement, or a meeting, or neither."),
    ),
    Worded(
        "meeting",
        _l("From the meeting"),
        Meeting,
        describe=describe_meeting,
        hint=_l("The number of the meeting, such as #12."),
    ),
    PartyColumn(
        "side_a",
        _l("Side A"),
        attribute="own_side_a",
        hint=_l("Only where it comes from neither an agreement nor a meeting."),
    ),
    PartyColumn("side_b", _l("Side B"), attribute="own_side_b"),
    OwnDate("made_on", _l("Made on")),
    Dated("due_on", _l("Due on"), hint=_l("Leave it empty where no day was set.")),
    LateChoice(
        "status",
        _l("Status"),
        CommitmentStatus,
        words.STATUSES,
        offered=CommitmentStatus.OPEN,
        hint=_l("Leave it empty only for a remark that promises nothing."),
    ),
    Worded(
        "superseded_by",
        _l("Superseded by"),
        Commitment,
        wording="text",
        late=True,
        hint=_l("The number of the commitment that took its place, such as #12."),
    ),
    Line("measure", _l("Measure"), hint=_l("What is measured, such as yearly trade.")),
    Line("unit", _l("Unit"), hint=_l("Such as billion US dollars, % or tonnes.")),
    Number("baseline", _l("Baseline"), hint=_l("The value at the beginning.")),
    Dated("baseline_on", _l("Baseline of")),
    Number("target", _l("Target"), hint=_l("A target below the baseline is one to come down to.")),
    OBSERVATIONS,
    Paragraphs("note", _l("Note")),
)


# The parties of a commitment and where it comes from, as each line of a list shows them.
ORIGIN = (
    joinedload(Commitment.agreement).joinedload(Agreement.side_a),
    joinedload(Commitment.agreement).joinedload(Agreement.side_b),
    joinedload(Commitment.meeting).joinedload(Meeting.own_side_a),
    joinedload(Commitment.meeting).joinedload(Meeting.own_side_b),
    joinedload(Commitment.meeting).joinedload(Meeting.commission).joinedload(Commission.side_a),
    joinedload(Commitment.meeting).joinedload(Meeting.commission).joinedload(Commission.side_b),
    joinedload(Commitment.own_side_a),
    joinedload(Commitment.own_side_b),
    joinedload(Commitment.superseded_by),
)

COMMITMENTS = Table(
    name="commitments",
    model=Commitment,
    columns=_COLUMNS,
    check=check_commitment,
    warn=warn_commitment,
    load=(
        *ORIGIN,
        selectinload(Commitment.observations).joinedload(Observation.source),
    ),
)

means("ck_commitment_superseded_by_another", "superseded_by", _NAME_IT)
means("ck_commitment_not_by_itself", "superseded_by", _SAME)
means("ck_commitment_target_has_a_unit", "unit", N_("Say in what unit the target is."))
means("ck_commitment_baseline_has_a_unit", "unit", N_("Say in what unit the baseline is."))
means(
    "ck_commitment_baseline_on_has_a_baseline",
    "baseline",
    N_("Say what the value was on that day, or leave the day empty."),
)
means(
    "ck_commitment_made_on_without_origin",
    "made_on",
    N_("The day is that of the agreement or the meeting. Leave this empty."),
)
means(
    "ck_commitment_one_origin",
    "agreement",
    N_("Name the agreement or the meeting that it comes from, or the two parties."),
)
means("ck_observation_number_or_word", "observations", N_("An observation has a value. Write it."))
means("ck_observation_has_a_date", "observations", N_("An observation has a day. Write it."))
