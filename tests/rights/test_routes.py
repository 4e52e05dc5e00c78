"""Every route for every identity: the reviewed table routes.csv says what each may do.

`yes`: the view answers. `sign-in`: sent to the sign-in page. `no`: refused with 403.
The table is written by hand; a route that it lacks, or that is gone, fails.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from werkzeug.routing import Rule

from tests.databases import Databases, with_seeds
from tests.identities import add_account, sign_in
from tests.migrations.snapshot import rows_of
from tests.pages import Page
from tracker.accounts.guard import RightMissing, check_declared
from tracker.accounts.models import Account, AccountSession
from tracker.accounts.rules import Role
from tracker.app import create_app
from tracker.settings import Settings
from tracker.web.rights import Right, needs

pytestmark = pytest.mark.own_app

TABLE = Path(__file__).with_name("routes.csv")
IDENTITIES = (
    "anonymous",
    "anonymous_closed",
    "viewer",
    "editor",
    "administrator",
    "deactivated",
    "expired",
)
UNCHANGING = {"HEAD", "OPTIONS"}
VALUES = {
    "number": "1",
    "code": "IR",
    "codes": "IR-UZ",
    "pair": "IR-UZ",
    "offers": "parties",
    "filename": "entente.css",
    "name": "cancel",
    "plural": "parties",
    "change": "1",
}
Row = dict[str, str]


def table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seeded(engine: Engine) -> None:
    """The newest schema with the seeds and one person of each kind in it."""
    with_seeds(engine)
    for role in Role:
        add_account(engine, role)


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.fresh(seeded, tmp_path) as url:
        yield url


@pytest.fixture
def settings(settings: Settings, identity: str) -> Settings:
    return replace(settings, public_read=identity != "anonymous_closed")


@pytest.fixture
def identity() -> str:
    return "viewer"


@pytest.fixture
def visitor(app: Flask, engine: Engine, identity: str) -> FlaskClient:
    """A client of this identity."""
    client = FlaskClient(app)
    if identity.startswith("anonymous"):
        return client
    role = Role(identity) if identity in list(Role) else Role.ADMINISTRATOR
    number = add_account(engine, role, "visitor@example.org")
    sign_in(client, engine, number)
    with engine.execution_options(writing=True).begin() as connection:
        if identity == "deactivated":
            connection.execute(update(Account).where(Account.id == number).values(active=False))
        if identity == "expired":
            past = AccountSession.made_at
            connection.execute(update(AccountSession).values(expires_at=past))
    return client


def routes(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - UNCHANGING
    )


def address_of(app: Flask, rule: str) -> str:
    found: Rule = next(one for one in app.url_map.iter_rules() if one.rule == rule)
    with app.test_request_context():
        built = found.build({name: VALUES[name] for name in found.arguments})
    assert built is not None
    return built[1]


def outcome(client: FlaskClient, address: str, method: str) -> str:
    with client.open(address, method=method) as answer:
        if answer.status_code == 403:
            return "no"
        moved = answer.status_code == 302 and answer.location.partition("?")[0] == "/sign-in"
        return "sign-in" if moved else "yes"


def faults(app: Flask, client: FlaskClient, rows: Iterable[Row], identity: str) -> list[str]:
    """Where the program does something else than the table says.

    What is to be refused is sent without asking for the form's token, so that only the right
    stands in its way; what is allowed and changes is stopped by the missing token.
    """
    wrong = []
    for row in rows:
        expected = row[identity]
        app.config["WTF_CSRF_ENABLED"] = expected == "yes"
        found = outcome(client, address_of(app, row["rule"]), row["method"])
        if found != expected:
            wrong.append(f"{row['method']} {row['rule']}: {found}, not {expected}")
    return wrong


def test_the_table_holds_each_route_once(app: Flask) -> None:
    assert [(row["rule"], row["method"]) for row in table()] == routes(app)


def test_the_table_says_nothing_else_than_yes_sign_in_and_no() -> None:
    rows = table()

    assert set(rows[0]) == {"rule", "method", *IDENTITIES}
    assert {row[identity] for row in rows for identity in IDENTITIES} == {"yes", "sign-in", "no"}


@pytest.mark.parametrize("identity", IDENTITIES)
def test_everybody_may_do_what_the_table_says_and_nothing_else(
    app: Flask, engine: Engine, visitor: FlaskClient, identity: str
) -> None:
    before = rows_of(engine)

    assert faults(app, visitor, table(), identity) == []
    # Nothing that was refused wrote anything, nor did any GET.
    assert rows_of(engine) == before


def test_a_right_that_was_loosened_is_found(app: Flask, visitor: FlaskClient) -> None:
    rows = [row for row in table() if row["rule"] == "/people/<int:number>/delete"]
    assert faults(app, visitor, rows, "viewer") == []

    @needs(Right.READ)
    def loosened(number: int) -> str:
        return f"deleted {number}"

    app.view_functions["people.delete"] = loosened

    assert len(faults(app, visitor, rows, "viewer")) == 2


def test_a_view_without_a_right_keeps_the_program_from_starting(app: Flask) -> None:
    check_declared(app)

    app.add_url_rule("/forgotten", "forgotten", lambda: "words")

    with pytest.raises(RightMissing, match="forgotten"):
        check_declared(app)


@pytest.mark.parametrize("identity", ["administrator"])
def test_a_view_without_a_right_is_closed_to_everybody(app: Flask, visitor: FlaskClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "words")

    assert outcome(visitor, "/forgotten", "GET") == "no"


def test_create_app_itself_looks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.overview.views import home

    original: Callable[..., object] = home
    monkeypatch.delattr(original, "right")

    with pytest.raises(RightMissing, match=r"overview\.home"):
        create_app(settings)


def test_a_page_says_which_role_is_needed(app: Flask, visitor: FlaskClient) -> None:
    answer = visitor.get("/people/new")

    assert answer.status_code == 403
    assert "Your role is: viewer." in answer.text
    assert "editor or administrator" in answer.text


@pytest.mark.parametrize("identity", ["anonymous_closed"])
def test_files_are_refused_in_plain_text(app: Flask, visitor: FlaskClient) -> None:
    for address in ("/meetings.ics", "/agreements.csv", "/agreements.json", "/people/1.json"):
        answer = visitor.get(address)

        assert answer.status_code == 403
        assert answer.mimetype == "text/plain"


@pytest.mark.parametrize("identity", ["anonymous_closed"])
def test_after_signing_in_the_page_that_was_asked_for_follows(visitor: FlaskClient) -> None:
    answer = visitor.get("/agreements?party=IR&kind=treaty")

    assert answer.location == "/sign-in?next=/agreements?party%3DIR%26kind%3Dtreaty"


@pytest.mark.parametrize("identity", ["anonymous", "viewer", "editor"])
def test_pages_offer_only_what_whoever_asks_may_do(
    app: Flask, visitor: FlaskClient, identity: str
) -> None:
    """No page that a reader gets leads to one that is refused; an editor finds the way to all."""
    changing = {
        address_of(app, row["rule"])
        for row in table()
        if row["viewer"] == "no" and not row["rule"].startswith("/users")
    }
    shown = ("/", "/agreements", "/agreements/1", "/commissions/1", "/meetings/1", "/people/1")
    offered = {
        href.partition("?")[0]
        for page in (*shown, "/relations/IR-UZ", "/commitments/1", "/sources/1")
        for element in Page(visitor.get(page).text).all("a")
        if (href := element.attrs.get("href", ""))
    }

    assert bool(offered & changing) is (identity == "editor")
