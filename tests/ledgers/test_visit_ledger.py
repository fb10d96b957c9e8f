"""来访登记台账: visits read back from the document."""

from datetime import date, datetime

from ledgers.records import JIAOWU, TEACHING, XUESHENG, step, visit


def test_a_visit_fills_every_column_of_its_ledger(export):
    visit(
        quantity=2,
        materials=[{"name": "申请表", "count": 1}, {"name": "成绩单", "count": 2}],
        result="已报教务处",
        rating=5,
        note="加急",
    )
    assert export("visits").rows == [
        {
            "编号": "JW20261123-001",
            "日期": "2026-11-23",
            "时间": "09:01",
            "姓名": "张三",
            "学号": "2024001001",
            "班级/学院": "数控技术2431班",
            "电话": "13800001111",
            "事项": "缓考申办（2件）",
            "渠道": "现场",
            "件型": "承诺",
            "所收材料及数量": "申请表×1、成绩单×2",
            "首问负责人": "李雨桐",
            "承办人": "陈老师",
            "处理情况": "当场办结；已报教务处",
            "办结时间": "11-23\n09:30",
            "满意度": "5分",
            "备注": "加急",
        }
    ]


def test_a_late_and_a_void_visit_are_marked_and_the_void_one_is_not_counted(export):
    visit(1, late_entry=True)
    visit(2, outcome="enquiry", quantity=3)
    visit(3, is_void=True, void_reason="重复登记")
    page = export("visits")
    assert [row["备注"] for row in page.rows] == ["※补录", "", "作废：重复登记"]
    assert page.closing == "合计　共 2 次 4 件：当场办结 1、咨询 1；另有作废 1 次。"


def test_a_case_shows_when_and_how_it_was_closed(export):
    case = visit(outcome="promised", finished_at=None)
    step(case, "accepted", datetime(2026, 11, 23, 9, 1))
    step(case, "finished", datetime(2026, 11, 25, 15, 40), "已补办")
    (row,) = export("visits").rows
    assert row["办结时间"] == "11-25\n15:40"
    assert row["处理情况"] == "承诺办结；已补办"


def test_a_case_that_was_reopened_is_shown_as_open(export):
    case = visit(outcome="promised", finished_at=None)
    step(case, "finished", datetime(2026, 11, 23, 9, 30), "已补办")
    step(case, "reopened", datetime(2026, 11, 24, 9, 0), "照片不合格")
    (row,) = export("visits").rows
    assert (row["办结时间"], row["处理情况"]) == ("", "承诺办结")


def test_a_promise_says_until_when_and_a_referral_where_to(export):
    visit(1, outcome="promised", due_on=date(2026, 11, 30), finished_at=None)
    case = visit(2, outcome="referred", finished_at=None)
    sent = step(case, "referred", datetime(2026, 11, 23, 9, 2))
    assert sent.desk_name == "学生事务窗口"
    rows = export("visits").rows
    assert [row["处理情况"] for row in rows] == [
        "承诺办结（应于 11-30）",
        "转办（至学生事务窗口）",
    ]


def test_days_of_another_year_than_the_visit_are_told_with_it(export):
    case = visit(outcome="promised", due_on=date(2027, 1, 5), finished_at=None)
    assert export("visits").rows[0]["处理情况"] == "承诺办结（应于 2027-01-05）"
    step(case, "finished", datetime(2027, 1, 4, 15, 40), "已补办")
    assert export("visits").rows[0]["办结时间"] == "2027-\n01-04\n15:40"


def test_a_choice_of_a_newer_program_is_shown_as_it_is(export):
    visit(outcome="robot", channel="metaverse")
    page = export("visits")
    assert (page.rows[0]["处理情况"], page.rows[0]["渠道"]) == ("robot", "metaverse")
    assert page.closing == "合计　共 1 次 1 件：robot 1。"


def test_only_the_period_and_the_desk_that_were_chosen_are_exported(export):
    visit(1, arrived_at=datetime(2026, 10, 31, 23, 59, 59))
    visit(2, arrived_at=datetime(2026, 11, 1, 0, 0, 0))
    visit(3, arrived_at=datetime(2026, 11, 30, 23, 59, 59))
    visit(4, arrived_at=datetime(2026, 12, 1, 0, 0, 0))
    visit(5, desk_uid=XUESHENG.uid)
    visit(6, department_uid="dep-xs")
    page = export("visits", desk=JIAOWU, department=TEACHING)
    assert [row["编号"][-3:] for row in page.rows] == ["002", "003"]
    assert page.result.rows == 2


def test_visits_at_a_joint_desk_are_counted_to_the_unit_on_turn(export):
    visit(1)
    visit(2, duty_unit_name="团委")
    visit(3, duty_unit_name="党委工作部")
    visit(4, duty_unit_name="团委")
    visit(5, duty_unit_name="团委", is_void=True, void_reason="误")
    closing = export("visits").closing
    assert "；联合窗口按当值单位：党委工作部 1、团委 2；" in closing
