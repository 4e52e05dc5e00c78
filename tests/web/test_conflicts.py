"""Two people change one record: no work is overwritten or lost, and both versions are shown."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.client import CheckedClient
from tests.pages import Form, Page
from tracker.agreements.models import Agreement
from tracker.catalogue import PAGES, TABLES
from tracker.columns import Line, Paragraphs
from tracker.meetings.models import Meeting
from tracker.text import clean_line, clean_paragraphs

EDIT = "/agreements/1/edit"
DELETE = "/agreements/1/delete"


class Opened:
    """A form that somebody opened, and sends later as a browser would."""

    def __init__(self, client: CheckedClient, url: str, page: Page | None = None) -> None:
        self.client = client
        self.url = url
        self.page = page or client.page(url)

    @property
    def form(self) -> Form:
        return self.page.form()

    def value(self, name: str) -> str:
        return ";".join(self.form.values.get(name, []))

    def send(self, changes: Mapping[str, Any] | None = None) -> TestResponse:
        """Send it, changed; the page that answers is the one that is open then."""
        sent: MultiDict[str, Any] = MultiDict(self.form.values)
        for name, value in (changes or {}).items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        answer = self.client.post(self.form.action or self.url, data=sent)
        if answer.status_code not in (302, 303):
            self.page = Page(answer.text)
        return answer

    def rows(self) -> dict[str, list[str]]:
        """The comparison: by field the word, and the texts of each version."""
        table = self.page.one("table", class_="versions")
        return {
            row.one("th").children[0].strip(): [cell.text for cell in row.all("th", "td")]
            for row in table.one("tbody").all("tr")
        }


Save = Callable[..., None]


@pytest.fixture
def other_saves(seeded: Session, administrator: CheckedClient) -> Save:
    """Let somebody else open a form, change it, and save."""

    def save(url: str = EDIT, **changes: Any) -> None:
        assert administrator.submit(url, changes).status_code == 303

    return save


@pytest.fixture
def mine(seeded: Session, client: CheckedClient) -> Opened:
    """The form of the seeded agreement, as an editor has opened it."""
    return Opened(client, EDIT)


def agreement(session: Session, number: int = 1) -> Agreement:
    session.rollback()
    return session.get_one(Agreement, number)


def test_both_versions_stand_field_by_field_with_who_and_when(
    mine: Opened, other_saves: Save
) -> None:
    other_saves(title="Their title", signed_city="Samarkand", depositary="Iran")

    answer = mine.send({"title": "My title", "signed_on": "10 March 2022", "depositary": "Iran"})

    assert answer.status_code == 409
    rows = mine.rows()
    assert rows["Title"][0] == "Title changed by both"
    assert rows["Title"][2].startswith("Their title")
    assert rows["Title"][3].startswith("My title")
    assert rows["City of signature"] == [
        "City of signature changed by them",
        "Tashkent",
        "Samarkand",
        "as it was",
    ]
    assert rows["Signed on"][0] == "Signed on changed by you"
    assert rows["Signed on"][2:] == ["as it was", "10 March 2022"]
    assert rows["Depositary"] == ["Depositary both the same", "empty", "Iran", "Iran"]
    assert len(rows) == 4
    summary = mine.page.one(class_="error-summary").text
    assert "administrator@example.org" in summary
    assert "UTC" in summary
    assert "Look at these 2 fields, then save" in summary


def test_the_merge_is_saved_by_saving_again(
    seeded: Session, mine: Opened, other_saves: Save
) -> None:
    other_saves(title="Their title", signed_city="Samarkand")
    mine.send({"title": "My title", "signed_on": "10 March 2022"})

    assert agreement(seeded).title == "Their title"
    assert mine.send().status_code == 303
    saved = agreement(seeded)
    assert (saved.title, saved.signed_city) == ("My title", "Samarkand")
    assert str(saved.signed_on) == "2022-03-10"


def test_theirs_is_taken_and_mine_taken_back_with_all_else_kept(
    seeded: Session, mine: Opened, other_saves: Save
) -> None:
    other_saves(title="Their title", note="Their note")
    mine.send({"title": "My title", "note": "My note", "summary": "Mine alone"})

    assert mine.send({"take": "title"}).status_code == 200
    assert [mine.value(name) for name in ("title", "note", "summary")] == [
        "Their title",
        "My note",
        "Mine alone",
    ]
    assert mine.rows()["Title"][0] == "Title changed by both"
    assert mine.rows()["Title"][3].startswith("My title")
    mine.send({"keep": "title"})
    assert mine.value("title") == "My title"
    mine.send({"take": "title", "summary": "Mine, longer"})

    assert mine.send().status_code == 303
    saved = agreement(seeded)
    assert (saved.title, saved.note, saved.summary) == ("Their title", "My note", "Mine, longer")


def test_a_text_typed_on_the_merged_page_is_kept_when_theirs_is_taken(
    mine: Opened, other_saves: Save
) -> None:
    other_saves(title="Their title")
    mine.send({"title": "My title"})

    mine.send({"title": "My third title", "take": "title"})
    mine.send({"keep": "title"})

    assert mine.value("title") == "My third title"


def test_a_third_save_is_merged_from_the_page_as_it_was(
    seeded: Session, mine: Opened, other_saves: Save
) -> None:
    other_saves(title="Their title")
    mine.send({"summary": "Mine"})
    other_saves(signed_city="Samarkand")

    assert mine.send().status_code == 409
    assert list(mine.rows()) == ["City of signature", "Summary"]
    assert mine.send().status_code == 303
    saved = agreement(seeded)
    assert (saved.title, saved.signed_city, saved.summary) == ("Their title", "Samarkand", "Mine")


def test_a_third_save_is_seen_when_theirs_is_taken(mine: Opened, other_saves: Save) -> None:
    other_saves(title="Their title")
    mine.send({"title": "My title"})
    other_saves(title="Their newest title")

    answer = mine.send({"take": "title"})

    assert answer.status_code == 409
    assert mine.value("title") == "My title"
    assert mine.rows()["Title"][2].startswith("Their newest title")


def test_an_unknown_version_is_compared_without_the_beginning(
    seeded: Session, mine: Opened
) -> None:
    for forged in ("0", "77", "x", "²", "9" * 30):
        answer = mine.send({"title": "Mine", "version": forged})

        assert answer.status_code == 409
        assert "is not known" in mine.page.one(class_="error-summary").text
        assert mine.rows()["Title"][0] == "Title different"
        assert len(mine.rows()["Title"]) == 3
        mine.send({"take": "title"})
        assert mine.value("title") == agreement(seeded).title
        mine.send({"keep": "title"})
        assert mine.value("title") == "Mine"


@pytest.mark.parametrize("mixed", ["[]", "{", '{"title": 3}', '{"hosts": {"a": 1}}', "null"])
def test_what_no_form_of_ours_says_is_left_out(mine: Opened, other_saves: Save, mixed: str) -> None:
    other_saves(title="Their title")
    mine.send({"title": "My title"})

    answer = mine.send({"mine": mixed, "keep": "title"})

    assert answer.status_code == 200
    assert mine.value("title") == "My title"


def test_a_signature_added_meanwhile_stands_beside_a_new_title(
    seeded: Session, mine: Opened, administrator: CheckedClient
) -> None:
    theirs = Opened(administrator, EDIT)
    theirs.send({"rows": "signatories:add:B"})
    assert theirs.send({"signatories-2-person": "Bek Botirov #new"}).status_code == 303

    assert mine.send({"title": "My title"}).status_code == 409
    assert "added: Uzbekistan · Bek Botirov" in mine.rows()["Signatories"][2]
    assert mine.send().status_code == 303
    saved = agreement(seeded)
    assert saved.title == "My title"
    assert [one.person.name for one in saved.signatures][2:] == ["Bek Botirov"]


def test_lists_that_both_changed_are_mine_and_theirs_is_offered_whole(
    seeded: Session, mine: Opened, other_saves: Save
) -> None:
    before = mine.form.values["topics"]
    other_saves(topics=[*before, "ENV"])
    mine.send({"topics": before[:1], "signatories-0-capacity": "Minister"})

    assert mine.form.values["topics"] == before[:1]
    mine.send({"take": "topics"})
    assert sorted(mine.form.values["topics"]) == sorted([*before, "ENV"])
    assert mine.value("signatories-0-capacity") == "Minister"
    mine.send({"rows": "signatories:add:A"})
    assert mine.page.all("table", class_="versions")
    assert mine.send().status_code == 303
    saved = agreement(seeded)
    assert len(saved.topic_links) == len(before) + 1
    assert saved.signatures[0].capacity == "Minister"


def test_topics_ticked_in_another_order_are_no_change(mine: Opened, other_saves: Save) -> None:
    other_saves(title="Their title")

    mine.send({"topics": mine.form.values["topics"][::-1], "signed_on": "9 March 2022"})

    assert list(mine.rows()) == ["Title"]


def test_a_source_cited_along_and_a_commission_set_up_are_kept(
    mine: Opened, other_saves: Save
) -> None:
    typed = {
        "citation-title": "A new report",
        "citation-locator": "¶ 9",
        "commission-name": "Border Commission",
    }
    other_saves(title="Their title")

    mine.send(typed)

    assert {name: mine.value(name) for name in typed} == typed


def test_a_mistake_in_the_merge_keeps_the_comparison(mine: Opened, other_saves: Save) -> None:
    other_saves(title="Their title")
    mine.send({"title": "My title", "signed_on": "31 April 2022"})

    assert mine.value("signed_on") == "31 April 2022"
    assert mine.rows()["Signed on"][3] == "31 April 2022"
    assert mine.send().status_code == 422
    assert mine.rows()["Title"][0] == "Title changed by both"


def test_a_citation_made_meanwhile_stays_and_is_no_change_of_the_form(
    seeded: Session, mine: Opened, administrator: CheckedClient
) -> None:
    cited = {"citation-title": "A new report", "citation-kind": "gazette", "citation-locator": "1"}
    assert administrator.submit("/agreements/1/cite", cited).status_code == 303

    assert mine.send({"title": "My title"}).status_code == 303
    assert "A new report" in mine.client.get("/agreements/1").text


def test_a_record_deleted_meanwhile_keeps_what_was_typed(
    seeded: Session, client: CheckedClient, administrator: CheckedClient
) -> None:
    made = {"title": "To be gone", "kind": "agreement", "side_a": "IR", "side_b": "UZ"}
    where = administrator.submit("/agreements/new", made).location
    mine = Opened(client, f"{where}/edit")
    administrator.submit(f"{where}/delete")

    answer = mine.send({"summary": "Much work"})

    assert answer.status_code == 409
    assert f'href="{where}/history"' in answer.text
    assert mine.value("summary") == "Much work"
    again = mine.send()
    assert again.status_code == 303
    assert agreement(seeded, int(again.location.rpartition("/")[2])).summary == "Much work"
    assert client.post("/agreements/999/edit", data=mine.form.values).status_code == 404


def test_deleting_what_was_changed_meanwhile_asks_again(
    seeded: Session, client: CheckedClient, administrator: CheckedClient, other_saves: Save
) -> None:
    made = {"title": "To be gone", "kind": "agreement", "side_a": "IR", "side_b": "UZ"}
    where = client.submit("/agreements/new", made).location
    mine = Opened(client, f"{where}/delete")
    other_saves(f"{where}/edit", title="Worth keeping")

    answer = mine.send()

    assert answer.status_code == 409
    assert mine.rows()["Title"] == ["Title", "To be gone", "Worth keeping"]
    assert "administrator@example.org" in answer.text
    assert client.page(where)
    assert mine.send().status_code == 303
    assert client.get(where).status_code == 404


def text_field(name: str) -> str | None:
    """A field of free text of a kind of record, where it has one."""
    table = TABLES[name]
    plain = [c.name for c in table.stored if type(c) in (Line, Paragraphs)]
    return next(iter(plain), None)


@pytest.mark.parametrize("name", [pages.name for pages in PAGES])
def test_every_kind_of_record_shows_both_versions(
    seeded: Session, client: CheckedClient, other_saves: Save, name: str
) -> None:
    field = text_field(name)
    assert field is not None
    url = f"/{name}/1/edit"
    mine = Opened(client, url)
    other_saves(url, **{field: "Theirs alone"})

    answer = mine.send({field: "Mine <b>alone</b>"})

    assert answer.status_code == 409
    (row,) = mine.rows().values()
    assert row[2].startswith("Theirs alone")
    assert row[3].startswith("Mine <b>alone</b>")
    assert "<b>alone" not in answer.text
    assert mine.value(field) == "Mine <b>alone</b>"
    mine.send({"take": field})
    assert mine.value(field) == "Theirs alone"
    assert mine.send().status_code == 303


def planned(session: Session) -> str:
    number = session.query(Meeting.id).filter(Meeting.status == "planned").order_by(Meeting.id)
    return f"/meetings/{number.first()[0]}"


def test_an_act_says_what_was_changed_meanwhile_and_keeps_what_was_typed(
    seeded: Session, client: CheckedClient, other_saves: Save
) -> None:
    where = planned(seeded)
    mine = Opened(client, f"{where}/hold")
    other_saves(f"{where}/edit", city="Samarkand")
    typed = {"begins_on": "8 March 2023", "outcome": "A programme of work"}

    assert mine.send(typed).status_code == 409
    assert mine.rows()["City"][2] == "Samarkand"
    assert {name: mine.value(name) for name in typed} == typed
    assert mine.send().status_code == 303
    assert "A programme of work" in client.get(where).text


def test_an_act_that_is_not_possible_any_more_says_why(
    seeded: Session, client: CheckedClient, other_saves: Save
) -> None:
    where = planned(seeded)
    mine = Opened(client, f"{where}/hold")
    other_saves(f"{where}/cancel", on="2023-01-01", note="Elections")

    answer = mine.send({"begins_on": "8 March 2023", "outcome": "Written\nlong & well"})

    assert answer.status_code == 409
    assert "It was cancelled. Plan it again first." in answer.text
    assert "Written\nlong &amp; well" in answer.text
    assert mine.rows()["Status"][2] == "cancelled"


def test_an_action_item_closed_meanwhile_is_merged_with_the_meeting(
    seeded: Session, client: CheckedClient, administrator: CheckedClient
) -> None:
    url = "/meetings/3/edit"
    form = Opened(client, url)
    form.send({"rows": "action_items:add"})
    added = {"action_items-0-text": "Send the list", "action_items-0-side": "B"}
    assert form.send(added).status_code == 303
    mine = Opened(client, url)
    closing = Opened(administrator, "/action-items/1/close")
    old = Opened(client, "/action-items/1/close")
    assert closing.send({"state": "done", "done_on": "2025-06-01"}).status_code == 303

    assert mine.send({"note": "My note"}).status_code == 409
    assert mine.rows()["Action items"][0] == "Action items changed by them"
    assert mine.send().status_code == 303
    assert old.send({"state": "dropped", "note": "No need"}).status_code == 409
    assert old.value("note") == "No need"
    assert "Action items" in old.rows()


def test_an_observation_added_meanwhile_is_merged_with_the_commitment(
    seeded: Session, client: CheckedClient, administrator: CheckedClient
) -> None:
    url = "/commitments/1/edit"
    mine, theirs = Opened(client, url), Opened(administrator, url)
    theirs.send({"rows": "observations:add"})
    added = {"observations-0-on": "2023-05", "observations-0-value": "Nothing was done"}
    assert theirs.send(added).status_code == 303

    assert mine.send({"text": "My words"}).status_code == 409
    assert mine.send().status_code == 303
    page = client.get("/commitments/1").text
    assert "My words" in page
    assert "Nothing was done" in page


FIELDS = ("title", "short_title", "summary", "signed_city", "depositary", "note")
# What a person types: letters, quotes, markup, line breaks; no controls, which are refused.
WORDS = st.text(
    st.sampled_from("aé ش\"'<>&;|\\{}%\n") | st.characters(categories=["L", "N", "P", "S"]),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip())
EDITS = st.dictionaries(st.sampled_from(FIELDS), WORDS, min_size=1, max_size=4)
MANY = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def one_line(edits: dict[str, str]) -> dict[str, str]:
    """Line breaks only where a field takes them."""
    long = ("summary", "note")
    return {n: t if n in long else t.replace("\n", " ") for n, t in edits.items()}


def cleaned(name: str, text: str) -> str | None:
    """A text as it is stored."""
    return clean_paragraphs(text) if name in ("summary", "note") else clean_line(text)


@MANY
@given(theirs=EDITS.map(one_line), yours=EDITS.map(one_line))
def test_whatever_two_people_write_nothing_is_lost(
    seeded: Session,
    client: CheckedClient,
    administrator: CheckedClient,
    theirs: dict,
    yours: dict,
) -> None:
    made = {"title": "Begun", "kind": "agreement", "side_a": "IR", "side_b": "UZ"}
    where = client.submit("/agreements/new", made).location
    mine = Opened(client, f"{where}/edit")
    assert administrator.submit(f"{where}/edit", theirs).status_code == 303
    saved = Opened(administrator, f"{where}/edit")

    answer = mine.send(yours)

    assert answer.status_code == 409
    for name in FIELDS:
        expected = yours.get(name, saved.value(name))
        assert mine.value(name) == expected
    offered = {b.attrs["value"] for b in mine.page.all("button", name="take")}
    both = theirs.keys() & yours.keys()
    assert offered == {n for n in both if cleaned(n, yours[n]) != saved.value(n)}
    now = Opened(administrator, f"{where}/edit")
    for name in ("version", *FIELDS):
        assert now.value(name) == saved.value(name)
    assert mine.send().status_code == 303
    merged = Opened(client, f"{where}/edit")
    for name in FIELDS:
        expected = cleaned(name, yours[name]) if name in yours else saved.value(name)
        assert merged.value(name) == expected
