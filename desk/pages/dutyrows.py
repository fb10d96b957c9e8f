"""Today's duty as lines of a list: who was, is and should be at the desk."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from desk.widgets.table import Column
from models import clock
from models.approvals import Verdict
from models.arrivals import in_hours
from models.attendance import POST_LABELS, RECORDED_BY_LABELS, Attendance, RecordedBy
from models.corrections import Correction, corrections_between
from models.desks import Desk, this_desk
from models.duty import DutyLine, duty_lines
from models.facts import DAY, Fact, FactState, facts_between
from models.hours import Hours, hours_of
from models.people import Person
from models.shifts import Shift, Who, shifts_on

MONTH = timedelta(days=31)


class DutyRow(NamedTuple):
    """Somebody at a shift; without `line`, a shift that nobody has come to yet."""

    uid: str
    who: Who | None
    line: DutyLine | None
    shift: Shift | None
    covered_by: tuple[str, ...] = ()
    asked: Correction | None = None  # a request that waits

    @property
    def fact(self) -> Fact | None:
        return self.line.fact if self.line else None

    @property
    def attendance(self) -> Attendance | None:
        return self.fact.attendance if self.fact else None

    @property
    def is_here(self) -> bool:
        return self.fact is not None and self.fact.state == FactState.OPEN


def duty_rows(day: date, desk: Desk) -> list[DutyRow]:
    """What happened, the latest on top, then what is still to come.

    Whoever came before midnight and is still here is shown as well.
    """
    lines = [
        line
        for line in duty_lines(day - DAY, day, desk_uid=desk.uid)
        if line.day == day or (line.fact and line.fact.state == FactState.OPEN)
    ]
    waiting = waiting_corrections(day - DAY)
    rows = [
        DutyRow(
            _key(line), line.who, line, line.shift, asked=asked_about(line, waiting)
        )
        for line in lines
    ]
    there = {
        (row.shift.key, row.shift.begins, row.who.uid)
        for row in rows
        if row.shift and row.who
    }
    to_come = [
        DutyRow(_place(shift), shift.a, None, shift, _covers(shift, lines))
        for shift in shifts_on(day, desk)
        if shift.ends > clock.now()
        and (shift.key, shift.begins, shift.a.uid if shift.a else "") not in there
    ]
    return rows[::-1] + to_come


def waiting_corrections(since: date) -> list[Correction]:
    """What was asked for from a day on and is not decided yet."""
    asked = corrections_between(since, clock.today())
    return [row for row, decided in asked if decided.verdict == Verdict.WAITING]


def asked_about(line: DutyLine, waiting: Iterable[Correction]) -> Correction | None:
    """The request about a line that waits, also where nothing was recorded."""
    if line.fact is not None:
        return line.fact.asked
    if line.shift is None:
        return None
    return asked_of_missed(line.shift, line.who.uid, waiting)


def asked_of_missed(
    shift: Shift, person_uid: str, waiting: Iterable[Correction]
) -> Correction | None:
    """The request of somebody without a check-in in a shift."""
    place = (person_uid, shift.key, shift.begins, "")
    for row in waiting:
        known = (row.person_uid, row.shift_key, row.planned_from, row.attendance_uid)
        if known == place:
            return row
    return None


def asked_words(asked: Correction | None) -> str:
    """`更正待审核（08:28–10:00）`; "" when nothing was asked for."""
    if asked is None:
        return ""
    times = span(asked.new_in, asked.new_out)
    is_away = asked.new_in == asked.new_out
    return f"更正待审核（{'当时不在岗' if is_away else times}）"


def forgotten_by(person: Person) -> Attendance | None:
    """A check-in of the last month that the system closed and nobody settled yet."""
    today = clock.today()
    for fact in reversed(facts_between(today - MONTH, today, person.uid)):
        waits = fact.state == FactState.PENDING and fact.asked is None
        theirs = fact.person_uid == person.uid
        if theirs and waits and fact.method_out == RecordedBy.SYSTEM:
            return fact.attendance
    return None


def _key(line: DutyLine) -> str:
    if line.fact is not None:
        return line.fact.uid
    return _place(line.shift) if line.shift else line.who.uid


def _place(shift: Shift) -> str:
    return f"{shift.key} {shift.begins}"


def _covers(shift: Shift, lines: Iterable[DutyLine]) -> tuple[str, ...]:
    """Who stands in for A in a shift that is still on."""
    facts = [line.fact for line in lines if line.shift == shift and line.fact]
    names = [f.person_name for f in facts if f.cover_for_uid and not f.checked_out_at]
    return tuple(names)


def name_cell(row: DutyRow) -> str:
    return row.who.name if row.who else "（未排 A 岗）"


def post_cell(row: DutyRow) -> str:
    post = row.line.post if row.line else "A"
    return POST_LABELS.get(post, post)


def planned_cell(row: DutyRow) -> str:
    """应到–应离."""
    planned = row.line.planned if row.line else None
    if planned is None and row.shift is not None:
        planned = row.shift.begins, row.shift.ends
    return span(*planned) if planned else "未排班"


def span(begins: datetime | None, ends: datetime | None) -> str:
    """`08:30–10:00`."""
    return "–".join(f"{moment:%H:%M}" if moment else "…" for moment in (begins, ends))


def in_cell(row: DutyRow) -> str:
    return f"{row.fact.checked_in_at:%H:%M}" if row.fact else "—"


def out_cell(row: DutyRow) -> str:
    if row.fact is None:
        return "—"
    left = row.fact.checked_out_at
    return f"{left:%H:%M}" if left else "在岗"


def state_cell(row: DutyRow) -> str:
    """迟到, 早退, 缺勤, or what is awaited."""
    line = row.line
    if line is None and row.covered_by:
        return "由人代班"
    if line is None:
        begun = row.shift is not None and row.shift.begins <= clock.now()
        return "还没到" if begun else "待上岗"
    if line.fact is None:
        return "缺勤" if line.is_absent else "由人代班"
    parts = [f"迟到{line.late}分"] * bool(line.late)
    parts += [f"早退{line.early}分"] * bool(line.early)
    return "".join(parts) or ("在岗" if row.is_here else "正常")


def method_cell(row: DutyRow) -> str:
    """How it was recorded; both ways where they differ."""
    if row.fact is None:
        return ""
    ways = [row.fact.method_in, row.fact.method_out]
    words = [RECORDED_BY_LABELS.get(way, way) for way in ways if way]
    return "/".join(dict.fromkeys(words))


def note_cell(row: DutyRow) -> str:
    """Cover, what waits for approval, corrections with the first times, warnings."""
    if row.fact is None:
        return _note_of_missing(row)
    fact, attendance = row.fact, row.attendance
    parts = []
    if fact.cover_for_name:
        parts.append(f"代{fact.cover_for_name}（{attendance_reason(fact)}）")
    if fact.state == FactState.PENDING:
        parts.append("待审核")
    elif fact.state == FactState.REFUSED:
        parts.append("审核未同意，不计时")
    if fact.correction is not None:
        parts.append(_corrected(fact))
    parts.append(asked_words(row.asked))
    if attendance is not None:
        parts += attendance.warning_labels
        parts += ["未着装"] * (not attendance.uniform)
        parts += [attendance.forced_reason, attendance.note]
    return "，".join(filter(None, parts))


def _note_of_missing(row: DutyRow) -> str:
    covers = row.line.covered_by if row.line is not None else row.covered_by
    standing_by = "、".join(who.name for who in row.shift.b) if row.shift else ""
    about = f"B 岗：{standing_by}" if standing_by else ""
    if covers:
        about = "由" + "、".join(covers) + "代班"
    return "，".join(filter(None, [asked_words(row.asked), about]))


def attendance_reason(fact: Fact) -> str:
    """The reason of a cover, in words."""
    if fact.attendance is None:
        return fact.cover_reason
    return fact.attendance.cover_reason_label


def _corrected(fact: Fact) -> str:
    if fact.attendance is None:
        return "补签"
    before = fact.attendance
    return f"已更正（原 {span(before.checked_in_at, before.checked_out_at)}）"


def hours_lines(hours: Hours) -> list[str]:
    """`本周 6 小时 30 分 / 8 小时`, `本月 12 小时 / 40 小时`, `待审核 45 分`."""
    parts = []
    for name, done, limit, ahead in (
        ("本周", hours.week, hours.week_limit, hours.week_ahead),
        ("本月", hours.month, hours.month_limit, hours.month_ahead),
    ):
        most = f" / {in_hours(limit)}" if limit is not None else ""
        more = f"（还排了 {in_hours(ahead)}）" if ahead else ""
        parts.append(f"{name} {in_hours(done)}{most}{more}")
    if hours.pending:
        parts.append(f"待审核 {in_hours(hours.pending)}")
    if hours.elsewhere:
        parts.append(f"其中别的窗口按排班计 {in_hours(hours.elsewhere)}")
    return parts


def about_words(row: DutyRow) -> str:
    """The hours of a row's person, and the row's remarks in full."""
    if row.who is None:
        return note_cell(row)
    hours = hours_of(row.who.uid, clock.today(), here=this_desk())
    text = f"{row.who.name}：{'，'.join(hours_lines(hours))}"
    return "\n".join(filter(None, [text, note_cell(row)]))


COLUMNS = [
    Column("姓名", name_cell, 3.5),
    Column("岗别", post_cell, 2.5),
    Column("应到–应离", planned_cell, 5.5),
    Column("签到", in_cell, 2.5),
    Column("签退", out_cell, 2.5),
    Column("情况", state_cell, 8),
    Column("备注", note_cell, 7, stretch=True),
    Column("方式", method_cell, 4),
]
