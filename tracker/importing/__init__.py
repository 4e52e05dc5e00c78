"""Import of a file of records: a dry run that says row by row what would be, then all or nothing.

The same code makes the dry run and the import: it writes into the session, and whoever called
it commits or rolls back.
"""

from tracker.importing.checking import Processes
from tracker.importing.importer import Importer, silent
from tracker.importing.mapping import likely, read_as
from tracker.importing.report import (
    ERRORS_SHOWN,
    ImportRefused,
    Report,
    RowError,
    RowReport,
    differences,
)
from tracker.importing.rows import FOLLOWING, Progress

__all__ = [
    "ERRORS_SHOWN",
    "FOLLOWING",
    "ImportRefused",
    "Importer",
    "Processes",
    "Progress",
    "Report",
    "RowError",
    "RowReport",
    "differences",
    "likely",
    "read_as",
    "silent",
]
