"""What a ledger of seal uses adds up to: the numbers of each seal and year."""

from collections.abc import Sequence
from typing import NamedTuple

from peewee import Case, fn

from exports.ledgers.groups import Group
from exports.ledgers.ledger import Totals
from exports.ledgers.selection import Query
from models.reservations import SealReservation
from models.seal_uses import SealUse


class Range(NamedTuple):
    """The numbers of one seal in one year, as far as they are in the ledger."""

    uid: str
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
    # Lines that a later one corrects: each use counts once.
    corrected: int

    @property
    def numbers_text(self) -> str:
        return f"{self.year} 年第 {_span(self.first, self.last)} 号"

    @property
    def department(self) -> str:
        """Seals are named `{部门}—学生社区事务专用章`."""
        return self.seal.partition("—")[0]


class Gap(NamedTuple):
    """What became of the numbers of a range that are not in the ledger."""

    # Sheets for a power cut that were not copied in yet.
    reserved: Sequence[SealReservation] = ()
    # Of another day or desk.
    elsewhere: int = 0
    # Numbers are given without gaps: at the office one may still be on its way.
    missing: int = 0

    @property
    def words(self) -> str:
        said = [
            f"，断电表预留 {_span(sheet.first, sheet.last)} 号"
            for sheet in self.reserved
        ]
        if self.elsewhere:
            said.append(f"，另有 {self.elsewhere} 个号登记在本台账范围以外")
        return "".join(said) + _missing(self.missing)


def totals_of(query: Query) -> Totals:
    ranges = _ranges(query)
    gaps = [_gap_in(r) for r in ranges]
    if len(ranges) == 1:
        (only,), (gap,) = ranges, gaps
        return Totals(
            f"合计　{only.numbers_text}，{_sums(ranges)}{gap.words}。",
            subtitle=f"登记编号：{only.numbers_text}",
            footer=_footer(ranges),
        )
    lines = [f"{r.seal}　{_told(r, gap)}" for r, gap in zip(ranges, gaps, strict=True)]
    missing = _missing(sum(gap.missing for gap in gaps))
    return Totals(
        "\n".join([*lines, f"合计　{_sums(ranges)}{missing}。"]),
        footer=_footer(ranges),
    )


def groups_of(query: Query) -> list[Group]:
    """The uses of each seal in a year, which are apart from those of another."""
    ranges = _ranges(query)
    if len(ranges) == 1:
        return []
    return [
        Group(f"印章：{r.seal}", r.uses, f"小计　{_told(r, _gap_in(r))}")
        for r in ranges
    ]


def _told(r: Range, gap: Gap) -> str:
    return f"{r.numbers_text}，{_sums([r])}{gap.words}。"


def _ranges(query: Query) -> list[Range]:
    stands = SealUse.is_void == False  # noqa: E712 -- SQL, not Python
    refused = stands & (SealUse.refused_reason != "")
    later = SealUse.alias()
    corrections = later.select(later.corrects_uid).where(later.corrects_uid != "")
    corrected = SealUse.is_void & SealUse.uid.in_(corrections)
    rows = (
        query.select(
            SealUse.seal_uid,
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
            fn.SUM(Case(None, [(corrected, 1)], 0)),
        )
        .order_by(SealUse.seal_uid, SealUse.year)
        .group_by(SealUse.seal_uid, SealUse.year)
        .tuples()
    )
    return [Range(*row) for row in rows]


def _gap_in(r: Range) -> Gap:
    reserved, astray = _reserved(r), r.last - r.first + 1 - r.numbers
    if not astray:
        return Gap(reserved)
    recorded = _recorded_between(r)
    held = sum(
        min(sheet.last, r.last) - sheet.first + 1
        for sheet in reserved
        if sheet.first <= r.last
    )
    missing = max(r.last - r.first + 1 - recorded - held, 0)
    return Gap(reserved, recorded - r.numbers, missing)


def _recorded_between(r: Range) -> int:
    between = SealUse.number.between(r.first, r.last)
    return (
        SealUse.select(fn.COUNT(SealUse.number.distinct()))
        .where((SealUse.seal_uid == r.uid) & (SealUse.year == r.year) & between)
        .scalar()
    )


def _reserved(r: Range) -> list[SealReservation]:
    """The open sheets among the numbers of the range, or next to them."""
    sheets = (
        SealReservation.select()
        .where(
            (SealReservation.seal_uid == r.uid)
            & (SealReservation.year == r.year)
            & (SealReservation.first > r.first)
            & SealReservation.settled_at.is_null()
        )
        .order_by(SealReservation.first)
    )
    found, last = [], r.last
    for sheet in sheets:
        if sheet.first <= last + 1:
            found.append(sheet)
            last = max(last, sheet.last)
    return found


def _counted(ranges: Sequence[Range]) -> str:
    uses = sum(r.uses - r.corrected for r in ranges)
    copies = sum(r.copies for r in ranges)
    impressions = sum(r.impressions for r in ranges)
    return f"共 {uses} 次 {copies} 份 {impressions} 枚"


def _sums(ranges: Sequence[Range]) -> str:
    """`共 17 次 52 枚` as a handover says it, the copies between."""
    text = _counted(ranges)
    corrected = sum(r.corrected for r in ranges)
    void = sum(r.void for r in ranges) - corrected
    refused = sum(r.refused for r in ranges)
    parts = [f"作废 {void} 次"] * bool(void) + [f"拒印 {refused} 次"] * bool(refused)
    if parts:
        text += f"（其中{'、'.join(parts)}，不计份数和枚数）"
    return text + (f"，已更正的 {corrected} 行不重复计" if corrected else "")


def _missing(count: int) -> str:
    return f"，缺 {count} 个号" if count else ""


def _span(first: int, last: int) -> str:
    return f"{first:04d}–{last:04d}"


def _footer(ranges: Sequence[Range]) -> str:
    """One line: the numbers of a few seals, of more only what they come to."""
    if not ranges:
        return ""
    if len(ranges) == 1:
        said = f"{ranges[0].seal}　{ranges[0].numbers_text}"
    else:
        said = "、".join(f"{r.department} {r.numbers_text}" for r in ranges[:3])
    if len(ranges) > 3:
        said = f"{len({r.uid for r in ranges})} 枚印章"
    return f"{said}，{_counted(ranges)}"
