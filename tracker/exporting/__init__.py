"""Records out as files: CSV, spreadsheets, JSON, of any length."""

from tracker.exporting.contents import Contents, Rows, Turn, in_batches, one_state, records
from tracker.exporting.files import WORDS, Format, TooManyRows, pieces, write_spreadsheet
from tracker.exporting.names import disposition

__all__ = [
    "WORDS",
    "Contents",
    "Format",
    "Rows",
    "TooManyRows",
    "Turn",
    "disposition",
    "in_batches",
    "one_state",
    "pieces",
    "records",
    "write_spreadsheet",
]
