"""What is not a record's page: security headers, languages, errors, small answers for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from babel import Locale
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel, format_date, format_datetime, format_decimal, ngettext
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import select, text
from werkzeug.exceptions import HTTPException, SecurityError

from tracker.clock import as_of
from tracker.columns import Choice, Column, Dated, Items, Problem
from tracker.columns.cells import is_web_address
from tracker.columns.references import NameReference
from tracker.dates import PartialDate, read_date
from tracker.db import WritersBusy
from tracker.text import Refusal, fold
from tracker.web import addresses, heading, links, speaking
from tracker.web.database import db, stop_writing
from tracker.web.filter_fields import filter_fields
from tracker.web.links import local_target, record_url
from tracker.web.rights import Right, needs
from tracker.web.speaking import language as spoken_language
from tracker.web.waiting import PAUSE_SECONDS, busy_page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OPTIONS = 20


def _numbered(record: Any) -> str:
    return f"{_label(record)} #{record.id}"


def _label(record: Any) -> str:
    return str(getattr(record, "title", None) or record.name)


@dataclass(frozen=True)
class Offer:
    """Records that a field offers while somebody types: what is sought in, what the field takes."""

    model: Any
    sought: Any
    show: Callable[[Any], str] = _numbered
    label: Callable[[Any], str] = _label
    folded: bool = True


site = Blueprint("web", __name__)
csrf = CSRFProtect()


def init_app(app: Flask, languages: tuple[str, ...]) -> None:
    """Set up languages, tokens, headers and error pages."""
    addresses.init_app(app)
    links.init_app(app)
    heading.init_app(app)
    app.before_request(_few_fields)
    csrf.init_app(app)
    Babel(app, locale_selector=lambda: _language(languages))  # type: ignore[no-untyped-call]
    speaking.init_app(app)
    app.context_processor(lambda: _context(languages))
    app.before_request(_today_again)
    app.after_request(_harden)
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(500, _broken)
    app.register_error_handler(WritersBusy, _busy)
    app.jinja_env.globals.update(
        endpoints=app.view_functions,
        record_url=record_url,
        word_of=word_of,
        problem_text=problem_text,
        filter_fields=filter_fields,
        moment_text=moment_text,
    )
    app.jinja_env.tests["web_address"] = _is_web_address
    app.extensions["languages"] = languages
    app.register_blueprint(site)


def _few_fields() -> None:
    """Refuse a form of more fields than any of ours has, before it is read into memory.

    The setting MAX_FORM_PARTS does so for forms with files only.
    """
    if request.mimetype == "application/x-www-form-urlencoded":
        fields = request.get_data(cache=True).count(b"&") + 1
        if fields > current_app.config["MAX_FORM_PARTS"]:
            abort(413)


def _today_again() -> None:
    """Forget the day that an earlier request of this thread asked for."""
    as_of.set(None)


def _language(languages: tuple[str, ...]) -> str:
    chosen = session.get("language")
    return chosen if chosen in languages else languages[0]


def _context(languages: tuple[str, ...]) -> dict[str, Any]:
    return _context_in(spoken_language(), languages)


@lru_cache(maxsize=100)
def _context_in(language: str, languages: tuple[str, ...]) -> dict[str, Any]:
    locale = Locale.parse(language)
    return {
        "language": language.replace("_", "-"),
        "direction": locale.text_direction,
        "languages": [(code, Locale.parse(code).get_display_name()) for code in languages],
    }


def _harden(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint != "static":
        # What somebody may see is theirs, and may be taken from them.
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        if "Vary" in answer.headers:
            answer.vary.add("Cookie")
        else:
            answer.headers["Vary"] = "Cookie"
    return answer


def _error(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, CSRFError):
        return _expired(error)
    if isinstance(error, SecurityError):
        # No address of ours can be made under a name that is not ours, so no page either.
        said = _("This site does not answer under that name (see TRACKER_TRUSTED_HOSTS).")
        return Response(f"{said}\n", 400, mimetype="text/plain")
    if error.code is None or error.code < 400:
        return error.get_response()
    own = error.description if error.description != type(error).description else None
    ways = g.get("ways", ())
    html = render_template("web/error.html", code=error.code, explanation=own, ways=ways)
    answer = Response(html, error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _expired(_error: HTTPException) -> ResponseReturnValue:
    explanation = _(
        "The form was open too long, or was sent twice. Open it again and send it again."
    )
    return render_template("web/error.html", code=400, explanation=explanation), 400


def _broken(_error: Exception) -> ResponseReturnValue:
    return render_template("web/error.html", code=500), 500


def _busy(_busy: Exception) -> ResponseReturnValue:
    """Nobody can save just now: a page that holds what was typed, and sends it once more."""
    stop_writing()
    try:
        _few_fields()
        html = busy_page()
    except HTTPException as error:
        return _error(error)
    return Response(html, 503, headers={"Retry-After": str(PAUSE_SECONDS)})


def _is_web_address(address: str | None) -> bool:
    """Whether a page may show this as a link, whoever wrote it into the database."""
    return address is not None and is_web_address(address)


def word_of(column: Column, record: Any) -> str:
    """What a page shows of one column of a record."""
    value = column.get(record)
    status = _STATUS_WORDS.get(column.name)
    if status and column.derived:
        return str(status(value))
    return value_text(column, value)


def texts_of(column: Column, records: Sequence[Any]) -> list[str]:
    """What a list shows of one column of its records; each word is looked up once."""
    values = [column.get(record) for record in records]
    words = _STATUS_WORDS.get(column.name) if column.derived else None
    word = column.word if isinstance(column, Choice) else words
    if isinstance(column, Dated):
        locale = spoken_language()
        return ["" if day is None else _date_text(locale, day) for day in values]
    if word is None:
        # All values of a column are of one kind.
        text_of = _way(column, next((value for value in values if value is not None), None))
        return ["" if value is None else text_of(value) for value in values]
    known = {value: "" if value is None else str(word(value)) for value in set(values)}
    return [known[value] for value in values]


def value_text(column: Column, value: Any) -> str:
    """What a page shows of a column's value."""
    return "" if value is None else _way(column, value)(value)


def _way(column: Column, value: Any) -> Callable[[Any], str]:
    """How values of a column are shown that are like this one."""
    if isinstance(column, Choice):
        return lambda one: str(column.word(one))
    if isinstance(value, PartialDate):
        return date_text
    if isinstance(value, tuple):
        return lambda several: " · ".join(str(getattr(one, "name", one)) for one in several)
    if isinstance(column, NameReference):
        return lambda one: str(one.name)
    return column.typed


def item_texts(column: Items, record: Any) -> list[list[str]]:
    """What a page shows of a list: its items, each as the texts of its parts."""
    return items_texts(column, column.get(record), record)


def items_texts(column: Items, items: Iterable[Mapping[str, Any]], record: Any) -> list[list[str]]:
    """Items that a record holds or might hold, each as the texts of its parts."""
    return [[_part_text(part, item[part.name], record) for part in column.parts] for item in items]


def _part_text(part: Column, value: Any, record: Any) -> str:
    side = getattr(record, f"side_{value.lower()}", None) if part.name == "side" and value else None
    return str(side.name) if side is not None else value_text(part, value)


_STATUS_WORDS: dict[str, Callable[[Any], Any]] = {}


def words_for(column: str, words: Mapping[Any, Any]) -> None:
    """Let a derived column be shown in words."""
    _STATUS_WORDS[column] = lambda value: words.get(value, value)


def days_overdue(days: int) -> str:
    """By how many days something is overdue, in words."""
    return _days_overdue(spoken_language(), days)


@lru_cache(maxsize=4096)
def _days_overdue(_locale: str, days: int) -> str:
    shown = format_decimal(days)
    return ngettext("%(days)s day overdue", "%(days)s days overdue", days, days=shown)


def date_text(day: PartialDate) -> str:
    """A date in words, as precisely as it is known and no more."""
    return _date_text(spoken_language(), day)


def in_words() -> tuple[Callable[[PartialDate], str], Callable[[int], str]]:
    """`date_text` and `days_overdue` for many lines: which language it is, is asked for once."""
    locale = spoken_language()
    return partial(_date_text, locale), partial(_days_overdue, locale)


@lru_cache(maxsize=8192)
def _date_text(_locale: str, day: PartialDate) -> str:
    patterns = {"year": "y", "month": "LLLL y", "day": "d MMMM y"}
    return str(format_date(day.first, patterns[day.precision]))  # type: ignore[no-untyped-call]


def moment_text(moment: datetime) -> str:
    """A moment in words, to the minute, in UTC."""
    return _("%(moment)s UTC", moment=format_datetime(moment, "d MMMM y, HH:mm"))  # type: ignore[no-untyped-call]


def problem_text(problem: Problem | Refusal) -> str:
    """A problem or a refusal in the page's language."""
    said = _(problem.message)
    return said % problem.values if problem.values else said


@site.get("/healthz")
@needs(Right.OPEN)
def healthz() -> ResponseReturnValue:
    """Whether the database answers."""
    db().execute(text("SELECT 1"))
    return Response("ok", mimetype="text/plain")


@site.get("/understood")
@needs(Right.READ)
def understood() -> ResponseReturnValue:
    """How a typed date is understood."""
    try:
        day = read_date(request.args.get("text", "")[:200])
    except Refusal as refusal:
        said = _(refusal.message)
        return jsonify(error=said % refusal.values if refusal.values else said)
    return jsonify(text=date_text(day) if day else "")


@site.get("/options/<offers>")
@needs(Right.READ, recorded=True)
def options(offers: str) -> ResponseReturnValue:
    """Records whose name holds what is typed, as texts that a field takes."""

    offer: Offer | None = current_app.extensions["offers"].get(offers)
    if offer is None:
        abort(404)
    typed = request.args.get("q", "")[:200]
    wanted = fold(typed) if offer.folded else typed.strip().lower()
    query = select(offer.model).where(offer.sought.contains(wanted, autoescape=True))
    query = query.order_by(offer.sought, offer.model.id).limit(OPTIONS)
    records = list(db().scalars(query)) if wanted else []
    return jsonify([{"value": offer.show(r), "label": offer.label(r)} for r in records])


@site.post("/language")
@needs(Right.OPEN)
def language() -> ResponseReturnValue:
    """Choose the language of the pages."""
    session["language"] = request.form.get("language", "")
    return redirect(local_target(request.form.get("next", "")), 303)
