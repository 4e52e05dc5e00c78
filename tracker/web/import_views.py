"""The page on which a file of records is checked and then taken."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.importing import Importer, ImportRefused, Report
from tracker.tabular import FileRefused, read_sheet
from tracker.web.database import db, reading
from tracker.web.forms import ImportForm
from tracker.web.pages import RecordPages
from tracker.web.site import problem_text


class ImportViews:
    """The import of one kind of record."""

    def __init__(self, pages: RecordPages) -> None:
        self.pages = pages
        self.table = pages.table

    def import_file(self) -> ResponseReturnValue:
        """Check a file and say row by row what it would do; apply what was checked."""
        form = ImportForm(request.files)
        if request.method == "GET":
            return self.import_page(form)
        if "token" in request.form:
            return self.apply_file(form, request.form["token"])
        upload = request.files.get("file")
        content = upload.read() if upload else b""
        report, status = self.check_file(form, content)
        token = _keep(content) if report is not None and not report.all_errors else None
        return self.import_page(form, report, token, status)

    def check_file(self, form: ImportForm, content: bytes) -> tuple[Report | None, int]:
        """What a file would do; everything is rolled back."""
        try:
            report = Importer(self.table, reading(bulk=True)).run(read_sheet(content))
        except ImportRefused as refused:
            report = refused.report
        except FileRefused as refused:
            form.file.errors = [problem_text(refused)]
            return None, 422
        finally:
            db().rollback()
        return report, 422 if report.all_errors else 200

    def apply_file(self, form: ImportForm, token: str) -> ResponseReturnValue:
        """Write what was checked, whole or not at all."""
        content = _kept(token)
        if content is None:
            form.file.errors = [_("The checked file is not here any more. Choose it again.")]
            return self.import_page(form, None, None, 422)
        try:
            report = Importer(self.table, reading(bulk=True)).run(read_sheet(content))
        except ImportRefused as refused:
            report = refused.report
        if report.all_errors:
            db().rollback()
            return self.import_page(form, report, None, 422)
        db().commit()
        totals = report.totals
        flash(
            _(
                "Imported: %(new)s new, %(changed)s changed.",
                new=totals["new"],
                changed=totals["changed"],
            )
        )
        return redirect(url_for(f"{self.pages.name}.index"), 303)

    def import_page(
        self,
        form: ImportForm,
        report: Report | None = None,
        token: str | None = None,
        status: int = 200,
    ) -> ResponseReturnValue:
        """The page of the import."""
        shown = None
        if report is not None:
            shown = {
                "totals": report.totals,
                "rows": report.rows[:200],
                "errors": [(e.row, e.column, problem_text(e.problem)) for e in report.errors],
                "errors_total": report.errors_total,
            }
        html = render_template(
            "web/import.html",
            form=form,
            report=shown,
            token=token,
            cancel_url=url_for(f"{self.pages.name}.index"),
            columns=self.table.header,
        )
        return html, status


def _keep(content: bytes) -> str:
    token = secrets.token_urlsafe(24)
    folder: Path = current_app.extensions["uploads"]
    (folder / token).write_bytes(content)
    return token


def _kept(token: str) -> bytes | None:
    folder: Path = current_app.extensions["uploads"]
    name = Path(token).name
    path = folder / name
    return path.read_bytes() if name == token and path.is_file() else None
