"""The second factor: a code beside the password, each good once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.conftest import EMAIL
from tests.accounts.people import PASSWORD, cookie_of, enter, is_in
from tests.accounts.test_links import follow, link_for
from tests.client import CheckedClient
from tracker.accounts.models import Account, RecoveryCode

Browser = Callable[[], CheckedClient]
START = datetime(2026, 3, 1, 12, 0, 1, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


@pytest.fixture
def codes(editor: int, engine: Engine, browser: Browser) -> list[str]:
    """The recovery codes of the editor, who has turned the second factor on at START."""
    client = browser()
    with time_machine.travel(START - timedelta(minutes=5), tick=False):
        enter(client, EMAIL)
        answer = client.submit(
            "/account/second-factor",
            {
                "secret": SECRET,
                "present": PASSWORD,
                "code": code_at(START - timedelta(minutes=5)),
            },
        )
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    found = re.findall(r"<code>([a-z2-7-]+)</code>", answer.text)
    assert len(found) == 10
    return found


def half_in(client: CheckedClient) -> str:
    """Give the password; the address of the next step."""
    answer = enter(client, EMAIL, next="/people")
    assert answer.status_code == 303
    return answer.location


def give(client: CheckedClient, code: str) -> TestResponse:
    return client.submit(half_in(client), {"code": code})


def test_the_password_alone_lets_nobody_in(codes: list[str], anonymous: CheckedClient) -> None:
    with time_machine.travel(START, tick=False):
        assert half_in(anonymous) == "/sign-in/code?next=/people"

        assert not is_in(anonymous)
        assert anonymous.get("/people/new").status_code == 302


def test_the_code_then_does_with_a_new_token(codes: list[str], anonymous: CheckedClient) -> None:
    with time_machine.travel(START, tick=False):
        address = half_in(anonymous)
        half = cookie_of(anonymous)
        answer = anonymous.submit(address, {"code": code_at(START)})

        assert (answer.status_code, answer.location) == (303, "/people")
        assert is_in(anonymous)
        assert cookie_of(anonymous) != half


def test_the_step_between_lasts_ten_minutes(codes: list[str], anonymous: CheckedClient) -> None:
    with time_machine.travel(START, tick=False):
        address = half_in(anonymous)
        form = anonymous.page(address).form()
    later = START + timedelta(minutes=10)
    with time_machine.travel(later, tick=False):
        sent = dict(form.values.items()) | {"code": code_at(later)}
        answer = anonymous.post("/sign-in/code", data=sent)

        assert answer.location == "/sign-in"
        assert not is_in(anonymous)


def test_a_code_is_good_once(codes: list[str], anonymous: CheckedClient, browser: Browser) -> None:
    with time_machine.travel(START, tick=False):
        assert give(anonymous, code_at(START)).status_code == 303

        answer = give(browser(), code_at(START))

        assert answer.status_code == 422
        assert "was used before" in answer.text


def test_no_code_from_before_the_last_one_is_good(
    codes: list[str], anonymous: CheckedClient, browser: Browser
) -> None:
    with time_machine.travel(START, tick=False):
        assert give(anonymous, code_at(START + timedelta(seconds=30))).status_code == 303

        assert give(browser(), code_at(START)).status_code == 422


def test_the_code_that_turned_it_on_is_used_up(codes: list[str], anonymous: CheckedClient) -> None:
    then = START - timedelta(minutes=5)
    with time_machine.travel(then, tick=False):
        assert give(anonymous, code_at(then)).status_code == 422


@pytest.mark.parametrize("seconds", [-60, 60, 3600])
def test_a_code_of_another_time_is_not_good(
    codes: list[str], anonymous: CheckedClient, seconds: int
) -> None:
    with time_machine.travel(START, tick=False):
        assert give(anonymous, code_at(START + timedelta(seconds=seconds))).status_code == 422


def test_a_recovery_code_is_good_once_however_it_is_typed(
    codes: list[str], engine: Engine, anonymous: CheckedClient, browser: Browser
) -> None:
    with time_machine.travel(START, tick=False):
        assert give(anonymous, f" {codes[3].upper().replace('-', ' ')} ").status_code == 303
        assert is_in(anonymous)

        assert give(browser(), codes[3]).status_code == 422
        assert give(browser(), codes[4]).status_code == 303
        assert "8 recovery codes left" in anonymous.get("/account").text


def test_codes_are_kept_as_hashes_only(codes: list[str], engine: Engine) -> None:
    with Session(engine) as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()

    assert len(kept) == len(codes)
    assert not set(kept) & {code.replace("-", "") for code in codes}
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in kept)


def test_a_link_is_the_way_back_for_who_lost_the_phone(
    codes: list[str], editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    follow(anonymous, link_for(engine, editor))
    assert is_in(anonymous)

    answer = anonymous.submit("/account/second-factor/off")

    assert answer.status_code == 303
    with Session(engine) as session:
        assert session.get_one(Account, editor).totp_secret is None
        assert session.scalars(select(RecoveryCode)).all() == []


def test_turning_it_off_asks_for_the_password(
    codes: list[str], engine: Engine, editor: int, anonymous: CheckedClient
) -> None:
    with time_machine.travel(START, tick=False):
        give(anonymous, code_at(START))

        refused = anonymous.submit("/account/second-factor/off", {"present": "wrong"})
        assert refused.status_code == 422
        taken = anonymous.submit("/account/second-factor/off", {"present": PASSWORD})
        assert taken.status_code == 303


@pytest.mark.parametrize(
    "typed", [{"code": "000000"}, {"present": "wrong"}, {"code": ""}, {"secret": "short"}]
)
def test_it_is_not_turned_on_by_mistake(
    editor: int, engine: Engine, anonymous: CheckedClient, typed: dict[str, str]
) -> None:
    with time_machine.travel(START, tick=False):
        enter(anonymous, EMAIL)
        sent = {"secret": SECRET, "present": PASSWORD, "code": code_at(START)} | typed

        answer = anonymous.submit("/account/second-factor", sent)

        assert answer.status_code == (303 if "secret" in typed else 422)
        with Session(engine) as session:
            assert session.get_one(Account, editor).totp_secret is None


def test_guesses_at_the_code_are_slowed(codes: list[str], anonymous: CheckedClient) -> None:
    with time_machine.travel(START, tick=False):
        address = half_in(anonymous)
        form = anonymous.page(address).form()
        answers = [
            anonymous.post("/sign-in/code", data=dict(form.values.items()) | {"code": "12345"})
            for _ in range(6)
        ]

        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "4"
