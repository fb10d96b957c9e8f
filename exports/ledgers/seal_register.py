"""印章登记表: every seal of the register, with room to set its imprint (P16)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.ledger import Totals, joined
from exports.ledgers.selection import Selection
from models.base import tuples_of
from models.custody import Custody, custody_of
from models.desks import Desk
from models.seals import SEAL_STATE_LABELS, Seal, SealState

# A seal is 42 mm across; with rows just as high three stand on a page.
IMPRINT = 42


class Registered(NamedTuple):
    """A seal, who has it as far as is known here, and its desk's name."""

    seal: Seal
    custody: Custody
    desk: str


def _register(chosen: Selection) -> list[Registered]:
    """The seals there were by the last day, also those destroyed since.

    At a desk its own: who holds those of others is not known there.
    """
    desks = dict(tuples_of(Desk.select(Desk.uid, Desk.name)))
    query = Seal.select().where(Seal.enabled_on <= chosen.last)
    if chosen.desk_uid:
        query = query.where(Seal.desk_uid == chosen.desk_uid)
    if chosen.department is not None:
        query = query.where(Seal.department_uid == chosen.department.uid)
    if chosen.seal is not None:
        query = query.where(Seal.uid == chosen.seal.uid)
    return [
        Registered(seal, custody_of(seal), desks.get(seal.desk_uid, ""))
        for seal in query.order_by(Seal.uid)
    ]


def _name(line: Registered) -> str:
    aliases = line.seal.aliases
    return f"{line.seal.name}\n（又称：{aliases}）" if aliases else line.seal.name


def _kind(line: Registered) -> str:
    return "\n".join(filter(None, [line.seal.kind, line.seal.material]))


def _holder(line: Registered) -> str:
    if line.seal.state == SealState.DESTROYED:
        return "—"
    until = line.custody.until
    return line.custody.holder.name + (f"\n代管至\n{until:%m-%d}" if until else "")


def _note(line: Registered) -> str:
    seal = line.seal
    return joined(
        f"刻制批准：{seal.engraving}" if seal.engraving else "",
        f"存放：{seal.storage_place}" if seal.storage_place else "",
        "学生助理可用印" if seal.assistants_may_use else "",
        seal.note,
    )


def _totals(lines: Sequence[Registered]) -> Totals:
    counts = Counter(line.seal.state_label for line in lines)
    known = [label for label in SEAL_STATE_LABELS.values() if counts[label]]
    newer = [label for label in counts if label not in known]
    parts = "、".join(f"{label} {counts[label]}" for label in [*known, *newer])
    return Totals(f"合计　共 {len(lines)} 枚" + (f"：{parts}。" if parts else "。"))


SEAL_REGISTER: ComputedLedger[Registered] = ComputedLedger(
    code="seal_register",
    title="印章登记表",
    columns=(
        LineColumn("名称", _name, 34, left=True),
        LineColumn("类型", _kind, 20),
        LineColumn("印模", lambda line: "", IMPRINT + 1),
        LineColumn("启用日期", lambda line: line.seal.enabled_on.isoformat(), 20),
        LineColumn("保管部门", lambda line: line.seal.department_name, 22),
        LineColumn("保管人", _holder, 22),
        LineColumn("状态", lambda line: line.seal.state_label, 12),
        LineColumn("窗口", lambda line: line.desk, 24, left=True),
        LineColumn("备注", _note, 28, left=True),
    ),
    lines=_register,
    totals=_totals,
    key=("名称", "启用日期"),
    narrowed_by=("desk", "department", "seal"),
    row_height=IMPRINT,
    is_register=True,
)
