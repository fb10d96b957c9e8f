"""What the days of the sample college came to, as the office has it; and in words."""

from pathlib import Path
from typing import Any

import models
from models import (
    CaseStatus,
    SealOuting,
    SealReservation,
    SealTransfer,
    SealUse,
    StepKind,
    TransferKind,
    Urgency,
    Visit,
)
from models.urgency import Reckoning


def sums_of_cases() -> dict[str, int]:
    """Visits and cases by what is special about them."""
    visits = list(Visit.select())
    cases = models.cases_of(visits)
    reckoning = Reckoning()
    kinds = [{step.kind for step in case.steps} for case in cases]
    is_answer = [
        case.closing is not None and case.closing.station != case.visit.station
        for case in cases
    ]
    return {
        "open": sum(not case.is_closed for case in cases),
        "overdue": sum(reckoning.urgency_of(case) >= Urgency.OVERDUE for case in cases),
        "waiting": sum(case.status == CaseStatus.WAITING for case in cases),
        "refused": sum(case.status == CaseStatus.REFUSED for case in cases),
        "referred": sum(StepKind.REFERRED in found for found in kinds),
        "taken": sum(StepKind.TAKEN in found for found in kinds),
        "answered": sum(is_answer),
        "told": sum(
            answered and case.is_told
            for answered, case in zip(is_answer, cases, strict=True)
        ),
        "paused": sum(StepKind.WAITING in found for found in kinds),
        "extended": sum(StepKind.EXTENDED in found for found in kinds),
        "contradictions": sum(bool(case.contradictions) for case in cases),
        "missing": sum(case.missing for case in cases),
        "several": sum(bool(visit.occasion_uid) for visit in visits),
        "repeats": sum(bool(visit.follows_uid) for visit in visits),
        "late_entries": sum(visit.late_entry for visit in visits),
        "void": sum(visit.is_void for visit in visits),
    }


def sums_of_seals() -> dict[str, int]:
    """Lines of the seals' ledgers, and what became of seals."""
    uses = list(SealUse.select())
    transfers = list(SealTransfer.select())
    sheets = list(SealReservation.select())
    kinds = [transfer.kind for transfer in transfers]
    return {
        "uses": len(uses),
        "batches": sum(bool(use.students) for use in uses),
        "students": sum(len(use.students) for use in uses),
        "refused": sum(bool(use.refused_reason) for use in uses),
        "void": sum(use.is_void for use in uses),
        "corrected": sum(bool(use.corrects_uid) for use in uses),
        "from_paper": sum(use.late_entry for use in uses),
        "sheets": len(sheets),
        "sheets_open": sum(not sheet.is_settled for sheet in sheets),
        "transfers": len(transfers),
        "lent": kinds.count(TransferKind.TEMPORARY),
        "collected": kinds.count(TransferKind.COLLECTED),
        "outings": SealOuting.select().count(),
    }


def in_words(folder: Path, made: dict[str, Any]) -> list[str]:
    """The sample in lines for people; *folder* is where it is."""
    term, cases, seals = made["term"], made["cases"], made["seals"]
    return [
        "样例中心已建立，六个窗口的记录都已汇总到办公室。",
        *(
            f"  {code}：来访 {n['visits']}，用印 {n['seal_uses']}，"
            f"签到 {n['attendances']}，交接班 {n['handovers']}"
            for code, n in made["stations"].items()
        ),
        f"{term['first']} 至 {term['last']}：班次 {term['shifts']}，"
        f"代班 {term['covers']}，缺勤 {term['absences']}，更正 {term['corrections']}，"
        f"计薪 {term['minutes'] / 60:.1f} 小时；已结束 {term['months_closed']} 个月，"
        f"酬金 {term['pay_fen'] / 100:.2f} 元。",
        f"办件：转办 {cases['referred']}，接办 {cases['taken']}，"
        f"答复 {cases['answered']}，停表 {cases['paused']}，延期 {cases['extended']}；"
        f"在办 {cases['open']}，超期 {cases['overdue']}；"
        f"再次来访 {cases['repeats']}，补录 {cases['late_entries']}。",
        f"用印：批量 {seals['batches']} 次（名单 {seals['students']} 人），"
        f"拒印 {seals['refused']}，作废 {seals['void']}，更正 {seals['corrected']}；"
        f"移交 {seals['transfers']}，代管 {seals['lent']}，外带 {seals['outings']}，"
        f"断电表 {seals['sheets']}（未补录 {seals['sheets_open']}）。",
        f"已确认 {made['confirmed']} 条，未确认 {made['unconfirmed']} 条。",
        *_papers_in_words(made),
        f"打开教务窗口：--data “{folder / 'stations' / 'jiaowu'}”，"
        "用学号 2024110205 登录。",
    ]


def _papers_in_words(made: dict[str, Any]) -> list[str]:
    lines = ["台账（已逐本与记录核对）："]
    for ledger in made["ledgers"]:
        why = "" if ledger["verified"] else "；".join(["", *ledger["notes"]])
        told = f"{ledger['rows']} 行；{ledger['verdict'].rstrip('。')}{why}"
        lines.append(f"  {ledger['path']}（{told}）")
    lines.append("表和单据：")
    lines += [f"  {sheet['path']}（{sheet['rows']} 行）" for sheet in made["sheets"]]
    return lines + [f"  {path}" for path in made["slips"]]
