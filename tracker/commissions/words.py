"""What pages call the closed lists of commissions."""

from flask_babel import lazy_gettext as _l

from tracker.commissions.cadence import CadenceUnit, Weekday
from tracker.commissions.models import CommissionKind, CommissionStatus
from tracker.commissions.rotation import TurnRule

KINDS = {
    CommissionKind.JOINT_COMMISSION: _l("joint commission"),
    CommissionKind.INTERGOVERNMENTAL_COMMISSION: _l("intergovernmental commission"),
    CommissionKind.COMMITTEE: _l("committee"),
    CommissionKind.WORKING_GROUP: _l("working group"),
}

STATUSES = {
    CommissionStatus.FORESEEN: _l("foreseen"),
    CommissionStatus.ACTIVE: _l("active"),
    CommissionStatus.DORMANT: _l("dormant"),
    CommissionStatus.DISSOLVED: _l("dissolved"),
}

UNITS = {CadenceUnit.MONTH: _l("months"), CadenceUnit.YEAR: _l("years")}

WEEKDAYS = {
    Weekday.MONDAY: _l("Monday"),
    Weekday.TUESDAY: _l("Tuesday"),
    Weekday.WEDNESDAY: _l("Wednesday"),
    Weekday.THURSDAY: _l("Thursday"),
    Weekday.FRIDAY: _l("Friday"),
    Weekday.SATURDAY: _l("Saturday"),
    Weekday.SUNDAY: _l("Sunday"),
}

TURNS = {TurnRule.BY_SESSION: _l("by session"), TurnRule.BY_YEAR: _l("by year")}
