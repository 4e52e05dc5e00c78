"""What agreements make fall due, worked out together: a change of an agreement concerns both."""

from tracker.agreements.awaited import AWAITED_ENTRIES
from tracker.agreements.term_due import TERMS_DUE
from tracker.derived import register, together

DUE = register(together("due", TERMS_DUE, AWAITED_ENTRIES))
