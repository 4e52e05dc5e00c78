"""Sets up signing in through a provider, where the settings name one and its extra is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from flask import Flask

from tracker.oidc.views import oidc
from tracker.settings import Settings, SettingsError

if TYPE_CHECKING:
    from tracker.oidc.client import Client

NEEDED = ("authlib", "joserfc")


def init_app(app: Flask, settings: Settings) -> None:
    """Let people sign in through the provider of the settings; raises SettingsError."""
    check_installed(settings)
    app.register_blueprint(oidc)
    app.extensions["provider"] = _client(app, settings)
    app.jinja_env.globals["provider_name"] = settings.provider.name if settings.provider else None


def check_installed(settings: Settings) -> None:
    """Raise SettingsError when the settings ask for what is not installed."""
    if settings.provider is None or all(find_spec(name) for name in NEEDED):
        return
    raise SettingsError(
        "TRACKER_OIDC_ISSUER is set, but what signing in through a provider needs is not "
        "installed. Install it with `make oidc`, or unset the TRACKER_OIDC_ settings."
    )


def _client(app: Flask, settings: Settings) -> Client | None:
    if settings.provider is None:
        return None
    # Only where it is wanted: without the extra there is nothing to import.
    from tracker.oidc.client import Client

    path = app.url_map.bind("").build("oidc.come_back")
    return Client(settings.provider, settings.site_url + path)
