"""The language that a request is answered in, settled once for all of its words.

Flask-Babel asks for each word anew which language is spoken, through the request's proxies; on a
page of a hundred words this costs more than most queries.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import Domain, get_domain, get_locale, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Spoken(Domain):
    """The texts of one language."""

    def __init__(self, translations: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.translations = translations

    def get_translations(self) -> Any:
        return self.translations


def init_app(app: Flask) -> None:
    """Settle the language of each request before it is answered."""
    app.extensions["spoken"] = {}
    app.before_request(_settle)
    app.jinja_env.globals["_"] = _in_a_template


def _settle() -> None:
    if request.endpoint == "static":
        return
    known: dict[str, Spoken] = current_app.extensions["spoken"]
    language = str(get_locale())
    if language not in known:
        translations = get_domain().get_translations()  # type: ignore[no-untyped-call]
        known[language] = Spoken(translations)
    known[language].as_default()  # type: ignore[no-untyped-call]
    g.spoken = known[language].translations


@pass_eval_context
def _in_a_template(context: EvalContext, text: str, /, **variables: Any) -> str:
    """A text of a template in the language of the request; what is put into it is escaped."""
    spoken = g.get("spoken")
    said = spoken.ugettext(text) if spoken is not None else gettext(text)
    if context.autoescape:
        said = Markup(said)  # noqa: S704 - translators write markup, too
    formatted: str = said % variables
    return formatted
