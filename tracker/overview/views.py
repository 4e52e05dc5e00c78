"""The home page: what needs attention, its file and its calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import Select, select

from tracker.accounts.guard import allowed
from tracker.agreements.models import Agreement
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.statuses import count_with_status
from tracker.clock import as_of, day_asked
from tracker.commissions.models import Commission, CommissionStatus
from tracker.dates import PartialDate, read_day
from tracker.exporting import WORDS, Format
from tracker.meetings.models import Meeting
from tracker.overview.attention import gather, gather_first
from tracker.overview.due import COUNTED as LINES_COUNTED
from tracker.overview.due import KINDS, Asked, Due, DueKind, Part, contents
from tracker.overview.kept_queries import counted
from tracker.parties.models import Party
from tracker.parties.pages import party_of
from tracker.text import N_, Refusal
from tracker.web.database import db, reading
from tracker.web.export_views import send
from tracker.web.kept import kept_part
from tracker.web.links import addresses_of
from tracker.web.pages import PanelLine
from tracker.web.rights import Right, needs
from tracker.web.site import date_text, in_words

SHOWN = 200
RECENT = 8
COUNTED = 10_000
WITHIN = (30, 90, 365)
KNOWN = ("party", "commission", "kind", "within", "on")

overview = Blueprint("overview", __name__, template_folder="templates")


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: the day, how far ahead, for whom, of what kind."""

    day: date
    within: int
    party: Party | None
    kind: DueKind | None
    commission: Commission | None = None

    def address(self, endpoint: str, **other: Any) -> str:
        """The address of a page with the same parameters, but for ``other``."""
        asked = as_of.get()
        values: dict[str, Any] = {
            "within": self.within,
            "party": self.party.code if self.party else None,
            "kind": self.kind.value if self.kind else None,
            "commission": self.commission.id if self.commission else None,
            "on": asked.isoformat() if asked else None,
        }
        return url_for(endpoint, **{k: v for k, v in {**values, **other}.items() if v is not None})


def wanted() -> Wanted:
    """Read the address; 400 for what it cannot mean."""
    for name in request.args:
        if name not in KNOWN:
            abort(400, _("The address has “%(name)s”, which this page does not know.", name=name))
    typed = {name: request.args.get(name, "").strip() for name in KNOWN}
    party = None
    try:
        if typed["on"]:
            as_of.set(read_day(typed["on"]))
        if typed["party"]:
            party = party_of(typed["party"], reading())
    except Refusal as refusal:
        abort(400, _(refusal.message) % refusal.values if refusal.values else _(refusal.message))
    if typed["kind"] and typed["kind"] not in list(DueKind):
        abort(400, _("“%(kind)s” is no kind of deadline.", kind=typed["kind"]))
    if typed["within"] and typed["within"] not in map(str, WITHIN):
        abort(400, _("Write within=30, within=90 or within=365."))
    kind = DueKind(typed["kind"]) if typed["kind"] else None
    within = int(typed["within"] or WITHIN[-1])
    return Wanted(day_asked(), within, party, kind, _commission(typed["commission"]))


def _commission(typed: str) -> Commission | None:
    if not typed:
        return None
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    found = db().get(Commission, number)
    if found is None:
        abort(400, _("There is no commission with the number %(number)s.", number=typed))
    return found


def due_lines(asked: Wanted) -> list[Due]:
    """All that needs attention, as the address asks."""
    party, commission = asked.party, asked.commission
    found = gather(db(), asked.day, date.min, _last(asked), party=party, commission=commission)
    return [due for due in found if asked.kind in (None, due.kind)]


def _last(asked: Wanted) -> date:
    return min(asked.day, date.max - timedelta(days=asked.within)) + timedelta(days=asked.within)


def _first_lines(asked: Wanted) -> dict[Part, tuple[int | str, list[PanelLine]]]:
    """By part: how many lines there are, and the first of them."""
    show, late = in_words()
    span = Asked(db(), asked.day, date.min, _last(asked), asked.party, asked.commission, show)
    found, more = gather_first(span, SHOWN)
    line_of = partial(_line, span.said, show, late)
    kinds = list(DueKind) if asked.kind is None else [asked.kind]
    by_part = {part: list(lines) for part, lines in groupby(found, key=lambda due: due.part)}
    parts = {}
    for part in Part:
        lines = [due for due in by_part.get(part, ()) if due.kind in kinds]
        count = len(lines) + sum(more[kind, part] for kind in kinds)
        parts[part] = (_number(count, LINES_COUNTED), [line_of(due) for due in lines[:SHOWN]])
    return parts


@overview.get("/")
@needs(Right.READ, recorded=True)
def home() -> ResponseReturnValue:
    """What is overdue, what is due, what is waited for, and how much is recorded."""
    asked = wanted()
    shown_day = date_text(PartialDate.day(asked.day)) if as_of.get() else None
    content = kept_part("home", lambda: _content(asked, shown_day), allowed(Right.EDIT))
    return render_template(
        "overview/home.html",
        asked=asked,
        as_of=shown_day,
        files=[(word, asked.address(f"overview.attention_{f}")) for f, word in WORDS.items()],
        content=content,
    )


def _content(asked: Wanted, shown_day: str | None) -> str:
    parts = _first_lines(asked)
    return render_template(
        "overview/home_content.html",
        asked=asked,
        as_of=shown_day,
        parts=[
            (_("Overdue"), *parts[Part.LATE], _("Nothing is overdue.")),
            (
                _("Due in the next %(days)s days", days=asked.within),
                *parts[Part.SOON],
                _("Nothing is due. Sessions that are planned, and terms that end, show here."),
            ),
            *([(_("Waiting"), *parts[Part.WAITING], "")] if parts[Part.WAITING][0] else []),
        ],
        most=SHOWN,
        spans=[(days, asked.address("overview.home", within=days)) for days in WITHIN],
        kinds=[(kind.value, word) for kind, word in KINDS.items()],
        figures=_figures(asked.day),
        recent=_recent(),
    )


def _file_view(form: Format) -> Callable[[], ResponseReturnValue]:
    @needs(Right.READ, recorded=True)
    def view() -> ResponseReturnValue:
        """The same list as a file, whole."""
        asked = wanted()
        filters = (
            asked.party.code if asked.party else "",
            f"commission {asked.commission.id}" if asked.commission else "",
            asked.kind or "",
        )
        return send(form, contents(due_lines(asked)), filters)

    return view


for one in Format:
    overview.add_url_rule(f"/attention.{one}", f"attention_{one}", _file_view(one))


def _line(
    said: Callable[[str], str],
    show: Callable[[PartialDate], str],
    late: Callable[[int], str],
    due: Due,
) -> PanelLine:
    """A line as the page shows it; texts, dates and delays in words are given by what is given."""
    when = show(due.when)
    if due.waiting:
        when = said(N_("signed %(day)s")) % {"day": when}
    a, b = due.sides
    beside = (
        late(due.overdue) if due.overdue else "",
        said(N_("possibly")) if due.possibly else "",
        due.note,
        f"{a.name} – {b.name}",
    )
    note = " · ".join(filter(None, beside))
    return PanelLine(when, due.title, due.address, due.shape, due.word, note)


_ACTIVE = counted(select(Commission.id).where(Commission.status == CommissionStatus.ACTIVE))
_MEETINGS = counted(select(Meeting.id))


def _figures(day: date) -> list[tuple[str, int | str, str]]:
    return [
        (
            _("In force"),
            _count(AgreementStatus.IN_FORCE, day),
            url_for("agreements.index", status="in-force"),
        ),
        (
            _("Signed, waiting"),
            _count(AgreementStatus.SIGNED, day),
            url_for("agreements.index", status="signed"),
        ),
        (
            _("Commissions active"),
            _counted(_ACTIVE),
            url_for("commissions.index", status="active"),
        ),
        (
            _("Meetings recorded"),
            _counted(_MEETINGS),
            url_for("meetings.index"),
        ),
    ]


def _count(status: AgreementStatus, day: date) -> int | str:
    """How many agreements have a status; of very many that they are more than so many."""
    return _number(count_with_status(db(), status, day, COUNTED + 1), COUNTED)


def _counted(count: Select[tuple[int]]) -> int | str:
    return _number(db().connection().scalar(count, {"most": COUNTED + 1}) or 0, COUNTED)


def _number(count: int, most: int) -> int | str:
    """A number of something; of very many, that they are more than so many."""
    return _("%(num)s+", num=format_decimal(most)) if count > most else count


_NEWEST = (
    select(Agreement.id, Agreement.changed_at, Agreement.short_title, Agreement.title)
    .order_by(Agreement.id.desc())
    .limit(RECENT)
)
_NEWEST_MEETINGS = (
    select(Meeting.id, Meeting.changed_at, Meeting.title)
    .where(Meeting.title.is_not(None))
    .order_by(Meeting.id.desc())
    .limit(RECENT)
)


def _recent() -> list[PanelLine]:
    """What was recorded last."""
    connection = db().connection()
    agreement, meeting = addresses_of(Agreement), addresses_of(Meeting)
    records = [
        *(
            (at, short or title, agreement(number))
            for number, at, short, title in connection.execute(_NEWEST)
        ),
        *(
            (at, title, meeting(number))
            for number, at, title in connection.execute(_NEWEST_MEETINGS)
        ),
    ]
    latest = sorted(records, key=lambda record: record[0], reverse=True)[:RECENT]
    return [
        PanelLine("", name, address, note=date_text(PartialDate.day(at.date())))
        for at, name, address in latest
    ]
