"""Seals (印章): the register of the departments' seals (P16).

The register is the office's.  Where a seal is and who has it is told by the transfers
its desk records; a seal goes to another desk, or another PC, through the office only,
which gives it there together with the numbers it has used so far.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from peewee import BooleanField, TextField

from models import clock
from models.base import DayField, ListField, Record, station_uid, transaction
from models.desks import Department, Desk, this_desk
from models.errors import UserError
from models.people import Person, PersonRole
from models.permissions import Operation, require
from models.stations import Station, stations


class SealState(StrEnum):
    """Stored and synced: never rename a value."""

    ACTIVE = "active"
    STOPPED = "stopped"
    DESTROYED = "destroyed"


SEAL_STATE_LABELS: dict[str, str] = {
    SealState.ACTIVE: "启用",
    SealState.STOPPED: "停用",
    SealState.DESTROYED: "销毁",
}


class Seal(Record):
    """A seal in the register.  Its name follows the policy (P16)."""

    audience = "all"
    written_by = "office"

    name = TextField(verbose_name="印章")
    kind = TextField(default="业务专用章", verbose_name="类型")
    department_uid = TextField(verbose_name="部门标识")
    department_name = TextField(verbose_name="保管部门")
    desk_uid = TextField(index=True, verbose_name="窗口标识")
    # Who had it first; from then on the transfers tell.
    keeper_uid = TextField(verbose_name="首任保管人标识")
    keeper_name = TextField(verbose_name="首任保管人")
    state = TextField(default=SealState.ACTIVE, verbose_name="状态")
    assistants_may_use = BooleanField(default=False, verbose_name="学生助理可用印")
    enabled_on = DayField(default=clock.today, verbose_name="启用日期")
    note = TextField(default="", verbose_name="备注")
    # Names people also use for it, separated by 、.
    aliases = TextField(default="", verbose_name="别名")
    material = TextField(default="", verbose_name="材质规格")
    engraving = TextField(default="", verbose_name="刻制批准")
    storage_place = TextField(default="", verbose_name="存放位置")
    # Where custody at the present desk begins: the last transfer before the office
    # gave the seal there ("" at its first desk), and the last number of each year by
    # then, {"2026": 231}.
    since_uid = TextField(default="", verbose_name="保管起点标识")
    numbers = ListField(default=dict, verbose_name="承接编号")
    # The PC of the desk that keeps the seal's ledger: two that cannot see each other
    # would give the same numbers.  "" stands for the desk's first.
    ledger_station = TextField(default="", verbose_name="登记工作站标识")

    class Meta:
        table_name = "seal"

    @property
    def state_label(self) -> str:
        return SEAL_STATE_LABELS.get(self.state, self.state)

    @property
    def other_names(self) -> list[str]:
        return [name for name in self.aliases.split("、") if name]


def policy_name(department: Department) -> str:
    """`{部门}—学生社区事务专用章`, as the policy names seals (P16)."""
    return f"{department.name}—学生社区事务专用章"


def register_seal(
    *,
    by: Person,
    department: Department,
    desk: Desk,
    keeper: Person,
    assistants_may_use: bool = False,
    kind: str = "业务专用章",
    note: str = "",
    aliases: str = "",
    material: str = "",
    engraving: str = "",
    storage_place: str = "",
    enabled_on: date | None = None,
) -> Seal:
    """Enter a department's seal, kept by one of the department's people (P16)."""
    require(by, Operation.SEAL_REGISTER)
    seal = Seal(
        name=policy_name(department),
        kind=kind.strip(),
        department_uid=department.uid,
        department_name=department.name,
        desk_uid=desk.uid,
        keeper_uid=keeper.uid,
        keeper_name=keeper.name,
        assistants_may_use=assistants_may_use,
        enabled_on=enabled_on or clock.today(),
        note=note.strip(),
        aliases=_typed_aliases(aliases),
        material=material.strip(),
        engraving=engraving.strip(),
        storage_place=storage_place.strip(),
    )
    check_keeper(seal, keeper)
    with transaction():
        if any(other.name == seal.name for other in _others_in_use(seal)):
            raise UserError(f"“{seal.name}”已经登记过了。")
        _check_aliases(seal)
        seal.ledger_station = station_for(desk)
        return seal.write(by=by)


# What the office may put right in the register later; the rest has its own operation.
_CHANGEABLE = (
    *("kind", "note", "aliases", "material", "engraving", "storage_place"),
    *("assistants_may_use", "enabled_on"),
)


def change_seal(seal: Seal, *, by: Person, **fields: Any) -> Seal:
    """Put right what the register says: kind, aliases, material, engraving, place,
    note, date, and whether assistants may use the seal."""
    require(by, Operation.SEAL_REGISTER)
    for name in fields:
        if name not in _CHANGEABLE:
            raise TypeError(f"a seal's {name} is not changed in the register")
    with transaction():
        seal = current(seal)
        if seal.state == SealState.DESTROYED:
            raise UserError("这枚印章已销毁，登记不能再更改。")
        for name, value in fields.items():
            setattr(seal, name, value.strip() if isinstance(value, str) else value)
        seal.aliases = _typed_aliases(seal.aliases)
        _check_aliases(seal)
        return seal.write(by=by)


def check_keeper(seal: Seal, keeper: Person) -> None:
    """The office gives a seal to people of its own department only."""
    if not keeper.may_sign_in:
        raise UserError(f"{keeper.name}不在岗，请选择在岗的保管人。")
    if keeper.department_uid != seal.department_uid:
        raise UserError(
            f"{keeper.name}不是{seal.department_name}的人，请选择本部门的老师保管；"
            "要由别的部门代管，请先登记，再在窗口办理临时代管。"
        )
    if keeper.role == PersonRole.ASSISTANT and not seal.assistants_may_use:
        raise UserError("学生助理不能保管这枚印章，请选择部门老师。")


def _typed_aliases(text: str) -> str:
    parts = text.replace("，", "、").replace(",", "、").split("、")
    return "、".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _others_in_use(seal: Seal) -> list[Seal]:
    return [
        other
        for other in seals()
        if other.uid != seal.uid and other.state != SealState.DESTROYED
    ]


def _check_aliases(seal: Seal) -> None:
    """A name that is typed must lead to one seal."""
    for other in _others_in_use(seal):
        for name in seal.other_names:
            if name in (other.name, other.department_name, *other.other_names):
                raise UserError(f"别名“{name}”已经是“{other.name}”的，请换一个。")


def current(seal: Seal) -> Seal:
    """The seal as it stands now: a sync may have brought news since it was read."""
    known = Seal.get_or_none(Seal.uid == seal.uid)
    if known is None:
        raise UserError("本机还没有收到这枚印章的登记，请先同步。")
    return known


def seals() -> list[Seal]:
    return list(Seal.select().order_by(Seal.uid))


def seals_of(desk: Desk) -> list[Seal]:
    """The seals kept at *desk* that are in use."""
    at_desk = (Seal.desk_uid == desk.uid) & (Seal.state == SealState.ACTIVE)
    return list(Seal.select().where(at_desk).order_by(Seal.uid))


def seal_by_name(text: str) -> Seal:
    """The seal with this name or alias, or the one of the department so named.

    One in use goes before those destroyed.
    """
    text = text.strip()
    found = [
        seal
        for seal in seals()
        if text in (seal.name, seal.department_name, seal.uid, *seal.other_names)
    ]
    if len(found) > 1:
        found = [seal for seal in found if seal.state != SealState.DESTROYED]
    if len(found) != 1:
        known = "、".join(seal.name for seal in seals()) or "（还没有登记印章）"
        raise UserError(f"没有印章“{text}”，可用：{known}。")
    return found[0]


def station_for(desk: Desk) -> str:
    """The uid of the PC that would keep a seal's ledger at a desk: the first still
    trusted; "" while none was let in."""
    for station in stations():
        if station.desk_uid == desk.uid and station.revoked_after is None:
            return station.station_uid
    return ""


def ledger_station_of(seal: Seal) -> str:
    """The uid of the PC that keeps the seal's ledger."""
    if seal.ledger_station:
        return seal.ledger_station
    at_desk = [s for s in stations() if s.desk_uid == seal.desk_uid]
    return at_desk[0].station_uid if at_desk else ""


def require_here(seal: Seal) -> Desk:
    """Refuse a seal whose ledger is not kept on this PC; else the desk it is at."""
    desk = this_desk()
    if seal.desk_uid != desk.uid:
        raise UserError("这枚印章不在本窗口，请到它所在的窗口办理。")
    keeps = ledger_station_of(seal)
    if keeps != station_uid():
        station = Station.get_or_none(Station.station_uid == keeps)
        name = f"“{station.name}”" if station else "本窗口的另一台电脑"
        raise UserError(f"这枚印章的登记在{name}上，请到那台电脑办理。")
    if seal.state == SealState.DESTROYED:
        raise UserError("这枚印章已销毁，不能再办理。")
    return desk
