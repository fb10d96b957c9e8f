"""交接班记录表: what each shift left to the next, and who signed for it."""

import json
from typing import Any

from peewee import Case, fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    day_of,
    joined,
    label_of,
    moment_of,
    time_of,
)
from models.handovers import Handover, HandoverStatus
from models.seals import SEAL_STATE_LABELS
from models.visits import VISIT_OUTCOME_LABELS

_outcome = label_of(VISIT_OUTCOME_LABELS)
_state = label_of(SEAL_STATE_LABELS)


def _shift(shift_from: str, shift_to: str) -> str:
    if shift_from[:10] == shift_to[:10]:
        return f"{day_of(shift_from)}\n{time_of(shift_from)}–{time_of(shift_to)}"
    # A date breaks at its hyphens where the line is too short for what follows it.
    begins = f"{day_of(shift_from)}\n{time_of(shift_from)}"
    return f"{begins} 至\n{day_of(shift_to)}\n{time_of(shift_to)}"


def _summary(count: int, by_outcome: str, overdue: int) -> str:
    counted: dict[str, int] = json.loads(by_outcome or "{}") or {}
    parts = "、".join(f"{_outcome(code)}{n}" for code, n in counted.items())
    text = f"来访 {count} 次" + (f"：{parts}" if parts else "")
    return joined(text, f"超期 {overdue} 件" if overdue else "")


def _open_items(stored: str) -> str:
    return "\n".join(_open_item(item) for item in json.loads(stored or "[]")) or "无"


def _open_item(item: dict[str, Any]) -> str:
    due = f"，{item['due_on']} 前" if item["due_on"] else ""
    return f"{item['number']} {item['text']}{due}，第 {item['shifts']} 班"


def _unusual(faults: str, note: str, objection: str) -> str:
    told = joined(faults, note, f"接班异议：{objection}" if objection else "")
    return told or "无"


def _or_none(text: str) -> str:
    return text or "无"


def _items(missing: str) -> str:
    return f"短缺：{missing}" if missing else "齐全"


def _tidy(tidy: int) -> str:
    return "整洁" if tidy else "待整理"


def _seals(stored: str) -> str:
    return "\n".join(_seal(seal) for seal in json.loads(stored or "[]")) or "无"


def _seal(seal: dict[str, Any]) -> str:
    used = "本班未用印"
    if seal["uses"]:
        numbers = f"第 {seal['first']:04d}–{seal['last']:04d} 号"
        marked = (("作废", seal.get("void")), ("拒印", seal.get("refused")))
        apart = "、".join(f"{name} {count} 次" for name, count in marked if count)
        apart = f"（其中{apart}）" if apart else ""
        used = f"{numbers}，共 {seal['uses']} 次{apart} {seal['impressions']} 枚"
    return f"{seal['seal']}：{used}；{_custody(seal)}"


def _custody(seal: dict[str, Any]) -> str:
    """`保管人何老师，代李老师保管至 2026-11-27`: whose hands a seal is in."""
    said = [f"保管人{seal['holder']}"]
    if "state" in seal:  # handovers of the first version tell the holder only
        said.append(f"已{_state(seal['state'])}")
    if "until" in seal:
        said.append(f"代{seal['lender']}保管至 {seal['until']}")
    if out := seal.get("outing"):
        said.append(
            f"由{out['carrier']}带到{out['place']}，应于 {out['due_back_at']} 归还"
        )
    return "，".join(said)


def _signatures(
    outgoing: str, signed_at: str, incoming: str, taken_at: str | None
) -> str:
    gave = f"交：{outgoing}\n{signed_at[5:16]}"
    if not taken_at:
        return f"{gave}\n接：待接班"
    return f"{gave}\n接：{incoming}\n{taken_at[5:16]}"


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        Handover.select(), at=Handover.shift_to, desk=Handover.desk_uid
    ).order_by(Handover.shift_to, Handover.uid)


def _totals(query: Query) -> Totals:
    waits = Handover.status == HandoverStatus.WAITING
    objected = Handover.status == HandoverStatus.OBJECTED
    count, visits, waiting, objections = (
        query.select(
            fn.COUNT(Handover.uid),
            fn.SUM(Handover.visit_count),
            fn.SUM(Case(None, [(waits, 1)], 0)),
            fn.SUM(Case(None, [(objected, 1)], 0)),
        )
        .order_by()
        .tuples()
        .first()
    )
    closing = f"合计　共交接 {count} 班，来访 {visits or 0} 次"
    if waiting:
        closing += f"，待接班 {waiting} 班"
    if objections:
        closing += f"，有异议 {objections} 班"
    return Totals(f"{closing}。")


HANDOVERS = Ledger(
    code="handovers",
    title="交接班记录表",
    columns=(
        Column(
            Handover.shift_from,
            Handover.shift_to,
            heading="日期班次",
            text=_shift,
            width=18.5,
        ),
        Column(Handover.desk_name, width=13.8),
        Column(Handover.outgoing_name, width=10.8),
        Column(Handover.incoming_name, width=10.8),
        Column(Handover.shift_to, text=moment_of, width=16.2),
        Column(
            Handover.visit_count,
            Handover.visits_by_outcome,
            Handover.overdue_count,
            heading="本班概况",
            text=_summary,
            width=23.5,
            left=True,
        ),
        Column(Handover.open_items, text=_open_items, width=35, left=True),
        Column(
            Handover.faults,
            Handover.note,
            Handover.objection,
            heading="异常情况",
            text=_unusual,
            width=17,
            left=True,
        ),
        Column(Handover.instructions, text=_or_none, width=14, left=True),
        Column(
            Handover.items_missing,
            heading="物品清点",
            text=_items,
            width=13.8,
            left=True,
        ),
        Column(Handover.tidy, heading="环境", text=_tidy, width=8.2),
        Column(
            Handover.seal_ranges,
            heading="印章起止号",
            text=_seals,
            width=26.4,
            left=True,
        ),
        Column(
            Handover.outgoing_name,
            Handover.outgoing_signed_at,
            Handover.incoming_name,
            Handover.incoming_signed_at,
            heading="双方签名",
            text=_signatures,
            width=17,
        ),
    ),
    query=_query,
    totals=_totals,
    key=("日期班次", "窗口"),
)
