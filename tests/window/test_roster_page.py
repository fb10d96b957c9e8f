"""名册导入: choose, match, check, result; by keys, and without losing anything."""

import openpyxl
import pytest

from models.people import person_signing_in
from models.students import Student, student_by_number

HEADINGS = "学号,姓名,班级\n"


@pytest.fixture
def page(at_office):
    at_office.show("roster")
    at_office.root.focus_force()
    return at_office.page


def run(drive, page, what):
    what()
    drive.wait_until(lambda: not page.window.jobs.running, "the job")
    drive.pump()


def go_on(drive, page):
    """Ctrl+S, and what it starts to its end."""
    run(drive, page, lambda: page.window.root.event_generate("<Control-s>"))


def written(folder, text):
    path = folder / "名册.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def two_sheets(folder):
    book = openpyxl.Workbook()
    book.active.title = "软件"
    for sheet in (book.active, book.create_sheet("会计")):
        sheet.append(["学号", "姓名", "班级"])
        sheet.append(["2024990001", f"林{sheet.title}", f"{sheet.title}2401"])
        sheet.append(["合计：1 人"])
    book.save(folder / "名册.xlsx")
    return str(folder / "名册.xlsx")


def marks(page):
    return "".join(label.cget("text")[0] for label in page.line.labels)


def test_four_steps_lead_from_the_file_to_the_result(page, drive, shown, tmp_path):
    text = "2024990001,林一,软件2401\n,没有学号,软件2401\n2024990002,林二,软件2402\n"
    page.file.form.set("path", written(tmp_path, HEADINGS + text))
    before = Student.select().count()
    assert marks(page) == "●○○○"
    go_on(drive, page)
    assert page.step is page.matching and marks(page) == "✓●○○"
    # What was recognised, and the first rows under it as they would be taken over.
    assert page.matching.chosen() | {} == {
        **{"number": 0, "name": 1, "class_name": 2},
        **{"college": None, "phone": None},
    }
    assert page.matching.table.rows()[:2] == [
        ("表头", "学号", "姓名", "班级", "", ""),
        ("2", "2024990001", "林一", "软件2401", "", ""),
    ]
    assert page.focus_get() is page.matching.next_button

    go_on(drive, page)
    assert page.step is page.checking and marks(page) == "✓✓●○"
    assert Student.select().count() == before
    assert page.checking.form.value("new").startswith("2 人")
    assert page.checking.form.value("rejected") == "1 行"
    assert page.checking.table.rows() == [
        ("3", "", "没有学号", "缺少学号，请补上学号。")
    ]
    # The office sends back what was refused; put right, it is a roster itself.
    shown.answers = [tmp_path / "退回.xlsx"]
    run(drive, page, page.checking.on_export)
    back = openpyxl.load_workbook(tmp_path / "退回.xlsx").active
    row = ["3", None, "没有学号", "软件2401", None, None, "缺少学号，请补上学号。"]
    assert [cell.value or None for cell in back[2]] == row
    assert back["B2"].number_format == "@"

    assert page.focus_get() is page.checking.import_button
    go_on(drive, page)
    assert page.step is page.result and marks(page) == "✓✓✓●"
    assert Student.select().count() == before + 2
    assert page.result.form.value("new").startswith("2 人")
    go_on(drive, page)
    assert page.step is page.file and page.file.form.text("path") == ""


def test_going_back_loses_nothing_and_other_columns_are_checked_anew(
    page, drive, tmp_path
):
    path = written(tmp_path, "编码,本名,班,电话\n000991,林一,软件2401,13900000000\n")
    page.file.form.set("path", path)
    go_on(drive, page)
    form = page.matching.form
    # Nothing was recognised as number and name: it is asked for, under the field.
    assert page.focus_get() is form.widget("number")
    go_on(drive, page)
    assert form.problems() == ["请选择哪一列是学号。"]
    form.widget("number").event_generate("<Key-2>")  # the second line of the list
    form.set("name", 0)
    go_on(drive, page)
    assert form.problems() == ["这一列已用作学号，请给姓名另选一列。"]
    form.set("name", 1)
    go_on(drive, page)
    assert page.step is page.checking

    page.window.root.event_generate("<Escape>")
    drive.pump()
    assert page.step is page.matching and form.value("name") == 1
    form.set("phone", None)
    page.matching.back_button.invoke()
    assert page.step is page.file and page.file.form.text("path") == path
    for _ in range(3):
        go_on(drive, page)
    assert page.step is page.result
    student = student_by_number("000991")
    assert (student.name, student.class_name, student.phone) == ("林一", "软件2401", "")
    # The same headings again: as they were matched the last time.
    go_on(drive, page)
    page.file.form.set("path", path)
    go_on(drive, page)
    assert form.value("name") == 1 and form.value("phone") is None


def test_one_chooses_between_sheets_that_look_like_rosters(page, drive, tmp_path):
    page.file.form.set("path", two_sheets(tmp_path))
    go_on(drive, page)
    assert page.step is page.file
    assert [row[0] for row in page.file.table.rows()] == ["软件", "会计"]
    assert page.focus_get() is page.file.form.widget("sheet")
    assert page.file.form.value("sheet").name == "软件"
    page.focus_get().event_generate("<Key-2>")
    go_on(drive, page)
    go_on(drive, page)
    read = page.checking.form.value("read")
    assert "工作表“会计”" in read and "没有读：“软件”" in read and "略过 1 行" in read
    go_on(drive, page)
    assert student_by_number("2024990001").name == "林会计"


def test_a_file_that_is_gone_changed_or_no_roster_is_told_where_one_goes_on(
    page, drive, tmp_path
):
    page.file.form.set("path", "没有.xlsx")
    go_on(drive, page)
    assert page.file.form.problems() == ["没有找到这个文件，请重新选择。"]
    page.file.form.set("path", written(tmp_path, "什么都没有\n"))
    go_on(drive, page)
    assert page.window.info.text
    assert page.focus_get() is page.file.form.widget("path")

    line = "2024990001,林一,软件2401\n"
    page.file.form.set("path", written(tmp_path, HEADINGS + line))
    go_on(drive, page)
    go_on(drive, page)
    before = Student.select().count()
    written(tmp_path, HEADINGS + line + "2024990002,林二,软件2401\n")
    go_on(drive, page)
    assert "改过了" in page.window.info.text and page.step is page.checking
    assert Student.select().count() == before


def test_an_import_that_is_stopped_leaves_nothing_behind(page, drive, tmp_path):
    lines = [f"20249{number:05},林一,软件2401\n" for number in range(3000)]
    page.file.form.set("path", written(tmp_path, HEADINGS + "".join(lines)))
    go_on(drive, page)
    go_on(drive, page)
    before = Student.select().count()
    page.on_save()
    assert page.window.jobs.running
    assert str(page.checking.import_button.cget("state")) == "disabled"
    page.on_escape()
    drive.wait_until(lambda: not page.window.jobs.running, "the end")
    drive.pump()
    assert page.step is page.checking and page.window.status.text == "已取消。"
    assert Student.select().count() == before
    assert page.focus_get() is page.checking.import_button
    assert person_signing_in("9001") == page.window.person
