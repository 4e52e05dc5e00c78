"""Planning a commission's sessions: only what is missing, and twice in a row nothing more."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.meetings.models import Meeting


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Meeting)) or 0


def test_a_plan_adds_what_is_missing_and_then_nothing(
    seeded: Session, client: CheckedClient
) -> None:
    before = count(seeded)
    page = client.page("/commissions/1/plan?until=2029")

    assert "Tashkent" in page.text
    assert client.submit("/commissions/1/plan?until=2029", {}, action="/commissions/1/plan")
    after = count(seeded)
    again = client.page("/commissions/1/plan?until=2029")

    assert after > before
    assert "Nothing is missing" in again.text


def test_a_commission_without_a_rule_says_what_to_do(
    seeded: Session, client: CheckedClient
) -> None:
    page = client.page("/commissions/2/plan", status=422)

    assert "how often it meets" in page.text


def test_a_year_that_is_none_is_refused(seeded: Session, client: CheckedClient) -> None:
    client.page("/commissions/1/plan?until=soon", status=422)
