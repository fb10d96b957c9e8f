"""Whose classes are when: saving timetables and asking the calendar about them."""

from datetime import date, datetime

import pytest

import models
from models import ClassTimetable, Person, UserError, clock
from models.holidays import set_special_day
from models.terms import Term, set_period_table, set_term

MONDAY = date(2026, 9, 7)  # week 1
MATHS = {"weekday": 0, "first": 3, "last": 4, "weeks": "all", "name": "高等数学"}
BELL = "08:00-08:45 08:50-09:35 10:00-10:45 10:50-11:35 14:00-14:45 14:50-15:35"
PERIODS = [
    {"number": number, "from": times[:5], "to": times[6:]}
    for number, times in enumerate(BELL.split(), 1)
]


@pytest.fixture
def volunteer(office) -> Person:
    return models.person_signing_in("2024110201")


@pytest.fixture
def term(chief: Person) -> Term:
    for table in models.period_tables():
        set_period_table(
            by=chief,
            name=table.name,
            first_day=table.first_day,
            last_day=table.last_day,
            periods=PERIODS,
            table=table,
        )
    return set_term(
        by=chief, name="上学期", starts_on=MONDAY, ends_on=date(2027, 1, 17)
    )


def lesson(**fields) -> dict:
    return MATHS | fields


def names_on(person: Person, day: date) -> list[str]:
    return [one.name for one in models.lessons_on(person.uid, day)]


def test_a_lesson_has_the_times_of_its_periods(chief, volunteer, term):
    models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    assert models.lessons_on(volunteer.uid, MONDAY) == [
        (datetime(2026, 9, 7, 10), datetime(2026, 9, 7, 11, 35), "高等数学")
    ]
    assert names_on(volunteer, date(2026, 9, 8)) == []


def test_odd_and_even_and_numbered_weeks_are_kept_apart(chief, volunteer, term):
    weeks = {"单": "odd", "双": "even", "三": [3], "每": "all"}
    lessons = [lesson(weeks=kept, name=name) for name, kept in weeks.items()]
    models.save_timetable(volunteer, by=chief, term=term, lessons=lessons)
    held = [sorted(names_on(volunteer, date(2026, 9, day))) for day in (7, 14, 21)]
    assert held == [["单", "每"], ["双", "每"], sorted(["单", "三", "每"])]


def test_holidays_and_vacations_have_no_class(chief, volunteer, term):
    everyday = [lesson(weekday=day) for day in range(7)]
    models.save_timetable(volunteer, by=chief, term=term, lessons=everyday)
    assert names_on(volunteer, date(2026, 9, 5)) == []  # before the term
    assert names_on(volunteer, date(2026, 10, 1)) == []  # 国庆节
    assert names_on(volunteer, date(2026, 9, 12)) == ["高等数学"]  # a usual Saturday
    set_special_day(by=chief, day=date(2026, 9, 15), kind="closed", name="运动会")
    assert names_on(volunteer, date(2026, 9, 15)) == []


def test_a_moved_workday_has_the_lessons_of_the_day_it_follows(chief, volunteer, term):
    models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    saturday = date(2026, 9, 12)
    set_special_day(by=chief, day=saturday, kind="workday", follows=0)
    assert names_on(volunteer, saturday) == ["高等数学"]


def test_periods_the_day_lacks_are_left_out(chief, volunteer, term):
    lessons = [lesson(first=5, last=9, name="实训"), lesson(first=9, last=9)]
    models.save_timetable(volunteer, by=chief, term=term, lessons=lessons)
    (only,) = models.lessons_on(volunteer.uid, MONDAY)
    assert (only.name, only.ends) == ("实训", datetime(2026, 9, 7, 15, 35))


@pytest.mark.parametrize(
    ("begins", "ends", "name"),
    [
        ("08:00", "10:00", ""),
        ("08:00", "10:01", "高等数学"),
        ("10:20", "10:30", "高等数学"),
        ("11:34", "12:00", "高等数学"),
        ("11:35", "12:00", ""),
    ],
)
def test_a_class_counts_when_any_minute_of_it_is_meant(
    chief, volunteer, term, begins, ends, name
):
    models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    first, last = (
        datetime.fromisoformat(f"{MONDAY} {moment}") for moment in (begins, ends)
    )
    assert models.has_class(volunteer.uid, first, last) == name


def test_a_class_on_the_second_day_of_a_night_shift_counts(chief, volunteer, term):
    models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    evening = datetime(2026, 9, 6, 22)
    assert models.has_class(volunteer.uid, evening, datetime(2026, 9, 7)) == ""
    assert models.has_class(volunteer.uid, evening, datetime(2026, 9, 7, 11)) != ""


def test_nobody_without_a_timetable_has_a_class(volunteer, term):
    morning = datetime.combine(MONDAY, datetime.min.time())
    assert models.has_class(volunteer.uid, morning, morning.replace(hour=23)) == ""


def test_saving_again_is_a_new_revision_of_the_same_row(chief, volunteer, term):
    first = models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    again = models.save_timetable(volunteer, by=chief, term=term, lessons=[])
    assert (again.uid, again.revision) == (first.uid, 2)
    assert names_on(volunteer, MONDAY) == []
    assert [one.lessons for one in models.timetables(term)] == [[]]


def test_the_newest_of_two_stations_counts(chief, volunteer, term):
    """The office's clock is behind; what it saved over the other counts."""
    theirs = ClassTimetable(
        person_uid=volunteer.uid,
        person_name=volunteer.name,
        person_number=volunteer.number,
        term_uid=term.uid,
        lessons=[lesson(name="窗口录的")],
        saved_at=datetime(2026, 9, 9, 12),
    )
    with models.transaction():
        theirs.write(by=chief)
        models.db.execute_sql("UPDATE class_timetable SET station = 'elsewhere'")
    with clock.set_at(datetime(2026, 9, 1)):
        ours = models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    assert ours.uid != theirs.uid and ClassTimetable.select().count() == 2
    counting = models.timetable_of(volunteer.uid, term)
    assert counting is not None and counting.uid == ours.uid
    assert [one.uid for one in models.timetables(term)] == [ours.uid]


def test_a_teacher_saves_at_the_desk_and_an_assistant_may_not(centre):
    models.open_database(centre.office)
    chief = models.person_signing_in("B0001")
    set_term(by=chief, name="上学期", starts_on=MONDAY, ends_on=date(2027, 1, 17))
    term = models.terms()[0]
    person = models.person_signing_in("2024110201")
    models.open_database(centre.station)
    teacher = models.person_signing_in("T001")
    saved = models.save_timetable(person, by=teacher, term=term, lessons=[MATHS])
    assert saved.revision == 1
    with pytest.raises(UserError, match="由老师或中心办公室"):
        models.save_timetable(person, by=person, term=term, lessons=[MATHS])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"weekday": 7}, "星期一到星期日"),
        ({"weekday": True}, "星期一到星期日"),
        ({"first": 0}, "1 到 20"),
        ({"last": 21}, "1 到 20"),
        ({"first": 4, "last": 3}, "不能晚于"),
        ({"weeks": "third"}, "周次"),
        ({"weeks": []}, "周次"),
        ({"weeks": [31]}, "1 到 30"),
        ({"weeks": ["1"]}, "周次"),
        ({"name": " "}, "课程名称"),
        ({"name": "长" * 61}, "60"),
    ],
)
def test_a_lesson_that_cannot_be_is_refused(chief, volunteer, term, wrong, message):
    with pytest.raises(UserError, match=f"第 2 条课程：.*{message}"):
        models.save_timetable(
            volunteer, by=chief, term=term, lessons=[MATHS, lesson(**wrong)]
        )
    assert models.timetable_of(volunteer.uid, term) is None


def test_lessons_are_kept_in_order_and_once(chief, volunteer, term):
    late = lesson(weekday=4, weeks=[3, 1, 3], name=" 大学  英语 ")
    saved = models.save_timetable(
        volunteer, by=chief, term=term, lessons=[late, MATHS, late]
    )
    assert saved.lessons == [
        MATHS,
        lesson(weekday=4, weeks=[1, 3], name="大学 英语"),
    ]


def test_a_lesson_of_a_newer_station_is_passed_over(chief, volunteer, term):
    saved = models.save_timetable(volunteer, by=chief, term=term, lessons=[MATHS])
    saved.lessons = [lesson(weeks="monthly"), {"day": 1}, "x", MATHS]
    with models.transaction():
        saved.write(by=chief)
    assert names_on(volunteer, MONDAY) == ["高等数学"]


def test_weeks_are_written_as_people_do():
    written = [models.weeks_label(w) for w in ("all", "odd", "even", [1, 2, 3, 5])]
    assert written == ["每周", "单周", "双周", "1–3、5周"]
