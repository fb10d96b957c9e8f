"""Text rosters, and the wrong, damaged and hostile files people bring instead."""

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from exports.roster import read_roster
from models.errors import UserError

HEADINGS = ("学号", "姓名", "班级", "学院", "手机")
ZHANG = ("2023110001", "张三", "23网络1班", "数字化与微电子学院", "13800000001")
LI = ("2023110002", "李四", "23网络1班", "数字化与微电子学院", "13800000002")
SAMPLES = Path(__file__).parent / "samples"
OLD_WORKBOOK = (SAMPLES / "roster.xls").read_bytes()
SHEET = "xl/worksheets/sheet1.xml"


def small_workbook() -> bytes:
    book = Workbook()
    for row in (HEADINGS, ZHANG, LI):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


SMALL = small_workbook()


def changed(part: str, content: bytes) -> bytes:
    """The small workbook with one of its parts replaced or added."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SMALL)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        for name in source.namelist():
            if name != part:
                copy.writestr(name, source.read(name))
        copy.writestr(part, content)
    return written.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def refusal(folder: Path, content: bytes, name: str = "名单.xlsx") -> str:
    (folder / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_roster(folder / name)
    assert str(caught.value).endswith("。")
    return str(caught.value)


def text(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "名单.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_are_read_in_every_usual_form(
    tmp_path: Path, encoding: str, delimiter: str
):
    lines = [delimiter.join(row) for row in (HEADINGS, ZHANG, LI)]
    roster = read_roster(text(tmp_path, "\r\n".join(lines), encoding))
    assert roster.rows == [(2, *ZHANG), (3, *LI)]


def test_a_rare_character_survives_gb18030(tmp_path: Path):
    content = "学号,姓名\n2023110001,陈𠮷䶮\n"
    assert read_roster(text(tmp_path, content, "gb18030")).rows[0].name == "陈𠮷䶮"


def test_text_called_xls_is_read_as_text(tmp_path: Path):
    path = text(tmp_path, "学号\t姓名\n2023110001\t张三\n", "gbk")
    path = path.rename(path.with_suffix(".xls"))
    assert [row.number for row in read_roster(path).rows] == [ZHANG[0]]


def test_quoted_cells_may_hold_the_delimiter_and_line_breaks(tmp_path: Path):
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([HEADINGS, (*ZHANG[:2], "23,网络\n1班", *ZHANG[3:])])
    assert read_roster(tmp_path / "a.csv").rows[0].class_name == "23,网络1班"


def test_a_missing_file_a_folder_and_a_lock_file_are_told_apart(tmp_path: Path):
    for name, words in (
        ("无.xlsx", "没有找到"),
        ("", "文件夹"),
        ("~$名单.xlsx", "临时"),
    ):
        with pytest.raises(UserError, match=words):
            read_roster(tmp_path / name)


def test_a_file_another_program_holds_says_to_close_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def denied(*_args: object) -> None:
        raise PermissionError(13, "sharing violation")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(UserError, match="请关闭它"):
        read_roster(tmp_path / "名单.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"\xef\xbb\xbf\r\n , ;\r\n", "空"),
        (bytes(5000), "空"),
        (bytes(range(256)) * 40, "编码"),
        (b"\xff\xfe\xd8", "编码"),
        (b"PK\x03\x04 and nothing more", "损坏"),
        (SMALL[: len(SMALL) // 2], "损坏"),
        (changed(SHEET, b"<worksheet><sheetData><row"), "没有找到表头|损坏"),
        (changed("xl/workbook.xml", b"no xml"), "损坏|没有可见"),
        (OLD_WORKBOOK[:3000], "损坏|不是 Excel"),
        (OLD_WORKBOOK[:512], "不是 Excel|损坏"),
        (OLD_WORKBOOK.replace(b"W\0o\0r\0k\0b\0", b"P\0o\0w\0e\0r\0"), "不是 Excel"),
        ("<html><table><tr><td>学号</td></tr></table></html>".encode(), "网页"),
        ('<?xml version="1.0"?><Workbook>学号</Workbook>'.encode(), "网页"),
        ('学号,姓名\n2023110001,"张三\n'.encode(), "引号"),
        ("学号,班级\n2023110001,一班\n".encode(), "没有“姓名”"),
        ("姓名,班级\n张三,一班\n".encode("gbk"), "没有“学号”"),
        ("学号,姓名\n\n".encode(), "没有学生"),
    ],
)
def test_a_wrong_file_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, words: str
):
    assert re.search(words, refusal(tmp_path, content))


def test_a_file_without_headings_is_told_which_are_looked_for(tmp_path: Path):
    said = refusal(tmp_path, "张三,2023110001\n李四,2023110002\n".encode())
    assert all(word in said for word in ("学号", "姓名", "班级", "学院", "手机"))


def test_a_word_document_under_another_name_is_recognised(tmp_path: Path):
    Document().save(str(tmp_path / "a.docx"))
    assert "Word" in refusal(tmp_path, (tmp_path / "a.docx").read_bytes())


def test_another_kind_of_package_is_told_apart(tmp_path: Path):
    for name in ("content.xml", "xl/workbook.bin", "mimetype"):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as package:
            package.writestr(name, "x")
        assert "另存为" in refusal(tmp_path, written.getvalue())


def test_a_password_is_asked_to_be_removed(tmp_path: Path):
    shutil.copy(SAMPLES / "password.xlsx", tmp_path)
    with pytest.raises(UserError, match="取消密码"):
        read_roster(tmp_path / "password.xlsx")
    codepage, password = b"\x42\0\x02\0", b"\x2f\0\x02\0"
    assert "取消密码" in refusal(tmp_path, OLD_WORKBOOK.replace(codepage, password, 1))


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path):
    bomb = changed("xl/media/theme.xml", bytes(300 << 20))
    read_roster_of(tmp_path, bomb)  # what is not needed is never unpacked
    assert "太大" in refusal(
        tmp_path, changed("xl/sharedStrings.xml", bytes(300 << 20))
    )


def read_roster_of(folder: Path, content: bytes) -> list[str]:
    (folder / "a.xlsx").write_bytes(content)
    return [row.number for row in read_roster(folder / "a.xlsx").rows]


def test_a_size_that_lies_is_refused_without_unpacking_more(tmp_path: Path):
    sheet = part_of(SMALL, SHEET)
    honest = changed(SHEET, sheet + b" " * (32 << 20))
    size = len(sheet) + (32 << 20)
    lying = honest.replace(size.to_bytes(4, "little"), len(sheet).to_bytes(4, "little"))
    assert lying != honest
    assert "损坏" in refusal(tmp_path, lying)


@pytest.mark.parametrize(
    "stray",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c\tr = 'xfd1048576'><v>1</v></c></row>",
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 900 + b"</row>",
        b'<row r="1048576"><c t="n" r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_cell_in_the_far_corner_does_not_ask_for_500_gigabytes(
    tmp_path: Path, stray: bytes
):
    sheet = part_of(SMALL, SHEET).replace(b"</sheetData>", stray + b"</sheetData>")
    assert "多余的行和列" in refusal(tmp_path, changed(SHEET, sheet))


def test_a_far_cell_that_is_only_formatted_does_no_harm(tmp_path: Path):
    stray = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    sheet = part_of(SMALL, SHEET).replace(b"</sheetData>", stray)
    assert read_roster_of(tmp_path, changed(SHEET, sheet)) == [ZHANG[0], LI[0]]


def test_files_beyond_the_limits_are_refused(tmp_path: Path):
    with (tmp_path / "名单.xlsx").open("wb") as file:
        file.write(b"PK")
        file.truncate(65 << 20)
    with pytest.raises(UserError, match="太大"):
        read_roster(tmp_path / "名单.xlsx")
    assert "太大" in refusal(tmp_path, "学号,姓名\n".encode() + b"1,a\n" * 200_000)
