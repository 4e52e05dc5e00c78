"""Lines of the page of two parties: agreements, commissions, meetings, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _

from tracker.agreements import words as agreement_words
from tracker.agreements.models import Agreement, AgreementKind
from tracker.agreements.presenting import dated, said
from tracker.agreements.telling import AgreementTold
from tracker.commissions import words as commission_words
from tracker.dates import PartialDate
from tracker.meetings.grid import shape_in
from tracker.meetings.listing import AnyMeeting, MeetingRow
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting
from tracker.meetings.rules import OPEN, Section
from tracker.meetings.shown import host_text, section, when_text
from tracker.web.links import Address, addresses_of
from tracker.web.pages import PanelLine
from tracker.web.site import in_words


class Saying:
    """Dates, words and addresses of many lines of one page, each word looked up once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.date, _late = in_words()
        self.agreement, self.meeting = addresses_of(Agreement), addresses_of(Meeting)
        self._sign = cache(shape_in)
        self._words: dict[int, str] = {}

    def word(self, word: Any) -> str:
        """A word of the program in the language of the page; such words stay where they are."""
        if id(word) not in self._words:
            self._words[id(word)] = str(word)
        return self._words[id(word)]

    def kind(self, kind: AgreementKind) -> str:
        """What an agreement of a kind is called."""
        return self.word(agreement_words.KINDS[kind])

    def shape(self, meeting: MeetingRow) -> tuple[str, str]:
        """The sign and the word of a meeting's state on the day, as it is recorded."""
        return self._sign(section(meeting, self.day), meeting.status)


def agreement_line(agreement: AgreementTold, say: Saying) -> PanelLine:
    """An agreement, where its parties stand above it."""
    return PanelLine(
        say.date(agreement.signed_on) if agreement.signed_on else _("day not known"),
        agreement.name,
        say.agreement(agreement.id),
        word=say.kind(agreement.kind),
    )


def following_of(meetings: Iterable[MeetingRow], day: date) -> dict[int, MeetingRow]:
    """By commission: the session to come, or the latest whose time passed without a record."""
    late: dict[int, MeetingRow] = {}
    to_come: dict[int, MeetingRow] = {}
    for meeting in meetings:
        if meeting.commission is not None and meeting.status in OPEN:
            if section(meeting, day) is Section.OVERDUE:
                late.setdefault(meeting.commission.id, meeting)
            else:
                to_come[meeting.commission.id] = meeting
    return late | to_come


def commission_line(commission: Any, following: MeetingRow | None, address: Address) -> PanelLine:
    """A commission, with its session to come or overdue."""
    note = ""
    if following is not None:
        place = host_text(following)
        what = describe_session(following)
        note = ", ".join(filter(None, (what, when_text(following), place)))
    return PanelLine(
        "",
        commission.name,
        address(commission.id),
        word=str(commission_words.STATUSES[commission.status]),
        note=note,
    )


def describe_session(meeting: AnyMeeting) -> str:
    """A session named by its number alone, where its commission stands beside it."""
    if meeting.number is None:
        return _("next session")
    return _("session %(number)s", number=meeting.number)


def meeting_line(meeting: MeetingRow, say: Saying) -> PanelLine:
    """A meeting without a commission."""
    shape, word = say.shape(meeting)
    return PanelLine(
        when_text(meeting),
        describe_meeting(meeting),
        say.meeting(meeting.id),
        shape,
        word,
        host_text(meeting),
    )


@dataclass(frozen=True)
class Moment:
    """Something that happened between the two, on the one timeline of all."""

    on: PartialDate
    of: AgreementTold | MeetingRow
    word: Any = ""
    details: Sequence[str | None] = ()


def moments_of(
    agreements: Iterable[AgreementTold], meetings: Iterable[MeetingRow], say: Saying, most: int
) -> list[PanelLine]:
    """What happened last, newest first."""
    moments = [
        *(Moment(on, one, *event) for one in agreements for on, *event in dated(one)),
        *(Moment(one.begins_on, one) for one in meetings if one.begins_on is not None),
    ]
    by_then = [one for one in moments if one.on.first <= say.day]
    by_then.sort(key=lambda moment: (moment.on.first, moment.on.last), reverse=True)
    return [_moment_line(one, say) for one in by_then[:most]]


def _moment_line(moment: Moment, say: Saying) -> PanelLine:
    on, of = say.date(moment.on), moment.of
    if isinstance(of, MeetingRow):
        return PanelLine(on, describe_meeting(of), say.meeting(of.id), *say.shape(of))
    word = said(say.word(moment.word), moment.details) if moment.details else say.word(moment.word)
    return PanelLine(on, of.name, say.agreement(of.id), "held", word)
