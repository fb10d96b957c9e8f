"""What a handover says, in words."""

from datetime import date
from typing import Any

from models.handovers import Handover, HandoverDraft
from models.seals import SEAL_STATE_LABELS
from models.visits import VISIT_OUTCOME_LABELS


def summary_lines(shift: Handover | HandoverDraft) -> list[str]:
    """What happened in the shift, for people."""
    lines = [f"班次：{shift.shift_from:%m-%d %H:%M} 至 {shift.shift_to:%m-%d %H:%M}"]
    kinds = "，".join(
        f"{VISIT_OUTCOME_LABELS.get(name, name)} {count}"
        for name, count in dict(shift.visits_by_outcome).items()
    )
    lines.append(f"来访 {shift.visit_count} 次" + (f"：{kinds}" if kinds else ""))
    for seal in shift.seal_ranges:
        lines.append(f"{seal['seal']}：{used_in_words(seal)}；{custody_in_words(seal)}")
    lines.append(
        f"未完成 {len(shift.open_items)} 件，其中超期 {shift.overdue_count} 件"
    )
    for item in shift.open_items:
        due = f"，{day_in_words(item['due_on'], shift)}到期" if item["due_on"] else ""
        shifts = f"（第 {item['shifts']} 班）" if item["shifts"] > 1 else ""
        lines.append(f"· {item['number']} {item['text']}{due}{shifts}")
    return lines


def day_in_words(due_on: str, shift: Handover | HandoverDraft) -> str:
    """`11-30`, with the year when it is another: a case should fit in one line."""
    year = f"{shift.shift_to:%Y}-"
    return f"{due_on.removeprefix(year)} "


def used_in_words(seal: dict[str, Any]) -> str:
    """What a shift did with a seal, so that the sums can be checked by the book."""
    if not seal["uses"]:
        return "本班没有用印"
    apart = "、".join(
        f"{word} {seal[kind]} 次"
        for kind, word in (("void", "作废"), ("refused", "拒印"))
        if seal.get(kind)  # handovers of the first version do not tell
    )
    return (
        f"第 {seal['first']:04d}–{seal['last']:04d} 号，共 {seal['uses']} 次"
        + (f"（其中{apart}）" if apart else " ")
        + f"{seal['impressions']} 枚"
    )


def custody_in_words(seal: dict[str, Any]) -> str:
    """In whose hands a seal is, and what is to be watched about it."""
    words = [f"现由{seal['holder']}保管"]
    if "state" in seal:  # handovers of the first version tell the holder only
        words.append(SEAL_STATE_LABELS.get(seal["state"], seal["state"]))
    if "until" in seal:
        until = date.fromisoformat(seal["until"])
        words.append(f"代{seal['lender']}临时保管至 {until:%m-%d}")
    if out := seal.get("outing"):
        words.append(
            f"由{out['carrier']}带到{out['place']}，应于 {out['due_back_at'][5:]} 归还"
        )
    return "，".join(words)


def remark_lines(handover: Handover) -> list[str]:
    """What the outgoing one wrote."""
    lines = []
    for name in ("items_missing", "faults", "instructions", "note"):
        text = getattr(handover, name)
        if text:
            lines.append(f"{getattr(Handover, name).verbose_name}：{text}")
    if not handover.tidy:
        lines.append("环境未整理")
    return lines
