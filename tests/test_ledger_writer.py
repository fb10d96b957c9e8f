"""The streaming Word writer, read back with python-docx and checked with the schema."""

import io
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from exports.files import replacing
from exports.ledgers import writer
from exports.ledgers.sheet import Sheet
from exports.ledgers.writer import NOTHING, ROWS_PER_TABLE, write_ledger
from models.errors import UserError

sys.path.insert(0, str(Path(__file__).parent / "ooxml"))
import ooxml_check

SCHEMA = etree.XMLSchema(etree.parse(str(Path(ooxml_check.HERE) / "wml.xsd")))
SHEET = Sheet(
    title="印章使用登记台账",
    headings=("编号", "文件名称", "份数"),
    weights=(20, 60, 10),
    centred=(True, False, True),
    centre="沙洲职业工学院“一站式”学生社区服务中心",
    subtitle="期间：2026年11月1日至2026年11月30日",
    maker="李雨桐",
    filed_on="2026年11月23日",
)


def rows_of(number):
    return [(f"{n:04d}", f"文件 {n}", str(n % 7)) for n in range(1, number + 1)]


def written(rows, sheet=SHEET, closing="合计　共几枚", **options):
    """The document as bytes, valid by the schema of ECMA-376."""
    file = io.BytesIO()
    write_ledger(file, sheet, rows, closing=closing, **options)
    assert ooxml_check.check(file, SCHEMA) == 0
    return file


def tables_of(file):
    """Text of every cell, by table and row."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(file).tables
    ]


def test_every_cell_reads_back_as_it_was():
    nasty = [
        ("&", "<w:t>&amp;</w:t>", "\"'"),
        ("", " 前后空格 ", "%s %d %"),
        ("𠮷田", "买买提·艾合买提", "䶮\U000e0100"),
        ("一\n二", "制表\t符", "\n"),
        ("]]>", "&#10;", "{0}"),
        ("1", "纯", "\u2028\u200b\x7f\x85"),
    ]
    (table,) = tables_of(written(nasty))
    assert table[1:-1] == [list(row) for row in nasty]


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\x1fb", "ab"),
        ("a\x1eb", "ab"),
        ("a\x0bb\x0cc\x00d\x08e", "abcde"),
        ("半个\ud842字", "半个字"),
        ("\ufffe\uffff", ""),
        ("一\r\n二\r三", "一\n二\n三"),
    ],
)
def test_what_xml_cannot_hold_is_dropped_and_shifts_no_cell(given_text, kept):
    row = ("1", given_text, "2")
    (table,) = tables_of(written([row, ("3", "下一行", "4")]))
    assert table[1:-1] == [["1", kept, "2"], ["3", "下一行", "4"]]


def test_word_keeps_edge_blanks_and_breaks_lines_where_people_did():
    """python-docx reads blanks and line feeds however they are written, Word not."""
    file = written([(" 1 ", "一\n二", "制表\t符")])
    with ZipFile(file) as parts:
        document = etree.fromstring(parts.read("word/document.xml"))
    cells = document.findall(f".//{qn('w:tc')}")[3:6]
    texts = [text for cell in cells for text in cell.iter(qn("w:t"))]
    assert [text.text for text in texts] == [" 1 ", "一", "二", "制表", "符"]
    assert {text.get(qn("xml:space")) for text in texts} == {"preserve"}
    assert len(list(cells[1].iter(qn("w:br")))) == 1
    assert len(list(cells[2].iter(qn("w:tab")))) == 1


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=[]), max_size=8)] * 3),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_people_type_reads_back_but_for_what_xml_cannot_hold(rows):
    (table,) = tables_of(written(rows))
    expected = [[as_xml_holds(text) for text in row] for row in rows]
    assert table[1:-1] == expected


def as_xml_holds(text):
    """By the definition of Char in XML 1.0, section 2.2."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c
        for c in text
        if c in "\t\n"
        or " " <= c <= "\ud7ff"
        or "\ue000" <= c <= "\ufffd"
        or c >= "\U00010000"
    )


@pytest.mark.parametrize("number", [1, 399, 400, 401, 499, 500, 501, 1000, 1001])
def test_rows_go_on_in_tables_of_at_most_500_rows_each_with_the_heading(number):
    rows = rows_of(number)
    tables = tables_of(written(rows))
    assert all(len(table) <= 500 for table in tables)
    assert all(table[0] == list(SHEET.headings) for table in tables)
    assert tables[-1].pop()[0] == "合计　共几枚"
    read = [tuple(row) for table in tables for row in table[1:]]
    assert read == rows


def test_each_further_table_starts_a_page_and_says_where_it_goes_on():
    document = Document(written(rows_of(2 * ROWS_PER_TABLE + 1)))
    seams = [p for p in document.paragraphs if p.style.name == "台账续表"]
    assert [seam.text for seam in seams] == [
        "印章使用登记台账（续）　第 401 条起",
        "印章使用登记台账（续）　第 801 条起",
    ]
    assert all(seam.style.paragraph_format.page_break_before for seam in seams)


def test_the_heading_repeats_on_every_page_and_no_row_is_broken():
    for table in Document(written(rows_of(401))).tables:
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in others)
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_the_closing_row_is_one_cell_and_keeps_the_signatures_with_it():
    file = written(rows_of(3), closing="甲章 <1> 枚\n合计 & 2 枚")
    (table,) = Document(file).tables
    (cell,) = table.rows[-1]._tr.tc_lst
    assert cell.grid_span == 3
    paragraph = table.rows[-1].cells[0].paragraphs[0]
    assert paragraph.text == "甲章 <1> 枚\n合计 & 2 枚"
    assert paragraph.style.paragraph_format.keep_with_next


def test_no_rows_at_all_is_a_page_that_says_so():
    (table,) = tables_of(written([]))
    assert table == [list(SHEET.headings), [NOTHING] * 3]


def test_columns_fill_the_type_area_by_their_weights():
    (table,) = Document(written(rows_of(1))).tables
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert sum(widths) == round(Mm(225).pt * 20)
    assert widths[1] / widths[0] == pytest.approx(3, rel=0.001)
    assert table.autofit is False


def test_numbers_are_centred_and_texts_stand_left():
    (table,) = Document(written(rows_of(1))).tables
    names = [cell.paragraphs[0].style.name for cell in table.rows[1].cells]
    assert names == ["台账居中", "台账居左", "台账居中"]


def test_the_page_is_the_type_area_of_gb_9704_laid_across():
    (section,) = Document(written([])).sections
    size = (section.page_width, section.page_height)
    assert [round(side.mm) for side in size] == [297, 210]
    margins = (
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    )
    assert [round(margin.mm) for margin in margins] == [28, 37, 26, 35]


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    document = Document(written([]))
    assert document.settings.odd_and_even_pages_header_footer
    (section,) = document.sections
    odd = section.footer.paragraphs[0].text
    even = section.even_page_footer.paragraphs[0].text
    assert odd.startswith("校验码 ") and odd.endswith("\t— 1 —")
    assert even.startswith("— 1 —\t校验码 ")


def test_chinese_fonts_are_set_in_every_style_and_in_no_run():
    file = written(rows_of(2))
    for style in Document(file).styles:
        if style.name.startswith("台账") and style.name != "台账表格":
            fonts = style.element.rPr.rFonts
            assert fonts.get(qn("w:eastAsia")), style.name
            assert not any("Theme" in name for name in fonts.attrib)
    with ZipFile(file) as parts:
        assert b"rFonts" not in parts.read("word/document.xml")
        table = parts.read("word/fontTable.xml").decode()
    assert '"方正小标宋简体"><w:altName w:val="华文中宋' in table


def test_the_same_rows_give_the_same_digest_and_other_rows_another():
    def digest(rows):
        return Document(written(rows)).sections[0].footer.paragraphs[0].text

    assert digest(rows_of(500)) == digest(rows_of(500))
    assert digest(rows_of(500)) != digest(rows_of(501))
    assert digest([("1", "2", "3")]) != digest([("12", "", "3")])


def test_mail_filters_see_a_word_file():
    with ZipFile(written([])) as parts:
        assert parts.namelist()[:3] == [
            "[Content_Types].xml",
            "_rels/.rels",
            "word/document.xml",
        ]


def test_properties_name_title_and_author_and_no_other_program():
    file = written([])
    core = Document(file).core_properties
    assert core.title == "沙洲职业工学院“一站式”学生社区服务中心印章使用登记台账"
    assert (core.author, core.comments) == ("李雨桐", "")
    with ZipFile(file) as parts:
        assert b"Macintosh" not in b"".join(map(parts.read, parts.namelist()))


def test_a_row_with_too_few_cells_is_never_filled_up_from_the_next():
    rows = [("1", "二", "3", "4"), ("5", "六")]
    with pytest.raises(ValueError, match="every row needs 3 cells"):
        written(rows)


def test_progress_is_reported_after_every_table():
    seen = []
    written(rows_of(801), expected=801, report=lambda *told: seen.append(told))
    assert [(done, total) for done, total, _ in seen] == [
        (400, 801),
        (800, 801),
        (801, 801),
    ]


class Cancelled(Exception):
    pass


def test_a_cancelled_export_leaves_the_older_ledger_and_nothing_else(tmp_path):
    path = tmp_path / "台账.docx"
    path.write_bytes(b"old")

    def cancel(done, total, text):
        raise Cancelled

    with pytest.raises(Cancelled), replacing(path) as file:
        write_ledger(file, SHEET, rows_of(1000), report=cancel)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["台账.docx"]


def test_a_query_that_fails_in_the_middle_leaves_no_file(tmp_path):
    def rows():
        yield from rows_of(450)
        raise OSError("disk I/O error")

    with pytest.raises(OSError), replacing(tmp_path / "台账.docx") as file:
        write_ledger(file, SHEET, rows())
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_word_can_open_are_refused_with_advice(monkeypatch):
    monkeypatch.setattr(writer, "MOST_ROWS", 800)
    with pytest.raises(UserError, match="请缩短起止日期"):
        written(rows_of(801))


def test_memory_does_not_grow_with_the_rows():
    def peak(number):
        rows = ((f"{n:06d}", "缓考申办" * 4, "1") for n in range(number))
        tracemalloc.start()
        write_ledger(io.BytesIO(), SHEET, rows)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded and cached once
    # The file itself is in memory here: 20,000 such rows zip to less than 1 MB.
    assert peak(20_000) < peak(2_000) + 2_000_000


def test_wide_ledgers_are_set_smaller():
    many = replace(
        SHEET, headings=("列",) * 17, weights=(1,) * 17, centred=(True,) * 17
    )
    sizes = [
        Document(written([], sheet)).styles["台账居中"].font.size.pt
        for sheet in (SHEET, many)
    ]
    assert sizes == [10.5, 9]
