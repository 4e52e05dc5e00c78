"""Filters that other lists owe to commissions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, not_, select

from tracker.agreements.models import Agreement
from tracker.columns import CellError, Reading
from tracker.commissions.models import Commission
from tracker.text import N_
from tracker.web.pages import Filter


def _sets_up(text: str, _reading: Reading) -> ColumnElement[bool]:
    some = select(Commission.id).where(Commission.agreement_id == Agreement.id).exists()
    if text not in ("yes", "no"):
        raise CellError(N_("Write yes or no."))
    return some if text == "yes" else not_(some)


SETS_UP = Filter(
    _l("Sets up a commission"), _sets_up, [("yes", _l("yes")), ("no", _l("no"))], rare=True
)
