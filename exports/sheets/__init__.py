"""Forms (表) of one record or one month as Word documents, beside the ledgers."""

from exports.sheets.amounts import amount_in_words
from exports.sheets.hours import export_hours
from exports.sheets.openings import export_openings
from exports.sheets.outage import export_outage_sheet
from exports.sheets.pay import export_pay
from exports.sheets.plans import export_plan

# Code and title, as they are asked for.
SHEETS = {
    "plan": "AB 岗备案表",
    "openings": "服务时间安排",
    "hours": "勤工助学工时统计表",
    "pay": "勤工助学酬金发放表",
}

__all__ = [
    "SHEETS",
    "amount_in_words",
    "export_hours",
    "export_openings",
    "export_outage_sheet",
    "export_pay",
    "export_plan",
]
