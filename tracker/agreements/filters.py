"""What narrows a list of agreements."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Column, ColumnElement, Select, exists, or_, select, true

from tracker.agreements import words
from tracker.agreements.models import Agreement, AgreementLanguage, AgreementTopic
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.searched import AGREEMENTS_SEARCHED
from tracker.agreements.statuses import NUMBER, has_status, numbers_with_status
from tracker.agreements.topics_table import topics_below
from tracker.clock import day_asked
from tracker.columns import CellError, Reading
from tracker.columns.cells import language_code
from tracker.columns.references import Reference
from tracker.dates import read_day
from tracker.expressions import caseless
from tracker.parties.columns import find_party
from tracker.parties.pages import between
from tracker.search.lists import search_filter
from tracker.sources.models import Citation, Source
from tracker.web.filters import from_day, listed, one_of, to_day
from tracker.web.pages import Filter

_SOURCE = Reference("source", _l("Cited source"), Source)


def with_status(text: str, reading: Reading, number: Column[int] = NUMBER) -> ColumnElement[bool]:
    """The agreements of a status, on the day that is asked about; ``number`` is theirs."""
    status = AgreementStatus(listed(text, AgreementStatus))
    return has_status(reading.session, status, day_asked(), number)


def _of_status(text: str, _reading: Reading) -> Select[tuple[int]]:
    return numbers_with_status(AgreementStatus(listed(text, AgreementStatus)), day_asked())


def _on(text: str, _reading: Reading) -> ColumnElement[bool]:
    read_day(text)
    return true()


def _topic(text: str, reading: Reading) -> ColumnElement[bool]:
    about = AgreementTopic.topic_id.in_(topics_below(text, reading))
    return exists().where(AgreementTopic.agreement_id == Agreement.id, about)


def _language(text: str, _reading: Reading) -> ColumnElement[bool]:
    written_in = AgreementLanguage.language == language_code(text)
    return exists().where(AgreementLanguage.agreement_id == Agreement.id, written_in)


def _source(text: str, reading: Reading) -> ColumnElement[bool]:
    source: Source = _SOURCE.parse(text, reading)
    cited = select(Citation.agreement_id).where(Citation.source_id == source.id)
    return Agreement.id.in_(cited.where(Citation.agreement_id.is_not(None)))


def in_place(text: str, reading: Reading) -> list[ColumnElement[bool]]:
    """The city as it is written, in capitals or not; the country by any of its names."""
    # SQLite knows small and capital letters of Latin alone.
    written = sorted({text.lower(), text, text.title()})
    in_city = caseless(Agreement.__table__.c.signed_city).in_(written)
    try:
        country = find_party(text, reading)
    except CellError:
        return [in_city]
    return [in_city, Agreement.signed_country_id == country.id]


def _place(text: str, reading: Reading) -> ColumnElement[bool]:
    return or_(*in_place(text, reading))


def _dates(name: str, attribute: Any, words_from: Any, words_to: Any) -> dict[str, Filter]:
    return {
        f"{name}_from": Filter(words_from, from_day(attribute), rare=name != "signed"),
        f"{name}_to": Filter(words_to, to_day(attribute), rare=name != "signed"),
    }


FILTERS: dict[str, Filter] = {
    "q": search_filter(_l("Words, names, places or numbers"), AGREEMENTS_SEARCHED),
    "party": Filter(
        _l("Party"),
        between(Agreement.side_a_id, Agreement.side_b_id),
        repeats=True,
        offers="parties",
    ),
    "topic": Filter(_l("Topic, with those below it"), _topic, offers="topics"),
    "kind": one_of(_l("Kind"), Agreement.kind, words.KINDS),
    "status": Filter(
        _l("Status"),
        with_status,
        [(s.value, word) for s, word in words.STATUSES.items()],
        numbers=_of_status,
    ),
    **_dates("signed", Agreement.signed_on, _l("Signed from"), _l("Signed until")),
    "on": Filter(_l("Status on the day"), _on, rare=True),
    "binding": one_of(_l("Binding intent"), Agreement.binding, words.BINDING, rare=True),
    **_dates(
        "in_force", Agreement.in_force_on, _l("In force since, from"), _l("In force since, until")
    ),
    **_dates("ended", Agreement.ended_on, _l("Ended from"), _l("Ended until")),
    "place": Filter(_l("City or country of signature"), _place, rare=True),
    "language": Filter(_l("Language of a text"), _language, rare=True),
    "source": Filter(_l("Cited source"), _source, offers="sources", rare=True),
}
