"""Every TRACKER_* environment variable, typed and checked, in one place."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_DATABASE = "sqlite:///var/tracker.db"
ADDRESS_LENGTH = 300
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class SettingsError(ValueError):
    """A setting that the program cannot start with; the text says which and what to do."""


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider through which people may sign in.

    ``hosts`` are further hosts, reached by https, that its discovery document may name beside the
    issuer's own. ``name`` is what the sign-in page calls it.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What the program is told from outside.

    ``database_url`` is an SQLAlchemy address of SQLite or PostgreSQL; ``secret_key`` signs form
    tokens; ``trusted_hosts`` are the names under which the site answers; ``languages`` are the
    offered interface languages, the first one being the default. ``public_read`` lets anybody
    read; ``proxies`` is how many proxies in front are trusted to say from where a request comes.
    ``uploads`` is the folder of the files that were sent and wait for the next step of their
    import, the same for all processes. ``provider`` lets people sign in elsewhere, too.
    ``replica_url`` is the address of a copy of the database, for reading.
    """

    database_url: str = DEFAULT_DATABASE
    secret_key: str = ""
    trusted_hosts: tuple[str, ...] = LOOPBACK_NAMES
    languages: tuple[str, ...] = ("en",)
    port: int = 8000
    public_read: bool = True
    proxies: int = 0
    uploads: Path = Path("var/uploads")
    provider: Provider | None = None
    replica_url: str | None = None

    @property
    def site_url(self) -> str:
        """Where people find the site, without a slash at its end: behind a proxy by its name."""
        host = self.trusted_hosts[0].removeprefix(".")
        if self.proxies:
            return f"https://{host}"
        return f"http://{host}:{self.port}"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; raises SettingsError for a value that cannot be used."""
        url = _database_url(environ.get("TRACKER_DATABASE_URL") or DEFAULT_DATABASE)
        return cls(
            database_url=url.render_as_string(hide_password=False),
            secret_key=environ.get("TRACKER_SECRET_KEY") or _kept_secret(url),
            trusted_hosts=_words(environ, "TRACKER_TRUSTED_HOSTS") or LOOPBACK_NAMES,
            languages=_languages(environ),
            port=_port(environ.get("PORT") or "8000"),
            public_read=_yes_no(environ, "TRACKER_PUBLIC_READ", default=True),
            proxies=_proxies(environ.get("TRACKER_PROXIES") or "0"),
            uploads=Path(environ.get("TRACKER_UPLOADS") or _folder(url) / "uploads"),
            provider=_provider(environ),
            replica_url=_replica_url(environ.get("TRACKER_REPLICA_URL", "").strip(), url),
        )


def _database_url(text: str, name: str = "TRACKER_DATABASE_URL") -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsError(
            f"{name} is {text!r}, which is no database address. Write for example "
            "sqlite:///var/tracker.db or postgresql://user:password@127.0.0.1/entente."
        ) from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise SettingsError(f"{name} names {backend!r}. Entente works with sqlite and postgresql.")
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def _replica_url(text: str, database: URL) -> str | None:
    if not text:
        return None
    url = _database_url(text, "TRACKER_REPLICA_URL")
    if {url.get_backend_name(), database.get_backend_name()} != {"postgresql"}:
        raise SettingsError(
            "TRACKER_REPLICA_URL is set, and SQLite has no copies to read from. Use PostgreSQL for "
            "both, or take TRACKER_REPLICA_URL out."
        )
    if url == database:
        raise SettingsError(
            "TRACKER_REPLICA_URL is the address of the database itself. Write that of its copy, or "
            "take it out."
        )
    return url.render_as_string(hide_password=False)


def _folder(url: URL) -> Path:
    """Where files lie that belong to a database: beside that of SQLite, else in var."""
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent
    return Path("var")


def _kept_secret(url: URL) -> str:
    """The secret that is made once and kept, readable by its owner only."""
    folder = _folder(url)
    path = folder / "secret_key"
    try:
        if not path.exists():
            _make_secret(path)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be written ({error.strerror}). Give the user who runs "
            "Entente the right to write there, or set TRACKER_DATABASE_URL to another place."
        ) from None
    try:
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"The secret key in {path} cannot be read: {error.strerror}.") from None
    if not secret:
        raise SettingsError(f"The file {path} is empty. Delete it, and a new key is made.")
    return secret


def _make_secret(path: Path) -> None:
    """Write the secret whole or not at all; of two that start at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".secret_key-", dir=path.parent)  # for its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(environ.get(name, "").replace(",", " ").split())


def _languages(environ: Mapping[str, str]) -> tuple[str, ...]:
    languages = _words(environ, "TRACKER_LANGUAGES") or ("en",)
    for language in languages:
        if not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z]+)?", language):
            raise SettingsError(
                f"TRACKER_LANGUAGES holds {language!r}. "
                "Write language codes such as en, fa, uz, ru."
            )
    return languages


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"PORT is {text!r}. Write a number from 1 to 65535.")
    return int(text)


def _yes_no(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if text in ("", "on", "yes", "true", "1", "off", "no", "false", "0"):
        return text in ("on", "yes", "true", "1") if text else default
    raise SettingsError(f"{name} is {text!r}. Write on or off.")


def _proxies(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 10:
        raise SettingsError(
            f"TRACKER_PROXIES is {text!r}. Write how many proxies stand in front, from 0 to 10."
        )
    return int(text)


_NEEDED_OF_A_PROVIDER = (
    "TRACKER_OIDC_ISSUER",
    "TRACKER_OIDC_CLIENT_ID",
    "TRACKER_OIDC_CLIENT_SECRET",
)


def _provider(environ: Mapping[str, str]) -> Provider | None:
    """The provider, if its three settings are there; two of them are a mistake."""
    issuer, client_id, secret = (environ.get(name, "").strip() for name in _NEEDED_OF_A_PROVIDER)
    if not (issuer or client_id or secret):
        return None
    missing = [name for name in _NEEDED_OF_A_PROVIDER if not environ.get(name, "").strip()]
    if missing:
        raise SettingsError(
            f"{', '.join(missing)} not set. Signing in through a provider needs all of "
            f"{', '.join(_NEEDED_OF_A_PROVIDER)}; set them all, or none."
        )
    name = environ.get("TRACKER_OIDC_NAME", "").strip() or _host(issuer)
    return Provider(issuer, client_id, secret, name, _words(environ, "TRACKER_OIDC_HOSTS"))


def _host(issuer: str) -> str:
    """The issuer's host; raises SettingsError unless its address is one that is safe to call."""
    try:
        parts = urlsplit(issuer)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    safe = host and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
    bare = host and not parts.query and not parts.fragment and "@" not in parts.netloc
    if not safe or not bare or port == 0 or len(issuer) > ADDRESS_LENGTH:
        raise SettingsError(
            f"TRACKER_OIDC_ISSUER is {issuer!r}. Write the address by which the provider calls "
            "itself, with https, for example https://login.example.org."
        )
    return host


def is_loopback(host: str) -> bool:
    """Whether a host, as an address names it, is this computer itself."""
    return host in ("127.0.0.1", "localhost", "::1")
