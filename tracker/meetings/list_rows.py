"""The rows of the list of meetings, parted by what asks for attention.

They are put together here, and not in a template, since each cell would cost it more than its
query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.meetings.listing import AnyMeeting
from tracker.meetings.shown import SECTIONS, Line, lines
from tracker.web.agendas import with_sign
from tracker.web.escaping import escaped


def list_rows(meetings: Iterable[AnyMeeting], today: date) -> Markup:
    """A page of the list: meetings in the order of their parts, each part under its title."""
    found = list(lines(meetings, today))
    rows = _rows([line for _part, line in found])
    parted = groupby(zip(found, rows, strict=True), key=lambda row: row[0][0])
    bodies = (
        f'<tbody class="part">\n<tr><th scope="rowgroup" colspan="5">{escape(SECTIONS[part])}</th>'
        f"</tr>\n{''.join(row for _line, row in those)}</tbody>\n"
        for part, those in parted
    )
    return Markup("".join(bodies))  # noqa: S704 - escaped


def _rows(lines: Sequence[Line]) -> Iterator[str]:
    """Lines as rows of the table."""
    meeting, commission, when, host, state = (
        escape(label) for label in (_("Meeting"), _("Commission"), _("When"), _("Host"), _("State"))
    )
    unknown = f'<span class="unknown">{escape(_("not known"))}</span>'
    texts = zip(
        lines,
        escaped(line.title for line in lines),
        escaped(line.url for line in lines),
        escaped(line.owner for line in lines),
        escaped(line.owner_url or "" for line in lines),
        escaped(line.when for line in lines),
        escaped(line.place for line in lines),
        escaped(line.word for line in lines),
        strict=True,
    )
    for line, title, url, owner, owner_url, day, place, word in texts:
        owned = f'<a href="{owner_url}">{owner}</a>' if owner_url else owner
        yield (
            f'<tr><td class="title" data-label="{meeting}">'
            f'<a class="row-link" href="{url}"><span class="two-lines">{title}</span></a></td>'
            f'<td data-label="{commission}">{owned}</td>'
            f'<td class="date" data-label="{when}">{day or unknown}</td>'
            f'<td data-label="{host}">{place or unknown}</td>'
            f'<td data-label="{state}">{with_sign(line.shape, word)}</td></tr>\n'
        )
