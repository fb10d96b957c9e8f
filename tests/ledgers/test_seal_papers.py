"""The papers of seals: register, transfers, outings, disposals, sheets for power cuts.

Done at a real desk and read back from the documents.
"""

from datetime import date, datetime, timedelta

import pytest
from docx import Document
from docx.shared import Mm
from sheets import ReadBack

import models
from exports.ledgers import export_ledger, ledger_by_code
from exports.ledgers.checking import check_ledger
from exports.sheets import export_outage_sheet
from models import SealDisposal, clock, transaction
from models.outings import bring_back, take_out
from models.reservations import reserve_numbers
from models.seal_uses import correct_seal_use, record_seal_use

DAY = datetime(2026, 11, 23, 9, 0)
DAYS = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}


@pytest.fixture
def station(centre):
    """In place of this folder's empty station: the desk of a small centre."""
    models.close_database()
    models.open_database(centre.station)
    with clock.set_at(DAY):
        yield centre


def use(seal, teacher, **fields):
    return record_seal_use(
        by=teacher,
        seal=seal,
        applicant="张伟",
        unit="软件2301",
        document_title="在读证明",
        purpose="办卡",
        approver="王主任",
        **fields,
    )


def test_the_register_leaves_room_for_an_imprint_of_42_mm(seal, teacher, tmp_path):
    path = tmp_path / "a.docx"
    models.transfer_seal(
        seal,
        by=teacher,
        receiver=models.person_signing_in("T002"),
        witness=models.person_signing_in("2024110201"),
        reason="交接班",
    )
    on = seal.enabled_on
    export_ledger(ledger_by_code("seal_register"), path, first=on, last=on)
    page = ReadBack(path)
    assert page.column("保管人") == ["何老师"]
    assert page.column("印模") == [""] and page.column("状态") == ["启用"]
    assert page.closing == "合计　共 1 枚：启用 1。"
    assert page.subtitle.startswith("截至 2026年11月23日")
    (table,) = Document(str(path)).tables
    at = [cell.text for cell in table.rows[0].cells].index("印模")
    assert table.columns[at].width >= Mm(42)
    assert table.rows[1].height >= Mm(42)
    assert check_ledger(path).good


def test_a_transfer_names_all_three_and_the_numbers(read, seal, teacher):
    use(seal, teacher)
    models.transfer_seal(
        seal,
        by=teacher,
        receiver=models.person_signing_in("T002"),
        witness=models.person_signing_in("2024110201"),
        reason="外出培训",
        kind="temporary",
        until=date(2026, 11, 27),
        approver="王主任",
    )
    (row,) = read("seal_transfers", seal=seal).rows
    assert row == {
        "编号": "1",
        "时间": "2026-11-23 09:00",
        "地点": "教务事务窗口",
        "名称": seal.name,
        "枚数": "1",
        "印模": "",
        "原因": "临时代管：外出培训",
        "移交人": "李老师",
        "接收人": "何老师",
        "监交人": "曾单",
        "状况": "完好",
        "期限": "2026-11-27",
        "批准": "王主任",
        "登记\n起止号": "0001–\n0001",
    }


def test_only_a_transfer_that_is_more_than_a_handover_has_room_for_the_imprint(
    read, seal, teacher, tmp_path
):
    other, witness = map(models.person_signing_in, ("T002", "2024110201"))
    for giver, receiver, kind in (
        (teacher, other, "handover"),
        (other, teacher, "post"),
        (teacher, other, "handover"),
    ):
        models.transfer_seal(
            seal, by=giver, receiver=receiver, witness=witness, reason="轮班", kind=kind
        )
    assert read("seal_transfers").column("印模") == ["—", "", "—"]
    (table,) = Document(str(tmp_path / "seal_transfers.docx")).tables
    heights = [row.height for row in table.rows[1:4]]
    assert heights[1] >= Mm(42) and max(heights[0], heights[2]) < Mm(8)


def test_an_outing_is_shown_open_and_when_it_came_back_late(read, seal, teacher):
    outing = take_out(
        seal,
        by=teacher,
        unit="教务处",
        applicant="王主任",
        reason="签实习协议",
        place="经开区",
        approver="顾主任",
        due_back_at=DAY + timedelta(hours=2),
    )
    page = read("seal_outings")
    assert page.column("实还") == ["未归还"]
    assert page.closing == "合计　共外借 1 次，用印 0 份，未归还 1 次。"
    with clock.set_at(DAY + timedelta(hours=3)):
        bring_back(
            outing,
            by=teacher,
            checker=models.person_signing_in("T002"),
            condition="完好",
            documents="实习协议",
            copies=12,
        )
        (row,) = read("seal_outings", seal=seal).rows
    assert row["实还"] == "2026-11-23 12:00\n（超时）"
    assert (row["文件及份数"], row["验收"]) == ("实习协议；共 12 份", "何老师\n完好")


def test_disposals_name_both_witnesses(centre, tmp_path):
    models.open_database(centre.office)
    by = models.person_signing_in("B0001")
    seal = models.seals()[0]
    with clock.set_at(DAY), transaction():
        SealDisposal(
            seal_uid=seal.uid,
            seal_name=seal.name,
            department_uid=seal.department_uid,
            department_name=seal.department_name,
            kind="destroyed",
            on=date(2026, 11, 20),
            at=DAY,
            reason="刻制新章",
            approver="院办",
            giver_name="李老师",
            receiver_name=by.name,
            method="粉碎",
            witnesses=[{"uid": "a", "name": "甲"}, {"uid": "b", "name": "乙"}],
            person_uid=by.uid,
            person_name=by.name,
        ).write(by=by)
    path = tmp_path / "a.docx"
    export_ledger(ledger_by_code("seal_disposals"), path, **DAYS, seal=seal)
    page = ReadBack(path)
    (row,) = page.rows
    assert (row["日期"], row["处置"], row["监销人"]) == ("2026-11-20", "销毁", "甲\n乙")
    assert page.closing == "合计　共 1 次：销毁 1。"
    assert check_ledger(path).good


def test_a_corrected_line_counts_once_and_a_reserved_block_is_named(
    read, seal, teacher
):
    use(seal, teacher, copies=2)
    wrong = use(seal, teacher, copies=1)
    reserve_numbers(seal, by=teacher, count=20, for_day=DAY.date())
    correct_seal_use(wrong, by=teacher, reason="份数写错", copies=3)
    page = read("seal_uses", seal=seal)
    assert page.column("编号") == ["2026-0001", "2026-0002", "2026-0023"]
    assert page.rows[1]["备注"] == "作废：更正为 2026-0023：份数写错"
    assert page.rows[2]["备注"].startswith("更正 2026-0002")
    assert page.closing == (
        "合计　2026 年第 0001–0023 号，共 2 次 5 份 2 枚，已更正的 1 行不重复计，"
        "断电表预留 0003–0022 号。"
    )


def test_numbers_of_another_day_are_not_missing(read, seal, teacher):
    use(seal, teacher)
    with clock.set_at(datetime(2026, 11, 24, 9, 0)):
        late = use(seal, teacher)
    with transaction():
        late.used_at = datetime(2026, 12, 1, 9, 0)
        late.write(by=teacher)
    use(seal, teacher)
    page = read("seal_uses", seal=seal)
    assert page.closing.endswith("共 2 次 2 份 2 枚，另有 1 个号登记在本台账范围以外。")


def test_the_sheet_for_a_power_cut_has_its_numbers_and_room_to_write(
    seal, teacher, tmp_path
):
    use(seal, teacher)
    sheet = reserve_numbers(seal, by=teacher, count=12, for_day=date(2026, 11, 24))
    path = tmp_path / "a.docx"
    assert export_outage_sheet(sheet, path, person=teacher).rows == 12
    page = ReadBack(path)
    assert page.title == "印章使用登记台账（断电表）"
    assert page.column("编号")[0] == "2026-0002"
    assert page.column("编号")[-1] == "2026-0013"
    assert set(page.column("文件名称")) == {""}
    assert [*page.rows[0]] == [
        column.heading for column in ledger_by_code("seal_uses").columns
    ]
    assert any("断电表补录" in line for line in page.lines)
    assert "监印人（签字）：" in page.lines[-1]
    table = Document(str(path)).tables[0]
    assert all(row.height >= Mm(12) for row in table.rows[1:-1])
