"""What is checked at the start, and that the program runs without the extra."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Databases, migrated
from tracker.settings import Provider, Settings, SettingsError

BASE = {"TRACKER_SECRET_KEY": "for tests"}
ALL = BASE | {
    "TRACKER_OIDC_ISSUER": "https://login.example.org/realms/one",
    "TRACKER_OIDC_CLIENT_ID": "entente",
    "TRACKER_OIDC_CLIENT_SECRET": "secret",
}
# Runs the command where what the extra installs cannot be found.
WITHOUT_EXTRA = (
    "import sys; sys.modules.update(authlib=None, joserfc=None); "
    "from tracker.cli import main; main()"
)
START = (
    "import os, sys; sys.modules.update(authlib=None, joserfc=None); "
    "from tracker.app import create_app; from tracker.settings import Settings; "
    "print(create_app(Settings.from_environ(os.environ)).test_client().get('/sign-in').status)"
)


def test_it_is_off_unless_it_is_set_up() -> None:
    assert Settings.from_environ(BASE).provider is None


def test_all_settings_make_a_provider_that_is_called_by_its_host() -> None:
    provider = Settings.from_environ(ALL).provider

    assert provider == Provider(
        "https://login.example.org/realms/one", "entente", "secret", "login.example.org"
    )
    assert "secret" not in repr(replace(provider, client_id="x"))


def test_name_and_further_hosts_can_be_set() -> None:
    more = {"TRACKER_OIDC_NAME": "Ministry", "TRACKER_OIDC_HOSTS": "a.example.org, b.example.org"}
    provider = Settings.from_environ(ALL | more).provider

    assert provider is not None
    assert (provider.name, provider.hosts) == ("Ministry", ("a.example.org", "b.example.org"))


@pytest.mark.parametrize("left_out", ["ISSUER", "CLIENT_ID", "CLIENT_SECRET"])
def test_some_without_the_others_are_refused(left_out: str) -> None:
    name = f"TRACKER_OIDC_{left_out}"
    some = {key: value for key, value in ALL.items() if key != name}

    with pytest.raises(SettingsError, match=f"^{name} not set"):
        Settings.from_environ(some)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.org",
        "http://127.0.0.1.example.org",
        "login.example.org",
        "https://",
        "https://user:word@login.example.org",
        "https://login.example.org?x=1",
        "https://login.example.org/#x",
        "https://login.example.org/" + "x" * 300,
        "https://[",
        "https://login.example.org:port",
        "ftp://login.example.org",
    ],
)
def test_an_issuer_that_is_not_safe_to_call_is_refused(issuer: str) -> None:
    with pytest.raises(SettingsError, match=r"TRACKER_OIDC_ISSUER is .*with https"):
        Settings.from_environ(ALL | {"TRACKER_OIDC_ISSUER": issuer})


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"])
def test_an_issuer_on_this_computer_needs_no_https(issuer: str) -> None:
    assert Settings.from_environ(ALL | {"TRACKER_OIDC_ISSUER": issuer}).provider is not None


@pytest.fixture
def settings() -> None:
    """Not those of the other tests here: these start programs of their own."""


def run(program: str, environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_program_runs_without_the_extra(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh(migrated, tmp_path) as url:
        done = run(START, BASE | {"TRACKER_DATABASE_URL": url})

    assert done.stdout == "200 OK\n", done.stderr


def test_settings_without_the_extra_are_refused_in_plain_words(
    databases: Databases, tmp_path: Path
) -> None:
    with databases.fresh(migrated, tmp_path) as url:
        done = run(WITHOUT_EXTRA, ALL | {"TRACKER_DATABASE_URL": url}, "run", "--port", "0")

    assert done.returncode == 1
    assert "is not installed. Install it with `make oidc`" in done.stderr
    assert "Traceback" not in done.stderr
