"""What pages call the closed lists of commitments."""

from flask_babel import lazy_gettext as _l

from tracker.commitments.models import CommitmentKind, CommitmentStatus, MadeBy
from tracker.commitments.progress import Answer

KINDS = {
    CommitmentKind.CLAUSE: _l("clause"),
    CommitmentKind.DECISION: _l("decision"),
    CommitmentKind.JOINT_TARGET: _l("joint target"),
    CommitmentKind.STATEMENT: _l("statement of one side"),
}

STATUSES = {
    CommitmentStatus.OPEN: _l("open"),
    CommitmentStatus.MET: _l("met"),
    CommitmentStatus.MISSED: _l("missed"),
    CommitmentStatus.DROPPED: _l("dropped"),
    CommitmentStatus.SUPERSEDED: _l("superseded"),
}

MADE_BY = {
    MadeBy.A: _l("side A"),
    MadeBy.B: _l("side B"),
    MadeBy.BOTH: _l("both sides"),
}

ANSWERS = {
    Answer.YES: _l("yes"),
    Answer.POSSIBLY: _l("possibly"),
    Answer.NO: _l("no"),
}
