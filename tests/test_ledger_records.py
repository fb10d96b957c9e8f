"""The four ledgers, from records in a station's database to the document read back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from docx import Document

from exports.ledgers import LEDGERS, export_ledger, ledger_by_code
from exports.ledgers.visits import VISITS
from models import (
    Attendance,
    Department,
    Desk,
    Handover,
    Person,
    Seal,
    SealUse,
    UserError,
    Visit,
    VisitStep,
    clock,
    close_database,
    connection,
    create_database,
    transaction,
)

CENTRE = "沙洲职业工学院“一站式”学生社区服务中心"
NOVEMBER = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
JIAOWU = Desk(uid="desk-jw", code="jiaowu", name="教务事务窗口")
XUESHENG = Desk(uid="desk-xs", code="xuesheng", name="学生事务窗口")
TEACHING = Department(uid="dep-jw", name="教务处")
SEAL = Seal(uid="seal-jw", name="教务处—学生社区事务专用章")
OTHER_SEAL = Seal(uid="seal-xs", name="学生处—学生社区事务专用章")
PERSON = Person(uid="person-1", number="2024001001", name="李雨桐")


@pytest.fixture(autouse=True)
def station(tmp_path):
    """A new and empty desk station, at 10:30 on 23 November 2026."""
    create_database(
        tmp_path / "station",
        identity={
            "station_uid": "station-1",
            "kind": "desk",
            "name": "教务事务窗口",
            "realm": "realm",
            "centre_name": CENTRE,
            "epoch": "1",
            **dict.fromkeys(
                (
                    "sign_seed",
                    "age_identity",
                    "office_uid",
                    "office_key",
                    "office_recipient",
                    "recovery_recipient",
                ),
                "00" * 32,
            ),
        },
        stream={"sender": "station-1", "addressee": "office", "epoch": "1"},
        key_in_file=True,
    )
    with clock.set_at(datetime(2026, 11, 23, 10, 30)):
        yield
    close_database()


def write(record):
    with transaction():
        return record.write(by=PERSON)


def visit(number=1, **fields):
    return write(
        Visit(
            **{
                "number": f"JW20261123-{number:03d}",
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "department_uid": TEACHING.uid,
                "department_name": TEACHING.name,
                "arrived_at": datetime(2026, 11, 23, 9, 0) + timedelta(minutes=number),
                "student_number": f"20240010{number:02d}",
                "visitor_name": "张三",
                "class_name": "数控技术2431班",
                "phone": "13800001111",
                "service_uid": "service-1",
                "service_name": "缓考申办",
                "service_kind": "promised",
                "outcome": "done",
                "first_receiver_uid": "person-1",
                "first_receiver_name": "李雨桐",
                "handler_uid": "person-2",
                "handler_name": "陈老师",
                "finished_at": datetime(2026, 11, 23, 9, 30),
            }
            | fields
        )
    )


def step(case, kind, at, note=""):
    return write(
        VisitStep(
            visit_uid=case.uid,
            visit_number=case.number,
            kind=kind,
            at=at,
            person_uid="person-2",
            person_name="陈老师",
            note=note,
        )
    )


def seal_use(number=1, seal=SEAL, **fields):
    return write(
        SealUse(
            **{
                "seal_uid": seal.uid,
                "seal_name": seal.name,
                "department_uid": TEACHING.uid,
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "year": 2026,
                "number": number,
                "used_at": datetime(2026, 11, 23, 8, 0) + timedelta(minutes=number),
                "unit": "数控技术2431班",
                "applicant": "张三",
                "document_title": "在读证明",
                "purpose": "办理银行卡",
                "approver": "王主任",
                "handler_name": "李雨桐",
                "sealer_uid": "person-2",
                "sealer_name": "陈老师",
            }
            | fields
        )
    )


def attendance(**fields):
    return write(
        Attendance(
            **{
                "person_uid": "person-1",
                "person_number": "2024001001",
                "person_name": "李雨桐",
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "planned_from": datetime(2026, 11, 23, 8, 0),
                "planned_to": datetime(2026, 11, 23, 11, 30),
                "checked_in_at": datetime(2026, 11, 23, 7, 58),
                "checked_out_at": datetime(2026, 11, 23, 11, 30),
                "method_in": "card",
                "method_out": "card",
                "paid_minutes": 210,
            }
            | fields
        )
    )


def handover(**fields):
    return write(
        Handover(
            **{
                "desk_uid": JIAOWU.uid,
                "desk_name": JIAOWU.name,
                "shift_from": datetime(2026, 11, 23, 8, 0),
                "shift_to": datetime(2026, 11, 23, 11, 30),
                "journal_upto": 1,
                "outgoing_uid": "person-1",
                "outgoing_name": "李雨桐",
                "outgoing_signed_at": datetime(2026, 11, 23, 11, 30),
                "incoming_uid": "person-3",
                "incoming_name": "周子涵",
                "incoming_signed_at": datetime(2026, 11, 23, 11, 34),
                "status": "taken_over",
                "visit_count": 23,
                "visits_by_outcome": {"done": 20, "referred": 3},
            }
            | fields
        )
    )


class Page:
    """A ledger that was exported and read back with python-docx."""

    def __init__(self, code, path, **chosen):
        self.result = export_ledger(
            ledger_by_code(code), path, **{**NOVEMBER, "person": PERSON, **chosen}
        )
        document = Document(str(path))
        self.lines = [paragraph.text for paragraph in document.paragraphs]
        tables = [
            [[cell.text for cell in row.cells] for row in table.rows]
            for table in document.tables
        ]
        self.closing = tables[-1].pop()[0]
        self.rows = [
            dict(zip(heading, row, strict=True))
            for heading, *rows in tables
            for row in rows
        ]


@pytest.fixture
def export(tmp_path):
    return lambda code, **chosen: Page(code, tmp_path / "台账.docx", **chosen)


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
            "办结时间": "2026-11-23 09:30",
            "满意度": "5分",
            "备注": "加急",
        }
    ]


def test_a_late_and_a_void_visit_are_marked_and_the_void_one_is_not_counted(export):
    visit(1, late_entry=True)
    visit(2, outcome="enquiry", quantity=3)
    visit(3, is_void=True, void_reason="重复登记")
    page = export("visits")
    assert [row["备注"] for row in page.rows] == ["补录", "", "作废：重复登记"]
    assert page.closing == "合计　共 2 次 4 件：当场办结 1、咨询 1；另有作废 1 次。"


def test_a_case_shows_when_and_how_it_was_closed(export):
    case = visit(outcome="promised", finished_at=None)
    step(case, "accepted", datetime(2026, 11, 23, 9, 1))
    step(case, "finished", datetime(2026, 11, 25, 15, 40), "已补办")
    (row,) = export("visits").rows
    assert row["办结时间"] == "2026-11-25 15:40"
    assert row["处理情况"] == "承诺办结；已补办"


def test_a_case_that_was_reopened_is_shown_as_open(export):
    case = visit(outcome="promised", finished_at=None)
    step(case, "finished", datetime(2026, 11, 23, 9, 30), "已补办")
    step(case, "reopened", datetime(2026, 11, 24, 9, 0), "照片不合格")
    (row,) = export("visits").rows
    assert (row["办结时间"], row["处理情况"]) == ("", "承诺办结")


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


def test_the_head_and_the_last_line_say_what_the_ledger_is(export):
    visit()
    page = export("visits", desk=JIAOWU, department=TEACHING)
    assert page.lines[:3] == [
        CENTRE,
        "来访登记台账",
        "期间：2026年11月1日至2026年11月30日　　窗口：教务事务窗口　　部门：教务处",
    ]
    assert page.lines[-1] == (
        "制表人：李雨桐\t审核人：\t部门负责人（签字）：\t（公章）\t"
        "填报日期：2026年11月23日"
    )


def test_a_ledger_cannot_be_narrowed_by_what_it_does_not_know(export):
    with pytest.raises(UserError, match="不能按印章导出"):
        export("visits", seal=SEAL)


def test_an_export_whose_days_are_the_wrong_way_round_is_refused(export):
    with pytest.raises(UserError, match="开始日期不能晚于结束日期"):
        export("visits", first=date(2026, 11, 2), last=date(2026, 11, 1))


def test_a_seal_use_fills_every_column_of_its_ledger(export):
    seal_use(
        231,
        document_number="教〔2026〕8号",
        copies=2,
        impressions=4,
        students=["2024001001", "2024001002"],
        copy_kept="复印件",
        note="骑缝",
    )
    assert export("seal_uses").rows == [
        {
            "编号": "2026-0231",
            "日期时间": "2026-11-23 11:51",
            "印章": "教务处—学生社区事务专用章",
            "用印单位/人": "数控技术2431班\n张三",
            "文件名称": "在读证明（教〔2026〕8号）",
            "用印事由": "办理银行卡",
            "份数": "2",
            "枚数": "4",
            "批准人": "王主任",
            "经办人": "李雨桐",
            "监印人": "陈老师",
            "名单附件": "2024001001\n等 2 人",
            "留存": "复印件",
            "拒印及原因": "",
            "备注": "骑缝",
        }
    ]


def test_void_and_refused_uses_keep_their_number_and_add_no_impressions(export):
    seal_use(1, copies=2, impressions=4)
    seal_use(2, copies=3, impressions=9, is_void=True, void_reason="写错份数")
    seal_use(3, copies=0, impressions=0, refused_reason="无审批")
    seal_use(4, copies=3, impressions=3)
    page = export("seal_uses", seal=SEAL)
    assert [row["编号"] for row in page.rows] == [
        "2026-0001",
        "2026-0002",
        "2026-0003",
        "2026-0004",
    ]
    assert page.rows[1]["备注"] == "作废：写错份数"
    assert page.rows[2]["拒印及原因"] == "拒印：无审批"
    assert page.closing == (
        "合计　2026 年第 0001–0004 号，共 4 次 5 份 7 枚"
        "（其中作废 1 次、拒印 1 次，不计份数和枚数）。"
    )
    assert page.lines[2].endswith("登记编号：2026 年第 0001–0004 号")


def test_each_seal_has_its_own_number_range_and_a_missing_number_is_named(export):
    for number in (7, 9):
        seal_use(number)
    seal_use(1, OTHER_SEAL, impressions=2)
    page = export("seal_uses")
    assert page.closing.split("\n") == [
        "教务处—学生社区事务专用章　2026 年第 0007–0009 号，"
        "共 2 次 2 份 2 枚，缺 1 个号。",
        "学生处—学生社区事务专用章　2026 年第 0001–0001 号，共 1 次 1 份 2 枚。",
        "合计　共 3 次 3 份 4 枚，缺 1 个号。",
    ]


def test_an_attendance_fills_every_column_of_its_table(export):
    attendance(
        post="B",
        checked_in_at=datetime(2026, 11, 23, 8, 5),
        checked_out_at=datetime(2026, 11, 23, 11, 20),
        cover_for_name="周子涵",
        cover_reason="training",
        late_minutes=5,
        early_minutes=10,
        paid_minutes=195,
        method_out="number",
        note="代主任值守",
    )
    assert export("attendances").rows == [
        {
            "日期": "2026-11-23",
            "星期": "周一",
            "窗口": "教务事务窗口",
            "姓名": "李雨桐",
            "学号/工号": "2024001001",
            "岗别": "B 岗",
            "应到—应离": "08:00–11:30",
            "签到": "08:05",
            "签退": "11:20",
            "代班": "周子涵",
            "迟到/早退": "迟到5分\n早退10分",
            "事由": "实训",
            "工时": "3:15",
            "方式": "刷卡/学号",
            "备注": "代主任值守",
        }
    ]


def test_a_forgotten_check_out_is_marked_and_paid_hours_are_summed(export):
    attendance()
    attendance(method_out="system", needs_approval=True, uniform=False)
    attendance(person_uid="p2", checked_out_at=None, method_out="", paid_minutes=0)
    page = export("attendances")
    assert [row["备注"] for row in page.rows] == ["", "系统代签；待审核；未着装", ""]
    assert [row["签退"] for row in page.rows] == ["11:30", "11:30", "未签退"]
    assert page.closing == (
        "合计　2 人，共 3 人次，计薪工时 7 小时 0 分"
        "（其中待审核 1 人次 3 小时 30 分）。"
    )


def test_a_handover_fills_every_column_of_its_record(export):
    handover(
        status="objected",
        objection="少一把钥匙",
        open_items=[
            {
                "visit": "v1",
                "number": "JW20261120-003",
                "text": "张三 缓考申办",
                "due_on": "2026-11-24",
                "shifts": 4,
            }
        ],
        overdue_count=1,
        seal_ranges=[
            {
                "seal": SEAL.name,
                "first": 231,
                "last": 247,
                "uses": 17,
                "impressions": 52,
                "holder": "陈老师",
            },
            {
                "seal": OTHER_SEAL.name,
                "first": None,
                "last": None,
                "uses": 0,
                "impressions": 0,
                "holder": "沈老师",
            },
        ],
        items_missing="档案柜钥匙",
        faults="2号电脑不能开机",
        instructions="周三盘点",
        tidy=False,
    )
    assert export("handovers").rows == [
        {
            "日期班次": "2026-11-23\n08:00–11:30",
            "窗口": "教务事务窗口",
            "交班人": "李雨桐",
            "接班人": "周子涵",
            "交接时间": "2026-11-23 11:30",
            "本班概况": "来访 23 次：当场办结20、转办3；超期 1 件",
            "未完成事项": "JW20261120-003 张三 缓考申办，2026-11-24 前，第 4 班",
            "异常情况": "2号电脑不能开机；接班异议：少一把钥匙",
            "上级交办": "周三盘点",
            "物品清点": "短缺：档案柜钥匙",
            "环境": "待整理",
            "印章起止号": (
                f"{SEAL.name}：第 0231–0247 号，共 17 次 52 枚；保管人陈老师\n"
                f"{OTHER_SEAL.name}：本班未用印；保管人沈老师"
            ),
            "双方签名": "交：李雨桐\n11-23 11:30\n接：周子涵\n11-23 11:34",
        }
    ]


def test_a_handover_nobody_has_taken_over_yet_says_so(export):
    handover(
        status="waiting", incoming_uid="", incoming_name="", incoming_signed_at=None
    )
    page = export("handovers")
    assert page.rows[0]["双方签名"].endswith("接：待接班")
    assert page.closing == "合计　共交接 1 班，来访 23 次，待接班 1 班。"


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.code)
def test_every_ledger_without_records_is_a_report_of_none(ledger, export):
    page = export(ledger.code)
    assert (page.result.rows, page.rows) == (0, [])
    assert page.closing == "本期无记录（零报告）"


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.code)
def test_the_columns_of_every_ledger_fill_the_type_area(ledger):
    """Else dates and numbers, whose columns just hold them, would break."""
    width = sum(column.width for column in ledger.columns)
    assert 224 <= width <= 225


def test_others_record_during_an_export_and_rows_and_totals_still_agree(tmp_path):
    for number in range(1, 402):
        visit(number)

    def record_another_visit():
        with connection():
            visit(999)

    def meanwhile():
        other = Thread(target=record_another_visit)
        other.start()
        other.join()

    def totals(query):
        added_up = VISITS.totals(query)
        meanwhile()
        return added_up

    def report(done, total, text):
        assert total == 401
        meanwhile()

    path = tmp_path / "台账.docx"
    result = export_ledger(
        replace(VISITS, totals=totals), path, **NOVEMBER, report=report
    )
    closing = Document(str(path)).tables[-1].rows[-1].cells[0].text
    assert result.rows == 401
    assert closing.startswith("合计　共 401 次 401 件")
    assert Visit.select().count() == 401 + 3


def test_after_a_cancelled_export_the_old_file_stands_and_work_goes_on(
    export, tmp_path
):
    for number in range(1, 402):
        visit(number)
    first = export("visits")
    before = first.result.path.read_bytes()

    class Cancelled(Exception):
        pass

    def cancel(done, total, text):
        raise Cancelled

    with pytest.raises(Cancelled):
        export("visits", report=cancel)
    assert first.result.path.read_bytes() == before
    visit(402)
    assert export("visits").result.rows == 402


def test_an_unknown_ledger_is_named_with_those_there_are():
    with pytest.raises(UserError, match="seal_uses（印章使用登记台账）"):
        ledger_by_code("账本")
