"""The pages of commissions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from tracker.commissions.models import Commission
from tracker.commissions.presenting import present
from tracker.commissions.searched import COMMISSIONS_SEARCHED
from tracker.commissions.table import COMMISSIONS
from tracker.commissions.words import KINDS, STATUSES
from tracker.parties.pages import between
from tracker.search.lists import search_filter
from tracker.web.filters import one_of
from tracker.web.keyset import by
from tracker.web.pages import Filter, RecordPages, Section

COMMISSION_PAGES = RecordPages(
    table=COMMISSIONS,
    title=_l("Commissions"),
    new_label=_l("Record a commission"),
    describe=lambda commission: commission.name,
    shown=("name", "side_a", "side_b", "kind", "status"),
    order=by(Commission.__table__.c.name_key),
    list_load=(joinedload(Commission.side_a), joinedload(Commission.side_b)),
    filters={
        "q": search_filter(_l("Name or words of the mandate"), COMMISSIONS_SEARCHED),
        "party": Filter(
            _l("Party"),
            between(Commission.side_a_id, Commission.side_b_id),
            repeats=True,
            offers="parties",
        ),
        "kind": one_of(_l("Kind"), Commission.kind, KINDS),
        "status": one_of(_l("Status"), Commission.status, STATUSES),
    },
    cited_as="commission",
    dated=True,
    show_template="commissions/show.html",
    present=present,
    sections=(
        Section(
            _l("What it is"),
            ("name", ("kind", "status"), ("side_a", "side_b"), "other_names", "mandate"),
        ),
        Section(_l("What set it up"), ("agreement", ("article", "parent"))),
        Section(
            _l("How often it meets"),
            (
                ("cadence_every", "cadence_unit"),
                ("cadence_week", "cadence_weekday", "cadence_month"),
                ("first_due_on", "cadence_from"),
            ),
        ),
        Section(_l("Where, and in what turns"), ("turns", "hosts")),
        Section(_l("Who chairs"), ("co_chairs", "note")),
        Section(_l("How we know"), ("citation",)),
    ),
    more=((_l("Plan the sessions"), "planning.plan"),),
)
