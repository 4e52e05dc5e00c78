"""The page on which a file of records is chosen, mapped, checked, and then taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict
from wtforms import Form

from tracker.authorship import ABOUT, Way
from tracker.clock import today
from tracker.columns import Reading
from tracker.importing import Importer, ImportRefused, Report, likely
from tracker.tabular import FileRefused, Sheet, read_sheet
from tracker.text import LINE
from tracker.web import uploads
from tracker.web.database import db, reading, release
from tracker.web.import_forms import ImportForm, mapping_form
from tracker.web.pages import RecordPages
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

ROWS_SHOWN = 200


@dataclass(frozen=True)
class Upload:
    """A file that was sent and can be read, kept under a token between the steps.

    ``fields`` says what each column is read as; None stands for the names in the file.
    """

    token: str
    sheet: Sheet
    fields: Sequence[str] | None
    partial: bool
    name: str = ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a later step has to send again."""
        columns = [(f"column-{index}", name) for index, name in enumerate(self.fields or ())]
        partial = [("partial", "y")] if self.partial else []
        return [("token", self.token), ("filename", self.name), *columns, *partial]


class ImportViews:
    """The import of one kind of record."""

    def __init__(self, pages: RecordPages) -> None:
        self.pages = pages
        self.table = pages.table

    @needs(Right.EDIT, way=Way.IMPORT)
    def import_file(self) -> ResponseReturnValue:
        """Check a file and say row by row what it would do; apply what was checked."""
        if request.method == "GET":
            return self.page(ImportForm(None))
        form = ImportForm(CombinedMultiDict([request.form, request.files]))
        try:
            upload = self.upload()
            if request.args.get("step") == "apply":
                return self.apply_file(form, upload)
            return self.check_file(form, upload)
        except FileRefused as refused:
            form.file.errors = [problem_text(refused)]
            return self.page(form, status=422)
        finally:
            db().rollback()

    def upload(self) -> Upload:
        """The file of this step: sent now, or kept since an earlier one; raises FileRefused."""
        token = request.form.get("token")
        file = request.files.get("file")
        folder: Path = current_app.extensions["uploads"]
        sent = file.read() if file else b""
        content = sent if token is None else uploads.kept(folder, token)
        sheet = read_sheet(content)
        fields = None
        if "column-0" in request.form:
            fields = [request.form.get(f"column-{i}", "") for i in range(len(sheet.header))]
        name = (file.filename if file else None) or request.form.get("filename", "")
        partial = "partial" in request.form
        return Upload(token or uploads.keep(folder, content), sheet, fields, partial, name[-LINE:])

    def run(self, upload: Upload) -> Report:
        """Write the file into the session; raises ImportRefused and FileRefused."""
        # Others may save while the file is checked.
        release()
        db().info[ABOUT] = {"note": upload.name}
        with Session(current_app.extensions["engine"]) as looking:
            importer = Importer(
                self.table,
                reading(bulk=True),
                partial=upload.partial,
                fields=upload.fields,
                checking=Reading(looking, today(), bulk=True),
            )
            return importer.run(upload.sheet)

    def check_file(self, form: ImportForm, upload: Upload) -> ResponseReturnValue:
        """What a file would do; a header that does not fit leads to the choice of columns."""
        try:
            report = self.run(upload)
        except ImportRefused as refused:
            return self.page(form, refused.report, upload, mapping=True, status=422)
        mapping = upload.fields is not None
        status = 422 if report.errors_total else 200
        return self.page(form, report, upload, mapping=mapping, status=status)

    def apply_file(self, form: ImportForm, upload: Upload) -> ResponseReturnValue:
        """Write what was checked, whole or not at all."""
        report = self.run(upload)
        if report.errors_total:
            return self.page(form, report, upload, status=422)
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

    def page(
        self,
        form: ImportForm,
        report: Report | None = None,
        upload: Upload | None = None,
        *,
        mapping: bool = False,
        status: int = 200,
    ) -> ResponseReturnValue:
        """The page of the import."""
        html = render_template(
            "web/import.html",
            form=form,
            report=_shown(report) if report is not None else None,
            hidden=upload.hidden if upload else [],
            token=upload.token if upload else None,
            mapping=self.mapping(upload) if upload and mapping else None,
            cancel_url=url_for(f"{self.pages.name}.index"),
            columns=self.table.header,
        )
        return html, status

    def mapping(self, upload: Upload) -> Form:
        """The choice of columns as it was made, or as the names in the file suggest."""
        header = upload.sheet.header
        fields = upload.fields if upload.fields is not None else likely(header, self.table)
        chosen = {f"column-{index}": name for index, name in enumerate(fields)}
        partial = [("partial", "y")] if upload.partial else []
        return mapping_form(header, self.table)(ImmutableMultiDict([*chosen.items(), *partial]))


def _shown(report: Report) -> dict[str, object]:
    return {
        "totals": report.totals,
        "rows": report.rows[:ROWS_SHOWN],
        "rows_total": report.rows_total,
        "errors": [(e.row, e.column, problem_text(e.problem)) for e in report.errors],
        "errors_total": report.errors_total,
    }
