"""What the record of an agreement says of its term and its entry into force."""

from datetime import date

from tracker.agreements.models import Action, ActionKind, Agreement, Renewal, Side
from tracker.agreements.status import awaited_entry, term_outlook
from tracker.agreements.terms import Span
from tracker.dates import PartialDate


def action(kind: ActionKind, on: str, side: Side | None = None) -> Action:
    return Action(kind=kind, done_on=PartialDate.from_iso(on), side=side)


def test_an_express_renewal_on_record_prolongs_the_term() -> None:
    pact = Agreement(
        in_force_on=PartialDate.from_iso("2020-01-01"),
        duration_months=12,
        renewal=Renewal.EXPRESS,
        renewal_months=12,
        actions=[action(ActionKind.RENEWED, "2020-12-01")],
    )

    before, after = (term_outlook(pact, date(*day)) for day in ((2020, 6, 1), (2021, 6, 1)))

    assert before is not None
    assert after is not None
    assert before.expires_on == Span(date(2021, 1, 1), date(2021, 1, 1))
    assert after.expires_on == Span(date(2022, 1, 1), date(2022, 1, 1))


def test_no_term_without_entry_into_force() -> None:
    assert term_outlook(Agreement(duration_months=12), date(2026, 1, 1)) is None


def test_the_other_sides_notification_is_missing() -> None:
    notified = ActionKind.DOMESTIC_PROCEDURE_NOTIFIED
    pact = Agreement(in_force_after_days=30, actions=[action(notified, "2020-01-01", Side.A)])

    assert awaited_entry(pact).missing == ("B",)

    pact.actions.append(action(notified, "2020-02-01", Side.B))

    assert awaited_entry(pact).missing == ()
    assert awaited_entry(pact).on == Span(date(2020, 3, 2), date(2020, 3, 2))
