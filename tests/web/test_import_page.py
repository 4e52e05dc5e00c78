"""The import page: a file is chosen, its columns mapped where needed, checked, and then taken."""

import io

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.client import CheckedClient
from tests.pages import Page
from tracker.parties.models import Party
from tracker.people.models import Person

URL = "/people/import"
HEADER = "id,name,native_name,other_names,note\r\n"


def send(client: CheckedClient, content: str | bytes, **more: str) -> TestResponse:
    body = content.encode() if isinstance(content, str) else content
    return client.submit(URL, {"file": (io.BytesIO(body), "people.csv"), **more})


def go_on(
    client: CheckedClient, answer: TestResponse, step: str, changes: dict[str, str | None]
) -> TestResponse:
    """Send the form of a later step as the page shows it, but for the changes."""
    form = Page(answer.text).form(f"{URL}?step={step}")
    sent = {name: values for name, values in form.values.items() if name not in changes}
    kept = {name: value for name, value in changes.items() if value is not None}
    return client.post(form.action, data=sent | kept)


def names(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Person.name).order_by(Person.id)))


def test_a_file_is_checked_and_then_taken(client: CheckedClient, db_session: Session) -> None:
    checked = send(client, HEADER + ",Ali Shamkhani,,,\r\n")
    before = names(db_session)

    taken = go_on(client, checked, "apply", {})

    assert (checked.status_code, before, taken.status_code) == (200, [], 303)
    assert names(db_session) == ["Ali Shamkhani"]


def test_a_header_that_does_not_fit_leads_to_the_choice_of_columns(
    client: CheckedClient, db_session: Session
) -> None:
    answer = send(client, "Id;x,Name,Own script,notes\r\n,Ali Shamkhani,علی شمخانی,n\r\n")

    values = Page(answer.text).form(f"{URL}?step=map").values

    assert answer.status_code == 422
    assert [values[f"column-{i}"] for i in range(4)] == [[""], ["name"], [""], ["note"]]
    assert names(db_session) == []


def test_a_mapped_file_is_checked_again_and_then_taken(
    client: CheckedClient, db_session: Session
) -> None:
    first = send(client, "Full name,In own script\r\nAli Shamkhani,علی شمخانی\r\n")
    mapped = {"column-0": "name", "column-1": "native_name", "partial": "y"}

    checked = go_on(client, first, "map", mapped)
    taken = go_on(client, checked, "apply", {})

    assert (checked.status_code, taken.status_code) == (200, 303)
    assert names(db_session) == ["Ali Shamkhani"]


def test_the_choice_is_kept_where_a_needed_column_is_still_missing(
    client: CheckedClient, db_session: Session
) -> None:
    first = send(client, "A,B\r\nx,y\r\n")

    answer = go_on(client, first, "map", {"column-0": "note", "column-1": "note", "partial": "y"})

    values = Page(answer.text).form(f"{URL}?step=map").values
    assert answer.status_code == 422
    assert "in the file twice: note" in answer.text
    assert "missing: name" in answer.text
    assert values["column-1"] == ["note"]
    assert names(db_session) == []


def test_errors_in_a_mapped_file_are_named_by_the_files_own_columns(client: CheckedClient) -> None:
    first = send(client, "Full name\r\nA\tB\r\n")

    answer = go_on(client, first, "map", {"column-0": "name", "partial": "y"})

    errors = Page(answer.text).all("td", data_label="Column")
    assert [cell.text for cell in errors] == ["Full name"]


def test_what_a_partial_file_lacks_stays(client: CheckedClient, db_session: Session) -> None:
    db_session.add(Person(id=1, name="Ali", note="kept"))
    db_session.commit()

    checked = send(client, "id,name\r\n1,Ali Shamkhani\r\n", partial="y")
    go_on(client, checked, "apply", {})

    db_session.rollback()
    person = db_session.get_one(Person, 1)
    assert (person.name, person.note) == ("Ali Shamkhani", "kept")


def test_a_file_that_cannot_be_read_is_refused_at_its_field(client: CheckedClient) -> None:
    answer = send(client, b"PK\x03\x04spreadsheet")

    assert answer.status_code == 422
    assert "This is a spreadsheet, not a CSV file." in answer.text


def test_a_file_that_is_gone_is_asked_for_again(client: CheckedClient) -> None:
    checked = send(client, HEADER + ",Ali Shamkhani,,,\r\n")

    answer = go_on(client, checked, "apply", {"token": "../people"})

    assert answer.status_code == 422
    assert "not here any more" in answer.text


def test_a_file_that_became_wrong_since_the_check_is_not_taken(
    client: CheckedClient, db_session: Session
) -> None:
    header = "id,party,name,other_names\r\n"
    db_session.add(Party(code="IR", name="Iran", kind="state"))
    db_session.commit()
    content = (io.BytesIO(f"{header},IR,Ministry,\r\n".encode()), "bodies.csv")
    checked = client.submit("/bodies/import", {"file": content})
    form = Page(checked.text).form("/bodies/import?step=apply")
    client.post(form.action, data=form.values)

    again = client.post(form.action, data=form.values)

    assert again.status_code == 422
    assert "body of this name already" in again.text
