"""The lines of 同步问题: bad files, conflicts, alarms and what waits for an upgrade."""

from datetime import datetime
from typing import Any, NamedTuple

from desk.pages.listing import moment_text
from desk.widgets.table import Column
from models import settling, troubles
from models.alarms import Alarm, open_alarms
from models.settling import CHOICE_LABELS, Choice, FieldPair
from models.stations import Station
from models.troubles import Conflict, Quarantine

OFFICE = "中心办公室"
KIND_LABELS = {
    "file": "文件",
    "conflict": "记录",
    "alarm": "提醒",
    "newer": "新版本",
}
WHAT_NOW = {
    "file": "文件已隔离，其余数据不受影响；里面的记录在发来的那台电脑上都还在。",
    "conflict": "现有的记录没有被改动，另一份原样保存在本机。",
    "odd": "记录都已收下，内容互相矛盾，请问明后在办件里补记。",
    "alarm": "请按说明处理，处理后写明经过。",
    "newer": "数据已原样保存，升级本程序后自动显示；不用处理。",
}


class TroubleRow(NamedTuple):
    """One line, open or settled."""

    uid: str
    kind: str
    record: Any
    station: str
    what: str
    why: str
    since: datetime | None
    settled: str = ""

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[self.kind]

    @property
    def what_now(self) -> str:
        odd = self.kind == "conflict" and not self.record.set_aside
        return WHAT_NOW["odd" if odd else self.kind]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, as lines of a list."""
        found: list[Choice] = []
        if self.kind == "file":
            found = settling.choices_for_file(self.record)
        elif self.kind == "conflict":
            found = settling.choices_for_conflict(self.record)
        elif self.kind == "alarm":
            found = [Choice.NOTED]
        return [(CHOICE_LABELS[choice], choice.value) for choice in found]

    @property
    def pairs(self) -> list[FieldPair]:
        return settling.pairs_of(self.record) if self.kind == "conflict" else []


COLUMNS = [
    Column("类别", lambda row: row.kind_label, 4),
    Column("来自", lambda row: row.station, 10),
    Column("是什么", lambda row: row.what, 11),
    Column("问题", lambda row: row.why, 12, stretch=True),
    Column("发现时间", lambda row: moment_text(row.since) if row.since else "", 6),
]
SETTLED_COLUMNS = [
    *COLUMNS[:3],
    Column("问题", lambda row: row.why, 9),
    Column("怎样处理的", lambda row: row.settled, 12, stretch=True),
]
PAIR_COLUMNS = [
    Column("", lambda pair: "≠" if pair.differs else "", 1.5),
    Column("栏目", lambda pair: pair.label, 7),
    Column("现有", lambda pair: pair.mine, 11, stretch=True),
    Column("另一份", lambda pair: pair.other, 11, stretch=True),
]


def open_rows() -> list[TroubleRow]:
    """What waits for a person, and last what only waits for an upgrade."""
    names = _names()
    rows = [_of_alarm(alarm, names) for alarm in open_alarms()]
    rows += [_of_conflict(conflict, names) for conflict in troubles.open_conflicts()]
    rows += [_of_file(file, names) for file in troubles.open_files()]
    rows.sort(key=lambda row: row.since or datetime.min, reverse=True)
    return rows + _newer()


def settled_rows() -> list[TroubleRow]:
    """What was settled, the last first; what came right by itself as well."""
    names = _names()
    found: list[tuple[datetime, TroubleRow]] = []
    for file in troubles.settled_files():
        row = _of_file(file, names)._replace(settled=_settled(file))
        found.append((file.closed_at, row))
    for conflict in troubles.settled_conflicts():
        row = _of_conflict(conflict, names)._replace(settled=_settled(conflict))
        found.append((conflict.closed_at, row))
    for alarm in Alarm.select().where(Alarm.settled_at.is_null(False)):
        told = f"{alarm.settled_by}：{alarm.settled_note}"
        row = _of_alarm(alarm, names)._replace(settled=told)
        found.append((alarm.settled_at, row))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _, row in found]


def _settled(trouble: Quarantine | Conflict) -> str:
    said = settling.settlement_of(trouble) if trouble.choice else None
    if said is None:
        return "已由其他文件补齐，自动了结"
    when = moment_text(said.at)
    return f"{said.choice_label}（{said.person_name} {when}）：{said.reason}"


def _names() -> dict[str, str]:
    return {station.station_uid: station.name for station in Station.select()}


def _of_file(file: Quarantine, names: dict[str, str]) -> TroubleRow:
    sender = settling.sender_of(file.path)
    return TroubleRow(
        f"file {file.id}",
        "file",
        file,
        names.get(sender, sender[:8]) if sender else OFFICE,
        _file_words(file),
        file.reason,
        file.found_at,
    )


def _file_words(file: Quarantine) -> str:
    first, _, rest = file.path.rsplit("/", 1)[-1].partition("-")
    last = rest.partition("-")[0]
    if first.isdecimal() and last.isdecimal():
        return f"第 {int(first)}–{int(last)} 条"
    return "批次文件"


def _of_conflict(conflict: Conflict, names: dict[str, str]) -> TroubleRow:
    title = settling.table_title(conflict.table_name)
    number = settling.other_content(conflict).get("number", "")
    return TroubleRow(
        f"conflict {conflict.id}",
        "conflict",
        conflict,
        names.get(conflict.sender, OFFICE),
        f"{title} {number}".strip(),
        conflict.reason,
        conflict.found_at,
    )


def _of_alarm(alarm: Alarm, names: dict[str, str]) -> TroubleRow:
    return TroubleRow(
        f"alarm {alarm.id}",
        "alarm",
        alarm,
        names.get(alarm.station, OFFICE),
        alarm.kind_label,
        alarm.text,
        alarm.found_at,
    )


def _newer() -> list[TroubleRow]:
    return [
        TroubleRow(
            f"newer {name}",
            "newer",
            None,
            "",
            f"{count} 条",
            "来自更新版本的程序，本机还不认识",
            None,
        )
        for name, count in settling.waiting_for_upgrade().items()
    ]


def size_text(size: int) -> str:
    """`12.3 KB`."""
    if not size:
        return ""
    return f"{size:,} 字节" if size < 1024 else f"{size / 1024:,.1f} KB"
