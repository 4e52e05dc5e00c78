"""One line a request in the log, and the name by which log, answer and history know a request.

Nothing secret is written: no query string, no body, no cookie.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time
from urllib.parse import quote

from flask import Flask, Response, g, has_request_context, request

REQUESTS = logging.getLogger("tracker.requests")


class NamesTheRequest(logging.Filter):
    """Gives each line the name of the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def to_stderr() -> None:
    """Let everything from the level of information upwards go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(NamesTheRequest())
    handler.setFormatter(logging.Formatter("%(asctime)s %(request_id)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def init_app(app: Flask) -> None:
    """Name each request and write its line; called before anything else looks at requests."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.monotonic()


def _end(answer: Response) -> Response:
    answer.headers["X-Request-ID"] = g.request_id
    who = g.get("identity")
    REQUESTS.info(
        "%s %s %s %d ms, account %s",
        # What stands in a request must not begin a line of its own.
        quote(request.method),
        quote(request.path, safe="/:@"),
        answer.status_code,
        round((time.monotonic() - g.began) * 1000),
        who.account_id if who else "-",
    )
    return answer
