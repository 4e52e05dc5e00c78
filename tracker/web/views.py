"""The routes of every record: list, file, one, new, edit, delete."""

from __future__ import annotations

import inspect
from pathlib import Path

from flask import Blueprint

from tracker.web.import_views import ImportViews
from tracker.web.pages import RecordPages
from tracker.web.record_views import RecordViews

__all__ = ["RecordViews", "blueprint"]


def blueprint(pages: RecordPages) -> Blueprint:
    """The routes of one kind of record."""
    folder = Path(inspect.getfile(pages.table.model)).parent / "templates"
    made = Blueprint(pages.name, __name__, url_prefix=f"/{pages.name}", template_folder=folder)
    views = RecordViews(pages)
    get, both = ["GET"], ["GET", "POST"]
    made.add_url_rule("", "index", views.index, methods=get)
    made.add_url_rule("/new", "new", views.new, methods=both)
    made.add_url_rule("/import", "import", ImportViews(pages).import_file, methods=both)
    made.add_url_rule("/<int:number>", "show", views.show, methods=get)
    made.add_url_rule("/<int:number>.json", "twin", views.twin, methods=get)
    if pages.coded:
        # Codes begin with a capital, so that they cannot be taken for `new` or `import`.
        made.add_url_rule("/<code>", "coded", views.coded, methods=get)
    if views.citing():
        made.add_url_rule("/<int:number>/cite", "cite", views.cite, methods=both)
    made.add_url_rule("/<int:number>/edit", "edit", views.edit, methods=both)
    made.add_url_rule("/<int:number>/delete", "delete", views.delete, methods=both)
    return made
