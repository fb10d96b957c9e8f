"""签到签退表 and 交接班记录表 read back from the document."""

from datetime import datetime

from ledgers.records import OTHER_SEAL, SEAL, attendance, handover


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
