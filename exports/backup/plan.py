"""How this PC backs itself up, and how it went: one small file beside the database.

It is no part of the database: it is wanted most when that cannot be opened.
"""

import logging
import unicodedata
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from exports.files import replacing
from models import clock
from models.errors import UserError
from models.jsontext import UNREADABLE
from models.people import Person
from models.permissions import Operation, require
from models.storage import refuse_shared_place

log = logging.getLogger(__name__)

FILE = "backup.json"
OWN_FOLDER = "backup"
MOST_BYTES = 64 << 10
MOST_KEPT = 99
FULL_CHECK_EVERY = timedelta(days=7)


class Keep(msgspec.Struct, frozen=True):
    """How many backups stay: one each of so many days, weeks and months."""

    days: int = 7
    weeks: int = 4
    months: int = 12


class Plan(msgspec.Struct, frozen=True):
    """`folder` is a second place, on another disk or a stick; "" for none."""

    folder: str = ""
    keep: Keep = Keep()
    warn_after: int = 3  # days without a good backup


class Outcome(msgspec.Struct, frozen=True):
    """How it went in one place: the last good one, and what has gone wrong since."""

    made_at: datetime | None = None
    path: str = ""
    trouble: str = ""
    tried_at: datetime | None = None


class State(msgspec.Struct, frozen=True):
    """Everything in the file."""

    plan: Plan = Plan()
    here: Outcome = Outcome()
    there: Outcome = Outcome()
    # When all of the database was last read through, and what was wrong with it.
    checked_at: datetime | None = None
    damage: str = ""
    # Since when there is a station here that could have been backed up.
    since: date | None = None


def read_state(folder: Path) -> State:
    """What the file in *folder* says; a spoilt one says nothing."""
    try:
        with (folder / FILE).open("rb") as file:
            return msgspec.json.decode(file.read(MOST_BYTES), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, *UNREADABLE) as error:
        log.warning("%s is not readable: %s", FILE, error)
        return State()


def change_state(folder: Path, **changes: object) -> State:
    """Put down what is new; the file is read again first."""
    state = msgspec.structs.replace(read_state(folder), **changes)
    with replacing(folder / FILE) as file:
        file.write(msgspec.json.encode(state))
    return state


def own_folder(data: Path) -> Path:
    """Where backups always go: no use when the disk dies, but always there."""
    return data / OWN_FOLDER


def change_plan(
    data: Path,
    *,
    by: Person,
    folder: str,
    days: str,
    weeks: str,
    months: str,
    warn_after: str,
) -> Plan:
    """Keep how this PC is to be backed up; the numbers as they were typed."""
    require(by, Operation.LOCAL_SETTINGS)
    second = folder.strip()
    if second:
        _refuse_folder(Path(second), data)
    keep = Keep(
        days=_number(days, 1, "保留的天数"),
        weeks=_number(weeks, 0, "保留的周数"),
        months=_number(months, 0, "保留的月数"),
    )
    plan = Plan(second, keep, _number(warn_after, 1, "提醒的天数"))
    change_state(data, plan=plan)
    return plan


def _refuse_folder(folder: Path, data: Path) -> None:
    if not folder.is_absolute():
        raise UserError("请写完整的文件夹位置，例如 D:\\备份。")
    refuse_backup_place(folder)
    if data.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise UserError("第二份备份不能放在数据文件夹里，请选另一块硬盘或 U 盘。")


def refuse_backup_place(folder: Path) -> None:
    """As for data: a copy in a network disk of others is not ours any more."""
    try:
        refuse_shared_place(folder)
    except UserError as error:
        raise UserError(str(error).replace("数据", "备份", 1)) from error


def _number(typed: str, least: int, what: str) -> int:
    plain = unicodedata.normalize("NFKC", typed).strip()
    if plain.isdecimal() and least <= int(plain) <= MOST_KEPT:
        return int(plain)
    raise UserError(f"{what}请填 {least} 到 {MOST_KEPT} 之间的整数。")


def note_begun(data: Path) -> None:
    """From this day on a missing backup is counted."""
    if read_state(data).since is None:
        change_state(data, since=clock.today())


def is_due(state: State, now: datetime) -> bool:
    """Once a day and place; one that went wrong is tried again after an hour."""
    places = [state.here, *([state.there] if state.plan.folder else [])]
    return any(_is_due(place, now) for place in places)


def _is_due(place: Outcome, now: datetime) -> bool:
    if place.made_at is not None and place.made_at.date() == now.date():
        return False
    tried = place.tried_at
    soon = tried is not None and timedelta(0) <= now - tried < timedelta(hours=1)
    return not soon


def is_check_due(state: State, now: datetime) -> bool:
    """Is it time to read through all of the database?"""
    at = state.checked_at
    return at is None or not timedelta(0) <= now - at < FULL_CHECK_EVERY


def days_without(outcome: Outcome, since: date | None, today: date) -> int:
    """Days since the last good backup, or since there could have been one."""
    last = outcome.made_at.date() if outcome.made_at else since
    return max(0, (today - last).days) if last else 0


def warning_of(state: State) -> str:
    """What people must be told about the backups; "" when all is well."""
    today, most = clock.today(), state.plan.warn_after
    if days_without(state.here, state.since, today) >= most:
        return _words("本机", state.here, state.since)
    if state.plan.folder and days_without(state.there, state.since, today) >= most:
        return _words("第二份", state.there, state.since)
    return ""


def _words(which: str, outcome: Outcome, since: date | None) -> str:
    days = days_without(outcome, since, clock.today())
    been = f"已有 {days} 天没有备份成功" if outcome.made_at else "还没有备份成功过"
    why = f"：{outcome.trouble}" if outcome.trouble else "。"
    return f"{which}{been}{why}"
