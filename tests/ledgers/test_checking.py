"""A printed ledger checked against the records: what was changed is named."""

import shutil
import subprocess
from datetime import datetime
from zipfile import ZipFile

import pytest
from docx import Document

from exports.ledgers.checking import check_ledger
from exports.ledgers.proof import WORDING
from ledgers.records import (
    OTHER_SEAL,
    attendance,
    handover,
    seal_use,
    step,
    visit,
    write,
)
from models import (
    Installation,
    Person,
    PersonRole,
    SealUse,
    UserError,
    Visit,
    clock,
    db,
    transaction,
    void_seal_use,
)

TEACHER = Person(uid="person-2", name="陈老师", role=PersonRole.TEACHER)


@pytest.fixture
def day():
    """Twenty uses of a seal and as many visits, one with a case, and a handover."""
    for number in range(1, 21):
        seal_use(number, impressions=number)
        visit(number)
    case = visit(21, outcome="promised", finished_at=None)
    step(case, "finished", datetime(2026, 11, 24, 9, 0), "已办好")
    handover()
    return case


def edited(path, change):
    """The document after *change* worked on it with python-docx."""
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return path


def cell(document, row, heading):
    table = document.tables[0]
    names = [one.text for one in table.rows[0].cells]
    return table.rows[row].cells[names.index(heading)]


def answers(check):
    return check.cells_agree, check.chain_holds, check.rows_agree


@pytest.mark.parametrize("code", ["visits", "seal_uses", "handovers"])
def test_a_ledger_as_it_was_printed_agrees_with_the_records(code, day, export):
    check = check_ledger(export(code).result.path)
    assert (answers(check), check.faults, check.later) == ((True,) * 3, [], [])
    assert check.good and check.rows > 0
    assert check.verdict == "打印的内容与打印时的记录一致。"


def test_a_report_of_none_agrees_too_and_later_rows_are_told(export):
    path = export("seal_uses").result.path
    assert check_ledger(path).good
    seal_use(1)
    check = check_ledger(path)
    assert check.good and check.later == ["打印后新登记了 1 行。"]


def test_rows_over_several_tables_are_all_compared(export):
    for number in range(1, 902):
        seal_use(number)
    path = export("seal_uses").result.path
    check = check_ledger(path)
    assert check.good and check.rows == 901


def test_a_changed_cell_is_named_by_row_and_column(day, export):
    def change(document):
        cell(document, 12, "枚数").text = "5"

    check = check_ledger(edited(export("seal_uses").result.path, change))
    assert check.faults == [
        "第 12 行（编号 2026-0012）“枚数”：打印的是 5，记录是 12",
        "打印的内容与文件自己的校验码不符：导出后有人改过。",
    ]
    assert answers(check) == (False, True, False)
    assert not check.good and check.verdict == "与记录不一致。"


def test_a_row_taken_out_is_named_and_those_below_still_agree(day, export):
    def change(document):
        row = document.tables[0].rows[7]._tr
        row.getparent().remove(row)

    check = check_ledger(edited(export("seal_uses").result.path, change))
    assert check.faults[0] == ("缺少第 7 行：记录里有（编号 2026-0007），打印的没有。")
    assert len(check.faults) == 2


def test_a_row_put_in_is_named(day, export):
    def change(document):
        from copy import deepcopy

        row = document.tables[0].rows[7]._tr
        again = deepcopy(row)
        row.addnext(again)
        cell(document, 8, "编号").text = "2026-0107"

    check = check_ledger(edited(export("seal_uses").result.path, change))
    assert check.faults[0] == "第 8 行（编号 2026-0107）：打印的有，记录里没有。"


def test_a_changed_number_is_a_changed_cell(day, export):
    def change(document):
        cell(document, 3, "编号").text = "2026-0103"

    check = check_ledger(edited(export("seal_uses").result.path, change))
    assert check.faults[0] == (
        "第 3 行（编号 2026-0103）“编号”：打印的是 2026-0103，记录是 2026-0003"
    )


def test_changed_totals_headings_and_period_are_named(day, export):
    def change(document):
        document.tables[0].rows[-1].cells[0].text = "合计　共 1 次。"
        cell(document, 0, "枚数").text = "份数"
        document.paragraphs[2].text = "期间：2026年10月1日至2026年10月31日"

    faults = check_ledger(edited(export("seal_uses").result.path, change)).faults
    assert faults[0] == "表头被改动过：“份数”。"
    assert faults[1].startswith("合计行：打印的是 合计 共 1 次。，记录是 合计 2026 年")
    assert faults[2].startswith("标题下应有“期间：2026年11月1日")


def test_a_changed_digest_in_the_footer_is_named(day, export):
    def change(document):
        run = document.sections[0].footer.paragraphs[0].runs[0]
        run.text = "校验码 0000-0000-0000"

    faults = check_ledger(edited(export("seal_uses").result.path, change)).faults
    assert len(faults) == 1 and "页脚的校验码应是" in faults[0]


def test_what_was_voided_or_added_after_the_print_is_no_forgery(day, export):
    path = export("seal_uses").result.path
    use = SealUse.get(SealUse.number == 12)
    void_seal_use(use, by=TEACHER, reason="写错份数")
    seal_use(21)
    seal_use(1, OTHER_SEAL)
    check = check_ledger(path)
    assert check.good
    assert check.later == [
        "第 12 行（编号 2026-0012）：打印后改过“备注”",
        "打印后新登记了 2 行。",
    ]


def test_a_forged_row_is_found_among_those_that_changed_since(day, export):
    path = export("seal_uses").result.path
    void_seal_use(SealUse.get(SealUse.number == 12), by=TEACHER, reason="写错份数")

    def change(document):
        cell(document, 12, "备注").text = "作废：写错份数"

    check = check_ledger(edited(path, change))
    assert check.faults[0] == (
        "第 12 行（编号 2026-0012）“备注”：打印的是 作废：写错份数，记录是 （空）"
    )


def test_steps_of_a_case_after_the_print_are_told_and_are_no_forgery(day, export):
    path = export("visits").result.path
    step(day, "reopened", datetime(2026, 11, 25, 9, 0), "又来问")
    write(Visit.get(Visit.number == "JW20261123-003"))
    check = check_ledger(path)
    assert check.good
    assert check.later == [
        "第 21 行（编号 JW20261123-021）：打印后改过“处理情况”、“办结时间”"
    ]


def test_a_row_changed_past_the_journal_is_named(day, export):
    path = export("seal_uses").result.path
    with transaction():
        db.execute_sql("UPDATE seal_use SET impressions = 99 WHERE number = 5")
    check = check_ledger(path)
    assert check.faults[0] == ("第 5 行（编号 2026-0005）“枚数”：打印的是 5，记录是 99")
    assert answers(check) == (True, True, False)


def test_rewritten_history_is_found_though_rows_and_table_agree(day, export):
    path = export("seal_uses").result.path
    with transaction():
        db.execute_sql("DROP TRIGGER journal_is_never_changed")
        db.execute_sql(
            "UPDATE journal SET payload = REPLACE(payload, '张三', '李四') "
            "WHERE seq = 5"
        )
    check = check_ledger(path)
    assert answers(check) == (True, False, True)
    assert check.faults[0].endswith("流水第 5 条的内容被改动过")


def test_history_cut_off_after_the_print_is_found(day, export):
    path = export("seal_uses").result.path
    with transaction():
        db.execute_sql("DROP TRIGGER journal_is_never_cut")
        db.execute_sql("DELETE FROM journal WHERE seq > 40")
    check = check_ledger(path)
    assert check.chain_holds is False
    assert "打印之后本机的历史被换过或截短" in check.faults[0]


def test_the_sheet_of_check_ins_is_compared_once_its_days_are_over(export):
    attendance()
    path = export("attendances").result.path
    check = check_ledger(path)
    assert not check.good and check.cells_agree and check.chain_holds
    assert check.rows_agree is None and "没有与记录逐行核对" in check.notes[0]
    with clock.set_at(datetime(2026, 12, 2, 9, 0)):
        path = export("attendances").result.path
        assert check_ledger(path).good


def test_a_file_of_another_centre_or_a_newer_program_is_told(export):
    path = export("visits").result.path
    with transaction():
        Installation.update(realm="another").execute()
    with pytest.raises(UserError, match="另一个中心的台账"):
        check_ledger(path)
    with transaction():
        Installation.update(realm="realm").execute()
    replace_property(path, '"ledger":"visits"', '"ledger":"newest"')
    with pytest.raises(UserError, match="由更新的程序导出"):
        check_ledger(path)


def test_other_columns_are_not_compared_and_that_is_said(day, export):
    path = export("visits").result.path
    replace_property(path, '"headings":"', '"headings":"0')
    check = check_ledger(path)
    assert not check.good and check.rows_agree is None
    assert "栏目不同，没有与记录逐行核对" in check.notes[0]


@pytest.mark.parametrize(
    ("printed", "which"), [(1, "较早的程序导出"), (9, "更新的程序导出，请升级后再核验")]
)
def test_what_a_program_of_other_words_printed_is_no_forgery(
    printed, which, day, export
):
    path = export("visits").result.path
    replace_property(path, f'"wording":{WORDING}', f'"wording":{printed}')
    check = check_ledger(path)
    assert not check.good and not check.faults and check.rows_agree is None
    assert check.notes == [f"这本台账由{which}，写法不同，没有与记录逐行核对。"]


def replace_property(path, old, new):
    """Change a text among the custom properties of the file."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "docProps/custom.xml"
    whole = parts[name].decode()
    assert old in whole
    parts[name] = whole.replace(old, new).encode()
    with ZipFile(path, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)


def test_a_ledger_of_many_faults_names_the_first_hundred(export):
    for number in range(1, 131):
        seal_use(number)

    def change(document):
        for row in document.tables[0].rows[1:131]:
            row.cells[6].text = "7"

    faults = check_ledger(edited(export("seal_uses").result.path, change)).faults
    assert faults[0].startswith("第 1 行（编号 2026-0001）“份数”")
    assert faults[100] == "还有 30 处不同，没有一一列出。"


def test_a_ledger_saved_again_by_libreoffice_still_agrees(day, export, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice Writer is not installed")
    path = export("seal_uses").result.path
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    again = tmp_path / "again"
    subprocess.run(
        [
            *(soffice, profile, "--headless", "--convert-to", "docx"),
            *("--outdir", again, path),
        ],
        check=True,
        capture_output=True,
    )
    assert check_ledger(again / path.name).good
