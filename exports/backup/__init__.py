"""Backups of a station: one verified file each, and the way back from one."""

from exports.backup.contents import Contents, NeedsKey, open_backup
from exports.backup.found import Found, backups_of, found_in, known_backups
from exports.backup.making import back_up, back_up_if_due, make_backup
from exports.backup.missing import Missing, missing_from
from exports.backup.plan import (
    Keep,
    Outcome,
    Plan,
    State,
    change_plan,
    is_due,
    note_begun,
    read_state,
    warning_of,
)
from exports.backup.restoring import Restored, restore

__all__ = [
    "Contents",
    "Found",
    "Keep",
    "Missing",
    "NeedsKey",
    "Outcome",
    "Plan",
    "Restored",
    "State",
    "back_up",
    "back_up_if_due",
    "backups_of",
    "change_plan",
    "found_in",
    "is_due",
    "known_backups",
    "make_backup",
    "missing_from",
    "note_begun",
    "open_backup",
    "read_state",
    "restore",
    "warning_of",
]
