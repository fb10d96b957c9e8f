"""办件规则 in the real window: versions by date, and values that make sense."""

from datetime import date, timedelta

import pytest
from timesections import NEXT_SYNC, TODAY, fill, said, select

from models.case_rules import case_rules_on, case_rules_versions, set_case_rules


@pytest.fixture
def section(opened):
    return opened("办件规则")


def test_the_usual_values_hold_and_are_explained_before_any_were_set(section):
    form = section.form
    assert form.value("starts_on") == TODAY
    assert [form.text(name) for name in ("soon_days", "office_days", "shifts")] == [
        "1",
        "3",
        "3",
    ]
    assert "标“临期”" in form.value("soon_days_meaning")
    assert section.table.rows() == []
    assert "还没有设置规则" in section.table._empty_text.cget("text")


def test_new_rules_hold_from_their_day_and_the_earlier_ones_stay_listed(section, drive):
    fill(section, soon_days="2", office_days="５ 个工作日")
    section.window.root.focus_force()
    section.form.focus_field("shifts")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: NEXT_SYNC in said(section))
    assert "自 2026-11-02 起：临期提醒 1→2 个工作日，超期报办公室 3→5" in said(section)
    later = TODAY + timedelta(days=29)
    fill(section, starts_on=later, shifts="4")
    section.form.primary.invoke()
    assert [row[:2] for row in section.table.rows()] == [
        ("2026-12-01", "未开始"),
        ("2026-11-02", "现行"),
    ]
    assert case_rules_on(TODAY).shifts == 3
    assert (case_rules_on(later).soon_days, case_rules_on(later).shifts) == (2, 4)


def test_an_earlier_version_can_be_read_again(section, drive):
    by = section.window.person
    set_case_rules(by=by, starts_on=date(2026, 9, 1), waiting_days=20)
    set_case_rules(by=by, starts_on=date(2026, 10, 1), waiting_days=7)
    section.refresh()
    assert [row[1] for row in section.table.rows()] == ["现行", "已更换"]
    select(section, 1)
    section.window.root.focus_force()
    section.table.focus_set()
    section.table.tree.focus(section.table.tree.selection()[0])
    drive.pump(0.3)
    drive.keys("Return")
    assert section.form.text("waiting_days") == "20"
    assert section.form.value("starts_on") == date(2026, 9, 1)


NO_VALUES = [
    ("soon_days", "", "临期提醒请填 0 到 20 之间的整数"),
    ("take_days", "-1", "接办时限请填 0 到 20"),
    ("department_days", "0", "超期报部门请填 1 到 60"),
    ("waiting_days", "2.5", "待补提醒请填 1 到 120"),
    ("shifts", "三", "跨班上报请填 1 到 99 之间的整数（班次）"),
    ("department_days", "9", "报办公室不能早于报部门"),
    ("starts_on", None, "请填写开始执行日期"),
]


def test_a_value_that_makes_no_sense_is_refused_at_its_field(section):
    for field, typed, problem in NO_VALUES:
        right = section.form._fields[field].read()
        section.form.set(field, typed)
        section.form.primary.invoke()
        (shown,) = section.form.problems()
        assert problem in shown
        assert case_rules_versions() == []
        section.form.set(field, right)


def test_without_a_change_nothing_is_saved(section):
    section.form.primary.invoke()
    assert "没有需要保存的改动" in section.window.info.text
    assert case_rules_versions() == []
