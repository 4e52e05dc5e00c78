"""Recognises who asks, and lets nobody do what they may not: one check before every view."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from tracker.accounts.rules import LINK_PROVES, SESSION_LASTS, Role, may, roles_with
from tracker.accounts.sessions import Visitor, find_session
from tracker.accounts.words import ROLES
from tracker.authorship import Author, Way
from tracker.clock import now
from tracker.db import WritersBusy
from tracker.web.database import db, stop_writing, write_as
from tracker.web.rights import Right, needs

COOKIE = "entente_session"
SAFE = ("GET", "HEAD", "OPTIONS")
# Calendar programs and scripts cannot sign in, so a page for people is of no use to them.
FILES = re.compile(r"\.(csv|jsonl?|ics|xlsx)$")


class RightMissing(RuntimeError):
    """A view that declares no right: the program must not start with it."""


@dataclass(frozen=True)
class Identity:
    """Who is signed in, in this request; ``by_link`` stands for having given the password."""

    account_id: int
    email: str
    name: str
    role: Role
    session_id: int
    by_link: bool


def init_app(app: Flask, *, public_read: bool) -> None:
    """Check every request; called before what reads the request's body."""
    app.extensions["public_read"] = public_read
    app.extensions["usable"] = _usable
    app.before_request(_guard)
    app.context_processor(lambda: {"identity": identity(), "may": allowed})
    needs(Right.OPEN)(app.view_functions["static"])


def check_declared(app: Flask) -> None:
    """Raise RightMissing when a route leads to a view that declares no right."""
    for rule in app.url_map.iter_rules():
        if not hasattr(app.view_functions[rule.endpoint], "right"):
            raise RightMissing(
                f"The view {rule.endpoint} ({rule.rule}) declares no right. Put @needs(Right.…) "
                "under its route."
            )


def identity() -> Identity | None:
    """Who is signed in; none before and outside of the check."""
    found: Identity | None = g.get("identity")
    return found


def signed_in() -> Identity:
    """Who is signed in, in a view that only they reach."""
    found = identity()
    assert found is not None
    return found


def half_signed_in() -> int | None:
    """The number of the account whose password was given and whose code is still to come."""
    found: int | None = g.get("half_signed_in")
    return found


def allowed(right: str) -> bool:
    """Whether whoever asks has a right; templates show what may be used."""
    who = identity()
    public: bool = current_app.extensions["public_read"]
    return may(who.role if who else None, Right(right), public=public)


def _usable(endpoint: str) -> bool:
    """Whether whoever asks may look at the page of this endpoint."""
    wanted: Right | None = getattr(current_app.view_functions[endpoint], "right", None)
    return wanted is not None and allowed(wanted)


def visitor() -> Visitor:
    """From where the request comes."""
    return Visitor(request.remote_addr or "", request.headers.get("User-Agent", ""))


def _guard() -> ResponseReturnValue | None:
    g.identity = None
    if request.url_rule is None and request.routing_exception is not None:
        # No such page, or a host that is not ours: an error page follows in any case.
        return None
    assert request.url_rule is not None
    view = current_app.view_functions[request.url_rule.endpoint]
    if request.endpoint != "static":
        g.identity = _recognise_or_wait()
    write_as(_author(getattr(view, "way", Way.FORM)))
    wanted = _right(view)
    if wanted is not None and allowed(wanted):
        return None
    return _refused(wanted)


def _right(view: Any) -> Right | None:
    """The right that this request needs; none for a view that declares none: nobody has that."""
    name = "right" if request.method in SAFE else "right_to_change"
    found: Right | None = getattr(view, name, None)
    return found


def _recognise_or_wait() -> Identity | None:
    """Who asks; raises WritersBusy with ``g.identity`` set, for the page that says so."""
    try:
        return _recognise()
    except WritersBusy:
        stop_writing()
        g.identity = _recognise()
        raise


def _recognise() -> Identity | None:
    found = find_session(db(), request.cookies.get(COOKIE), now())
    if found is None:
        return None
    if not found.complete:
        g.half_signed_in = found.account_id
        return None
    # Without a password there is none to ask for.
    fresh = not found.has_password or found.made_at > now() - LINK_PROVES
    by_link = found.by_link and fresh
    return Identity(found.account_id, found.email, found.name, found.role, found.id, by_link)


def _author(way: Way) -> Author:
    who = identity()
    return author_of(who.email, who.account_id, way) if who else author_of("", None, way)


def author_of(email: str, account_id: int | None, way: Way = Way.FORM) -> Author:
    """The author of what this request writes."""
    return Author(
        name=email,
        way=way,
        account_id=account_id,
        origin=request.remote_addr or "",
        request_id=g.get("request_id", ""),
    )


def _refused(wanted: Right | None) -> ResponseReturnValue:
    who = identity()
    if who is None and FILES.search(request.path):
        return Response(_("Sign in to read this.") + "\n", 403, mimetype="text/plain")
    if who is None:
        return redirect(url_for("accounts.sign_in", next=_way_back()), 302)
    raise Forbidden(_why_not(who.role, wanted))


def _why_not(role: Role, wanted: Right | None) -> str | None:
    if wanted is None:
        return None
    names = [str(ROLES[role]) for role in roles_with(wanted)]
    roles = format_list(names, style="or", locale=get_locale())
    return _(
        "Your role is: %(role)s. This needs the role: %(roles)s. Ask an administrator "
        "to change your role.",
        role=ROLES[role],
        roles=roles,
    )


def _way_back() -> str | None:
    """Where to go after signing in: the page that was asked for, or the form that was sent."""
    assert request.url_rule is not None
    methods = request.url_rule.methods or set()
    return request.full_path.rstrip("?") if "GET" in methods else None


def remember(answer: Any, token: str) -> None:
    """Hand the session's token to the browser, and forget what its other cookie held."""
    _start_anew()
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def forget(answer: Any) -> None:
    """Take the session's token from the browser."""
    _start_anew()
    answer.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)


def _start_anew() -> None:
    """A new signed cookie: another form token, no words left over; the language stays."""
    language = session.get("language")
    session.clear()
    if language is not None:
        session["language"] = language
