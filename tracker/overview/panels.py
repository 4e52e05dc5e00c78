"""What a party's page shows of its relations."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.clock import day_asked
from tracker.columns import Reading
from tracker.overview.partners import partners
from tracker.overview.relations import relation_url
from tracker.parties.models import Party
from tracker.web.pages import Panel, PanelLine, list_panel

MOST = 15


def partners_of_party(party: Party, reading: Reading) -> Panel:
    """A party's partners, those with most agreements first, and what is overdue with each."""
    lines = [
        PanelLine(
            "",
            other.name,
            relation_url(party, other),
            word=ngettext("%(num)s agreement", "%(num)s agreements", count),
            note=ngettext("%(num)s meeting overdue", "%(num)s meetings overdue", late)
            if late
            else "",
        )
        for other, count, late in partners(party, reading.session, day_asked(), MOST)
    ]
    empty = _("No agreement with another party is recorded.")
    return list_panel(_("Partners"), lines, empty=empty, place="after")
