"""What pages call the closed lists of agreements."""

from flask_babel import lazy_gettext as _l

from tracker.agreements.models import (
    ActionKind,
    AgreementKind,
    Binding,
    EndedHow,
    RelationKind,
    Renewal,
    Side,
    SignatureKind,
)
from tracker.agreements.rules import AgreementStatus

SIDES = {Side.A: _l("side A"), Side.B: _l("side B")}

KINDS = {
    AgreementKind.TREATY: _l("treaty"),
    AgreementKind.AGREEMENT: _l("agreement"),
    AgreementKind.CONVENTION: _l("convention"),
    AgreementKind.PROTOCOL: _l("protocol"),
    AgreementKind.MEMORANDUM_OF_UNDERSTANDING: _l("memorandum of understanding"),
    AgreementKind.EXCHANGE_OF_NOTES: _l("exchange of notes"),
    AgreementKind.JOINT_DOCUMENT: _l("joint document"),
    AgreementKind.JOINT_STATEMENT: _l("joint statement"),
    AgreementKind.ARRANGEMENT: _l("arrangement"),
    AgreementKind.PROGRAMME_OF_COOPERATION: _l("programme of cooperation"),
    AgreementKind.PLAN_OF_ACTION: _l("plan of action"),
    AgreementKind.LETTER_OF_INTENT: _l("letter of intent"),
    AgreementKind.MINUTES: _l("minutes"),
    AgreementKind.OTHER: _l("other"),
}

BINDING = {
    Binding.BINDING: _l("binding"),
    Binding.NON_BINDING: _l("not binding"),
    Binding.UNKNOWN: _l("not known"),
}

ENDED_HOW = {
    EndedHow.EXPIRED: _l("expired"),
    EndedHow.DENOUNCED: _l("denounced"),
    EndedHow.TERMINATED_BY_AGREEMENT: _l("terminated by agreement"),
    EndedHow.SUPERSEDED: _l("superseded"),
}

RENEWAL = {
    Renewal.NONE: _l("none"),
    Renewal.TACIT: _l("tacit"),
    Renewal.EXPRESS: _l("express"),
}

SIGNATURE_KINDS = {
    SignatureKind.SIGNED: _l("signed"),
    SignatureKind.INITIALLED: _l("initialled"),
    SignatureKind.SIGNED_AD_REFERENDUM: _l("signed ad referendum"),
}

ACTION_KINDS = {
    ActionKind.ADOPTED: _l("adopted"),
    ActionKind.INITIALLED: _l("initialled"),
    ActionKind.SIGNED: _l("signed"),
    ActionKind.SIGNED_AD_REFERENDUM: _l("signed ad referendum"),
    ActionKind.DOMESTIC_PROCEDURE_NOTIFIED: _l("domestic procedure notified"),
    ActionKind.RATIFIED: _l("ratified"),
    ActionKind.APPROVED: _l("approved"),
    ActionKind.PROVISIONALLY_APPLIED: _l("provisionally applied"),
    ActionKind.PROVISIONAL_APPLICATION_ENDED: _l("provisional application ended"),
    ActionKind.ENTERED_INTO_FORCE: _l("entered into force"),
    ActionKind.AMENDED: _l("amended"),
    ActionKind.RENEWED: _l("renewed"),
    ActionKind.SUSPENDED: _l("suspended"),
    ActionKind.RESUMED: _l("resumed"),
    ActionKind.NOTICE_OF_TERMINATION: _l("notice of termination"),
    ActionKind.TERMINATED: _l("terminated"),
    ActionKind.DENOUNCED: _l("denounced"),
    ActionKind.EXPIRED: _l("expired"),
    ActionKind.SUPERSEDED: _l("superseded"),
    ActionKind.REGISTERED: _l("registered"),
    ActionKind.CORRECTED: _l("corrected"),
}

RELATIONS = {
    RelationKind.AMENDS: _l("amends"),
    RelationKind.IMPLEMENTS: _l("implements"),
    RelationKind.EXTENDS: _l("extends"),
    RelationKind.SUPERSEDES: _l("supersedes"),
}

STATUSES = {
    AgreementStatus.DRAFT: _l("draft"),
    AgreementStatus.INITIALLED: _l("initialled"),
    AgreementStatus.SIGNED: _l("signed"),
    AgreementStatus.PROVISIONALLY_APPLIED: _l("provisionally applied"),
    AgreementStatus.IN_FORCE: _l("in force"),
    AgreementStatus.SUSPENDED: _l("suspended"),
    AgreementStatus.UNDER_NOTICE: _l("under notice"),
    AgreementStatus.EXPIRED: _l("expired"),
    AgreementStatus.TERMINATED: _l("terminated"),
    AgreementStatus.SUPERSEDED: _l("superseded"),
    AgreementStatus.UNKNOWN: _l("not known"),
}
