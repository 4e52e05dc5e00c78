"""What is told to somebody who cannot save just now, and what of theirs the page holds meanwhile.

The page sends the form that it holds again, by itself where there are scripts. `WritersBusy` is
raised where a turn at writing begins, so the form that was refused has written nothing: to send it
again cannot save it twice. Where a request had saved something before that, the page holds nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_time
from flask import g, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from tracker.clock import now
from tracker.web.database import has_saved

# Between an answer and the next try. A try itself waits for its turn (`tracker.db`).
PAUSE_SECONDS = 3
SINCE = "waiting_since"
LONGEST = timedelta(days=7)
# Forms about people's accounts, and what in them does not go into a page.
ACCOUNTS = frozenset({"accounts", "account"})
SECRETS = frozenset({"password", "present", "new", "again", "secret", "code"})


@dataclass(frozen=True)
class Held:
    """What a page holds of the form that was sent: its fields, or why it holds none."""

    fields: tuple[tuple[str, str], ...] = ()
    why_not: str = ""


def busy_page() -> str:
    """The page for this request; reads the form, and raises what reading a form raises."""
    held = _held()
    since = _since()
    return render_template(
        "web/waiting.html",
        held=held,
        since=since,
        since_field=(SINCE, str(int(since.timestamp()))),
        since_text=_("%(time)s UTC", time=format_time(since, "HH:mm", locale=get_locale())),
        pause=PAUSE_SECONDS,
        answered=now().timestamp(),
    )


def _held() -> Held:
    if has_saved():
        return Held(
            why_not=_("A part of what you sent may be saved already. Look what is recorded.")
        )
    if request.method != "POST":
        return Held(why_not=_("Wait a minute, then open this page again."))
    if any(request.files.values()):
        return Held(
            why_not=_(
                "This page cannot hold the file that you chose, so it does not try again by "
                "itself. Wait a minute, then go back, choose the file again and send it again."
            )
        )
    if request.blueprint in ACCOUNTS and SECRETS & request.form.keys():
        return Held(
            why_not=_(
                "This page holds no passwords or codes, so it does not try again by itself. Wait "
                "a minute, then go back and type them again."
            )
        )
    fields = request.form.items(multi=True)
    return Held(tuple((name, text) for name, text in fields if name != SINCE))


def _since() -> datetime:
    """When the form was sent for the first time; a page that was sent again carries it."""
    sent = request.form.get(SINCE, "")
    moment = now()
    if sent.isascii() and sent.isdecimal() and len(sent) <= 11:
        since = datetime.fromtimestamp(int(sent), moment.tzinfo)
        if moment - LONGEST < since <= moment:
            return since
    return moment - timedelta(seconds=time.monotonic() - g.began)
