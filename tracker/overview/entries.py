"""Entries into force that are awaited: which notification is missing, or what day has passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.agreements.terms import Consent, EntryByConsent, Span, entry_by_consent
from tracker.dates import PartialDate
from tracker.overview.agreement_queries import (
    awaiting_entry,
    consents,
    count_old_entries,
    first_old_entries,
    some_awaiting_entry,
    some_consents,
)
from tracker.overview.due import COUNTED, Asked, Due, DueKind, Few, Part
from tracker.overview.kept_queries import kept, values
from tracker.overview.rows import lines
from tracker.text import N_

LONG = timedelta(days=365)
# Without a notification nothing follows, however long after it they would enter into force.
NOT_NOTIFIED = entry_by_consent(())
_MISSING = N_("no notification recorded: %(sides)s")


def entries_awaited(asked: Asked) -> Iterator[Due]:
    """Agreements that were signed and are not known to be in force, and what is missing."""
    return _lines(asked, awaiting_entry(asked), _consents(asked.session, consents(asked)))


def first_entries(asked: Asked, most: int) -> Few:
    """The same, but of those that were signed long ago only the first; the others are counted.

    These are waited for, whatever was notified, unless the record says how long after the
    notifications they enter into force. Of the younger ones only those with a notification count.
    """
    connection = asked.session.connection()
    given = values(asked, long_ago=asked.today - LONG)
    first = connection.execute(kept(first_old_entries, asked), {**given, "most": most})
    some = {**given, "ids": first.scalars().all()}
    notified = _consents(asked.session, kept(some_consents, asked), some)
    found = list(_lines(asked, kept(some_awaiting_entry, asked), notified, some))
    left = 0
    if len(some["ids"]) == most:
        counted = {**given, "most": most + COUNTED + 1}
        left = connection.scalar(kept(count_old_entries, asked), counted) - most
    return Few(found, {(DueKind.ENTRY, Part.WAITING): left})


def _lines(
    asked: Asked,
    query: Select[Any],
    notified: Mapping[int, Sequence[Consent]],
    given: Mapping[str, Any] | None = None,
) -> Iterator[Due]:
    def lines_of(row: Any) -> Iterator[Due]:
        entry = NOT_NOTIFIED
        if row.id in notified:
            entry = entry_by_consent(
                notified[row.id],
                after_months=row.in_force_after_months,
                after_days=row.in_force_after_days,
            )
        line = _forecast(row, entry.on, asked) if entry.on else _waiting(row, entry, asked)
        if line is not None:
            yield line

    return lines(asked.session, query, Agreement.id, lines_of, given, whole=True)


def _consents(
    session: Session, query: Select[Any], given: Mapping[str, Any] | None = None
) -> dict[int, Sequence[Consent]]:
    found: dict[int, list[Consent]] = defaultdict(list)
    for row in session.connection().execute(query, given):
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
        word = asked.said(
            N_("was to enter into force after the later notification, nothing says that it did")
        )
    elif on.first < asked.today:
        word = asked.said(N_("has possibly entered into force, nothing says that it did"))
    else:
        word = asked.said(N_("enters into force after the later notification"))
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
    missing = " · ".join(sides["AB".index(side)].name for side in entry.missing)
    return Due(
        kind=DueKind.ENTRY,
        due_on=signed.last,
        when=signed,
        sides=sides,
        title=row.short_title or row.title,
        record="agreements",
        number=row.id,
        shape="none",
        word=asked.said(N_("signed, not known to be in force")),
        key=f"entry-{row.id}",
        note=asked.said(_MISSING) % {"sides": missing} if missing else "",
        waiting=True,
    )
