"""Class timetables that somebody brings as a spreadsheet (P19)."""

from exports.roster.reading import Rejected
from exports.timetables.importing import TimetableResult, import_timetables
from exports.timetables.reading import Timetables, read_timetables

__all__ = [
    "Rejected",
    "TimetableResult",
    "Timetables",
    "import_timetables",
    "read_timetables",
]
