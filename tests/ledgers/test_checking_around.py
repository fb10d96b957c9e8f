"""What stands around the rows of a print, and prints of parts: each change is named."""

import shutil
import subprocess
from datetime import date, datetime

import pytest
from docx import Document

from exports.ledgers import Split, export_ledger, ledger_by_code, splits
from exports.ledgers.checking import check_ledger
from ledgers.records import NOVEMBER, OTHER_SEAL, SEAL, seal_use, visit, write
from ledgers.test_hostile import LONG
from models import Visit, void_seal_use
from models.people import Person, PersonRole
from models.seal_uses import SealUse

SEALS = ledger_by_code("seal_uses")
TEACHER = Person(uid="person-2", name="陈老师", role=PersonRole.TEACHER)


@pytest.fixture
def two_seals(tmp_path):
    """Uses of two seals, which stand in groups, and their print."""
    for number in range(1, 7):
        seal_use(number, copies=2)
        seal_use(number, OTHER_SEAL)
    path = tmp_path / "台账.docx"
    export_ledger(SEALS, path, **NOVEMBER)
    return path


def edited(path, change):
    document = Document(str(path))
    change(document)
    document.save(str(path))
    return check_ledger(path)


def merged_rows(document):
    """Those of one cell, in their order; the last is the row of totals."""
    rows = [row for table in document.tables for row in table.rows]
    return [row for row in rows if len(row._tr.tc_lst) == 1]


def test_a_print_in_groups_agrees_also_after_a_use_was_voided(two_seals):
    document = Document(str(two_seals))
    assert len(merged_rows(document)) >= 4
    assert check_ledger(two_seals).good
    void_seal_use(SealUse.get(SealUse.number == 3), by=TEACHER, reason="写错")
    check = check_ledger(two_seals)
    assert check.good and len(check.later) == 1


def test_a_changed_or_missing_row_of_a_group_is_named(two_seals):
    def change(document):
        row = merged_rows(document)[1]
        row.cells[0].text = row.cells[0].text.replace("6 次", "9 次")

    check = edited(two_seals, change)
    assert "的分组行：打印的是" in check.faults[0] and "9 次" in check.faults[0]
    assert not check.cells_agree and check.rows_agree is False

    export_ledger(SEALS, two_seals, **NOVEMBER)

    def remove(document):
        row = merged_rows(document)[0]._tr
        row.getparent().remove(row)

    check = edited(two_seals, remove)
    assert "的分组行：打印的是" in check.faults[0]
    assert not check.cells_agree


def test_a_row_taken_out_of_a_group_is_named_and_no_group_for_it(two_seals):
    def change(document):
        row = next(r for r in document.tables[0].rows if r.cells[0].text[-4:] == "0002")
        row._tr.getparent().remove(row._tr)

    faults = edited(two_seals, change).faults
    assert faults[0].startswith("缺少第 ") and len(faults) == 2


def footer_lines(document):
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        yield from footer.paragraphs


def test_the_footer_of_another_print_is_no_footer_of_this_one(two_seals, tmp_path):
    """The digest of the rows may agree: what stands beside it must, too."""
    other = tmp_path / "另一份.docx"
    seal_use(7)
    export_ledger(SEALS, other, **NOVEMBER)

    def swap(document):
        theirs = list(footer_lines(Document(str(other))))
        for mine, line in zip(footer_lines(document), theirs, strict=True):
            for run, text in zip(mine.runs, line.runs, strict=True):
                run.text = text.text

    faults = edited(two_seals, swap).faults
    assert any(fault.startswith("页脚应有“") for fault in faults)
    assert any("页脚的校验码应是" in fault for fault in faults)

    def rewrite(document):
        for line in footer_lines(document):
            for run in line.runs:
                run.text = run.text.replace("流水第 ", "流水第 9")

    export_ledger(SEALS, two_seals, **NOVEMBER)
    assert edited(two_seals, rewrite).faults == [
        "页脚的流水号或流水校验码被改动过，或者是另一份台账的页脚。"
    ]

    def fewer(document):
        for line in footer_lines(document):
            for run in line.runs:
                run.text = run.text.replace("0007", "0006")

    export_ledger(SEALS, two_seals, **NOVEMBER)
    assert edited(two_seals, fewer).faults[0].startswith("页脚应有“")


def test_each_file_of_a_split_ledger_is_checked_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(splits, "ROWS_PER_FILE", 5)
    for number in range(1, 8):
        visit(number, late_entry=number == 1)
        visit(number + 10, arrived_at=datetime(2026, 10, 9, 9, number))
    days = {"first": date(2026, 10, 1), "last": date(2026, 11, 30)}
    visits = ledger_by_code("visits")
    for split, rows in ((Split.MONTH, [7, 7]), (Split.ROWS, [5, 5, 4])):
        path = tmp_path / f"{split}.docx"
        made = export_ledger(visits, path, **days, split=split, masked=True)
        found = [check_ledger(path) for path in made.paths]
        assert [check.rows for check in found] == rows
        assert all(check.good for check in found)
    visit(99)
    first = Visit.get(Visit.number == "JW20261123-011")
    first.note = "改了"
    write(first)
    check = check_ledger(made.paths[1])
    assert check.good and check.later == ["打印后新登记了 1 行。"]

    def change(document):
        row = document.tables[0].rows[2]._tr
        row.getparent().remove(row)

    faults = edited(made.paths[1], change).faults
    assert faults[0].startswith("缺少第 2 行：记录里有（编号 ")
    assert len(faults) == 2
    part = edited(
        made.paths[0],
        lambda document: setattr(
            merged_rows(document)[-1].cells[0], "text", "本册 4 条"
        ),
    )
    assert part.faults[0].startswith("合计行：打印的是 本册 4 条，记录是 本册 5 条")


def test_libreoffice_opens_what_is_hostile_and_loses_nothing(tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice Writer is not installed")
    visit(1, note=LONG, visitor_name="\u202e三张", late_entry=True)
    seal_use(1, SEAL, note=LONG)
    path, again = tmp_path / "台账.docx", tmp_path / "again"
    export_ledger(ledger_by_code("visits"), path, **NOVEMBER)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [soffice, profile, "--headless", "--convert-to", "docx", "--outdir"]
    subprocess.run([*convert, again, path], check=True, capture_output=True)
    check = check_ledger(again / path.name)
    assert (check.faults, check.good) == ([], True)
