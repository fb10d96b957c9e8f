"""签到签退表 and 交接班记录表 read back from the document, and forms of one line."""

from datetime import date, datetime

import pytest
from docx import Document
from docx.shared import Mm
from sheets import SCHEMA, ooxml_check
from templates import template

from exports.slips import slip_file_name, write_slip
from ledgers.records import (
    CENTRE,
    OTHER_SEAL,
    PERSON,
    SEAL,
    attendance,
    handover,
    write,
)
from models import SealTransfer, UserError
from models.slip_contents import check_contents
from models.slip_templates import SlipKind


def test_an_attendance_fills_every_column_of_its_table(export):
    attendance(
        post="B",
        checked_in_at=datetime(2026, 11, 23, 8, 5),
        checked_out_at=datetime(2026, 11, 23, 11, 20),
        cover_for_name="周子涵",
        cover_reason="training",
        method_out="number",
        note="代主任值守",
    )
    assert export("attendances").rows == [
        {
            "日期": "2026-11-23",
            "教学周\n星期 节次": "周一",
            "窗口": "教务事务窗口",
            "姓名": "李雨桐",
            "学号/工号": "2024001001",
            "岗别": "B 岗",
            "应到—应离": "08:00–11:30",
            "签到": "08:05",
            "签退": "11:20",
            "代班": "替周子涵",
            "迟到/早退\n/缺勤": "",
            "事由": "实训",
            "工时": "3:15",
            "方式": "刷卡/学号",
            "备注": "代主任值守",
        }
    ]


def test_hours_that_wait_for_approval_are_named_and_count_in_no_sum(export):
    attendance()
    attendance(person_uid="p2", method_out="system", needs_approval=True, uniform=False)
    attendance(person_uid="p3", checked_out_at=None, method_out="")
    page = export("attendances")
    assert [row["备注"] for row in page.rows] == [
        "",
        "△系统代签；待审核 3:30；未着装",
        "",
    ]
    assert [row["工时"] for row in page.rows] == ["3:30", "0:00", "0:00"]
    assert [row["签退"] for row in page.rows] == ["11:30", "11:30", "未签退"]
    assert page.closing == (
        "合计　3 人，共 3 条，计薪工时 3 小时 30 分（另有待审核 1 条 3 小时 30 分）；"
        "迟到 0 次，早退 0 次，缺勤 0 次。"
    )
    assert "系统代签——忘记签退" in page.lines[-2]


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


def test_a_handover_says_how_each_seal_is_held(export):
    """Lent, stopped and taken outside are what the next shift has to watch."""
    used = {"first": None, "last": None, "uses": 0, "impressions": 0}
    out = {"carrier": "冯丽", "place": "经开区", "due_back_at": "2026-11-23 16:00"}
    lent = {"holder": "何老师", "until": "2026-11-27", "lender": "陈老师"}
    handover(
        seal_ranges=[
            {"seal": "甲章", **used, **lent},
            {"seal": "乙章", **used, "holder": "沈老师", "state": "stopped"},
            {"seal": "丙章", **used, "holder": "冯丽", "outing": out},
        ]
    )
    (row,) = export("handovers").rows
    assert row["印章起止号"].split("\n") == [
        "甲章：本班未用印；保管人何老师，代陈老师保管至 2026-11-27",
        "乙章：本班未用印；保管人沈老师，已停用",
        "丙章：本班未用印；保管人冯丽，由冯丽带到经开区，应于 2026-11-23 16:00 归还",
    ]


def test_one_handover_alone_is_a_form_that_says_what_the_register_says(
    export, tmp_path
):
    """A valid file; also while nobody has taken over, and whatever was typed."""
    used = {"first": 231, "last": 247, "uses": 17, "impressions": 52}
    open_item = {"number": "JW20261120-003", "text": "张三 缓考申办", "due_on": ""}
    done = handover(
        status="objected",
        objection="少一把钥匙 {{ 编号 }} <w:p/>",
        open_items=[{**open_item, "shifts": 1}, {**open_item, "shifts": 2}],
        seal_ranges=[{"seal": SEAL.name, **used, "holder": "陈老师"}],
    )
    waits = handover(
        shift_to=datetime(2026, 11, 23, 16, 30),
        status="waiting",
        incoming_uid="",
        incoming_name="",
        incoming_signed_at=None,
    )
    row, _ = export("handovers").rows
    row["日期班次"] = "2026-11-23 08:00–11:30"
    path = tmp_path / slip_file_name(SlipKind.HANDOVER, done)
    assert path.name == "交接班记录表_JB20261123-1130.docx"
    form = Form(write_slip(SlipKind.HANDOVER, done, path, person=PERSON))
    assert form.lines[:3] == [CENTRE, "交接班记录表", "编号：JB20261123-1130"]
    assert form.cells == {name: row[name] for name in row if name not in ("双方签名",)}
    assert form.cells["异常情况"] == "接班异议：少一把钥匙 {{ 编号 }} <w:p/>"
    assert form.lines[-2:] == [
        "交班人（签字）：\t接班人（签字）：",
        "2026-11-23 11:30\t2026-11-23 11:34",
    ]
    form = Form(write_slip(SlipKind.HANDOVER, waits, path, person=PERSON))
    assert (form.cells["接班人"], form.cells["未完成事项"]) == ("待接班", "无")
    assert form.lines[-1] == "2026-11-23 11:30\t　　　　年　　月　　日"


def test_one_transfer_of_a_seal_alone_is_a_form_for_three_to_sign(tmp_path):
    transfer = write(
        SealTransfer(
            seal_uid=SEAL.uid,
            seal_name=SEAL.name,
            at=datetime(2026, 11, 23, 9, 5),
            place="教务处",
            giver_uid="p1",
            giver_name="陈老师",
            receiver_uid="p2",
            receiver_name="李雨桐",
            witness_uid="p3",
            witness_name="顾主任",
            reason="出差",
            kind="temporary",
            until=date(2026, 11, 27),
            approver="王主任",
            first_number=231,
            last_number=247,
        )
    )
    path = tmp_path / slip_file_name(SlipKind.TRANSFER, transfer)
    assert path.name == "印章移交单_YJ20261123-090500.docx"
    form = Form(write_slip(SlipKind.TRANSFER, transfer, path, person=PERSON))
    assert form.cells == {
        "印章名称": SEAL.name,
        "保管部门": "",
        "枚数": "1 枚",
        "移交时间": "2026-11-23 09:05",
        "移交地点": "教务处",
        "移交原因": "临时代管：出差",
        "代管期限": "2026-11-27",
        "批准人": "王主任",
        "登记起止号": "0231–0247",
        "印章状况": "完好",
        "移交人": "陈老师",
        "接收人": "李雨桐",
        "监交人": "顾主任",
        "印模": "",
    }
    (table,) = form.document.tables
    assert table.rows[-1].height >= Mm(42)
    assert form.lines[-2] == "移交人（签字）：\t接收人（签字）：\t监交人（签字）："
    with pytest.raises(UserError, match="没有这种单据"):
        write_slip(SlipKind.HANDOVER, transfer, path, person=PERSON)
    with pytest.raises(UserError, match="“来访人”（相近的有"):
        check_contents(template("{{ 编号 }}{{ 来访人 }}"), SlipKind.TRANSFER)


class Form:
    """A form read back; its file is valid by the schema of ECMA-376."""

    def __init__(self, path):
        assert ooxml_check.check(path, SCHEMA) == 0
        self.document = Document(str(path))
        self.lines = [paragraph.text for paragraph in self.document.paragraphs]
        self.cells = {}
        for row in self.document.tables[0].rows:
            # A merged cell is told for each column it spans.
            texts = list({cell._tc: cell.text for cell in row.cells}.values())
            self.cells |= dict(zip(texts[::2], texts[1::2], strict=True))
