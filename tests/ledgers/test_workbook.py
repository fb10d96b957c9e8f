"""Ledgers as workbooks, read back with openpyxl and with calamine."""

import io
import os
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from test_ledger_writer import SHEET, rows_of

from exports.files import replacing
from exports.ledgers import LEDGERS, export_ledger, ledger_by_code, workbook
from exports.ledgers.cells import as_printed
from exports.ledgers.groups import Group
from exports.ledgers.heads import Head
from exports.ledgers.workbook import write_workbook
from exports.ledgers.writer import NOTHING
from ledgers.records import CENTRE, NOVEMBER, PERSON, seal_use, visit
from models import UserError

COUNTING = replace(
    SHEET, counting=(False, False, True), summary="共 & 计", chain="流水"
)
HEAD = 4  # rows: centre, title, period, headings


@pytest.fixture(autouse=True)
def own_temp(tmp_path, monkeypatch):
    """Where XlsxWriter keeps its rows: nothing may stay behind."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def written(rows, sheet=COUNTING, closing="合计　共几枚", **options):
    file = io.BytesIO()
    write_workbook(file, sheet, rows, closing=closing, **options)
    with ZipFile(file) as parts:
        assert parts.testzip() is None
    return openpyxl.load_workbook(file)


def cells_of(page):
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_texts_stay_texts_and_counts_are_numbers():
    rows = [
        ("=1+1", "+86 138", "3"),
        ("-1", "@SUM(A1)", "12"),
        ("20240010010001234567", "http://example.org", "007"),
        ("{=A1}", "<r><t>乙</t></r>", "1" * 17),
        ("2026-11-23", " 前后\n空格 ", ""),
        ("a\x01\x1fb", "半\ud842字\ufffe", "-2"),
        ("&amp;", "𠮷田 ]]> 😀", "1.5"),
        ("TRUE", "#N/A", "1e5"),
    ]
    page = written(rows).worksheets[0]
    body = list(page.iter_rows(HEAD + 1, HEAD + len(rows)))
    numbers = {("3", 3), ("12", 12)}
    for row, texts in zip(body, rows, strict=True):
        for cell, text in zip(row, texts, strict=True):
            if (text, cell.value) in numbers:
                assert cell.data_type == "n"
            else:
                assert (cell.value or "") == as_printed(text)
                assert cell.data_type in ("s", "n") and cell.hyperlink is None
                assert cell.data_type == "s" or not text
                assert cell.number_format == "@"


def test_head_prints_on_every_page_and_the_proof_stands_in_foot_and_properties():
    sheet = replace(COUNTING, properties={"LedgerProof": "证" * 300})
    book = written(rows_of(3), sheet)
    page = book.worksheets[0]
    assert [row[0] for row in cells_of(page)][:4] == [
        CENTRE,
        "印章使用登记台账",
        "期间：2026年11月1日至2026年11月30日",
        "编号",
    ]
    assert (page.freeze_panes, page.print_title_rows) == ("A5", "$1:$4")
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.auto_filter.ref == "A4:C7"
    widths = [page.column_dimensions[name].width for name in "ABC"]
    assert widths[1] / widths[0] == pytest.approx(3, rel=0.05)
    below = [row[0] for row in cells_of(page)][7:]
    assert below[0] == "合计　共几枚"
    assert below[1].startswith("制表人：李雨桐") and below[1].endswith("2026年11月23日")
    code = below[2].split("　")[0]
    assert code.startswith("校验码 ") and below[2].endswith("共 & 计")
    assert page.oddFooter.left.text.startswith(code)
    assert page.oddFooter.right.text == "— &P —"
    texts = {one.name: one.value for one in book.custom_doc_props.props}
    assert texts["LedgerProof1"] + texts["LedgerProof2"] == "证" * 300
    assert (book.properties.title, book.properties.creator) == (
        f"{CENTRE}印章使用登记台账",
        "李雨桐",
    )


def test_rows_are_as_high_as_their_texts_and_clock_times_stay_in_a_line():
    sheet = replace(
        COUNTING, weights=(2, 160, 10), headings=("日", "文件\n名称", "份数")
    )
    rows = [("1:45", "短", "1"), ("A\nB", "短", "2"), ("", "长" * 400, "3")]
    page = written(rows, sheet).worksheets[0]
    heading, one, two, many = (page.row_dimensions[at].height for at in range(4, 8))
    assert heading == two and one is None and 15 < two < 40 < many < 409
    narrow, broken = page["A5"].alignment, page["A6"].alignment
    assert narrow.shrink_to_fit and not narrow.wrap_text and broken.wrap_text
    assert page.column_dimensions["B"].width > 100


def test_groups_and_two_heading_rows_look_as_on_paper():
    sheet = replace(COUNTING, heads=(Head("", 1), Head("文件", 2)))
    groups = [Group("甲章", 2, "小计 2"), Group("=乙章", 1, "小计 1")]
    page = written(rows_of(3), sheet, groups=groups).worksheets[0]
    cells = cells_of(page)
    assert cells[3:5] == [["", "文件", None], ["编号", "文件名称", "份数"]]
    assert [row[0] for row in cells[5:12]] == [
        *("甲章", "0001", "0002", "小计 2", "=乙章", "0003", "小计 1")
    ]
    assert {"B4:C4", "A6:C6", "A9:C9"} <= {str(one) for one in page.merged_cells.ranges}
    assert page.auto_filter.ref is None and page.freeze_panes == "A6"


def test_what_no_cell_holds_goes_on_on_a_sheet_of_its_own():
    long = "长" * 30_000 + "😀" * 20_000
    fits = "😀" * 16_383
    book = written([("1", long, "2"), ("2", fits, "3"), ("3", long[::-1], "4")])
    page, rest = book.worksheets
    assert page.cell(HEAD + 2, 2).value == fits
    pieces = cells_of(rest)[1:]
    for row, text in ((HEAD + 1, long), (HEAD + 3, long[::-1])):
        shown = page.cell(row, 2).value
        first, _, place = shown.partition("……（未完，余下的在“超长文字”表第 ")
        where = f"{page.title} 第 {row} 行"
        mine = [
            piece for at, name, _, piece in pieces if (at, name) == (where, "文件名称")
        ]
        assert first + "".join(mine) == text
        assert cells_of(rest)[int(place.split()[0]) - 1][3] == mine[0]
        assert all(len(t.encode("utf-16-le")) // 2 <= 32_767 for t in [shown, *mine])


def test_rows_that_no_sheet_holds_go_on_on_the_next(monkeypatch):
    monkeypatch.setattr(workbook, "ROWS_PER_SHEET", 800)
    book = written(rows_of(1001))
    assert book.sheetnames == ["印章使用登记台账", "印章使用登记台账（2）"]
    first, second = map(cells_of, book.worksheets)
    assert first[HEAD - 1] == second[HEAD - 1] == list(SHEET.headings)
    found = [row[0] for row in first[HEAD:]] + [row[0] for row in second[HEAD:]]
    assert found[:1001] == [row[0] for row in rows_of(1001)]
    assert found[1001] == "合计　共几枚"


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.code)
def test_every_ledger_without_records_is_a_report_of_none(ledger, tmp_path):
    path = tmp_path / "a.xlsx"
    assert export_ledger(ledger, path, **NOVEMBER, person=PERSON).rows == 0
    page = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert [NOTHING] == [row[0] for row in page if row[0] == NOTHING]


def test_it_says_what_the_word_file_says(tmp_path):
    for number in range(1, 4):
        seal_use(number, students=["2024001001", "2024001002"], copies=number)
    book, paper = tmp_path / "a.xlsx", tmp_path / "a.docx"
    for path in (book, paper):
        export_ledger(ledger_by_code("seal_uses"), path, **NOVEMBER, person=PERSON)
    read = openpyxl.load_workbook(book)
    table, annex = Document(str(paper)).tables
    page, lists = map(cells_of, read.worksheets)
    assert page[2][0] in [line.text for line in Document(str(paper)).paragraphs]
    for row, printed in zip(page[4:7], table.rows[1:], strict=False):
        texts = ["" if text is None else str(text) for text in row]
        assert texts == [cell.text for cell in printed.cells]
    assert page[4][6] == 1  # 份数
    assert page[7][0] == table.rows[-1].cells[0].text
    assert lists[4][-1].replace("　", "\t") == annex.rows[1].cells[-1].text
    texts = {one.name: one.value for one in read.custom_doc_props.props}
    footer = Document(str(paper)).sections[0].footer.paragraphs[0].text
    code = texts["LedgerCells1"][:12].upper()
    assert f"校验码 {code[:4]}-{code[4:8]}-{code[8:]}" in footer


class Cancelled(Exception):
    pass


def test_cancelled_at_any_point_it_leaves_the_older_file_and_nothing_else(tmp_path):
    folder = tmp_path / "台账"
    folder.mkdir()
    path = folder / "a.xlsx"
    path.write_bytes(b"old")
    noise = [(f"{n}", os.urandom(900).hex(), "1") for n in range(1500)]
    for at in range(1, 100):
        left = at

        def report(done, total, text):
            nonlocal left
            left -= 1
            if not left:
                raise Cancelled

        try:
            with replacing(path) as file:
                write_workbook(file, SHEET, noise, report=report)
        except Cancelled:
            assert path.read_bytes() == b"old"
            assert [one.name for one in folder.iterdir()] == ["a.xlsx"]
        else:
            break
    # Four batches of rows, and once while the file was put together.
    assert at == 6
    assert [one.name for one in folder.iterdir()] == ["a.xlsx"]


def test_a_disk_that_is_full_is_told_and_leaves_the_older_file(tmp_path):
    """The limit on the size of files stands for it, of the rows and of the whole."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    noise = [(f"{n}", os.urandom(900).hex(), "1") for n in range(1000)]
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    whole = io.BytesIO()
    write_workbook(whole, SHEET, noise)
    # Of two files as large as the rows the second is a little larger.
    rows = ZipFile(whole).getinfo("xl/worksheets/sheet1.xml").file_size
    for limit in (100_000, rows - 1):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
        try:
            with (
                pytest.raises(UserError, match="磁盘空间不足"),
                replacing(path) as file,
            ):
                write_workbook(file, SHEET, noise)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        assert path.read_bytes() == b"old"
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["a.xlsx"]


def test_only_its_user_can_read_what_lies_outside_the_file_meanwhile(own_temp):
    seen = []

    def report(done, total, text):
        seen.extend(own_temp.iterdir())

    written(rows_of(500), report=report)
    assert seen and os.name == "posix"
    old = own_temp / "desk-ledger-old"
    old.mkdir(mode=0o700)
    os.utime(old, (0, 0))  # a kill left it behind
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        written(rows_of(1), report=lambda *told: seen.append(oct(mode_of(own_temp))))
    assert seen[-1] == "0o700" and not old.exists()


def mode_of(folder: Path) -> int:
    (only,) = folder.iterdir()
    return only.stat().st_mode & 0o777


def test_another_ending_is_refused_with_those_there_are(tmp_path):
    visit()
    with pytest.raises(UserError, match="改文件名的结尾"):
        export_ledger(ledger_by_code("visits"), tmp_path / "a.pdf", **NOVEMBER)
