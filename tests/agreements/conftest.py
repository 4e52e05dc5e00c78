"""Histories of agreements written into a database as rows, without forms or files."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.orm import Session

from tracker.agreements.models import Action, Agreement, AgreementKind, Signature
from tracker.agreements.queries import status_expression, status_may_be
from tracker.agreements.rules import AgreementStatus, History
from tracker.dates import PartialDate
from tracker.parties.models import Party, PartyKind
from tracker.people.models import Person


class Archive:
    """A database with two parties and two people, to put histories in and to ask for statuses."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with Session(engine) as session:
            parties = [Party(code=c, name=c, kind=PartyKind.STATE) for c in ("AA", "BB")]
            people = [Person(name=name) for name in ("A signatory", "Another signatory")]
            session.add_all([*parties, *people])
            session.commit()
            self.sides = [party.id for party in parties]
            self.people = [person.id for person in people]

    def add(self, connection: Connection, histories: Iterable[History]) -> list[int]:
        """Write one agreement a history; what was signed or initialled undated is a signature."""
        numbered = list(enumerate(histories, start=1))
        connection.execute(insert(Agreement.__table__), [self._row(n, h) for n, h in numbered])
        for model, rows in (
            (Action, [row for n, h in numbered for row in self._actions(n, h)]),
            (Signature, [row for n, h in numbered for row in self._signatures(n, h)]),
        ):
            if rows:
                connection.execute(insert(model.__table__), rows)
        return [number for number, _history in numbered]

    def _row(self, number: int, history: History) -> dict[str, Any]:
        dates = ("signed_on", "provisionally_applied_on", "in_force_on", "ended_on")
        row = {
            "id": number,
            "title": f"Agreement {number}",
            "kind": AgreementKind.AGREEMENT,
            "side_a_id": self.sides[0],
            "side_b_id": self.sides[1],
            "binding": "unknown",
            "version": 1,
            "duration_months": history.duration_months,
            "renewal": history.renewal,
            "renewal_months": history.renewal_months,
            "ended_how": history.ended_how,
        }
        for name in dates:
            row |= _span(name, getattr(history, name))
        return row

    def _actions(self, number: int, history: History) -> list[dict[str, Any]]:
        return [
            {"agreement_id": number, "kind": deed.kind, "position": position}
            | _span("done_on", deed.done_on)
            | _span("effective_on", deed.effective_on)
            for position, deed in enumerate(history.deeds)
            if not is_signature(deed, history)
        ]

    def _signatures(self, number: int, history: History) -> list[dict[str, Any]]:
        wanted = [deed for deed in history.deeds if is_signature(deed, history)]
        places = [(person, side) for person in self.people for side in "AB"]
        assert len(wanted) <= len(places)
        return [
            {
                "agreement_id": number,
                "side": side,
                "person_id": person,
                "kind": deed.kind,
                "position": position,
            }
            | _span("signed_on", deed.done_on)
            for position, (deed, (person, side)) in enumerate(zip(wanted, places, strict=False))
        ]

    def statuses(
        self, connection: Connection, day: date, today: date | None = None
    ) -> dict[int, AgreementStatus]:
        """The status of each agreement, as SQL says it."""
        query = select(Agreement.id, status_expression(day, today=today))
        return {number: AgreementStatus(said) for number, said in connection.execute(query)}

    def possible(
        self,
        connection: Connection,
        statuses: Iterable[AgreementStatus],
        day: date,
        today: date | None = None,
    ) -> dict[AgreementStatus, set[int]]:
        """The agreements that, by SQL, may be of each of these statuses."""
        return {
            status: set(
                connection.scalars(
                    select(Agreement.id).where(status_may_be(status, day, today=today))
                )
            )
            for status in statuses
        }


def is_signature(deed: Any, history: History) -> bool:
    """Whether the archive keeps a deed as a signature: one without a place for a second date."""
    kinds = {"initialled"} if history.signed_on else {"signed", "initialled"}
    return deed.kind in kinds and deed.effective_on is None


def _span(name: str, on: PartialDate | None) -> dict[str, date | None]:
    return {f"{name}_first": on and on.first, f"{name}_last": on and on.last}


@pytest.fixture
def archive(engine: Engine) -> Archive:
    return Archive(engine)
