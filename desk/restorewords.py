"""What people are told of a backup before they put it back, and afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.installation import STATION_KIND_LABELS

# What a restore loses is told in these; the rest is summed up.
KINDS = {
    "visit": "来访",
    "visit_step": "办件进度",
    "seal_use": "用印",
    "attendance": "签到签退",
    "handover": "交接班",
    "loan": "借用",
    "booking": "场馆预约",
    "correction": "更正",
}


def facts_words(contents: Any) -> list[tuple[str, str]]:
    """Label and text: whose it is, of when, and what is in it."""
    facts = contents.facts
    kind = STATION_KIND_LABELS.get(facts.kind, facts.kind)
    shown = [
        f"{label} {facts.counts[name]:,}"
        for name, label in KINDS.items()
        if facts.counts.get(name)
    ]
    last = facts.last_at[:16].replace("T", " ")
    return [
        ("工作站", f"{facts.name}（{kind}）"),
        ("中心", facts.centre_name),
        ("备份时间", f"{contents.made_at:%Y-%m-%d %H:%M}"),
        (
            "记录",
            f"共 {contents.rows:,} 条" + ("：" + "，".join(shown) if shown else ""),
        ),
        ("流水", f"{facts.seq:,} 条" + (f"，最后一条 {last}" if last else "")),
    ]


def missing_words(contents: Any, missing: Any) -> list[str]:
    """What came after the backup, and what of it can be had back."""
    return list(_missing(contents.facts, missing))


def _missing(facts: Any, missing: Any) -> Iterator[str]:
    if missing.differs:
        yield (
            "本机现有的数据是另一份历史（另一台工作站，或恢复过），"
            "不能逐条比较；它会留在旁边，不会删除。"
        )
    elif missing.now is None:
        yield "本机现有的数据打不开或没有，不能比较备份之后又登记了什么。"
    elif not missing.lost:
        yield "备份之后本机没有再登记，恢复不会缺少记录。"
    else:
        yield (
            f"备份之后本机又登记了 {missing.now - facts.seq} 条流水，恢复后不在本机："
            + (_counted(missing.lost) + "。")
        )
    yield from _outside(facts, missing)


def _counted(lost: dict[str, int]) -> str:
    named = [f"{label} {lost[name]}" for name, label in KINDS.items() if name in lost]
    rest = sum(many for name, many in lost.items() if name not in KINDS)
    return "，".join([*named, *([f"其他 {rest}"] if rest else [])])


def _outside(facts: Any, missing: Any) -> Iterator[str]:
    if missing.trouble:
        yield f"共享文件夹没有问到：{missing.trouble}"
    elif missing.published is not None and missing.published > facts.seq:
        yield (
            f"共享文件夹里有本机到第 {missing.published} 条的流水，"
            f"其中 {missing.published - facts.seq} 条在备份之后：办公室收到的不会丢失。"
        )
    if missing.confirmed:
        yield f"办公室已确认到第 {missing.confirmed} 条。"
    newest = max(missing.published or 0, missing.confirmed or 0, facts.seq)
    if missing.now is not None and not missing.differs and missing.now > newest:
        yield (
            f"有 {missing.now - newest} 条只在本机现有的数据里，没有上传过："
            "恢复后请按纸质台账补录。"
        )


def lines_of(contents: Any, missing: Any) -> list[str]:
    """All of it, for the command line."""
    lines = [f"{label}：{text}" for label, text in facts_words(contents)]
    return [*lines, *missing_words(contents, missing)]


def done_words(aside: Path | None) -> str:
    """It is done."""
    kept = f"原来的文件留在“{aside}”，没有删除。" if aside else ""
    return f"已恢复。{kept}本机从新的编号段继续，下次同步时全部重新上传。"
