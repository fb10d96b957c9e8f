"""考勤规则 and 培训: rules with their units, people who finish training."""

from datetime import date

from timesections import NEXT_SYNC, fill, said

from desk.pages.time_rules import VALUES, in_unit, read_value
from models.desks import departments
from models.people import Person, PersonRole, PersonStatus, add_person, people
from models.rules import rules_on, rules_versions

# -- 考勤规则 --------------------------------------------------------------------


def test_rules_are_typed_in_hours_and_yuan_and_begin_next_month(opened):
    section = opened("考勤规则")
    form = section.form
    assert form.value("starts_on") == date(2026, 12, 1)
    assert (form.text("rate_a"), form.text("week_limit")) == ("18", "8")
    fill(section, rate_a="20.5", week_limit="7.5", vacation_week_limit="40")
    form.primary.invoke()
    assert form.problems() == []
    rules = rules_on(date(2026, 12, 1))
    assert (rules.rate_a, rules.week_limit, rules.vacation_week_limit) == (
        2050,
        450,
        2400,
    )
    assert rules_on(date(2026, 11, 30)).rate_a == 1800
    assert "自 2026-12-01 起：A 岗酬金 18→20.5 元/时" in said(section)
    assert "假期周限 不限→40 小时" in said(section)
    assert section.table.rows()[0][:2] == ("2026-12-01", "未开始")


NO_RULES = [
    ("rate_a", "十八", "A 岗酬金请填 0 到 1000 之间的元/时数"),
    ("rate_a", "18.005", "请填到分"),
    ("rate_a", "", "请填写A 岗酬金"),
    ("week_limit", "200", "到 168 之间的小时数"),
    ("week_limit", "7.51", "请填到整分钟"),
    ("late_grace", "-1", "0 到 120 之间的分钟数"),
    ("late_grace", "nan", "0 到 120 之间的分钟数"),
    ("month_limit", "5", "不能小于"),
    ("starts_on", None, "请填写开始执行日期"),
]


def test_a_rule_that_makes_no_sense_is_refused_in_its_own_unit(opened):
    section = opened("考勤规则")
    section.form.set("rate_b", "16")
    for field, typed, problem in NO_RULES:
        right = section.form._fields[field].read()
        section.form.set(field, typed)
        section.form.primary.invoke()
        (shown,) = section.form.problems()
        assert problem in shown and "（分钟）" not in shown
        assert section.form.text("rate_b") == "16"
        assert rules_versions() == []
        section.form.set(field, right)


def test_rules_of_the_past_are_asked_for_and_no_change_is_refused(opened, shown):
    section = opened("考勤规则")
    section.form.primary.invoke()
    assert "没有需要保存的改动" in section.window.info.text
    fill(section, starts_on=date(2026, 10, 1), late_grace="10")
    shown.answers = [False]
    section.form.primary.invoke()
    assert "重新计算" in shown[0]
    assert rules_versions() == []


def test_values_go_to_their_units_and_back():
    for name, text in {
        "rate_a": "18.5",
        "month_limit": "40",
        "late_grace": "5",
    }.items():
        assert in_unit(read_value(text, name), VALUES[name][1]) == text
    assert read_value(" ４０ 小时", "month_limit") == 2400
    assert read_value("", "vacation_week_limit") is None


# -- 培训 ------------------------------------------------------------------------


def test_several_people_finish_training_on_one_day(opened, drive):
    section = opened("培训")
    by = section.window.person
    teacher = next(p for p in people() if p.number == "T001")
    add_person(
        by=by,
        number="2026010101",
        name="新老师",
        role=PersonRole.TEACHER,
        department=next(iter(_departments(teacher))),
        in_training=True,
    )
    section.refresh()
    assert section.table.rows()[0][1] == "新老师"
    assert section.table.rows()[0][-1] == "培训中"
    section.list_buttons["全选"].invoke()
    drive.pump()
    assert section.form.value("who").startswith("3 人：新老师")
    section.form.set("on", date(2026, 11, 3))
    section.form.primary.invoke()
    assert "培训日期不能晚于今天" in section.form.problems()[0]
    section.form.set("on", date(2026, 11, 1))
    section.form.primary.invoke()
    person = Person.get(Person.number == "2026010101")
    assert person.status == PersonStatus.ACTIVE
    assert person.trained_on == date(2026, 11, 1)
    assert section.table.rows() == []
    assert NEXT_SYNC in said(section) or "下次同步" in said(section)


def _departments(person):
    return [d for d in departments() if d.uid == person.department_uid]
