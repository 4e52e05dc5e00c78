"""What tests of the overview share: the lines of the list, and agreements to put in it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement, AgreementKind, Renewal
from tracker.dates import PartialDate
from tracker.parties.models import Party
from tracker.tabular import read_sheet


def listed(client: CheckedClient, query: str) -> list[tuple[str, str, str, str]]:
    """Kind, day, title and days overdue of each line."""
    return [(r[0], r[1], r[5], r[2]) for r in rows(client, query)]


def said(client: CheckedClient, query: str) -> dict[str, str]:
    """What each line says, by its title."""
    return {r[5]: r[6] for r in rows(client, query)}


def rows(client: CheckedClient, query: str) -> list[list[str]]:
    """The rows of the list's file."""
    return [list(r.cells) for r in read_sheet(client.get(f"/attention.csv?{query}").data).rows]


def on(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


def add(session: Session, title: str, **more: Any) -> Agreement:
    """Record a treaty of Iran and Türkiye."""
    codes = ("IR", "TR")
    found = {p.code: p for p in session.scalars(select(Party).where(Party.code.in_(codes)))}
    agreement = Agreement(
        title=title, kind=AgreementKind.TREATY, side_a=found["IR"], side_b=found["TR"], **more
    )
    session.add(agreement)
    session.commit()
    return agreement


RENEWED = {
    "in_force_on": on("2024-08-29"),
    "duration_months": 12,
    "renewal": Renewal.TACIT,
    "renewal_months": 12,
    "notice_months": 2,
}
