"""What pages call the closed lists of meetings."""

from flask_babel import lazy_gettext as _l

from tracker.meetings.models import ItemState, MeetingFormat, MeetingKind, Role
from tracker.meetings.sequence import MeetingStatus

KINDS = {
    MeetingKind.SESSION: _l("session of a commission"),
    MeetingKind.HIGH_LEVEL_MEETING: _l("high-level meeting"),
    MeetingKind.VISIT: _l("visit"),
    MeetingKind.CONSULTATIONS: _l("consultations"),
}

STATUSES = {
    MeetingStatus.PLANNED: _l("planned"),
    MeetingStatus.CONFIRMED: _l("confirmed"),
    MeetingStatus.HELD: _l("held"),
    MeetingStatus.POSTPONED: _l("postponed"),
    MeetingStatus.CANCELLED: _l("cancelled"),
}

FORMATS = {
    MeetingFormat.IN_PERSON: _l("in person"),
    MeetingFormat.ONLINE: _l("online"),
    MeetingFormat.HYBRID: _l("hybrid"),
}

ROLES = {Role.CO_CHAIR: _l("co-chair"), Role.PARTICIPANT: _l("participant")}

ITEM_STATES = {
    ItemState.OPEN: _l("open"),
    ItemState.DONE: _l("done"),
    ItemState.DROPPED: _l("dropped"),
}
