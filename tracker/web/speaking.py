"""The language that a request is answered in, settled once for all of its words.

Flask-Babel asks for each word anew which language is spoken, through the request's proxies; on a
page of a hundred words this costs more than most queries.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from flask import Flask, current_app, request
from flask_babel import Domain, get_domain, get_locale, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

# More than there are texts in templates.
KEPT_TEXTS = 5_000


class Spoken(Domain):
    """The texts of one language."""

    def __init__(self, language: str, translations: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.language = language
        self.translations = translations
        self._marked: dict[str, Markup] = {}

    def get_translations(self) -> Any:
        return self.translations

    def marked(self, text: str) -> Markup:
        """A text that nothing is put into, as a template shows it."""
        kept = self._marked.get(text)
        if kept is None:
            # Translators write markup, too; signs of what is put in are taken out all the same.
            kept = Markup(self.translations.ugettext(text) % {})  # noqa: S704
            if len(self._marked) < KEPT_TEXTS:
                self._marked[text] = kept
        return kept


# The language of the request that this thread answers; none before it is settled and outside.
_spoken: ContextVar[Spoken | None] = ContextVar("spoken", default=None)


def init_app(app: Flask) -> None:
    """Settle the language of each request before it is answered."""
    app.extensions["spoken"] = {}
    app.before_request(_settle)
    app.teardown_request(_forget)
    app.jinja_env.globals["_"] = _in_a_template


def _settle() -> None:
    if request.endpoint == "static":
        return
    known: dict[str, Spoken] = current_app.extensions["spoken"]
    language = str(get_locale())
    if language not in known:
        translations = get_domain().get_translations()  # type: ignore[no-untyped-call]
        known[language] = Spoken(language, translations)
    known[language].as_default()  # type: ignore[no-untyped-call]
    _spoken.set(known[language])


def _forget(_error: BaseException | None) -> None:
    _spoken.set(None)


def language() -> str:
    """The code of the language that is spoken, as Babel takes it."""
    spoken = _spoken.get()
    return str(get_locale()) if spoken is None else spoken.language


@pass_eval_context
def _in_a_template(context: EvalContext, text: str, /, **variables: Any) -> str:
    """A text of a template in the language of the request; what is put into it is escaped."""
    spoken = _spoken.get()
    if spoken is not None and not variables and context.autoescape:
        return spoken.marked(text)
    said = gettext(text) if spoken is None else spoken.translations.ugettext(text)
    if context.autoescape:
        said = Markup(said)  # noqa: S704 - translators write markup, too
    formatted: str = said % variables
    return formatted
