"""Django's admin over the limit's tables, tuned: run by the Python of its own environment.

    python django_site.py DATABASE FOLDER

It says its address and the cookie of somebody who is signed in, and serves with as many processes
and threads as the program. Lists have no count of everything and no hierarchy of dates, and their
filters are plain columns with an index.
"""

import os
import signal
import socket
import sys
from pathlib import Path

import django
from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command

THREADS = 8
PROCESSES = 2


class Agreements(AppConfig):
    """The app to which the models below belong; it lives in this file."""

    name = __name__
    label = "agreements"
    path = str(Path(__file__).parent)


class Router:
    """Agreements lie in one database, who may sign in in another."""

    def db_for_read(self, model, **hints):
        return "data" if model._meta.app_label == "agreements" else None

    def allow_relation(self, one, other, **hints):
        return True


def configure(database: Path, folder: Path) -> None:
    """Settings as a site in production has them."""
    sqlite = "django.db.backends.sqlite3"
    settings.configure(
        SECRET_KEY="for measuring only",  # noqa: S106
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            f"{__name__}.Agreements",
            *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes"),
            *("django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles"),
        ],
        MIDDLEWARE=[
            *("django.middleware.security.SecurityMiddleware",),
            *("django.contrib.sessions.middleware.SessionMiddleware",),
            *("django.middleware.common.CommonMiddleware",),
            *("django.middleware.csrf.CsrfViewMiddleware",),
            *("django.contrib.auth.middleware.AuthenticationMiddleware",),
            *("django.contrib.messages.middleware.MessageMiddleware",),
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {"ENGINE": sqlite, "NAME": folder / "django.db", "CONN_MAX_AGE": None},
            "data": {"ENGINE": sqlite, "NAME": database, "CONN_MAX_AGE": None},
        },
        DATABASE_ROUTERS=[Router()],
        STATIC_URL="/static/",
        LOGGING={
            "version": 1,
            "handlers": {"errors": {"class": "logging.StreamHandler"}},
            "loggers": {"django.request": {"handlers": ["errors"], "level": "ERROR"}},
        },
        USE_TZ=True,
    )
    django.setup()


def register() -> None:
    """The models of the limit's tables, and their pages."""
    from django.contrib import admin
    from django.db import models

    class Agreement(models.Model):
        place = models.IntegerField(primary_key=True)
        number = models.IntegerField()
        reference, title, kind, status = (models.TextField() for _ in range(4))
        signed_on, in_force_on, a, b, a_name, b_name = (models.TextField() for _ in range(6))

        class Meta:
            app_label, db_table, managed = "agreements", "agreement", False

    class Meeting(models.Model):
        id = models.IntegerField(primary_key=True)
        number = models.IntegerField()
        begins_on, status, city, name, a, b = (models.TextField() for _ in range(6))

        class Meta:
            app_label, db_table, managed = "agreements", "meeting", False

    class Tuned(admin.ModelAdmin):
        list_per_page = 50
        show_full_result_count = False
        show_facets = admin.ShowFacets.NEVER

    class AgreementPages(Tuned):
        list_display = ("title", "a_name", "b_name", "signed_on", "kind", "status")
        ordering = ("-place",)
        search_fields = ("title",)

    class MeetingPages(Tuned):
        list_display = ("number", "begins_on", "status", "city", "name")
        ordering = ("begins_on",)

    admin.site.register(Agreement, AgreementPages)
    admin.site.register(Meeting, MeetingPages)


def signed_in() -> str:
    """The cookie of somebody who may do everything."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    call_command("migrate", verbosity=0)
    user, _new = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


def main() -> None:
    """Serve until told to end."""
    configure(Path(sys.argv[1]), Path(sys.argv[2]))
    register()
    cookie = signed_in()
    from django.contrib import admin
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.urls import path
    from waitress.server import create_server

    globals()["urlpatterns"] = [path("admin/", admin.site.urls)]
    application = get_wsgi_application()
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"Django answers on 127.0.0.1:{listener.getsockname()[1]} {cookie}", flush=True)
    connections.close_all()
    workers = []
    for _ in range(PROCESSES):
        worker = os.fork()
        if worker == 0:
            create_server(application, sockets=[listener], threads=THREADS).run()
        workers.append(worker)
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(one, signal.SIGTERM) for one in workers])
    for worker in workers:
        os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
