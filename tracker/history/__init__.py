"""Who changed what, when: kept by the database itself, shown, and taken back.

Whoever imports any part of it has the sessions tell their author (see `writing`).
"""

from tracker.history import bulk, writing

__all__ = ["bulk", "writing"]
