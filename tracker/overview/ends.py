"""Ends of agreements that the record states and that are still to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from tracker.agreements import words
from tracker.agreements.models import Agreement
from tracker.agreements.rules import END_KINDS, ENDS, NOTICES, Deed, History, status_on
from tracker.agreements.status import history
from tracker.dates import PartialDate
from tracker.overview.agreement_queries import ending
from tracker.overview.due import Asked, Due, DueKind
from tracker.overview.kept_queries import kept, values
from tracker.overview.rows import lines


@dataclass(frozen=True)
class End:
    """A stated end: the day from which, and how."""

    on: PartialDate
    how: str


def recorded_ends(asked: Asked) -> list[Due]:
    """For each agreement the first stated end that is still to come and that nothing undid.

    A denunciation, for example, that was given and takes effect later (VCLT art. 56, 65 to 68).
    """

    def lines_of(agreement: Agreement) -> Iterator[Due]:
        end = _to_come(agreement, asked)
        if end is not None:
            yield _line(agreement, end, asked)

    query = kept(ending, asked)
    return list(lines(asked.session, query, Agreement.id, lines_of, values(asked)))


def _to_come(agreement: Agreement, asked: Asked) -> End | None:
    """None where it has ended already, or where nothing was known of the end by the day."""
    known = _known_by(history(agreement), asked)
    if status_on(known, asked.today).status in ENDS:
        return None
    ahead = [
        end
        for end in _ends(known)
        if end.on.last >= asked.today
        and status_on(known, end.on.last, known_by=asked.today).status in ENDS
    ]
    return min(ahead, key=lambda end: end.on, default=None)


def _known_by(told: History, asked: Asked) -> History:
    """The history without what was done after the day, and without an end that came of it."""
    later = [deed for deed in told.deeds if deed.done_on and deed.done_on.first > asked.today]
    known = replace(told, deeds=tuple(deed for deed in told.deeds if deed not in later))
    ended = told.ended_on
    brought_later = (deed.effective_on or deed.done_on for deed in later if _ends_it(deed))
    if ended is not None and any(on and on.overlaps(ended) for on in brought_later):
        return replace(known, ended_on=None, ended_how=None)
    return known


def _ends_it(deed: Deed) -> bool:
    """Whether a deed says when it ends; a notice does by the day on which it takes effect."""
    return deed.kind in END_KINDS or deed.kind in NOTICES


def _ends(known: History) -> Iterator[End]:
    if known.ended_on is not None:
        how = {one.value: word for one, word in words.ENDED_HOW.items()}
        said = how.get(known.ended_how or "")
        yield End(known.ended_on, str(said) if said else "")
    kinds = {one.value: word for one, word in words.ACTION_KINDS.items()}
    for deed in known.deeds:
        on = deed.effective_on if deed.kind in NOTICES else deed.effective_on or deed.done_on
        if on is not None and _ends_it(deed):
            yield End(on, str(kinds[deed.kind]))


def _line(agreement: Agreement, end: End, asked: Asked) -> Due:
    word = _("it ends: %(how)s", how=end.how) if end.how else _("it ends")
    begun = end.on.first < asked.today
    return Due(
        kind=DueKind.EXPIRY,
        due_on=end.on.first,
        when=end.on,
        sides=(asked.parties[agreement.side_a_id], asked.parties[agreement.side_b_id]),
        title=agreement.name,
        record="agreements",
        number=agreement.id,
        shape="planned",
        word=word,
        key=f"end-{agreement.id}",
        note=_("its day has possibly passed") if begun else "",
        possibly=end.on.precision != "day",
    )
