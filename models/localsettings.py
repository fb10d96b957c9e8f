"""What belongs to one PC and is not everybody's to change.

The window keeps the minutes in its own file; here is who may change them, and to what.
"""

import unicodedata

from models.errors import UserError
from models.installation import set_share
from models.people import Person
from models.permissions import Operation, require

LEAST_IDLE, MOST_IDLE = 1, 60  # minutes


def change_share(path: str, *, by: Person) -> None:
    """The share has moved, or the drive letter has changed."""
    require(by, Operation.LOCAL_SETTINGS)
    set_share(path)


def change_idle_minutes(typed: str, *, by: Person) -> int:
    """After how many minutes without key or mouse the window locks, to be kept."""
    require(by, Operation.LOCAL_SETTINGS)
    plain = unicodedata.normalize("NFKC", typed).strip().removesuffix("分钟").strip()
    if plain.isdecimal() and LEAST_IDLE <= int(plain) <= MOST_IDLE:
        return int(plain)
    raise UserError(f"自动锁定的时间请填 {LEAST_IDLE} 到 {MOST_IDLE} 之间的整数分钟。")
