"""Seals (印章): the register of the departments' seals (P16)."""

from enum import StrEnum

from peewee import BooleanField, TextField

from models import clock
from models.base import DayField, ListField, Record, transaction
from models.desks import Department, Desk
from models.errors import UserError
from models.people import Person, PersonRole, require_office


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

    class Meta:
        table_name = "seal"

    @property
    def state_label(self) -> str:
        return SEAL_STATE_LABELS.get(self.state, self.state)


def register_seal(
    *,
    by: Person,
    department: Department,
    desk: Desk,
    keeper: Person,
    assistants_may_use: bool = False,
    kind: str = "业务专用章",
    note: str = "",
) -> Seal:
    """Enter a department's seal, named `{部门}—学生社区事务专用章` (P16)."""
    require_office(by)
    name = f"{department.name}—学生社区事务专用章"
    if keeper.role == PersonRole.ASSISTANT and not assistants_may_use:
        raise UserError("学生助理不能保管这枚印章，请选择部门老师。")
    with transaction():
        taken = (Seal.name == name) & (Seal.state != SealState.DESTROYED)
        if Seal.select().where(taken).exists():
            raise UserError(f"“{name}”已经登记过了。")
        return Seal(
            name=name,
            kind=kind.strip(),
            department_uid=department.uid,
            department_name=department.name,
            desk_uid=desk.uid,
            keeper_uid=keeper.uid,
            keeper_name=keeper.name,
            assistants_may_use=assistants_may_use,
            note=note.strip(),
        ).write(by=by)


def seals() -> list[Seal]:
    return list(Seal.select().order_by(Seal.uid))


def seals_of(desk: Desk) -> list[Seal]:
    """The seals kept at *desk* that are in use."""
    at_desk = (Seal.desk_uid == desk.uid) & (Seal.state == SealState.ACTIVE)
    return list(Seal.select().where(at_desk).order_by(Seal.uid))


def seal_by_name(text: str) -> Seal:
    """The seal with this name, or the one of the department so named."""
    text = text.strip()
    found = [s for s in seals() if text in (s.name, s.department_name, s.uid)]
    if len(found) != 1:
        known = "、".join(seal.name for seal in seals()) or "（还没有登记印章）"
        raise UserError(f"没有印章“{text}”，可用：{known}。")
    return found[0]
