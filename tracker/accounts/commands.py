"""The commands of accounts: `tracker user …`."""

from __future__ import annotations

import getpass
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.accounts.models import Account
from tracker.accounts.operations import (
    add_account,
    change_role,
    deactivate,
    first_link,
    make_link,
)
from tracker.accounts.queries import account_of, all_accounts
from tracker.accounts.rules import LINK_LASTS, Role
from tracker.authorship import Author, Way
from tracker.clock import now
from tracker.settings import Settings
from tracker.text import Refusal

# Opens the database as every command does; the group puts it into click's context.
Opening = Callable[[], tuple[Settings, Engine]]
ROLE = click.Choice([role.value for role in Role])
HOURS = int(LINK_LASTS.total_seconds()) // 3600


def author_here(way: Way = Way.COMMAND) -> Author:
    """Who runs a command: the system's user, on this computer."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = ""
    return Author(name=name, way=way, origin=socket.gethostname())


def link_address(settings: Settings, token: str) -> str:
    """The whole address of a sign-in link."""
    return f"{settings.site_url}/sign-in/link?token={token}"


def offer_first_link(session: Session, settings: Settings) -> None:
    """Print a link for the administrator until one has signed in; commits."""
    token = first_link(session, now())
    session.commit()
    if token is not None:
        click.echo("Sign in as the administrator by this link; it works once:")
        click.echo(f"  {link_address(settings, token)}")


@contextmanager
def _writing(opening: Opening) -> Iterator[tuple[Settings, Session]]:
    """A session that writes; a refusal ends the command with status 1."""
    settings, engine = opening()
    with Session(engine.execution_options(writing=True)) as session:
        session.info["author"] = author_here()
        try:
            yield settings, session
        except Refusal as refusal:
            _refuse(str(refusal))
        session.commit()


def _refuse(reason: str) -> None:
    click.echo(reason, err=True)
    sys.exit(1)


def _find(session: Session, email: str) -> Account:
    account = session.scalar(account_of(email.strip().casefold()).with_for_update())
    if account is None:
        raise Refusal("There is no account with the e-mail address %(email)s.", email=email)
    return account


@click.group()
def user() -> None:
    """Who can sign in, and with which role."""


@user.command()
@click.argument("email")
@click.option("--role", type=ROLE, required=True, help="What they may do.")
@click.option("--name", default="", help="What they are called; the e-mail address if not given.")
@click.pass_obj
def add(opening: Opening, email: str, role: str, name: str) -> None:
    """Add somebody; `tracker user link` lets them in."""
    with _writing(opening) as (_settings, session):
        account = add_account(session, email, name, Role(role))
        said = f"{account.email} was added as {account.role}."
    click.echo(said)


@user.command()
@click.argument("email")
@click.pass_obj
def link(opening: Opening, email: str) -> None:
    """Print a link that signs somebody in once, without password and second factor."""
    with _writing(opening) as (settings, session):
        token = make_link(session, _find(session, email), now())
        address = link_address(settings, token)
    click.echo(address)
    click.echo(f"It works once, within {HOURS} hours.", err=True)


@user.command("list")
@click.pass_obj
def list_(opening: Opening) -> None:
    """List everybody: e-mail address, role, state, last sign-in and name, parted by tabs."""
    _settings, engine = opening()
    with Session(engine) as session:
        for one in session.scalars(all_accounts()):
            state = "active" if one.active else "deactivated"
            last = f"{one.signed_in_at:%Y-%m-%d}" if one.signed_in_at else "never"
            click.echo("\t".join((one.email, one.role, state, last, one.name)))


@user.command()
@click.argument("email")
@click.argument("role", type=ROLE)
@click.pass_obj
def role(opening: Opening, email: str, role: str) -> None:
    """Give another role, which ends all sessions of the account."""
    with _writing(opening) as (_settings, session):
        account = _find(session, email)
        change_role(session, account, Role(role))
        said = f"{account.email} is now {account.role}."
    click.echo(said)


@user.command("deactivate")
@click.argument("email")
@click.pass_obj
def deactivate_(opening: Opening, email: str) -> None:
    """Let somebody in no more, and end all sessions of the account."""
    with _writing(opening) as (_settings, session):
        account = _find(session, email)
        deactivate(session, account)
        said = f"{account.email} is deactivated."
    click.echo(said)
