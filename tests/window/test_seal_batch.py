"""名单: the students of a batch, pasted, from a file, by number or card."""

import pytest
from openpyxl import Workbook
from sealdesk import record_use, uses

from desk.pages.studentlists import Listed, read_list
from desk.widgets.gridcolumns import read_block
from models.errors import UserError
from models.people import Person, person_signing_in
from models.seal_uses import seal_uses_of

SHEET = (
    "序号\t姓名\t学号\n1\t赵思远\t2024030101\n2\t曾雨桐\t2024030102\n"
    "3\t赵思远\t2024030101\n"
)


@pytest.fixture
def page(at_work, drive):
    at_work.show("seals")
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.1)
    return at_work.page


@pytest.fixture
def card(page, drive):
    drive.keys("ctrl+k")
    drive.pump(0.1)
    return page.front


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SHEET, [("2024030101", "赵思远"), ("2024030102", "曾雨桐")] * 1),
        ("2024030101\n000123", [("2024030101", ""), ("000123", "")]),
        (
            "1、赵思远 2024030101，曾雨桐 2024030102",
            [("2024030101", "赵思远"), ("2024030102", "曾雨桐")],
        ),
        (
            "2024030101赵思远；2024030102（曾雨桐）",
            [("2024030101", "赵思远"), ("2024030102", "曾雨桐")],
        ),
        ("软件2401\t赵思远\t13800000000\t2024030101", [("2024030101", "赵思远")]),
        ("赵思远、单文博", [("", "赵思远"), ("", "单文博")]),
        ("姓名\n阿依古丽·买买提", [("", "阿依古丽·买买提")]),
    ],
)
def test_lists_are_read_as_people_bring_them(station, text, found):
    listed = read_list(read_block(text))
    assert list(dict.fromkeys(listed)) == [Listed(*line) for line in found]


def test_a_pasted_list_gives_count_and_copies_and_is_found_again(
    page, card, drive, shown
):
    card.clipboard_clear()
    card.entry.event_generate("<<Paste>>")  # nothing was copied yet
    drive.paste(card.entry, SHEET)
    assert card.count.cget("text") == "共 2 人；重复 1"
    assert card.table.rows()[2][2] == "重复，只计一次"
    drive.keys("ctrl+s")
    form = page.form
    assert form.text("students").startswith("名单 2 人")
    assert form.counts() == {"copies": 2, "impressions": 2}
    for name in ("applicant", "unit", "document_title", "purpose", "approver"):
        form.set(name, "实习协议")
    page.save_button.invoke()
    assert uses()[0].students == ["2024030101", "2024030102"]
    assert seal_uses_of("2024030102") == uses()
    assert page.table.rows()[0][8] == "名单 2 人"


def test_a_stranger_is_kept_only_after_asking(page, card, drive, shown):
    drive.paste(card.entry, "2024030101 赵思远\n2024039999 周某某")
    assert "不在名册" in card.table.rows()[1][2]
    shown.answers = [False, True]
    card.submit()
    assert page.front is card
    assert "2024039999" in shown[-1]
    card.submit()
    assert page.form.student_numbers() == ["2024030101", "2024039999"]


def test_a_name_alone_is_looked_up_and_one_without_number_is_in_the_way(
    page, card, drive
):
    drive.paste(card.entry, "单文博、无此人")
    assert card.numbers() == ["2024030215"]
    with pytest.raises(UserError, match=r"1 行没有学号（无此人）"):
        card.submit()
    tree = card.table.tree
    tree.selection_set(tree.get_children()[1])
    card.table.focus_set()
    drive.keys("Delete")
    card.submit()
    assert page.form.student_numbers() == ["2024030215"]


def test_a_wrong_number_is_corrected_in_the_field(card, drive):
    drive.paste(card.entry, "2024030109 赵思远\n2024030102 曾雨桐")
    tree = card.table.tree
    tree.selection_set(tree.get_children()[0])
    tree.focus(tree.get_children()[0])
    card.table.focus_set()
    drive.pump(0.4)  # Enter at once after another key is taken for a swipe
    drive.keys("Return")
    assert card.entry.get() == "2024030109"
    drive.typing("2024030101")
    drive.keys("Return")
    assert card.numbers() == ["2024030102", "2024030101"]


def test_numbers_and_initials_come_one_after_the_other(card, drive):
    drive.swipe("2024030101")
    drive.keys("z", "y", "t")
    drive.pump(0.3)
    drive.keys("Return")
    assert card.numbers() == ["2024030101", "2024030102"]


def test_a_students_card_is_not_known_and_that_is_said(card, drive):
    drive.swipe("0012345678")
    assert "没有学生卡号" in card.problem.cget("text")
    assert card.numbers() == []
    drive.swipe("2024030102")  # the marked text is swiped over
    assert card.numbers() == ["2024030102"]
    assert not card.problem.winfo_manager()


def test_an_assistants_card_stands_for_their_number(card, drive):
    assert Person.get(Person.card == "0002220001").number == "2023010101"
    drive.swipe("0002220001")
    assert "2023010101" in card.problem.cget("text")  # no student of this roster
    drive.keys("Return")


def test_a_file_is_read_in_any_order_of_columns(card, drive, shown, tmp_path):
    book = Workbook()
    for row in (
        ("名单", None),
        ("姓名", "学号"),
        ("赵思远", "2024030101"),
        ("曾雨桐", 2024030102),
    ):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    shown.answers = [tmp_path / "名单.xlsx"]
    card.file_button.invoke()
    drive.wait_until(lambda: card.numbers(), "the file")
    drive.wait_until(lambda: not card._page.window.jobs.running, "the job")
    assert card.numbers() == ["2024030101", "2024030102"]


def test_esc_keeps_the_lines_and_saving_begins_a_new_list(page, card, drive):
    drive.paste(card.entry, SHEET)
    drive.keys("Escape")
    assert page.front is None
    assert page.form.text("students") == ""
    drive.keys("ctrl+k")
    assert card.numbers() == ["2024030101", "2024030102"]
    drive.keys("ctrl+s")
    drive.keys("ctrl+n")
    drive.keys("ctrl+k")
    assert card.numbers() == []


def test_a_text_with_no_student_in_it_is_refused(card, drive, at_work):
    drive.paste(card.table.tree, "好！\n")
    assert "剪贴板里没有找到" in at_work.info.text


def test_the_list_of_a_use_is_corrected_too(page, drive, shown):
    use = record_use(students=["2024030101", "2024030102"], copies=2)
    page.refresh()
    page.table.tree.selection_set(page.table.tree.get_children()[0])
    page.on_correct()
    page.on_card()
    assert page.front.numbers() == use.students
    page.front.offer(["2024030102"])
    page.front.submit()
    assert page.correcting is not None
    shown.answers = ["名单多一人"]
    page.save_button.invoke()
    assert uses()[1].students == ["2024030102"]
    assert person_signing_in("T001").uid == uses()[1].sealer_uid
