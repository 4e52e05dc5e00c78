"""What the overview adds to the pages of parties and agreements."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.agreements.models import Agreement
from tracker.agreements.status import awaited_entry, term_outlook
from tracker.agreements.terms import Span, TermError
from tracker.clock import day_asked
from tracker.columns import Reading
from tracker.dates import PartialDate
from tracker.overview.deadlines import notice_in_words
from tracker.overview.partners import partners
from tracker.overview.relations import relation_url
from tracker.parties.models import Party
from tracker.web.pages import Panel, PanelLine, list_panel
from tracker.web.site import date_text

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
    more = (_("What is due"), url_for("overview.home", party=party.code))
    return list_panel(_("Partners"), lines, more=more, empty=empty, place="after")


def deadlines_of_agreement(agreement: Agreement, _reading: Reading) -> Panel | None:
    """The end of the current term, the last day for notice, and what entry into force awaits."""
    lines = [*_term_lines(agreement), *_entry_lines(agreement)]
    return list_panel(_("Deadlines"), lines, empty="") if lines else None


def _term_lines(agreement: Agreement) -> Iterator[PanelLine]:
    try:
        ahead = term_outlook(agreement, day_asked())
    except TermError as refused:
        yield PanelLine("", _(refused.message) % refused.values, None, "none")
        return
    if ahead is None:
        return
    following = _("then it is renewed") if ahead.renews_tacitly else ""
    yield PanelLine(_span(ahead.term.ends), _("End of the term"), None, "planned", following)
    if ahead.renewed_until is not None:
        yield PanelLine(_span(ahead.renewed_until), _("End of the next term"), None, "expected")
    if ahead.next_notice_by is not None:
        note = notice_in_words(ahead.notice)
        by = _span(ahead.next_notice_by)
        yield PanelLine(by, _("Last day for notice"), None, "planned", note)


def _entry_lines(agreement: Agreement) -> Iterator[PanelLine]:
    if agreement.in_force_on is not None or not agreement.actions:
        return
    entry = awaited_entry(agreement)
    if entry.on is not None:
        word = _("after the later notification")
        yield PanelLine(_span(entry.on), _("Entry into force"), None, "expected", word)
    elif len(entry.missing) == 1:
        name = agreement.side_a.name if entry.missing == ("A",) else agreement.side_b.name
        yield PanelLine("", _("No notification of %(side)s is recorded.", side=name), None, "none")


def _span(span: Span) -> str:
    first = date_text(PartialDate.day(span.first))
    if span.certain:
        return first
    return _("%(first)s to %(last)s", first=first, last=date_text(PartialDate.day(span.last)))
