"""签到签退表: who was at which desk, and the minutes that are paid."""

from datetime import date

from peewee import Case, fn

from exports.ledgers.ledger import (
    Column,
    Ledger,
    Query,
    Selection,
    Totals,
    day_of,
    hours_of,
    joined,
    label_of,
    time_of,
)
from models.attendance import (
    COVER_REASON_LABELS,
    POST_LABELS,
    RECORDED_BY_LABELS,
    Attendance,
    RecordedBy,
)

_method = label_of(RECORDED_BY_LABELS)
_reason = label_of(COVER_REASON_LABELS)


def _weekday(moment: str) -> str:
    return "周" + "一二三四五六日"[date.fromisoformat(moment[:10]).weekday()]


def _planned(planned_from: str | None, planned_to: str | None) -> str:
    if not planned_from and not planned_to:
        return ""
    return f"{time_of(planned_from)}–{time_of(planned_to)}"


def _out(checked_in_at: str, checked_out_at: str | None) -> str:
    if not checked_out_at:
        return "未签退"
    if checked_out_at[:10] == checked_in_at[:10]:
        return time_of(checked_out_at)
    return checked_out_at[5:16]


def _missed(late: int, early: int) -> str:
    """Absence without any check-in has no row here; it needs the shift plan."""
    parts = [f"迟到{late}分"] * bool(late) + [f"早退{early}分"] * bool(early)
    return "\n".join(parts)


def _methods(method_in: str, method_out: str) -> str:
    if not method_out or method_in == method_out:
        return _method(method_in)
    return f"{_method(method_in)}/{_method(method_out)}"


def _note(
    method_out: str, needs_approval: int, uniform: int, forced: str, note: str
) -> str:
    return joined(
        "系统代签" if method_out == RecordedBy.SYSTEM else "",
        "待审核" if needs_approval else "",
        "" if uniform else "未着装",
        f"强制签到：{forced}" if forced else "",
        note,
    )


def _query(chosen: Selection) -> Query:
    return chosen.narrow(
        Attendance.select(), at=Attendance.checked_in_at, desk=Attendance.desk_uid
    ).order_by(Attendance.checked_in_at, Attendance.uid)


def _totals(query: Query) -> Totals:
    count, people, minutes, waiting, waiting_minutes = (
        query.select(
            fn.COUNT(Attendance.uid),
            fn.COUNT(Attendance.person_uid.distinct()),
            fn.SUM(Attendance.paid_minutes),
            fn.SUM(Case(None, [(Attendance.needs_approval, 1)], 0)),
            fn.SUM(
                Case(None, [(Attendance.needs_approval, Attendance.paid_minutes)], 0)
            ),
        )
        .order_by()
        .tuples()
        .first()
    )
    closing = f"合计　{people} 人，共 {count} 人次，计薪工时 {_in_words(minutes)}"
    if waiting:
        closing += f"（其中待审核 {waiting} 人次 {_in_words(waiting_minutes)}）"
    return Totals(f"{closing}。")


def _in_words(minutes: int | None) -> str:
    hours, rest = divmod(minutes or 0, 60)
    return f"{hours} 小时 {rest} 分"


ATTENDANCES = Ledger(
    code="attendances",
    title="签到签退表",
    columns=(
        Column(Attendance.checked_in_at, heading="日期", text=day_of, width=16.2),
        Column(Attendance.checked_in_at, heading="星期", text=_weekday, width=8.2),
        Column(Attendance.desk_name, width=26.6, left=True),
        Column(Attendance.person_name, width=13.8),
        Column(Attendance.person_number, width=18.5),
        Column(Attendance.post, text=label_of(POST_LABELS), width=9.5),
        Column(
            Attendance.planned_from,
            Attendance.planned_to,
            heading="应到—应离",
            text=_planned,
            width=17.5,
        ),
        Column(Attendance.checked_in_at, text=time_of, width=10),
        Column(
            Attendance.checked_in_at,
            Attendance.checked_out_at,
            heading="签退",
            text=_out,
            width=10.8,
        ),
        Column(Attendance.cover_for_name, width=13.8),
        Column(
            Attendance.late_minutes,
            Attendance.early_minutes,
            heading="迟到/早退",
            text=_missed,
            width=17,
        ),
        Column(Attendance.cover_reason, text=_reason, width=10),
        Column(Attendance.paid_minutes, heading="工时", text=hours_of, width=11),
        Column(
            Attendance.method_in,
            Attendance.method_out,
            heading="方式",
            text=_methods,
            width=16,
        ),
        Column(
            Attendance.method_out,
            Attendance.needs_approval,
            Attendance.uniform,
            Attendance.forced_reason,
            Attendance.note,
            heading="备注",
            text=_note,
            width=26.1,
            left=True,
        ),
    ),
    query=_query,
    totals=_totals,
)
