"""断电表: numbers set apart and printed, the paper rows copied in afterwards."""

from datetime import datetime, timedelta

import pytest
from docx import Document
from sealdesk import record_use, the_seal, uses

from desk.pages import outagesheet
from models import clock
from models.days import working_day_after
from models.errors import UserError
from models.people import person_signing_in
from models.reservations import SealReservation, reserve_numbers

DAY = datetime(2026, 11, 23, 10)


@pytest.fixture
def opened(monkeypatch):
    """Documents that would have been opened in Word."""
    paths = []
    monkeypatch.setattr(outagesheet, "open_with_system", paths.append)
    return paths


@pytest.fixture
def page(at_work, drive, tmp_path):
    at_work.settings.ledger_folder = str(tmp_path)
    with clock.set_at(DAY):
        at_work.show("seals")
        at_work.root.focus_force()
        at_work.page.focus_first()
        drive.pump(0.1)
        yield at_work.page


@pytest.fixture
def sheet(page):
    """Four numbers on paper, printed an hour ago."""
    with clock.set_at(DAY - timedelta(hours=1)):
        made = reserve_numbers(
            the_seal(), by=person_signing_in("T001"), count=4, for_day=DAY.date()
        )
    page.refresh()
    return made


def fill(page, drive, *lines):
    drive.keys("ctrl+F9")
    drive.paste(page.rows_shown.rows.editor, "\n".join(lines))


def test_a_sheet_is_printed_by_keys_for_the_next_working_day(page, drive, opened):
    record_use()
    drive.keys("ctrl+p")
    assert page.front.value("count") == 20
    assert page.front.value("for_day") == working_day_after(DAY.date(), 1)
    drive.typing("12")
    drive.keys("ctrl+s")
    drive.wait_until(lambda: opened, "the document")
    made = SealReservation.get()
    assert (made.first, made.last) == (2, 13)
    cells = [
        cell.text for row in Document(opened[0]).tables[0].rows for cell in row.cells
    ]
    assert "2026-0002" in cells
    assert "2026-0013" in cells
    drive.keys("Escape")
    assert "0002–0013 留存" in page.form.value("sheets")
    assert "2026-0014" in page.form.value("holder")


def test_an_open_sheet_is_printed_again(page, sheet, drive, opened):
    page.on_print()
    page.front.again_button.invoke()
    drive.wait_until(lambda: opened, "the document")
    assert SealReservation.select().count() == 1


def test_nothing_is_set_apart_while_another_job_runs(page, drive, opened):
    page.on_print()
    page.front.submit()
    with pytest.raises(UserError, match="还没有完成"):
        page.front.submit()
    drive.wait_until(lambda: opened, "the document")
    assert SealReservation.select().count() == 1


def test_paper_rows_come_in_under_their_numbers_and_the_rest_is_void(
    page, sheet, drive, shown
):
    fill(
        page,
        drive,
        "0910\t赵思远\t在读证明\t贷款\t2\t\t陈老师",
        "0920\t王家长\t介绍信\t实习\t1\t1\t陈老师\t校外\t2024030101 2024030102",
    )
    shown.answers = ["来电"]
    drive.keys("ctrl+s")
    drive.wait_until(lambda: len(uses()) == 4, "the lines")
    first, second, *rest = uses()
    assert (first.applicant, first.student_number) == ("赵思远", "2024030101")
    assert (first.unit, first.copies, first.impressions) == ("软件2401", 2, 2)
    assert first.used_at == DAY.replace(hour=9, minute=10)
    assert first.late_entry
    assert second.students == ["2024030101", "2024030102"]
    assert [(use.is_void, use.void_reason) for use in rest] == [(True, "来电")] * 2
    assert "用了 2 个号，作废 2 个号" in page.window.status.text
    assert page.rows_shown is None
    assert {row[2] for row in page.table.rows()} == {"已用印·补录", "作废"}
    assert not page.form.value("sheets")


def test_a_fault_goes_to_its_cell_and_nothing_is_written(page, sheet, drive, shown):
    fill(
        page,
        drive,
        "0910\t赵思远\t在读证明\t贷款\t1\t1\t陈老师",
        "",
        "0800\t王家长\t介绍信\t实习\t1\t1\t陈老师\t校外",
    )
    drive.keys("ctrl+s")
    rows = page.rows_shown.rows
    assert rows.problems() == [
        "0003：用印时间要在打印断电表（11-23 09:00）之后、现在之前，请核对。"
    ]
    assert shown == []  # nobody is asked about the rest of what is refused
    assert (rows.row, rows.columns[rows.column].name) == (2, "at")
    rows.write(3, at="0930", approver="")
    drive.keys("ctrl+s")
    assert rows.columns[rows.column].name == "approver"
    assert uses() == []


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("students", "全班", "不是学号"),
        ("sealer", "没有这人", "请从候选中选择监印人"),
    ],
)
def test_what_cannot_be_read_is_marked_where_it_stands(
    page, sheet, drive, column, text, said
):
    fill(page, drive, "0910\t赵思远\t在读证明\t贷款\t1\t1\t陈老师")
    rows = page.rows_shown.rows
    rows.write(1, **{column: text})
    drive.keys("ctrl+s")
    assert said in rows.problems()[0]
    assert rows.columns[rows.column].name == column


def test_a_refusal_on_paper_needs_no_approver(page, sheet, drive, shown):
    fill(page, drive, "0910\t张三\t介绍信")
    page.rows_shown.rows.write(1, unit="校外", refused_reason="空白")
    shown.answers = ["来电"]
    drive.keys("ctrl+s")
    assert uses()[0].refused_reason == "空白"
    assert uses()[0].copies == 0


def test_what_was_copied_in_is_kept_on_another_page(page, sheet, drive):
    fill(page, drive, "0910\t赵思远\t在读证明")
    drive.keys("F6")  # F2 edits the cell
    drive.keys("F3")
    assert page.rows_shown is not None
    drive.keys("Escape", "Escape")  # the marked block first
    assert page.rows_shown is None
    drive.keys("ctrl+F9")
    assert page.rows_shown.rows.rows()[0].text["document_title"] == "在读证明"
    assert page.window.may_close()  # kept for the next start, nobody is asked


def test_two_sheets_keep_their_own_lines(page, sheet, drive):
    other = reserve_numbers(
        the_seal(), by=person_signing_in("T001"), count=2, for_day=DAY.date()
    )
    fill(page, drive, "0910\t赵思远\t在读证明")
    page.copy_in(other)
    assert page.rows_shown.rows.rows() == []
    page.copy_in(sheet)
    assert page.rows_shown.rows.rows()[0].label == "0001"


def test_without_a_sheet_there_is_nothing_to_copy_in(page):
    with pytest.raises(UserError, match="没有等着补录的断电表"):
        page.on_late_entry()
