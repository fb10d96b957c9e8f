"""打印单据 in the real window: the slip lies in the folder and opens by itself."""

import base64

import pytest
import templates
from docx import Document

from desk import slips
from models import clock
from models.base import transaction
from models.cases import refuse_case
from models.errors import UserError
from models.reception import record_visit
from models.slip_templates import SlipKind, SlipTemplate
from models.visits import VisitOutcome, visits_on


@pytest.fixture
def opened(at_work, monkeypatch, tmp_path):
    """What would be opened; slips go to a folder of the test."""
    found = []
    monkeypatch.setattr(slips, "open_with_system", found.append)
    at_work.settings.ledger_folder = str(tmp_path)
    at_work.root.focus_force()
    return found


def take(window, outcome, **fields):
    visit = record_visit(
        by=window.person,
        service=window.pages["visits"].services[0],
        outcome=outcome,
        visitor_name="王家长",
        **fields,
    )
    window.pages["visits"].refresh()
    return visit


def press_print(window, drive):
    drive.keys("ctrl+p")
    drive.wait_until(lambda: not window.jobs.running, "the slip")
    drive.pump(0.05)


def words_of(path):
    document = Document(str(path))
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_the_slip_of_the_visit_just_saved_is_one_key_away(at_work, opened, drive):
    page = at_work.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("service", page.services[0])
    page.form.set("outcome", VisitOutcome.PROMISED)
    drive.keys("ctrl+s")
    drive.wait_until(lambda: page.saved is not None, "the visit")
    assert page.table.selected() == page.saved
    press_print(at_work, drive)
    (path,) = opened
    assert path.name == f"受理回执_{page.saved.number}.docx"
    assert "赵思远" in words_of(path) and page.saved.number in words_of(path)
    assert f"单据已存到 {path}" in at_work.status.text
    assert str(at_work.root.cget("cursor")) == ""


def test_the_marked_row_comes_before_what_was_saved_last(at_work, opened, drive):
    take(at_work, VisitOutcome.PROMISED)
    told = take(at_work, VisitOutcome.NOTIFIED, result="缺成绩单")
    at_work.page.mark(told)
    at_work.page.list_buttons["打印单据"].invoke()
    drive.wait_until(lambda: opened, "the slip")
    assert opened[0].name == f"一次性告知单_{told.number}.docx"
    assert "缺成绩单" in words_of(opened[0])


def test_what_was_done_at_once_has_no_slip(at_work, opened, drive):
    with pytest.raises(UserError, match="请先选中一条来访"):
        at_work.page.on_print()
    take(at_work, VisitOutcome.DONE)
    at_work.page.mark(visits_on(clock.today())[0])
    press_print(at_work, drive)
    assert "是当场办结，没有单据可打印" in at_work.info.text
    assert opened == []


def test_a_faulty_template_says_which_field(at_work, opened, drive):
    visit = take(at_work, VisitOutcome.PROMISED)
    with transaction():
        SlipTemplate(
            kind=SlipKind.ACCEPTANCE,
            version=1,
            file_name="回执.docx",
            content=base64.b64encode(
                templates.template("{{ 编号 }}{{ 院系主任 }}")
            ).decode(),
            added_at=clock.now(),
            author_uid=at_work.person.uid,
            author_name=at_work.person.name,
        ).write(by=at_work.person)
    at_work.page.mark(visit)
    press_print(at_work, drive)
    assert "回执.docx" in at_work.info.text and "“院系主任”" in at_work.info.text
    assert opened == [] and str(at_work.root.cget("cursor")) == ""


def test_the_page_of_cases_prints_the_marked_case(at_work, opened, drive):
    visit = take(at_work, VisitOutcome.PROMISED)
    at_work.show("cases")
    drive.pump()
    press_print(at_work, drive)
    assert opened[0].name == f"受理回执_{visit.number}.docx"


def test_a_case_that_was_refused_later_has_the_refusal(at_work, opened, drive):
    visit = take(at_work, VisitOutcome.PROMISED)
    refuse_case(visit, by=at_work.person, note="不符合免修条件")
    at_work.page.mark(visit)
    press_print(at_work, drive)
    assert opened[0].name.startswith("不予受理告知书_")
    assert "不符合免修条件" in words_of(opened[0])


def test_a_folder_that_is_gone_does_not_stop_the_slip(
    at_work, opened, drive, tmp_path, monkeypatch
):
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    at_work.settings.ledger_folder = str(tmp_path / "pulled out")
    at_work.page.mark(take(at_work, VisitOutcome.PROMISED))
    press_print(at_work, drive)
    assert opened[0].parent == tmp_path / "服务窗口单据"


def test_without_a_program_for_it_the_slip_is_said_to_lie_in_its_folder(
    at_work, drive, tmp_path, monkeypatch
):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))  # nothing there to open it with
    at_work.settings.ledger_folder = str(tmp_path)
    visit = take(at_work, VisitOutcome.PROMISED)
    at_work.page.mark(visit)
    at_work.page.on_print()
    drive.wait_until(lambda: not at_work.jobs.running, "the slip")
    drive.pump(0.05)
    path = tmp_path / "服务窗口单据" / f"受理回执_{visit.number}.docx"
    assert path.is_file()
    assert at_work.status.text == (
        f"已写好：{path}；没有能打开它的程序，请到该文件夹打开。"
    )
    assert at_work.info.text == ""
