"""The web application: settings, database, pages, error pages."""

from __future__ import annotations

from functools import cache

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker.accounts import guard
from tracker.accounts.account_views import account
from tracker.accounts.user_views import users
from tracker.accounts.views import accounts
from tracker.agreements import words as agreement_words
from tracker.agreements.models import Agreement
from tracker.agreements.topics import Topic
from tracker.catalogue import PAGES
from tracker.commissions.models import Commission
from tracker.db import make_copy_engine, make_engine
from tracker.exporting import Format
from tracker.history.meanwhile import as_opened
from tracker.history.queries import was_there
from tracker.history.views import history
from tracker.meetings import act_views, calendar_views, feed_views, item_views
from tracker.meetings import views as meetings
from tracker.oidc import setup as oidc
from tracker.overview.routes import overview
from tracker.parties.columns import show_party
from tracker.parties.models import Body, Party
from tracker.people.models import Person
from tracker.search.views import search
from tracker.settings import Settings
from tracker.sources.evidence import attested, evidence
from tracker.sources.models import Source
from tracker.web import agendas, database, facts, fresh, kept, log, site, static_files
from tracker.web.export_views import export_view
from tracker.web.list_views import ListViews
from tracker.web.site import Offer
from tracker.web.views import RecordViews, blueprint

BODY_LIMIT = 8 * 1024 * 1024
# A form with 200 rows in each of its lists stays well below.
FIELD_LIMIT = 20_000


class Cookies(SecureCookieSessionInterface):
    """The signed cookie, for form tokens, words and the language; Secure behind https."""

    def __init__(self) -> None:
        # Made anew for each request, it takes longer than what it reads.
        self.get_signing_serializer = cache(super().get_signing_serializer)  # type: ignore[method-assign]

    def get_cookie_secure(self, _app: Flask) -> bool:
        return request.is_secure


def create_app(settings: Settings) -> Flask:
    """Make the application; the database is opened when the first page needs it."""
    app = Flask("tracker", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=FIELD_LIMIT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.session_interface = Cookies()
    if settings.proxies:
        # Hosts are not taken from a proxy's word: it hands on the one that it was asked for.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    database.init_app(app, make_engine(settings.database_url))
    log.init_app(app)
    guard.init_app(app, public_read=settings.public_read)
    app.extensions["pages"] = {pages.table.model: pages for pages in PAGES}
    app.extensions["evidence"] = evidence
    app.extensions["attested"] = attested
    app.extensions["was_there"] = was_there
    app.extensions["as_opened"] = as_opened
    app.extensions["uploads"] = settings.uploads
    app.extensions["offers"] = {
        "parties": Offer(Party, Party.name_key, show_party),
        "people": Offer(Person, Person.name_key),
        "bodies": Offer(Body, Body.name_key),
        "topics": Offer(Topic, Topic.name_key, lambda topic: str(topic.code)),
        "commissions": Offer(Commission, Commission.name_key),
        "agreements": Offer(Agreement, func.lower(Agreement.title), folded=False),
        "sources": Offer(Source, func.lower(Source.title), folded=False),
    }
    app.extensions["list_views"] = {
        "meetings": {"year": calendar_views.year, "month": calendar_views.month}
    }
    site.init_app(app, settings.languages)
    _read_from_copy(app, settings)
    agendas.init_app(app)
    facts.init_app(app)
    kept.init_app(app)
    fresh.init_app(app, (settings.languages, settings.public_read, settings.provider is not None))
    static_files.init_app(app)
    site.words_for("status", agreement_words.STATUSES)
    for part in (accounts, account, users):
        app.register_blueprint(part)
    oidc.init_app(app, settings)
    app.register_blueprint(overview)
    app.register_blueprint(search)
    app.register_blueprint(meetings.planning)
    app.register_blueprint(act_views.acts)
    app.register_blueprint(feed_views.feeds)
    app.register_blueprint(item_views.action_items)
    _add_files(app, item_views.LISTED)
    app.register_blueprint(history)
    for pages in PAGES:
        app.register_blueprint(blueprint(pages))
        _add_files(app, RecordViews(pages))
    guard.check_declared(app)
    return app


def _add_files(app: Flask, views: ListViews) -> None:
    """A list's files, beside its page."""
    name = views.pages.name
    for kind in Format:
        app.add_url_rule(f"/{name}.{kind}", f"{name}_{kind}", export_view(views, kind))


def _read_from_copy(app: Flask, settings: Settings) -> None:
    if settings.replica_url is not None:
        # It needs PostgreSQL's driver, which most others do without.
        from tracker.web import replica

        replica.init_app(app, make_copy_engine(settings.replica_url), app.extensions["engine"])
