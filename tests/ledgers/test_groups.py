"""Rows under titles with subtotals, two heading rows, and pages that stand upright."""

from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from sheets import is_heading
from test_ledger_writer import SHEET, rows_of, tables_of, written

from exports.ledgers import writer
from exports.ledgers.checking import check_ledger
from exports.ledgers.groups import Group, cut, tables, texts_between
from exports.ledgers.heads import Head
from ledgers.records import JIAOWU, OTHER_SEAL, SEAL, XUESHENG, attendance, seal_use


def counted(*sizes):
    return [
        Group(f"第 {n} 组", rows, f"小计 {rows}") for n, rows in enumerate(sizes, 1)
    ]


def test_every_group_has_its_title_and_subtotal_and_tables_stay_short(monkeypatch):
    monkeypatch.setattr(writer, "ROWS_PER_TABLE", 10)
    sizes = (1, 25, 3, 1, 8, 2)
    rows = rows_of(sum(sizes))
    read, texts = [], []
    for table in tables_of(written(rows, groups=counted(*sizes))):
        assert len(table) <= 12 and table[0] == list(SHEET.headings)
        for row in table[1:]:
            if len(set(row)) == 1:
                texts.append((len(read), row[0]))
            else:
                read.append(tuple(row))
    assert texts.pop()[1] == "合计　共几枚"
    assert read == rows
    assert texts == list(texts_between(counted(*sizes)))


def test_groups_that_do_not_fit_the_rows_are_refused():
    for sizes in ((2, 2), (1, 1)):
        with pytest.raises(ValueError, match="group"):
            list(tables(rows_of(3), counted(*sizes), 400))


def test_a_group_that_goes_on_in_the_next_file_says_so():
    groups = counted(3, 4)
    assert cut(groups, 0, 2) == [Group("第 1 组", 2, "")]
    assert cut(groups, 2, 5) == [
        Group("第 1 组（续）", 1, "小计 3"),
        Group("第 2 组", 2, ""),
    ]
    assert cut(groups, 5, 7) == [Group("第 2 组（续）", 2, "小计 4")]


def test_titles_stay_with_their_rows_and_are_in_the_digest():
    def footer(groups):
        document = Document(written(rows_of(2), groups=groups))
        title = document.tables[0].rows[1]
        assert title._tr.tc_lst[0].grid_span == 3
        assert title.cells[0].paragraphs[0].style.paragraph_format.keep_with_next
        return document.sections[0].footer.paragraphs[0].text

    first = footer(counted(1, 1))
    assert first == footer(counted(1, 1))
    assert first != footer(
        [Group("第 1 组", 1, "小计 1"), Group("第二组", 1, "小计 1")]
    )
    assert first != footer(
        [Group("第 1 组", 1, "小计 2"), Group("第 2 组", 1, "小计 1")]
    )


def test_two_heading_rows_repeat_on_every_page_of_every_table(monkeypatch):
    monkeypatch.setattr(writer, "ROWS_PER_TABLE", 3)
    sheet = replace(SHEET, heads=(Head("", 1), Head("文件 & 份数", 2)))
    file = written(rows_of(7), sheet)
    for table in Document(file).tables:
        upper, lower, *others = table.rows
        assert is_heading(upper) and is_heading(lower)
        assert not any(map(is_heading, others))
        for row in (upper, lower):
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        assert [cell.text for cell in upper.cells] == ["编号", *["文件 & 份数"] * 2]
        assert [cell.text for cell in lower.cells] == list(SHEET.headings)
    with pytest.raises(ValueError, match="more columns"):
        written([], replace(SHEET, heads=(Head("宽", 4),)))


def test_an_upright_page_is_the_sheet_of_gb_9704():
    document = Document(
        written(rows_of(1), replace(SHEET, portrait=True, summary="共"))
    )
    (section,) = document.sections
    sides = (section.page_width, section.page_height)
    assert [round(side.mm) for side in sides] == [210, 297]
    margins = (
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    )
    assert [round(margin.mm) for margin in margins] == [37, 26, 35, 28]
    (table,) = document.tables
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert sum(widths) == round(Mm(156).pt * 20)
    assert [line.text for line in document.paragraphs[-2:]] == [
        "制表人：李雨桐\t审核人：\t部门负责人（签字）：",
        "\t（公章）　　填报日期：2026年11月23日",
    ]


def used():
    for number in range(1, 4):
        seal_use(number, copies=2)
    seal_use(1, seal=OTHER_SEAL)
    seal_use(2, seal=OTHER_SEAL, is_void=True, void_reason="写错")


def merged_of(path):
    (table,) = Document(str(path)).tables
    return [row.cells[0].text for row in table.rows if len(row._tr.tc_lst) == 1]


def test_uses_of_several_seals_stand_under_their_seals(export):
    used()
    page = export("seal_uses")
    titles = merged_of(page.result.path)
    assert titles[:4] == [
        f"印章：{SEAL.name}",
        "小计　2026 年第 0001–0003 号，共 3 次 6 份 3 枚。",
        f"印章：{OTHER_SEAL.name}",
        "小计　2026 年第 0001–0002 号，共 2 次 1 份 1 枚"
        "（其中作废 1 次，不计份数和枚数）。",
    ]
    assert titles[4].endswith(
        "合计　共 5 次 7 份 4 枚（其中作废 1 次，不计份数和枚数）。"
    )
    assert len(merged_of(export("seal_uses", seal=SEAL).result.path)) == 1


def test_shifts_of_several_desks_stand_under_their_desks(export):
    attendance(desk_uid=XUESHENG.uid, desk_name=XUESHENG.name)
    attendance(person_uid="person-9", person_name="周子涵")
    page = export("attendances")
    titles = merged_of(page.result.path)
    assert [title.split("　")[0] for title in titles] == [
        f"窗口：{JIAOWU.name}",
        "小计",
        f"窗口：{XUESHENG.name}",
        "小计",
        "合计",
    ]
    assert len(merged_of(export("attendances", desk=JIAOWU).result.path)) == 1


@pytest.mark.parametrize("row", [1, 5])
def test_a_title_or_subtotal_cannot_be_changed_moved_or_left_out_unseen(export, row):
    used()
    path = export("seal_uses").result.path
    assert check_ledger(path).good
    whole = path.read_bytes()

    def changed(change):
        path.write_bytes(whole)
        document = Document(str(path))
        change(document.tables[0].rows)
        document.save(str(path))
        check = check_ledger(path)
        assert not check.cells_agree and check.rows_agree is False, check.faults

    def reword(rows):
        rows[row].cells[0].paragraphs[0].runs[0].text += "（代章）"

    def leave_out(rows):
        rows[row]._tr.getparent().remove(rows[row]._tr)

    def move(rows):
        rows[3]._tr.addnext(rows[row]._tr)

    for change in (reword, leave_out, move):
        changed(change)
