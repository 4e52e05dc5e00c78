"""The program with a fault planted: a save does not mind that somebody else saved meanwhile."""

from typing import Any

from tracker.cli import main
from tracker.web.database import db
from tracker.web.views import RecordViews

save = RecordViews.save


def save_anyway(views: RecordViews, form: Any, record: Any) -> Any:
    """Let the form say that it knows the record as it is now."""
    if record is not None:
        db().refresh(record, with_for_update=True)
        form.version.data = str(record.version)
    return save(views, form, record)


RecordViews.save = save_anyway
main()
