"""Class timetables (课表) of the people who serve: who has a class at what time (P19).

A timetable belongs to one person and one term and counts in teaching weeks and class
periods; the calendar says on which days and at what times its lessons are held.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeGuard

from peewee import TextField

from models import calendar, clock
from models.base import ListField, MomentField, Record, station_uid, transaction
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.terms import MOST_PERIODS, MOST_WEEKS, WEEKS_LABELS, Term

LONGEST_NAME = 60
MOST_LESSONS = 200

_WITHOUT_CLASSES = (calendar.DayKind.HOLIDAY, calendar.DayKind.CLOSED)


class ClassTimetable(Record):
    """The lessons of one person in one term.

    A lesson is a mapping: "weekday" 0 (Monday) to 6, the periods "first" to "last",
    "weeks" as in `calendar.in_weeks`, and "name".  Stored and synced: never rename.
    Desks and the office may both save one; of several the newest counts.
    """

    audience = "all"
    written_by = "all"

    person_uid = TextField(index=True, verbose_name="人员标识")
    person_name = TextField(verbose_name="姓名")
    person_number = TextField(verbose_name="学号/工号")
    term_uid = TextField(index=True, verbose_name="学期标识")
    lessons = ListField(verbose_name="课程")
    saved_at = MomentField(verbose_name="保存时间")

    class Meta:
        table_name = "class_timetable"


class Lesson(NamedTuple):
    """One lesson on one day."""

    begins: datetime
    ends: datetime
    name: str


def save_timetable(
    person: Person, *, by: Person, term: Term, lessons: list[dict[str, Any]]
) -> ClassTimetable:
    """Replace the person's timetable of the term; no lessons at all is one too."""
    require_teacher_or_office(by)
    kept = checked_lessons(lessons)
    with transaction():
        newest = timetable_of(person.uid, term)
        row = _own_row(person, term) or ClassTimetable(
            person_uid=person.uid, term_uid=term.uid
        )
        row.person_name, row.person_number = person.name, person.number
        row.lessons, row.saved_at = kept, clock.now()
        if newest is not None and newest.uid != row.uid:
            # A station whose clock is ahead would keep its timetable for ever.
            row.saved_at = max(row.saved_at, newest.saved_at + timedelta(seconds=1))
        return row.write(by=by)


def require_teacher_or_office(by: Person) -> None:
    require(by, Operation.TIMETABLE_EDIT)


def _own_row(person: Person, term: Term) -> ClassTimetable | None:
    return _newest_first(person.uid, term, ClassTimetable.station == station_uid())


def timetable_of(person_uid: str, term: Term) -> ClassTimetable | None:
    return _newest_first(person_uid, term)


def _newest_first(person_uid: str, term: Term, *more: Any) -> ClassTimetable | None:
    return (
        ClassTimetable.select()
        .where(
            ClassTimetable.person_uid == person_uid,
            ClassTimetable.term_uid == term.uid,
            *more,
        )
        .order_by(ClassTimetable.saved_at.desc(), ClassTimetable.uid.desc())
        .first()
    )


def timetables(term: Term) -> list[ClassTimetable]:
    """The timetable that counts of each person who has one, by number."""
    query = ClassTimetable.select().where(ClassTimetable.term_uid == term.uid)
    newest_last = query.order_by(ClassTimetable.saved_at, ClassTimetable.uid)
    counting = {row.person_uid: row for row in newest_last}
    return sorted(counting.values(), key=lambda row: row.person_number)


def checked_lessons(lessons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lessons as they are stored: in order, none twice; `UserError` if wrong."""
    if len(lessons) > MOST_LESSONS:
        raise UserError(f"一份课表最多 {MOST_LESSONS} 条课程，请合并后再保存。")
    kept = []
    for number, lesson in enumerate(lessons, 1):
        if problem := _problem_of(lesson):
            raise UserError(f"第 {number} 条课程：{problem}。")
        clean = _clean(lesson)
        if clean not in kept:
            kept.append(clean)
    return sorted(kept, key=lambda one: (one["weekday"], one["first"], one["last"]))


def _problem_of(lesson: Any) -> str:
    """What has to be put right in a lesson; "" when nothing."""
    if not isinstance(lesson, dict):
        return "请填写星期、节次、周次和课程名称"
    if not _is_within(lesson.get("weekday"), 0, 6):
        return "请选择星期一到星期日"
    first, last = lesson.get("first"), lesson.get("last")
    if not (_is_within(first, 1, MOST_PERIODS) and _is_within(last, 1, MOST_PERIODS)):
        return f"节次请填写 1 到 {MOST_PERIODS}"
    if first > last:
        return "开始节次不能晚于结束节次，请核对"
    if not _are_weeks(lesson.get("weeks")):
        return f"周次请选择每周、单周、双周，或填写 1 到 {MOST_WEEKS} 的教学周"
    name = lesson.get("name")
    if not isinstance(name, str) or not name.strip():
        return "请填写课程名称"
    if len(" ".join(name.split())) > LONGEST_NAME:
        return f"课程名称最多 {LONGEST_NAME} 个字，请缩短"
    return ""


def _is_within(value: object, low: int, high: int) -> TypeGuard[int]:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return low <= value <= high


def _are_weeks(weeks: object) -> bool:
    if isinstance(weeks, str):
        return weeks in WEEKS_LABELS
    if not isinstance(weeks, list | tuple) or not weeks:
        return False
    return all(_is_within(week, 1, MOST_WEEKS) for week in weeks)


def _clean(lesson: dict[str, Any]) -> dict[str, Any]:
    weeks = lesson["weeks"]
    return {
        "weekday": lesson["weekday"],
        "first": lesson["first"],
        "last": lesson["last"],
        "weeks": weeks if isinstance(weeks, str) else sorted(set(weeks)),
        "name": " ".join(lesson["name"].split()),
    }


def weeks_label(weeks: Any) -> str:
    """As people write it: 每周, 单周, 1–8、10周; `exports.timetables` reads it back."""
    if isinstance(weeks, str):
        return WEEKS_LABELS.get(weeks, weeks)
    runs: list[list[int]] = []
    for week in weeks:
        if runs and week == runs[-1][-1] + 1:
            runs[-1][1:] = [week]
        else:
            runs.append([week])
    return "、".join("–".join(map(str, run)) for run in runs) + "周"


def lessons_on(person_uid: str, day: date) -> list[Lesson]:
    """What the person attends on a day, earliest first; nothing outside a term.

    A 调休 workday has the lessons of the weekday it stands for, in its own week.
    """
    week = calendar.teaching_week(day)
    timetable = None if week is None else timetable_of(person_uid, week.term)
    if timetable is None:
        return []
    lessons = readable_lessons(timetable)
    return lessons_held(lessons, calendar.day_of(day), week, calendar.periods_on(day))


def readable_lessons(timetable: ClassTimetable) -> list[dict[str, Any]]:
    """A newer station may store lessons that this one cannot read."""
    return [lesson for lesson in timetable.lessons if not _problem_of(lesson)]


def lessons_held(
    lessons: list[dict[str, Any]],
    about: calendar.Day,
    week: calendar.TeachingWeek | None,
    periods: list[calendar.Period],
) -> list[Lesson]:
    """Which of a timetable's lessons are held on a day, and when."""
    if week is None or about.kind in _WITHOUT_CLASSES:
        return []
    held = [
        _lesson(lesson, about.day, periods)
        for lesson in lessons
        if lesson["weekday"] == about.weekday
        and calendar.holds_in(lesson["weeks"], week)
    ]
    return sorted(lesson for lesson in held if lesson is not None)


def _lesson(
    lesson: dict[str, Any], day: date, periods: list[calendar.Period]
) -> Lesson | None:
    """None when the day's table has none of the lesson's periods."""
    spanned = [p for p in periods if lesson["first"] <= p.number <= lesson["last"]]
    if not spanned:
        return None
    return Lesson(
        datetime.combine(day, min(period.begins for period in spanned)),
        datetime.combine(day, max(period.ends for period in spanned)),
        lesson["name"],
    )


def has_class(person_uid: str, begins: datetime, ends: datetime) -> str:
    """The course that overlaps the time from *begins* up to *ends*, or ""."""
    day = begins.date()
    while datetime.combine(day, datetime.min.time()) < ends:
        for lesson in lessons_on(person_uid, day):
            if lesson.begins < ends and begins < lesson.ends:
                return lesson.name
        day += timedelta(days=1)
    return ""
