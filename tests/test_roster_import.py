"""Bringing a roster into the office's database."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import models
from exports.roster import RosterResult, export_rejected, import_roster, sheets_of
from models import Person, Student, StudentStatus, UserError

SAMPLE = Path(__file__).parent / "samples" / "roster.xlsx"
HEADINGS = ("学号", "姓名", "班级", "学院", "手机")
ONE = ("2025990001", "单曾", "25网络1班", "数字化学院", "13800000001")
TWO = ("2025990002", "李四", "25网络1班", "数字化学院", "13800000002")


def roster(folder: Path, *rows: Sequence[object], headings=HEADINGS) -> Path:
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def counts(result: RosterResult) -> tuple[int, int, int, int]:
    return result.new, result.updated, result.skipped, len(result.rejected)


def stored() -> list[tuple]:
    fields = ("revision", "number", "name", "class_name", "college", "phone", "status")
    columns = [getattr(Student, field) for field in fields]
    return sorted(Student.select(*columns).tuples())


def student(number: str) -> Student:
    found = models.student_by_number(number)
    assert found is not None
    return found


def test_the_sample_roster_is_stored_and_found_by_its_initials(chief: Person):
    before = models.verify()
    done = import_roster(SAMPLE, by=chief)
    assert counts(done) == (1997, 3, 0, 0)
    assert done.roster.sheet == "在校学生"
    assert len(models.roster()) == 2000
    assert all(row[-1] for row in models.roster())
    checked = models.verify()
    assert checked.faults == []
    assert checked.entries == before.entries + 2000


def test_a_dry_run_says_the_same_and_changes_nothing(chief: Person, tmp_path: Path):
    path = roster(tmp_path, ONE, TWO, ("2023110001", "张伟", "新班"), (None, "无号"))
    before, entries = stored(), models.verify().entries
    dry = import_roster(path, by=chief, dry_run=True)
    assert counts(dry) == (2, 1, 0, 1)
    assert stored() == before and models.verify().entries == entries
    assert counts(import_roster(path, by=chief)) == counts(dry)


def test_the_same_file_again_is_skipped_whole(chief: Person):
    import_roster(SAMPLE, by=chief)
    before, entries = stored(), models.verify().entries
    assert counts(import_roster(SAMPLE, by=chief)) == (0, 0, 2000, 0)
    assert stored() == before and models.verify().entries == entries


def test_only_what_changed_is_written_again(chief: Person, tmp_path: Path):
    import_roster(roster(tmp_path, ONE, TWO, TWO), by=chief)
    renamed = (ONE[0], "查文", *ONE[2:])
    assert counts(import_roster(roster(tmp_path, renamed, TWO), by=chief)) == (
        0,
        1,
        1,
        0,
    )
    one, two = student(ONE[0]), student(TWO[0])
    assert (one.name, one.revision, two.revision) == ("查文", 2, 1)
    assert "zw" in one.initials.split()


def test_a_student_who_is_not_in_the_file_stays(chief: Person, tmp_path: Path):
    before = len(stored())
    import_roster(roster(tmp_path, ONE), by=chief)
    import_roster(roster(tmp_path, TWO), by=chief)
    assert len(stored()) == before + 2
    assert student(ONE[0]).status == StudentStatus.ENROLLED


def test_blank_cells_and_absent_columns_erase_nothing(chief: Person, tmp_path: Path):
    import_roster(roster(tmp_path, ONE), by=chief)
    blank = roster(tmp_path, (ONE[0], ONE[1], None, "新学院", " "))
    assert counts(import_roster(blank, by=chief)) == (0, 1, 0, 0)
    short = roster(tmp_path, ONE[:2], headings=HEADINGS[:2])
    assert counts(import_roster(short, by=chief)) == (0, 0, 1, 0)
    one = student(ONE[0])
    assert (one.class_name, one.college, one.phone) == (ONE[2], "新学院", ONE[4])


def test_somebody_who_had_left_is_back(chief: Person, tmp_path: Path):
    import_roster(roster(tmp_path, ONE), by=chief)
    one = student(ONE[0])
    with models.transaction():
        one.status = StudentStatus.LEFT
        one.write(by=chief)
    assert counts(import_roster(roster(tmp_path, ONE), by=chief)) == (0, 1, 0, 0)
    assert student(ONE[0]).status == StudentStatus.ENROLLED


def test_rejected_rows_do_not_keep_the_others_out(chief: Person, tmp_path: Path):
    path = roster(tmp_path, ONE, (None, "王五"), TWO, (TWO[0], "李思"), ("x", None))
    done = import_roster(path, by=chief)
    assert counts(done) == (1, 0, 0, 4)
    assert [row for row, _reason in done.rejected] == [3, 4, 5, 6]


@pytest.mark.parametrize("number", ["T001", "2024110201"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_only_the_office_may_import(office: object, number: str, dry_run: bool):
    before = stored()
    with pytest.raises(UserError, match="中心办公室"):
        import_roster(SAMPLE, by=models.person_signing_in(number), dry_run=dry_run)
    assert stored() == before


def test_a_desk_pc_cannot_import(station: object):
    before = stored()
    with pytest.raises(UserError, match="办公室的电脑"):
        import_roster(SAMPLE, by=models.person_signing_in("B0001"))
    assert stored() == before


@pytest.mark.parametrize("words", ["读取", "比较", "写入", "更新", "保存"])
def test_a_cancelled_import_leaves_nothing_behind(chief: Person, words: str):
    class Cancelled(Exception):
        pass

    def report(done: int, total: int, text: str) -> None:
        assert 0 <= done <= total
        if words in text:
            raise Cancelled

    before, entries = stored(), models.verify().entries
    with pytest.raises(Cancelled):
        import_roster(SAMPLE, by=chief, report=report)
    assert stored() == before and models.verify().entries == entries


ODD = ("编码", "本名", "班", "电话", "电话")
WANG = ("000123", "王五", "会计1班", "1380", "1390")


def test_columns_somebody_chose_count_whatever_stands_over_them(
    chief: Person, tmp_path: Path
):
    path = roster(tmp_path, WANG, ODD, ("2025990009", "赵六", "", "", ""), headings=ODD)
    (sheet,) = sheets_of(path)
    assert sheet.titles == list(ODD) and sheet.rows == 3 and not sheet.is_roster
    assert sheet.columns == {"class_name": 2, "phone": 3}
    assert sheet.samples[0] == (2, list(WANG))
    columns = {"number": "编码", "name": 1, "phone": 4, "class_name": None}
    done = import_roster(path, by=chief, columns=columns)
    assert counts(done) == (2, 0, 0, 0)
    assert done.roster.columns == {"number": "编码", "name": "本名", "phone": "电话"}
    # The headings printed again are no student, though nobody knows their names.
    assert done.roster.passed_over == [(3, " ".join(ODD))]
    one = student("000123")
    assert (one.name, one.class_name, one.phone) == ("王五", "", "1390")


@pytest.mark.parametrize(
    ("columns", "field", "words"),
    [
        ({"number": 0}, "name", "请选择哪一列是姓名"),
        ({"name": 1, "number": None}, "number", "请选择哪一列是学号"),
        ({"number": 0, "name": 9}, "name", "没有这一列"),
        ({"number": 0, "name": -1}, "name", "没有这一列"),
        ({"number": "工号", "name": 1}, "number", "没有“工号”这一列"),
        ({"number": 0, "name": 1, "phone": "电话"}, "phone", "2 列都叫“电话”"),
        ({"number": 1, "name": 1}, "name", "已用作学号"),
        ({"number": 0, "name": 1, "sex": 2}, "", "sex"),
    ],
)
def test_a_choice_of_columns_that_makes_no_sense_names_the_field(
    chief: Person, tmp_path: Path, columns: dict, field: str, words: str
):
    path, before = roster(tmp_path, WANG, headings=ODD), stored()
    with pytest.raises(UserError, match=words) as refused:
        import_roster(path, by=chief, columns=columns)
    assert refused.value.field == field
    assert stored() == before


def test_the_sheet_that_was_chosen_is_read(chief: Person, tmp_path: Path):
    book = Workbook()
    book.active.title = "说明"
    for title, row in (("软件", ONE), ("会计", TWO)):
        sheet = book.create_sheet(title)
        sheet.append(HEADINGS)
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in sheets_of(tmp_path / "a.xlsx")] == ["软件", "会计"]
    done = import_roster(tmp_path / "a.xlsx", by=chief, sheet="会计", dry_run=True)
    assert [row.number for row in done.roster.rows] == [TWO[0]]
    assert done.roster.unread_sheets == ["软件"]
    with pytest.raises(UserError, match="没有工作表“英语”"):
        import_roster(tmp_path / "a.xlsx", by=chief, sheet="英语", dry_run=True)


def test_rejected_rows_put_right_in_their_workbook_can_be_imported(
    chief: Person, tmp_path: Path
):
    bad = ("00?1", "=HYPERLINK(1)", "A&B<班>", "", "13800000001")
    again = ("2025990001", "单曾", "另一个班", "数字化学院", "13800000001")
    path = roster(tmp_path, ONE, TWO, again)
    sheet = load_workbook(path)
    sheet.active.append(bad)
    sheet.active["B5"].data_type = "s"
    sheet.save(path)
    refused = import_roster(path, by=chief, dry_run=True).roster
    assert [row for row, _ in refused.rejected] == [2, 4, 5]
    assert export_rejected(refused, tmp_path / "退回.xlsx") == 3
    book = load_workbook(tmp_path / "退回.xlsx")
    lines = [list(row)[:-1] for row in book.active.iter_rows(values_only=True)]
    assert lines[0] == ["原文件行号", "学号", "姓名", "班级", "学院", "电话"]
    assert [tuple(line[1:]) for line in lines[1:]] == [ONE, again, bad]
    book.active.delete_rows(3)
    book.active["B3"], book.active["C3"] = "000001", "林一"
    book.save(tmp_path / "改好.xlsx")
    done = import_roster(tmp_path / "改好.xlsx", by=chief)
    assert counts(done) == (2, 0, 0, 0)
    assert student("000001").class_name == "A&B<班>"
