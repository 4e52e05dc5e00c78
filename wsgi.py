"""The application for a WSGI server of one's own choice, as ``wsgi:app``; `tracker run` needs none.

It takes its settings from the environment. Raises SettingsError where one cannot be used, and
DatabaseUnusable where the database is not there or has not the newest schema.
"""

import os

from flask import Flask

from tracker import migrate
from tracker.app import create_app
from tracker.db import make_engine
from tracker.oidc.setup import check_installed
from tracker.settings import Settings
from tracker.web import log, uploads


def _make() -> Flask:
    settings = Settings.from_environ(os.environ)
    check_installed(settings)
    # With connections of its own, which are closed: the server may fork what it has loaded.
    engine = make_engine(settings.database_url)
    try:
        migrate.check_ready(engine)
    finally:
        engine.dispose()
    uploads.prepare(settings.uploads)
    log.to_stderr()
    return create_app(settings)


app = _make()
