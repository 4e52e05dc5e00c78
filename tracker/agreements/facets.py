"""How the agreements of a list are spread over parties, topics, kinds, statuses and decades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Integer, Select, cast, extract, func, select

from tracker.agreements import words
from tracker.agreements.models import Agreement, AgreementTopic
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.sides import AGREEMENT_SIDE
from tracker.agreements.statuses import status_on_day
from tracker.agreements.topics import Topic
from tracker.clock import day_asked
from tracker.columns import Reading
from tracker.parties.models import Party
from tracker.parties.pages import parties_of
from tracker.web.pages import Facet, Share

MOST = 10
_OWN = Agreement.__table__.c


def facets(some: Select[Any], wanted: Mapping[str, str], reading: Reading) -> list[Facet]:
    """What the agreements of a query of numbers are about, each word with its filter.

    What is filtered already has nothing more to tell and is left out.
    """
    found: list[Facet] = []
    parties = parties_of(wanted["party"], reading) if "party" in wanted else []
    if len(parties) < 2:
        found.append(Facet(_("Party"), list(_parties(some, parties, reading))))
    found.append(Facet(_("Topic"), list(_topics(some, wanted, reading))))
    if "kind" not in wanted:
        found.append(Facet(_("Kind"), list(_listed(some, "kind", _OWN.kind, words.KINDS, reading))))
    if "status" not in wanted:
        found.append(Facet(_("Status"), _statuses(some, reading)))
    if not {"signed_from", "signed_to"} & wanted.keys():
        found.append(Facet(_("Decade of signature"), list(_decades(some, reading))))
    return [facet for facet in found if facet.shares]


def _spread(some: Select[Any], value: Any, reading: Reading) -> list[tuple[Any, int]]:
    """How many of the agreements have each value."""
    numbers = some.subquery()
    counted = select(value.label("value"), func.count())
    counted = counted.join_from(numbers, Agreement.__table__, _OWN.id == numbers.c.number)
    return [(value, count) for value, count in reading.session.execute(counted.group_by("value"))]


def _most(shares: Iterable[Share]) -> list[Share]:
    return sorted(shares, key=lambda share: (-share.count, share.word))[:MOST]


def _parties(some: Select[Any], known: list[Party], reading: Reading) -> Iterator[Share]:
    side, numbers = AGREEMENT_SIDE.c, some.subquery()
    count = func.count()
    query = (
        select(Party.code, Party.name, count)
        .join_from(numbers, AGREEMENT_SIDE, side.agreement_id == numbers.c.number)
        .join(Party, Party.id == side.party_id)
        .where(side.party_id.not_in([party.id for party in known]))
        .group_by(Party.id, Party.code, Party.name)
        .order_by(count.desc(), Party.name)
        .limit(MOST)
    )
    before = [party.code for party in known]
    for code, name, found in reading.session.execute(query):
        yield Share(name, found, {"party": ";".join([*before, code])})


def _topics(some: Select[Any], wanted: Mapping[str, str], reading: Reading) -> Iterator[Share]:
    """Each topic with all below it, as its filter finds them; an agreement counts once for each."""
    topic = Topic.__table__
    above = select(topic.c.id.label("topic_id"), topic.c.id.label("above_id")).cte(recursive=True)
    further = select(above.c.topic_id, topic.c.parent_id).join(
        topic, topic.c.id == above.c.above_id
    )
    above = above.union(further.where(topic.c.parent_id.is_not(None)))
    link, numbers = AgreementTopic.__table__, some.subquery()
    count = func.count(link.c.agreement_id.distinct())
    query = (
        select(topic.c.code, topic.c.name, count)
        .join_from(numbers, link, link.c.agreement_id == numbers.c.number)
        .join(above, above.c.topic_id == link.c.topic_id)
        .join(topic, topic.c.id == above.c.above_id)
        .group_by(topic.c.id, topic.c.code, topic.c.name)
        .order_by(count.desc(), topic.c.name)
        .limit(MOST)
    )
    for code, name, found in reading.session.execute(query):
        if code != wanted.get("topic", "").upper():
            yield Share(name, found, {"topic": code})


def _listed(
    some: Select[Any], name: str, value: Any, words_of: Mapping[Any, Any], reading: Reading
) -> list[Share]:
    """The members of a closed list."""
    return _most(
        Share(str(words_of[member]), count, {name: str(member)})
        for member, count in _spread(some, value, reading)
    )


def _statuses(some: Select[Any], reading: Reading) -> list[Share]:
    """Looked up by the numbers alone: to look at the records takes as long again."""
    numbers = some.subquery()
    number: Any = numbers.c.number
    status = status_on_day(day_asked(), number).label("value")
    query = select(status, func.count()).select_from(numbers).group_by("value")
    return _most(
        Share(str(words.STATUSES[AgreementStatus(name)]), count, {"status": name})
        for name, count in reading.session.execute(query)
    )


def _decades(some: Select[Any], reading: Reading) -> list[Share]:
    """By the first day: a partial date lies within one year. The latest decade comes first."""
    year = cast(extract("year", _OWN.signed_on_first), Integer)
    found: dict[int, int] = {}
    for value, count in _spread(some, year, reading):
        if value is not None:
            found[value // 10 * 10] = found.get(value // 10 * 10, 0) + count
    return [
        Share(
            _("%(first)s to %(last)s", first=first, last=first + 9),
            found[first],
            {"signed_from": f"{max(first, 1):04}", "signed_to": f"{first + 9:04}"},
        )
        for first in sorted(found, reverse=True)
    ]
