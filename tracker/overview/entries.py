"""Entries into force that are awaited: which notification is missing, or what day has passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, String, cast, select, union_all
from sqlalchemy.orm import Session

from tracker.agreements.awaited import AWAITED
from tracker.agreements.models import Agreement
from tracker.agreements.terms import Consent, EntryByConsent, Span, entry_by_consent
from tracker.dates import PartialDate
from tracker.overview.due import COUNTED, Asked, Due, DueKind, Few, Part
from tracker.overview.queries import (
    awaiting_entry,
    consents,
    old_entries,
    waiting_entries,
    younger_entries,
)
from tracker.overview.rows import lines
from tracker.web.pointing import count_some

LONG = timedelta(days=365)


def entries_awaited(asked: Asked) -> Iterator[Due]:
    """Agreements that were signed and are not known to be in force, and what is missing."""
    return _lines(asked, awaiting_entry(asked), _consents(asked.session, consents(asked)))


def first_entries(asked: Asked, most: int) -> Few:
    """The same, but of those that were signed long ago only the first; the others are counted.

    These are waited for, whatever was notified, unless the record says how long after the
    notifications they enter into force. Of the younger ones only those with a notification count.
    """
    old, younger = old_entries(asked.today - LONG), younger_entries(asked.today - LONG)
    query = awaiting_entry(asked)
    # As the list orders what was signed on the same day: by their keys.
    order = (AWAITED.c.signed_on_last, cast(AWAITED.c.agreement_id, String))
    first = query.where(old).order_by(*order).limit(most)
    shown = [row.id for row in asked.session.execute(first)]
    rest = query.where(Agreement.id.in_(union_all(*younger)))
    few = select(AWAITED.c.agreement_id).where(AWAITED.c.agreement_id.in_(shown))
    notified = consents(asked).where(AWAITED.c.agreement_id.in_(union_all(few, *younger)))
    given = _consents(asked.session, notified)
    found = [*_lines(asked, first, given), *_lines(asked, rest, given)]
    left = 0
    if len(shown) == most:
        waiting = waiting_entries(asked, old)
        left = count_some(asked.session, waiting, most + COUNTED + 1) - most
    return Few(found, {(DueKind.ENTRY, Part.WAITING): left})


def _lines(
    asked: Asked, query: Select[Any], given: Mapping[int, Sequence[Consent]]
) -> Iterator[Due]:
    def lines_of(row: Any) -> Iterator[Due]:
        entry = entry_by_consent(
            given.get(row.id, ()),
            after_months=row.in_force_after_months,
            after_days=row.in_force_after_days,
        )
        line = _forecast(row, entry.on, asked) if entry.on else _waiting(row, entry, asked)
        if line is not None:
            yield line

    return lines(asked.session, query, Agreement.id, lines_of, whole=True)


def _consents(session: Session, query: Select[Any]) -> dict[int, Sequence[Consent]]:
    found: dict[int, list[Consent]] = defaultdict(list)
    for row in session.execute(query):
        on = PartialDate.from_span(row.first, row.last)
        found[row.agreement_id].append(Consent(row.kind, row.side, on))
    return dict(found)


def _forecast(row: Any, on: Span, asked: Asked) -> Due | None:
    """The day that follows from the later notification: to come, possibly passed, or passed."""
    late = asked.late(on.last)
    due_on = on.last if late else on.first
    if not asked.holds(due_on):
        return None
    if late:
        word = _("was to enter into force after the later notification, nothing says that it did")
    elif on.first < asked.today:
        word = _("has possibly entered into force, nothing says that it did")
    else:
        word = _("enters into force after the later notification")
    return Due(
        kind=DueKind.ENTRY,
        due_on=due_on,
        when=PartialDate.day(due_on),
        sides=(asked.parties[row.side_a_id], asked.parties[row.side_b_id]),
        title=row.short_title or row.title,
        record="agreements",
        number=row.id,
        shape="overdue" if late else "planned",
        word=word,
        key=f"entry-{row.id}-0",
        overdue=late,
        possibly=not late and not on.certain,
    )


def _waiting(row: Any, entry: EntryByConsent, asked: Asked) -> Due | None:
    """One whose other side has not notified, or that was signed long ago."""
    signed = PartialDate.from_span(row.first, row.last)
    assert signed is not None
    if asked.today - signed.last <= LONG and len(entry.missing) != 1:
        return None
    sides = (asked.parties[row.side_a_id], asked.parties[row.side_b_id])
    names = dict(zip("AB", (side.name for side in sides), strict=True))
    missing = " · ".join(names[side] for side in entry.missing)
    return Due(
        kind=DueKind.ENTRY,
        due_on=signed.last,
        when=signed,
        sides=sides,
        title=row.short_title or row.title,
        record="agreements",
        number=row.id,
        shape="none",
        word=_("signed, not known to be in force"),
        key=f"entry-{row.id}",
        note=_("no notification recorded: %(sides)s", sides=missing) if missing else "",
        waiting=True,
    )
