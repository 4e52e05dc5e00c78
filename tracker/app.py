"""The web application: settings, database, pages, error pages."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import func

from tracker.agreements import words as agreement_words
from tracker.agreements.models import Agreement
from tracker.agreements.topics import Topic
from tracker.catalogue import PAGES
from tracker.commissions.models import Commission
from tracker.db import make_engine
from tracker.meetings import act_views, calendar_views, feed_views, item_views
from tracker.meetings import views as meetings
from tracker.overview.routes import overview
from tracker.parties.columns import show_party
from tracker.parties.models import Body, Party
from tracker.people.models import Person
from tracker.settings import Settings
from tracker.sources.evidence import evidence
from tracker.sources.models import Source
from tracker.web import database, site
from tracker.web.json_file import json_view
from tracker.web.site import Offer
from tracker.web.views import RecordViews, blueprint

BODY_LIMIT = 8 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Make the application; the database is opened when the first page needs it."""
    app = Flask("tracker", static_folder="web/static", template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    database.init_app(app, make_engine(settings.database_url))
    app.extensions["pages"] = {pages.table.model: pages for pages in PAGES}
    app.extensions["evidence"] = evidence
    app.extensions["uploads"] = Path(tempfile.mkdtemp(prefix="entente-"))
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
    site.words_for("status", agreement_words.STATUSES)
    app.register_blueprint(overview)
    app.register_blueprint(meetings.planning)
    app.register_blueprint(act_views.acts)
    app.register_blueprint(feed_views.feeds)
    app.register_blueprint(item_views.action_items)
    app.add_url_rule("/action-items.csv", "action-items_csv", item_views.csv_file)
    app.add_url_rule("/action-items.json", "action-items_json", item_views.json_file)
    for pages in PAGES:
        app.register_blueprint(blueprint(pages))
        views = RecordViews(pages)
        app.add_url_rule(f"/{pages.name}.csv", f"{pages.name}_csv", views.csv, methods=["GET"])
        file = json_view(views)
        app.add_url_rule(f"/{pages.name}.json", f"{pages.name}_json", file, methods=["GET"])
    return app
