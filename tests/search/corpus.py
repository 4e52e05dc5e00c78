"""The shared corpus of records to search in, as rows, and what is to be found in it."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement, AgreementKind
from tracker.agreements.topics import Topic
from tracker.commissions.models import Commission, CommissionKind, CommissionName, CommissionStatus
from tracker.commissions.models import Host as CommissionHost
from tracker.commitments.models import Commitment, CommitmentKind, MadeBy
from tracker.dates import PartialDate, read_date
from tracker.meetings.models import Decision, Meeting, MeetingKind
from tracker.meetings.sequence import MeetingStatus
from tracker.parties.models import Body, BodyName, Party, PartyKind, PartyName
from tracker.people.models import Person, PersonName
from tracker.sources.models import Source, SourceKind

DATA = Path(__file__).parent.parent / "data"
Row = dict[str, str]


@dataclass(frozen=True)
class Query:
    """What is typed, which records it finds, and which of them comes first of all."""

    typed: str
    finds: frozenset[str]
    first: str


def rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def queries() -> Iterator[Query]:
    for row in rows("search_queries"):
        yield Query(row["typed"], frozenset(row["finds"].split()), row["first"])


def load(session: Session) -> dict[tuple[str, int], str]:
    """Write the corpus; the key of each record by its model's table and its number."""
    sides = [Party(code=code, name=name, kind=PartyKind.STATE) for code, name in SIDES]
    session.add_all(sides)
    session.flush()
    made = [(row["key"], _MAKE[row["kind"]](row, sides)) for row in rows("search_corpus")]
    session.add_all([record for _key, record in made])
    session.commit()
    return {(record.__tablename__, record.id): key for key, record in made}


SIDES = (("ZY", "Leftland"), ("ZZ", "Rightland"))


def _names(row: Row, model: Any) -> list[Any]:
    others = filter(None, row["other_names"].split(";"))
    return [model(name=name, position=place) for place, name in enumerate(others)]


def _day(row: Row) -> PartialDate | None:
    return read_date(row["day"])


def _person(row: Row, _sides: list[Party]) -> Person:
    return Person(name=row["name"], names=_names(row, PersonName))


def _party(row: Row, _sides: list[Party]) -> Party:
    names = _names(row, PartyName)
    return Party(name=row["name"], code=row["number"], kind=PartyKind.STATE, names=names)


def _body(row: Row, sides: list[Party]) -> Body:
    return Body(name=row["name"], party=sides[0], names=_names(row, BodyName))


def _topic(row: Row, _sides: list[Party]) -> Topic:
    return Topic(name=row["name"], code=row["number"])


def _source(row: Row, _sides: list[Party]) -> Source:
    return Source(
        title=row["name"],
        kind=SourceKind.NEWS_ARTICLE,
        publisher=row["place"] or None,
        link=row["number"] or None,
        note=row["text"] or None,
        published_on=_day(row),
    )


def _agreement(row: Row, sides: list[Party]) -> Agreement:
    registration, _, reference = row["number"].partition(";")
    return Agreement(
        title=row["name"],
        kind=AgreementKind.AGREEMENT,
        side_a=sides[0],
        side_b=sides[1],
        short_title=row["other_names"] or None,
        summary=row["text"] or None,
        signed_city=row["place"] or None,
        signed_on=_day(row),
        registration=registration or None,
        reference_list=reference or None,
    )


def _commission(row: Row, sides: list[Party]) -> Commission:
    return Commission(
        name=row["name"],
        side_a=sides[0],
        side_b=sides[1],
        kind=CommissionKind.JOINT_COMMISSION,
        status=CommissionStatus.ACTIVE,
        mandate=row["text"],
        names=_names(row, CommissionName),
        hosts=[CommissionHost(party=sides[0], city=row["place"], position=0)],
    )


def _meeting(row: Row, sides: list[Party]) -> Meeting:
    return Meeting(
        title=row["name"],
        kind=MeetingKind.VISIT,
        own_side_a=sides[0],
        own_side_b=sides[1],
        status=MeetingStatus.HELD,
        begins_on=_day(row),
        city=row["place"],
        decisions=[Decision(text=row["text"], position=0)],
    )


def _commitment(row: Row, sides: list[Party]) -> Commitment:
    return Commitment(
        text=row["name"],
        own_side_a=sides[0],
        own_side_b=sides[1],
        made_by=MadeBy.BOTH,
        kind=CommitmentKind.STATEMENT,
        note=row["text"],
        due_on=_day(row),
    )


_MAKE: dict[str, Callable[[Row, list[Party]], Any]] = {
    "person": _person,
    "party": _party,
    "body": _body,
    "topic": _topic,
    "source": _source,
    "agreement": _agreement,
    "commission": _commission,
    "meeting": _meeting,
    "commitment": _commitment,
}
