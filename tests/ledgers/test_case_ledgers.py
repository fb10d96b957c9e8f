"""限时办结台账 and 转办登记: cases as they were worked, read back from the document."""

from datetime import date, datetime

from exports.ledgers.checking import check_ledger
from ledgers.records import JIAOWU, XUESHENG, step, visit, write
from models import VisitStep, clock


def promised(number=1, **fields):
    return visit(
        number,
        **{
            "outcome": "promised",
            "finished_at": None,
            "due_on": date(2026, 11, 26),
        }
        | fields,
    )


def worked(case, kind, at, note="", **fields):
    """A step with all that a desk writes."""
    return write(
        VisitStep(
            visit_uid=case.uid,
            visit_number=case.number,
            kind=kind,
            at=at,
            person_uid="person-2",
            person_name="陈老师",
            note=note,
            **fields,
        )
    )


def test_a_promise_is_shown_with_its_pauses_and_extensions(export):
    case = promised()
    worked(case, "waiting", datetime(2026, 11, 24, 9, 0), "缺照片")
    worked(case, "complete", datetime(2026, 11, 26, 9, 0), due_on=date(2026, 11, 30))
    worked(
        case,
        "extended",
        datetime(2026, 11, 27, 9, 0),
        "系统升级",
        due_on=date(2026, 12, 2),
    )
    worked(case, "finished", datetime(2026, 12, 4, 9, 0), "已发放")
    with clock.set_at(datetime(2026, 12, 8, 9, 0)):
        page = export("promises")
    (row,) = page.rows
    assert row == {
        "受理编号": "JW20261123-001",
        "受理日期": "2026-11-23",
        "申请人": "张三\n2024001001",
        "事项": "缓考申办",
        "材料齐全日": "2026-11-26",
        "承诺时限": "",
        "应办结日": "2026-12-02",
        "承办": "教务事务窗口\n陈老师",
        "暂停起止及原因": "11-24 至\n11-26：缺照片",
        "办结日期": "2026-12-04",
        "是否超期": "超期\n2 天",
        "延期原因": "11-27 延至\n12-02：系统升级",
        "备注": "",
    }
    assert page.closing == (
        "合计　共 1 件，已办结 1 件，其中按时 0 件（0%）、超期 1 件；未办结 0 件。"
    )


def test_what_was_closed_before_it_had_a_day_is_neither_in_time_nor_late(export):
    worked(promised(1), "finished", datetime(2026, 11, 24, 9, 0), "已发放")
    early = promised(2, due_on=None)
    worked(early, "finished", datetime(2026, 11, 24, 9, 0), "学生不办了")
    assert export("promises").closing == (
        "合计　共 2 件，已办结 2 件，其中按时 1 件（100%）、超期 0 件、"
        "没有应办结日 1 件；未办结 0 件。"
    )


def test_open_promises_are_late_as_of_the_day_of_the_print(export):
    promised(1, due_on=date(2026, 11, 20))
    promised(2)
    waits = promised(3, due_on=date(2026, 11, 20))
    worked(waits, "waiting", datetime(2026, 11, 19, 9, 0), "缺证明")
    promised(4, is_void=True, void_reason="重复登记")
    page = export("promises")
    assert [row["是否超期"] for row in page.rows] == [
        "超期\n1 天",
        "未到期",
        "未到期",
        "",
    ]
    assert page.rows[2]["暂停起止及原因"] == "11-19 至\n今：缺证明"
    assert page.rows[3]["备注"] == "作废：重复登记"
    assert page.closing == (
        "合计　共 3 件，已办结 0 件；未办结 3 件，其中已超期 1 件；另有作废 1 件。"
    )
    path = page.result.path
    with clock.set_at(datetime(2026, 12, 8, 9, 0)):
        assert check_ledger(path).good


def test_a_referral_is_shown_from_sending_to_answer(export):
    case = visit(
        1,
        outcome="referred",
        finished_at=None,
        materials=[{"name": "申请表", "count": 1}],
    )
    to = {"desk_uid": XUESHENG.uid, "desk_name": XUESHENG.name}
    at_desk = {"by_desk_uid": XUESHENG.uid, "by_desk_name": XUESHENG.name}
    sent = worked(case, "referred", datetime(2026, 11, 23, 9, 10), "不属本窗口", **to)
    taken = worked(
        case, "taken", datetime(2026, 11, 23, 10, 0), seen=[sent.uid], **at_desk
    )
    done = worked(
        case, "finished", datetime(2026, 11, 24, 9, 0), "已开证明", seen=[taken.uid]
    )
    worked(case, "notified", datetime(2026, 11, 24, 9, 30), "已电话", seen=[done.uid])
    page = export("referrals", desk=XUESHENG)
    assert page.rows == [
        {
            "时间": "2026-11-23 09:10",
            "编号": "JW20261123-001",
            "办事人及电话": "张三\n13800001111",
            "事项": "缓考申办",
            "首问负责人": "李雨桐",
            "转出窗口": "教务事务窗口",
            "转至": "学生事务窗口",
            "移交材料": "申请表×1",
            "转办说明": "不属本窗口",
            "签收": "陈老师\n11-23 10:00",
            "结果": "已办结：已开证明",
            "反馈时间": "2026-11-24 09:30",
            "备注": "",
        }
    ]
    assert page.closing == "合计　共转办 1 次：学生事务窗口 1。"


def test_a_case_sent_on_twice_has_two_lines(export):
    case = visit(1, outcome="referred", finished_at=None)
    first = worked(
        case,
        "referred",
        datetime(2026, 11, 23, 9, 10),
        desk_uid=XUESHENG.uid,
        desk_name=XUESHENG.name,
    )
    worked(
        case,
        "referred",
        datetime(2026, 11, 23, 11, 0),
        desk_uid=JIAOWU.uid,
        desk_name=JIAOWU.name,
        seen=[first.uid],
    )
    rows = export("referrals").rows
    assert [row["结果"] for row in rows] == ["再转办", "待接办"]
    assert [row["签收"] for row in rows] == ["未签收", "未签收"]


def test_the_visit_ledger_prints_the_promise_in_force_and_the_last_end(export):
    case = promised()
    first = worked(
        case, "extended", datetime(2026, 11, 25, 9, 0), "等", due_on=date(2026, 12, 1)
    )
    # Written later by a clock that runs behind: what was seen tells the order.
    worked(
        case,
        "extended",
        datetime(2026, 11, 24, 9, 0),
        "再等",
        due_on=date(2026, 12, 3),
        seen=[first.uid],
    )
    assert export("visits").rows[0]["处理情况"] == "承诺办结（应于 12-03）"


def test_repeat_visits_late_entries_and_missing_materials_are_remarked(export):
    visit(1, late_entry=True)
    visit(
        2, trip=2, follows_number="JW20261120-003", repeat_cause="materials", note="急"
    )
    promised(3, materials_complete=False, due_on=None)
    assert [row["备注"] for row in export("visits").rows] == [
        "※补录",
        "第 2 次来，上次 JW20261120-003，材料不全；急",
        "材料待补",
    ]


def test_a_case_worked_after_the_print_is_told_and_is_no_forgery(export):
    case = promised()
    path = export("promises").result.path
    step(case, "finished", datetime(2026, 11, 24, 9, 0), "已办好")
    check = check_ledger(path)
    assert check.good
    assert check.later == [
        "第 1 行（受理编号 JW20261123-001）：打印后改过“办结日期”、“是否超期”"
    ]
