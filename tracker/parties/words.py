"""What pages call the kinds of party."""

from flask_babel import lazy_gettext as _l

from tracker.parties.models import PartyKind

KINDS = {
    PartyKind.STATE: _l("state"),
    PartyKind.TERRITORY: _l("dependent territory"),
    PartyKind.FORMER_STATE: _l("former state"),
    PartyKind.ORGANISATION: _l("international organisation"),
}
