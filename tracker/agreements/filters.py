"""What narrows a list of agreements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, func, or_, select, true

from tracker.agreements import words
from tracker.agreements.models import Agreement, AgreementLanguage, AgreementTopic, Binding
from tracker.agreements.queries import status_is
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.searched import AGREEMENTS_SEARCHED
from tracker.agreements.topics_table import topics_below
from tracker.clock import day_asked
from tracker.columns import CellError, Reading
from tracker.columns.cells import language_code
from tracker.columns.references import Reference
from tracker.dates import read_day
from tracker.db import first_day, last_day
from tracker.parties.columns import party_index
from tracker.parties.pages import between, day_of
from tracker.search.lists import clause_of
from tracker.sources.models import Citation, Source
from tracker.text import N_
from tracker.web.pages import Clause, Filter

_SOURCE = Reference("source", _l("Cited source"), Source)


def _listed(text: str, members: Any) -> str:
    if text not in list(members):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return text


def _kind(text: str, _reading: Reading) -> ColumnElement[bool]:
    return Agreement.kind == _listed(text, words.KINDS)


def _binding(text: str, _reading: Reading) -> ColumnElement[bool]:
    return Agreement.binding == _listed(text, Binding)


def _status(text: str, _reading: Reading) -> ColumnElement[bool]:
    return status_is(AgreementStatus(_listed(text, AgreementStatus)), day_asked())


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


def _place(text: str, reading: Reading) -> ColumnElement[bool]:
    """The city as it is written, in capitals or not, or the country by any of its names."""
    in_city = func.lower(Agreement.signed_city) == text.lower()
    try:
        country = party_index(reading).find(text)
    except CellError:
        return in_city
    return or_(in_city, Agreement.signed_country_id == country.id)


def _from(attribute: Any) -> Clause:
    """Dates that may be of this day or later."""
    return lambda text, _reading: last_day(attribute) >= day_of(text).first


def _to(attribute: Any) -> Clause:
    return lambda text, _reading: first_day(attribute) <= day_of(text).last


def _choices(words_of: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(member.value, word) for member, word in words_of.items()]


def _dates(name: str, attribute: Any, words_from: Any, words_to: Any) -> dict[str, Filter]:
    return {
        f"{name}_from": Filter(words_from, _from(attribute), rare=name != "signed"),
        f"{name}_to": Filter(words_to, _to(attribute), rare=name != "signed"),
    }


FILTERS: dict[str, Filter] = {
    "q": Filter(_l("Words, names, places or numbers"), clause_of(AGREEMENTS_SEARCHED)),
    "party": Filter(
        _l("Party"),
        between(Agreement.side_a_id, Agreement.side_b_id),
        repeats=True,
        offers="parties",
    ),
    "topic": Filter(_l("Topic, with those below it"), _topic, offers="topics"),
    "kind": Filter(_l("Kind"), _kind, _choices(words.KINDS)),
    "status": Filter(_l("Status"), _status, _choices(words.STATUSES)),
    **_dates("signed", Agreement.signed_on, _l("Signed from"), _l("Signed until")),
    "on": Filter(_l("Status on the day"), _on, rare=True),
    "binding": Filter(_l("Binding intent"), _binding, _choices(words.BINDING), rare=True),
    **_dates(
        "in_force", Agreement.in_force_on, _l("In force since, from"), _l("In force since, until")
    ),
    **_dates("ended", Agreement.ended_on, _l("Ended from"), _l("Ended until")),
    "place": Filter(_l("City or country of signature"), _place, rare=True),
    "language": Filter(_l("Language of a text"), _language, rare=True),
    "source": Filter(_l("Cited source"), _source, offers="sources", rare=True),
}
