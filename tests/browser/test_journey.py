"""The main journey in a real browser, with scripts and without: record, plan, see."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tracker.catalogue import TABLES
from tracker.clock import today
from tracker.columns import Reading
from tracker.importing import Importer
from tracker.migrate import ROOT
from tracker.tabular import read_sheet

pytestmark = pytest.mark.usefixtures("signed_in")


@pytest.fixture
def parties(db_session: Session) -> None:
    """Parties and topics are there; people, bodies and sources are not."""
    for name in ("parties", "topics"):
        sheet = read_sheet((ROOT / "seeds" / f"{name}.csv").read_bytes())
        Importer(TABLES[name], Reading(db_session, today(), bulk=True)).run(sheet)
    db_session.commit()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def record_agreement(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/agreements/new")
    axe(page)
    page.get_by_label("Title (required)", exact=True).fill("Joint document on security cooperation")
    page.locator("#kind").select_option("joint-document")
    page.locator("#side_a").fill("Iran")
    page.locator("#side_b").fill("Uzbekistan")
    page.locator("#signed_on").fill("9 March 2022")
    for index, (side, name) in enumerate([("A", "Ali Shamkhani"), ("B", "Viktor Makhmudov")]):
        expect(page.locator(f"#signatories-{index}-side")).to_have_value(side)
        page.locator(f"#signatories-{index}-person").fill(name)
    page.locator("#signed_city").fill("Tashkent")
    page.locator("#topics > summary").click()
    page.get_by_label("Counter-terrorism", exact=True).check()
    set_up_commission(page)
    name_source(page)
    save(page)
    expect(page.get_by_text("Nobody is recorded under the name").first).to_be_visible()
    axe(page)
    page.get_by_label("Add “Ali Shamkhani” as new").check()
    page.get_by_label("Add “Viktor Makhmudov” as new").check()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Joint document on security cooperation"
    )
    for shown in ("9 March 2022", "Counter-terrorism", "Tehran Times", "¶ 2"):
        expect(page.get_by_text(shown).first).to_be_visible()
    axe(page)


def set_up_commission(page: Page) -> None:
    page.locator("#commission-name").fill("Joint Security Commission")
    page.locator("#commission-cadence_every").fill("1")
    page.locator("#commission-cadence_unit").select_option("year")
    page.locator("#commission-first_due_on").fill("2023-03-09")
    page.locator("#commission-city_a").fill("Tehran")
    page.locator("#commission-city_b").fill("Tashkent")
    page.locator("#commission-first_host").select_option("A")
    page.locator("#commission-turns").select_option("by-session")


def name_source(page: Page) -> None:
    page.locator("#citation-title").fill("Iran, Uzbekistan sign joint document")
    page.locator("#citation-kind").select_option("news-article")
    page.locator("#citation-publisher").fill("Tehran Times")
    page.locator("#citation-published_on").fill("2022-03-09")
    page.locator("#citation-locator").fill("¶ 2")


def see_commission(page: Page, axe: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="Joint Security Commission").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Joint Security Commission")
    expect(page.get_by_text("A session is due every year.")).to_be_visible()
    axe(page)


def test_repeating_rows_are_added_moved_and_removed(
    parties: None, page: Page, axe: Callable[[Page], None]
) -> None:
    page.goto("/commissions/new")
    for field, typed in (("name", "River Commission"), ("side_a", "IR"), ("side_b", "UZ")):
        page.locator(f"#{field}").fill(typed)
    page.locator("#kind").select_option("joint-commission")
    page.locator("#status").select_option("active")
    for index, (party, city) in enumerate([("IR", "Rasht"), ("UZ", "Nukus"), ("IR", "Shiraz")]):
        page.locator("button[name=rows][value='hosts:add']").click()
        page.locator(f"#hosts-{index}-party").fill(party)
        page.locator(f"#hosts-{index}-city").fill(city)
    page.locator("button[value='hosts:0:remove']").click()
    expect(page.locator("#hosts-2-party")).to_have_count(0)
    page.locator("button[value='hosts:1:up']").click()
    expect(page.locator("#hosts-0-city")).to_have_value("Shiraz")
    axe(page)
    save(page)

    expect(page.get_by_text("Shiraz").first).to_be_visible()
    assert [h.strip() for h in rows_of(page, "commissions")[0]["hosts"].split(";")] == [
        "IR|Shiraz",
        "UZ|Nukus",
    ]


def plan_sessions(page: Page, axe: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="Plan the sessions").first.click()
    page.goto("/commissions/1/plan?until=2026")
    axe(page)
    page.get_by_role("button", name="Add these sessions").click()
    expect(page.get_by_text("5 sessions were added")).to_be_visible()
    axe(page)


def open_session(page: Page, number: int) -> None:
    page.goto("/meetings")
    page.get_by_role("link", name=f"Session {number}", exact=True).click()


def hold_and_postpone(page: Page, axe: Callable[[Page], None]) -> None:
    """The first session was held; the second is put off, to a day that is not known yet."""
    open_session(page, 1)
    axe(page)
    page.get_by_role("link", name="Mark as held").click()
    axe(page)
    page.locator("#begins_on").fill("8 March 2999")
    save(page)
    expect(page.get_by_text("cannot have been held on a day to come").first).to_be_visible()
    axe(page)
    page.locator("#begins_on").fill("8 March 2023")
    page.locator("#outcome").fill("A programme of work was adopted")
    save(page)
    expect(page.get_by_text("Held 8 March 2023 in Tehran.")).to_be_visible()
    axe(page)
    open_session(page, 2)
    page.get_by_role("link", name="Postpone", exact=True).click()
    page.locator("#note").fill("Elections")
    axe(page)
    save(page)
    expect(page.get_by_text("Postponed; no new date is known.")).to_be_visible()
    axe(page)


def see_the_schedule(page: Page, axe: Callable[[Page], None]) -> None:
    """The list by what asks for attention, and the year of the session that was held."""
    page.goto("/meetings")
    parts = page.locator("th[scope=rowgroup]")
    expect(parts).to_contain_text(["Overdue", "Postponed", "Held"])
    rows = page.locator("tbody.part").filter(has_text="Postponed").get_by_role("link")
    expect(rows.first).to_have_text("Session 2")
    axe(page)
    page.get_by_role("link", name="Year", exact=True).click()
    page.goto(f"{page.url}&year=2023")
    held = page.get_by_role("link", name="1, held")
    expect(held).to_have_count(1)
    axe(page)


def rows_of(page: Page, name: str) -> list[dict[str, str]]:
    """The rows of the file that a list offers."""
    page.goto(f"/{name}")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_agreement_is_recorded_and_its_sessions_planned(
    parties: None, page: Page, axe: Callable[[Page], None]
) -> None:
    record_agreement(page, axe)
    see_commission(page, axe)
    plan_sessions(page, axe)
    hold_and_postpone(page, axe)
    see_the_schedule(page, axe)

    (agreement,) = rows_of(page, "agreements")
    assert (agreement["side_a"], agreement["side_b"]) == ("IR", "UZ")
    assert agreement["signed_on"] == "2022-03-09"
    meetings = {row["number"]: row for row in rows_of(page, "meetings")}
    assert sorted(meetings) == ["1", "2", "3", "4", "5"]
    assert meetings["1"]["status"] == "held"
    assert meetings["1"]["begins_on"] == "2023-03-08"
    assert meetings["1"]["outcome"] == "A programme of work was adopted"
    assert meetings["2"]["status"] == "postponed"
    assert meetings["2"]["acts"].endswith("|Elections")
    assert [meetings[number]["city"] for number in "12345"] == [
        "Tehran",
        "Tashkent",
        "Tehran",
        "Tashkent",
        "Tehran",
    ]

    page.goto("/")

    expect(page.get_by_text("no record that it was held").first).to_be_visible()
    axe(page)
