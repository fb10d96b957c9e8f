"""The roster of students that the office brings in as a spreadsheet."""

from exports.roster.choosing import Columns, chosen_columns, column_letters
from exports.roster.headings import FIELD_NAMES
from exports.roster.importing import RosterResult, import_roster
from exports.roster.looking import Sheet, sheets_of
from exports.roster.reading import Rejected, Roster, RosterRow, read_roster
from exports.roster.refused import export_rejected

__all__ = [
    "FIELD_NAMES",
    "Columns",
    "Rejected",
    "Roster",
    "RosterResult",
    "RosterRow",
    "Sheet",
    "chosen_columns",
    "column_letters",
    "export_rejected",
    "import_roster",
    "read_roster",
    "sheets_of",
]
