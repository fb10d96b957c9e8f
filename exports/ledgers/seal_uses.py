"""印章使用登记台账: every use of every seal, by seal, year and number."""

import json
from typing import NamedTuple

from peewee import Case, fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    joined,
    moment_of,
)
from models.seal_uses import SealUse


class _Range(NamedTuple):
    """The numbers of one seal in one year, as far as they are in the ledger."""

    seal: str
    year: int
    first: int
    last: int
    numbers: int
    uses: int
    copies: int
    impressions: int
    void: int
    refused: int

    @property
    def numbers_text(self) -> str:
        first, last = f"{self.first:04d}", f"{self.last:04d}"
        return f"{self.year} 年第 {first}–{last} 号"

    @property
    def department(self) -> str:
        """Seals are named `{部门}—学生社区事务专用章`."""
        return self.seal.partition("—")[0]

    @property
    def missing(self) -> int:
        """Numbers are given without gaps: at the office one may still be on its way."""
        return self.last - self.first + 1 - self.numbers


def _ranges(query: Query) -> list[_Range]:
    stands = SealUse.is_void == False  # noqa: E712 -- SQL, not Python
    refused = stands & (SealUse.refused_reason != "")
    rows = (
        query.select(
            fn.MAX(SealUse.seal_name),
            SealUse.year,
            fn.MIN(SealUse.number),
            fn.MAX(SealUse.number),
            fn.COUNT(SealUse.number.distinct()),
            fn.COUNT(SealUse.uid),
            fn.SUM(Case(None, [(stands, SealUse.copies)], 0)),
            fn.SUM(Case(None, [(stands, SealUse.impressions)], 0)),
            fn.SUM(Case(None, [(SealUse.is_void, 1)], 0)),
            fn.SUM(Case(None, [(refused, 1)], 0)),
        )
        .order_by(SealUse.seal_uid, SealUse.year)
        .group_by(SealUse.seal_uid, SealUse.year)
        .tuples()
    )
    return [_Range(*row) for row in rows]


def _counted(ranges: list[_Range]) -> str:
    uses = sum(r.uses for r in ranges)
    copies = sum(r.copies for r in ranges)
    impressions = sum(r.impressions for r in ranges)
    return f"共 {uses} 次 {copies} 份 {impressions} 枚"


def _sums(ranges: list[_Range]) -> str:
    """`共 17 次 52 枚` as a handover says it, the copies between."""
    text = _counted(ranges)
    void, refused = sum(r.void for r in ranges), sum(r.refused for r in ranges)
    parts = [f"作废 {void} 次"] * bool(void) + [f"拒印 {refused} 次"] * bool(refused)
    if parts:
        text += f"（其中{'、'.join(parts)}，不计份数和枚数）"
    missing = sum(r.missing for r in ranges)
    if missing:
        text += f"，缺 {missing} 个号"
    return text


def _totals(query: Query) -> Totals:
    ranges = _ranges(query)
    if len(ranges) == 1:
        (only,) = ranges
        return Totals(
            f"合计　{only.numbers_text}，{_sums(ranges)}。",
            subtitle=f"登记编号：{only.numbers_text}",
            footer=_footer(ranges),
        )
    lines = [f"{r.seal}　{r.numbers_text}，{_sums([r])}。" for r in ranges]
    return Totals(
        "\n".join([*lines, f"合计　{_sums(ranges)}。"]), footer=_footer(ranges)
    )


def _footer(ranges: list[_Range]) -> str:
    """One line: the numbers of a few seals, of more only what they come to."""
    if not ranges:
        return ""
    if len(ranges) == 1:
        said = f"{ranges[0].seal}　{ranges[0].numbers_text}"
    else:
        said = "、".join(f"{r.department} {r.numbers_text}" for r in ranges[:3])
    if len(ranges) > 3:
        said = f"{len({r.seal for r in ranges})} 枚印章"
    return f"{said}，{_counted(ranges)}"


def _number(year: int, number: int) -> str:
    return f"{year}-{number:04d}"


def _unit_and_person(unit: str, applicant: str) -> str:
    return unit if unit == applicant else f"{unit}\n{applicant}"


def _document(title: str, number: str) -> str:
    return f"{title}（{number}）" if number else title


def _students(number: str, batch: str | None) -> str:
    """One student's number, or how many are on the list of a batch (P6)."""
    numbers = json.loads(batch) if batch and batch != "[]" else []
    if len(numbers) > 1:
        return f"{numbers[0]}\n等 {len(numbers)} 人"
    return number or "".join(numbers)


def _note(void: int, reason: str, note: str) -> str:
    return joined(f"作废：{reason}" if void else "", note)


def _refusal(reason: str) -> str:
    return f"拒印：{reason}" if reason else ""


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        SealUse.select(),
        at=SealUse.used_at,
        desk=SealUse.desk_uid,
        seal=SealUse.seal_uid,
        department=SealUse.department_uid,
    ).order_by(SealUse.seal_uid, SealUse.year, SealUse.number)


SEAL_USES = Ledger(
    code="seal_uses",
    title="印章使用登记台账",
    columns=(
        Column(SealUse.year, SealUse.number, heading="编号", text=_number, width=15.5),
        Column(SealUse.used_at, heading="日期时间", text=moment_of, width=16.2),
        Column(SealUse.seal_name, width=20.2, left=True),
        Column(
            SealUse.unit,
            SealUse.applicant,
            heading="用印单位/人",
            text=_unit_and_person,
            width=18,
            left=True,
        ),
        Column(
            SealUse.document_title,
            SealUse.document_number,
            text=_document,
            width=25,
            left=True,
        ),
        Column(SealUse.purpose, width=19.2, left=True),
        Column(SealUse.copies, width=8.2),
        Column(SealUse.impressions, width=8.2),
        Column(SealUse.approver, width=10.8),
        Column(SealUse.handler_name, width=10.8),
        Column(SealUse.sealer_name, width=10.8),
        Column(
            SealUse.student_number,
            SealUse.students,
            heading="名单附件",
            text=_students,
            width=17.2,
        ),
        Column(SealUse.copy_kept, width=10.8),
        Column(
            SealUse.refused_reason,
            heading="拒印及原因",
            text=_refusal,
            width=17,
            left=True,
        ),
        Column(
            SealUse.is_void,
            SealUse.void_reason,
            SealUse.note,
            heading="备注",
            text=_note,
            width=17,
            left=True,
        ),
    ),
    query=_query,
    totals=_totals,
    key=("编号", "印章"),
)
