"""The data set in the program's own tables: rows of plain values, in the order of `COLUMNS`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.stories import Body, Story
from tracker.text import fold

Row = tuple[Any, ...]
# A moment in a form that both databases take.
CHANGED_AT = "2026-06-30 00:00:00.000000+00:00"


def _span(name: str) -> tuple[str, str]:
    return f"{name}_first", f"{name}_last"


# Parents before what points at them.
COLUMNS = {
    "agreement": (
        *("id", "title", "kind", "side_a_id", "side_b_id", *_span("signed_on")),
        *(*_span("in_force_on"), *_span("ended_on"), "ended_how", "binding", "duration_months"),
        *("renewal", "renewal_months", "notice_months", "reference_list", "version", "changed_at"),
    ),
    "signature": ("agreement_id", "side", "person_id", "capacity", "kind", "position"),
    "action": (
        *("agreement_id", "kind", "side", *_span("done_on"), *_span("effective_on"), "position"),
    ),
    "agreement_topic": ("agreement_id", "topic_id", "position"),
    "commission": (
        *("id", "name", "name_key", "side_a_id", "side_b_id", "kind", "status", "agreement_id"),
        *("cadence_every", "cadence_unit", *_span("cadence_from"), "turns", "version"),
        "changed_at",
    ),
    "host": ("commission_id", "party_id", "position"),
    "meeting": (
        *("id", "commission_id", "number", *_span("begins_on"), "status", "host_id", "city"),
        *("kind", "extraordinary", "version", "changed_at"),
    ),
}

# The tables of a kind of record, each with its column that has the record's id.
OWNERS = {
    "agreement": {
        "agreement": "id",
        "signature": "agreement_id",
        "action": "agreement_id",
        "agreement_topic": "agreement_id",
    },
    "commission": {"commission": "id", "host": "commission_id"},
    "meeting": {"meeting": "id"},
}


@dataclass
class Numbers:
    """What the database calls what the data set names, and the next ids of new records."""

    parties: Mapping[str, int]
    topics: Mapping[int, int]
    people: Mapping[str, int]
    agreement: int
    commission: int
    meeting: int


def rows_of(stories: Iterable[Story], numbers: Numbers) -> dict[str, list[Row]]:
    """The rows of some agreements and of all that belongs to them, by table."""
    found: dict[str, list[Row]] = defaultdict(list)
    for story in stories:
        own = numbers.agreement + story.number
        sides = tuple(numbers.parties[code] for code in story.sides)
        found["agreement"].append(_agreement(story, own, sides))
        found["signature"].extend(_signatures(story, own, numbers))
        found["action"].extend(_actions(story, own))
        found["agreement_topic"].extend(
            (own, numbers.topics[topic], place) for place, topic in enumerate(story.topics)
        )
        if story.body is not None:
            _commission(story, story.body, sides, numbers, found)
    return found


def _agreement(story: Story, own: int, sides: tuple[int, ...]) -> Row:
    ended = story.turned_on if story.status in ("expired", "terminated") else None
    how = {"expired": "expired", "terminated": "denounced"}.get(story.status)
    term = (60, "tacit", 60, 6) if story.has_term else (None, None, None, None)
    return (
        own,
        story.title,
        story.kind,
        *sides,
        *(story.signed_on, story.signed_on),
        *(story.in_force_on, story.in_force_on),
        *(ended, ended),
        how,
        story.binding,
        *term,
        story.reference,
        1,
        CHANGED_AT,
    )


def _signatures(story: Story, own: int, numbers: Numbers) -> Iterator[Row]:
    for place, signer in enumerate(story.signers):
        person = numbers.people[signer.name]
        yield own, signer.side, person, signer.capacity, "signed", place


def _actions(story: Story, own: int) -> Iterator[Row]:
    on = story.turned_on
    if story.status == "draft":
        yield own, "adopted", None, on, on, None, None, 0
    elif story.status == "suspended":
        yield own, "suspended", None, on, on, None, None, 0


def _commission(
    story: Story,
    body: Body,
    sides: tuple[int, ...],
    numbers: Numbers,
    found: dict[str, list[Row]],
) -> None:
    own = numbers.commission + body.number
    agreement = numbers.agreement + story.number
    since = story.signed_on
    found["commission"].append(
        (
            *(own, body.name, fold(body.name), *sides, "joint-commission", "active"),
            *(agreement, 1, "year", since, since, "by-session", 1, CHANGED_AT),
        )
    )
    found["host"].extend((own, side, place) for place, side in enumerate(sides))
    for session in body.sessions:
        numbers.meeting += 1
        status = "held" if session.status == "held" else "planned"
        host = sides[(session.number - 1) % 2]
        found["meeting"].append(
            (
                *(numbers.meeting, own, session.number, session.on, session.on, status, host),
                *(session.city, "session", False, 1, CHANGED_AT),
            )
        )
