"""The roster of students that the office brings in as a spreadsheet."""

from exports.roster.importing import RosterResult, import_roster
from exports.roster.reading import Rejected, Roster, RosterRow, read_roster

__all__ = [
    "Rejected",
    "Roster",
    "RosterResult",
    "RosterRow",
    "import_roster",
    "read_roster",
]
