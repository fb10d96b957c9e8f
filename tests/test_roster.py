"""Rosters as colleges really keep them, read through the front door."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from exports.roster import Roster, read_roster
from models.errors import UserError

HEADINGS = ("学号", "姓名", "班级", "学院", "手机")
ZHANG = ("2023110001", "张三", "23网络1班", "数字化与微电子学院", "13800000001")
LI = ("2023110002", "李四", "23网络1班", "数字化与微电子学院", "13800000002")
SAMPLES = Path(__file__).parent / "samples"


def xlsx(folder: Path, *rows: Sequence[object], joined: Iterable[str] = ()) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in joined:
        book.active.merge_cells(cells)
    path = folder / "名单.xlsx"
    book.save(path)
    return path


def read(folder: Path, *rows: Sequence[object], joined: Iterable[str] = ()) -> Roster:
    return read_roster(xlsx(folder, *rows, joined=joined))


def numbers(roster: Roster) -> list[str]:
    return [row.number for row in roster.rows]


def reason(roster: Roster) -> str:
    assert len(roster.rejected) == 1, roster.rejected
    return roster.rejected[0].reason


def test_the_sample_roster_is_read_whole():
    roster = read_roster(SAMPLES / "roster.xlsx")
    assert roster.sheet == "在校学生"
    assert len(roster.rows) == len(set(numbers(roster))) == 2000
    assert roster.rejected == roster.passed_over == roster.repeated == []
    assert all(all(row) for row in roster.rows)
    assert roster.rows[0].row == 3 and roster.rows[0].number == "2023110001"
    assert any("·" in row.name for row in roster.rows)
    assert any(max(row.name) > "\uffff" for row in roster.rows)


@pytest.mark.parametrize(("name", "first"), [("roster.csv", 1), ("roster.xls", 41)])
def test_the_short_samples_say_the_same_as_the_long_one(name: str, first: int):
    whole = read_roster(SAMPLES / "roster.xlsx").rows[first - 1 : first + 39]
    short = read_roster(SAMPLES / name).rows
    assert [row[1:] for row in short] == [row[1:] for row in whole]


def test_the_headings_are_found_under_titles_and_blank_lines(tmp_path: Path):
    roster = read(
        tmp_path,
        ["沙洲职业工学院学生名单"],
        [],
        ["制表：学生处", None, None, "2025年9月"],
        HEADINGS,
        ZHANG,
        joined=["A1:E1"],
    )
    assert roster.rows == [(5, *ZHANG)]
    assert roster.columns["phone"] == "手机"


@pytest.mark.parametrize(
    "headings",
    [
        ("学生学号", "学生姓名", "行政班", "院系", "联系电话"),
        ("学 号", "姓　名", "班 级\n名称", "系　部", "手机\n号码"),
        ("学号（必填）", "*姓名（必填）", "班级【选填】", "学院(系)", "电话（11位）"),
        ("学籍号", "姓名:", "专业班级", "二级学院", "移动电话"),
        ("编号", "名字", "所在班级", "所属学院", "本人联系电话"),
        ("学号/Student No.", "姓名 Name", "班级 Class", "学院 College", "手机 Mobile"),
        (
            "学号",
            "姓名",
            "班级",
            "院系部",
            "ＰＨＯＮＥ",
        ),
    ],
)
def test_the_usual_headings_are_understood(tmp_path: Path, headings: tuple[str, ...]):
    assert read(tmp_path, headings, ZHANG).rows == [(2, *ZHANG)]


def test_columns_of_somebody_else_are_not_taken(tmp_path: Path):
    roster = read(
        tmp_path,
        (
            "姓名（拼音）",
            "编号",
            "学号",
            "家长姓名",
            "姓名",
            "家长手机",
            "手机（父亲）",
        ),
        ("Zhang", "1", "2023110001", "张大", "张三", "13800000009", "13800000008"),
    )
    assert roster.rows == [(2, "2023110001", "张三", "", "", "")]


def test_a_table_head_of_two_lines_is_understood(tmp_path: Path):
    head = [
        ("学号", "姓名", "所在单位", None, "联系方式"),
        (None, None, "班级", "学院", None),
    ]
    joined = ["A1:A2", "B1:B2", "C1:D1", "E1:E2"]
    assert read(tmp_path, *head, ZHANG, joined=joined).rows == [(3, *ZHANG)]
    head = [
        ("学生信息", None, "班级", "学院", "手机"),
        ("学号", "姓名", None, None, None),
    ]
    joined = ["A1:B1", "C1:C2", "D1:D2", "E1:E2"]
    assert read(tmp_path, *head, ZHANG, joined=joined).rows == [(3, *ZHANG)]


def test_a_class_written_once_in_a_merged_cell_counts_for_all(tmp_path: Path):
    rows = [("", *HEADINGS), (1, *ZHANG), (2, LI[0], LI[1], None, LI[3], LI[4])]
    roster = read(tmp_path, *rows, joined=["D2:D3"])
    assert [row.class_name for row in roster.rows] == ["23网络1班", "23网络1班"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (20230101.0, "20230101"),
        (2.02301e9, "2023010000"),
        (2023110001, "2023110001"),
        ("0023110001", "0023110001"),
        ("2023110001.0", "2023110001"),
        ("２０２３１１０００１", "2023110001"),
        (" 2023110001\u3000\u200b", "2023110001"),
        ("\ufeff2023 110001\xa0", "2023110001"),
        ("'2023110001", "2023110001"),
        ('="0023110001"', "0023110001"),
        ("2.023110001E+09", "2023110001"),
        ("XS2023-001", "XS2023-001"),
        ("320582200501011234", "320582200501011234"),
    ],
)
def test_a_number_is_read_however_it_is_stored(
    tmp_path: Path, cell: object, number: str
):
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append((None, "张三"))
    stored = book.active["A2"]
    stored.value = cell
    stored.data_type = "s" if isinstance(cell, str) else "n"
    book.save(tmp_path / "a.xlsx")
    assert numbers(read_roster(tmp_path / "a.xlsx")) == [number]


@pytest.mark.parametrize(
    ("number", "name", "words"),
    [
        (None, "张三", "缺少学号"),
        ("2023110001", None, "缺少姓名"),
        ("2023110001", "？", "没有文字"),
        ("2023110001", "张?三", "第 2 个字不能识别"),
        ("2023110001", "张\ue863", "第 2 个字不能识别"),
        ("2023110001", "13800000001", "没有文字"),
        ("2023110001", "张" * 60, "超过 50 个字"),
        ("2.02311E+09", "张三", "科学计数法"),
        (2023110001.5, "张三", "不是整数"),
        (2.0231100010000001e18, "张三", "超过 15 位"),
        (-5, "张三", "以数字存放"),
        (date(2023, 1, 1), "张三", "文本"),
        ("2023110001(休学)", "张三", "字母和数字以外"),
        ("2" * 40, "张三", "超过 32 个字符"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_its_reason(
    tmp_path: Path, number: object, name: object, words: str
):
    roster = read(tmp_path, HEADINGS, LI, (number, name, "23网络1班"))
    assert numbers(roster) == [LI[0]]
    assert roster.rejected[0].row == 3
    assert words in reason(roster)
    assert reason(roster).endswith("。")


def test_all_faults_of_a_row_are_named_at_once(tmp_path: Path):
    said = reason(read(tmp_path, HEADINGS, (None, None, "23网络1班")))
    assert "缺少学号" in said and "缺少姓名" in said


@pytest.mark.parametrize("dot", "·•‧・･∙⋅．.")
def test_every_dot_of_a_minority_name_is_the_same_dot(tmp_path: Path, dot: str):
    roster = read(tmp_path, HEADINGS, ("2023110001", f"买买提 {dot} 阿卜杜"))
    assert roster.rows[0].name == "买买提·阿卜杜"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张　三", "张三"),
        (" 张 三\n", "张三"),
        ("𠮷田\u200b", "𠮷田"),
        ("刘䶮", "刘䶮"),
        ("John  Smith", "John Smith"),
        ("\ufeff李四\xa0", "李四"),
        ("J.K. Rowe", "J.K. Rowe"),
    ],
)
def test_a_name_is_cleaned_but_never_changed(tmp_path: Path, cell: str, name: str):
    assert read(tmp_path, HEADINGS, ("2023110001", cell)).rows[0].name == name


def test_the_same_student_twice_is_skipped(tmp_path: Path):
    roster = read(tmp_path, HEADINGS, ZHANG, LI, (" 2023110001", *ZHANG[1:]))
    assert numbers(roster) == [ZHANG[0], LI[0]]
    assert roster.repeated == [4] and roster.rejected == []


def test_one_number_with_two_contents_is_rejected_naming_both_rows(tmp_path: Path):
    other = (ZHANG[0], "张山", *ZHANG[2:])
    roster = read(tmp_path, HEADINGS, ZHANG, LI, other)
    assert numbers(roster) == [LI[0]]
    assert [row for row, _reason in roster.rejected] == [2, 4]
    assert all("第 2、4 行" in text for _row, text in roster.rejected)


def test_blank_lines_totals_signatures_and_repeated_headings_are_no_students(
    tmp_path: Path,
):
    roster = read(
        tmp_path,
        HEADINGS,
        ZHANG,
        [None, "  "],
        ["第1页 共2页"],
        ["学生名单"],
        ("姓名", "学号", "班级", "学院", "手机"),
        (LI[1], LI[0], *LI[2:]),
        ["合计", None, "2人"],
        ["制表人：王五", None, "审核人：赵六", None, "日期：2025年9月1日"],
    )
    assert roster.rows == [(2, *ZHANG), (7, *LI)]
    assert [row for row, _text in roster.passed_over] == [4, 6, 8, 9]
    # Nothing is dropped in silence: a title in the middle is shown to the office.
    assert [row for row, _reason in roster.rejected] == [5]


def test_every_row_with_text_is_accounted_for(tmp_path: Path):
    rows = [HEADINGS, ZHANG, LI, ZHANG, ["合计"], [None, "王五"], [None], ["x"]]
    roster = read(tmp_path, *rows)
    found = [row.row for row in roster.rows] + roster.repeated
    found += [row for row, _ in roster.rejected] + [
        row for row, _ in roster.passed_over
    ]
    assert sorted(found) == [2, 3, 4, 5, 6, 8]


def test_the_first_visible_sheet_with_headings_counts(tmp_path: Path):
    book = Workbook()
    book.active.title = "说明"
    book.active.append(["请填写后交学生处"])
    for name, row in (("旧名单", LI), ("一班", ZHANG), ("二班", LI)):
        sheet = book.create_sheet(name)
        sheet.append(HEADINGS)
        sheet.append(row)
    book["旧名单"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    roster = read_roster(tmp_path / "a.xlsx")
    assert roster.sheet == "一班" and numbers(roster) == [ZHANG[0]]
    assert roster.unread_sheets == ["二班"]


def test_lists_printed_side_by_side_are_refused(tmp_path: Path):
    with pytest.raises(UserError, match="左右并排"):
        read(tmp_path, ("学号", "姓名", "学号", "姓名"), (*ZHANG[:2], *LI[:2]))


def test_an_old_workbook_with_numbers_and_titles_is_read(tmp_path: Path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    sheet.write_merge(0, 0, 0, 4, "学生名单")
    for column, title in enumerate(HEADINGS):
        sheet.write(2, column, title)
    for column, value in enumerate(
        (2023110001, "买买提•𠮷", "1班", "学院", 13800000001)
    ):
        sheet.write(3, column, value)
    sheet.write(5, 0, "合计：1人")
    book.save(str(tmp_path / "a.xls"))
    roster = read_roster(tmp_path / "a.xls")
    assert roster.rows == [(4, "2023110001", "买买提·𠮷", "1班", "学院", "13800000001")]
    assert [row for row, _text in roster.passed_over] == [6]
