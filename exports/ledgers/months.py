"""Ledgers of one month of work: as many columns as it has days, and drafts (P27)."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from exports.ledgers.computed import ComputedLedger, LineColumn
from exports.ledgers.heads import Head
from exports.ledgers.selection import Selection
from models.desks import Department
from models.errors import UserError
from models.pay import month_of, pay_lines
from models.paylines import PayLine, month_days, month_name

DRAFT = "　草稿（未审批）"


class Numbered(NamedTuple):
    """A line of a month's sheet with its number (序号)."""

    number: int
    pay: PayLine


@dataclass(frozen=True, kw_only=True)
class MonthLedger(ComputedLedger[Numbered]):
    """What was reckoned for a month, of one department or of all.

    `columns` are those of a month of 31 days.
    """

    shape: Callable[[date, Department | None], tuple[LineColumn[Numbered], ...]]

    def columns_of(self, chosen: Selection) -> tuple[LineColumn[Numbered], ...]:
        return self.shape(chosen.first, chosen.department)

    def heads_of(self, chosen: Selection) -> tuple[Head, ...]:
        """One over the days, where each has a column."""
        headings = [column.heading for column in self.columns_of(chosen)]
        firsts = [heading.partition("\n")[0] for heading in headings]
        if "1" not in firsts:
            return ()
        days = len(days_in(chosen.first))
        return Head("", firsts.index("1")), Head("逐日工时（时:分）", days)

    def title_of(self, chosen: Selection) -> str:
        return self.title + ("" if month_of(chosen.first) else DRAFT)

    def days_of(self, chosen: Selection) -> str:
        department, month = chosen.department, chosen.first
        return (
            f"用工部门：{department.name if department else '全部'}　　"
            f"年月：{month.year}年{month.month}月"
        )

    def check(self, chosen: Selection) -> None:
        """Only whole months: what somebody is paid is reckoned for one."""
        super().check(chosen)
        first, last = month_days(chosen.first)
        if first > chosen.on:
            raise UserError(f"{month_name(first)} 还没有到，没有工时可以导出。")
        if chosen.first != first or not min(last, chosen.on) <= chosen.last <= last:
            raise UserError(
                f"《{self.title}》按月导出，请把期间选为一个整月，"
                "几个月请选按月分成几个文件。"
            )


def numbered_lines(chosen: Selection, *, paid: bool = False) -> list[Numbered]:
    """The lines of the month, or of them those who are *paid* something."""
    department = chosen.department
    lines = pay_lines(chosen.first, department.uid if department else "")
    kept = [line for line in lines if line.paid_parts or not paid]
    return [Numbered(at, line) for at, line in enumerate(kept, start=1)]


def days_in(month: date) -> list[date]:
    count = monthrange(month.year, month.month)[1]
    return [month.replace(day=day) for day in range(1, count + 1)]


def department_column(width: float) -> LineColumn[Numbered]:
    return LineColumn("用工\n部门", lambda line: line.pay.department_name, width)
