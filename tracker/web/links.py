"""Addresses of records, for pages of every feature."""

from typing import Any

from flask import current_app, url_for


def record_url(record: Any, action: str = "show") -> str:
    """The address of a record's page."""
    plural = current_app.extensions["pages"][type(record)].name
    return url_for(f"{plural}.{action}", number=record.id)
