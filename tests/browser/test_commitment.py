"""The page of one commitment in a browser: its drawing, wide and narrow, and from the right."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.commitments.models import Commitment, Observation
from tracker.dates import PartialDate
from tracker.parties.models import Party, PartyKind
from tracker.settings import Settings


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="a key for tests only",  # noqa: S106
        languages=("en", "fa"),
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def target(db_session: Session) -> str:
    """The address of a target with three observations."""
    values = (("2021", "0.4"), ("2023-06", "0.7"), ("2025-03-31", "1.1"))
    commitment = Commitment(
        own_side_a=Party(code="IR", name="Iran", kind=PartyKind.STATE),
        own_side_b=Party(code="UZ", name="Uzbekistan", kind=PartyKind.STATE),
        own_made_on=PartialDate.year(2021),
        made_by="both",
        text="Trade is to reach 2 billion US dollars a year.",
        kind="joint-target",
        status="open",
        due_on=PartialDate.day(date(2026, 6, 30)),
        unit="billion US dollars",
        baseline=Decimal("0.4"),
        target=Decimal(2),
        observations=[
            Observation(on=PartialDate.from_iso(on), value=Decimal(value), position=place)
            for place, (on, value) in enumerate(values)
        ],
    )
    db_session.add(commitment)
    db_session.commit()
    return f"/commitments/{commitment.id}"


def circles(page: Page) -> list[dict[str, float]]:
    found = [point.bounding_box() for point in page.locator(".chart circle").all()]
    assert None not in found
    return [box for box in found if box is not None]


def test_the_drawing_is_there_and_named(
    target: str, page: Page, axe: Callable[[Page], None]
) -> None:
    page.goto(target)

    drawing = page.get_by_role("img", name="Observations, billion US dollars")
    expect(drawing).to_be_visible()
    expect(drawing).to_have_accessible_description(
        "From 0.4 billion US dollars (2021) to 1.1 billion US dollars (31 March 2025)."
        " Baseline: 0.4 billion US dollars. Target: 2 billion US dollars. Due: 30 June 2026."
        " 43 % of the way from the baseline to the target. The table below has all numbers."
    )
    first, second, third = circles(page)
    assert first["x"] < second["x"] < third["x"]
    assert first["y"] > second["y"] > third["y"]
    axe(page)


def test_nothing_is_wider_than_a_phone(
    target: str, page: Page, axe: Callable[[Page], None]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})

    page.goto(target)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    axe(page)


def test_time_runs_from_the_right_where_the_page_does(target: str, page: Page) -> None:
    page.goto(target)
    page.select_option("#language", "fa")
    page.locator(".languages button").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")

    page.goto(target)

    first, second, third = circles(page)
    assert first["x"] > second["x"] > third["x"]
