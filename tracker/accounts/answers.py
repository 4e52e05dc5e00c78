"""Answers that signing in and accounts share: too many guesses, and pages that nobody keeps."""

from __future__ import annotations

import math

from flask import Response, current_app, make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Engine
from werkzeug.exceptions import TooManyRequests

from tracker.accounts.guessing import TooManyGuesses


def engine() -> Engine:
    """The database, for short transactions beside the request's own."""
    found: Engine = current_app.extensions["engine"]
    return found


def too_many(many: TooManyGuesses) -> ResponseReturnValue:
    """429, with how long to wait in words and in a header (RFC 6585, 4)."""
    raise TooManyRequests(
        " ".join(
            (
                _("There were too many wrong attempts to sign in."),
                _waiting(many.seconds),
                _("Or ask an administrator for a sign-in link, which works at once."),
            )
        ),
        retry_after=many.seconds,
    )


def _waiting(seconds: int) -> str:
    if seconds < 60:
        return ngettext(
            "Wait %(num)s second, then try again.", "Wait %(num)s seconds, then try again.", seconds
        )
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Wait %(num)s minute, then try again.", "Wait %(num)s minutes, then try again.", minutes
    )


def unkept(page: str) -> Response:
    """A page with a secret on it, which no browser and no proxy may keep."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
