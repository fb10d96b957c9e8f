"""印章使用登记台账: seal uses read back from the document."""

from ledgers.records import OTHER_SEAL, SEAL, seal_use


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
            "名单附件": "2024001001\n等 2 人\n见附件",
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
