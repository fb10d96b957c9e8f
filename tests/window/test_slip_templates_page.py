"""单据模板 in the real window: look, copy, change, put in, take back, try out."""

import docx
import pytest

from desk.slips import FOLDER
from exports.slips.slips import BUILT_IN
from models.desks import department_by_name, this_desk
from models.people import person_signing_in
from models.reception import record_visit
from models.services import services_of
from models.slip_fields import SLIP_FIELDS
from models.slip_templates import SLIP_KIND_LABELS, SlipKind, template_for
from models.visits import VisitOutcome

KIND = SlipKind.ACCEPTANCE


@pytest.fixture
def opened(monkeypatch):
    """The documents that would have been opened in Word."""
    paths = []
    for module in ("desk.slips", "desk.pages.sliptemplates"):
        monkeypatch.setattr(f"{module}.open_with_system", paths.append)
    return paths


def show(window, drive, folder):
    window.settings.ledger_folder = str(folder)
    window.show("sliptemplates")
    drive.pump()
    return window.page


@pytest.fixture
def at_desk(at_work, drive, tmp_path, opened):
    """The page at the desk of 教务处, whose teacher is signed in."""
    return show(at_work, drive, tmp_path)


@pytest.fixture
def page(at_office, drive, tmp_path, opened):
    """The page at the office."""
    return show(at_office, drive, tmp_path)


def template_with(path, *fields):
    """A Word file that names *fields*."""
    document = docx.Document()
    document.add_paragraph("本部门自己的回执")
    for field in fields:
        document.add_paragraph(f"{{{{ {field} }}}}")
    document.save(path)
    return path


def mark(page, name):
    tree = page.table.tree
    row = next(row for row in tree.get_children() if tree.set(row, "0") == name)
    tree.selection_set(row)
    tree.focus(row)
    tree.update()


def row_of(page, name):
    return next(row for row in page.table.rows() if row[0] == name)


def idle(page, drive):
    drive.wait_until(lambda: not page.window.jobs.running, "the job")


def replace_with(page, drive, shown, path):
    shown.answers = [path]
    page.save_button.invoke()
    idle(page, drive)


def texts_of(path):
    document = docx.Document(path)
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


# -- what holds --------------------------------------------------------------------


def test_the_built_in_templates_hold_at_first_for_every_department(page):
    assert page.heading.cget("text") == "受理回执：用内置的"
    assert page.table.rows()[0][:2] == ("全部部门", "内置")
    assert len(page.table.rows()) > 6
    assert {row[1] for row in page.table.rows()} == {"内置"}
    assert page.form.value("holds") == "内置模板"
    assert len(page.fields.rows()) == len(SLIP_FIELDS)
    assert ("{{ 来访人 }}", SLIP_FIELDS["来访人"]) in page.fields.rows()


def test_a_department_changes_its_own_template_from_a_copy(
    at_desk, drive, shown, tmp_path, opened
):
    page = at_desk
    assert page.form.value("department") == "教务处"
    copy = tmp_path / "教务回执.docx"
    shown.answers = [copy]
    page.copy_button.invoke()
    idle(page, drive)
    assert opened == [copy]
    assert copy.read_bytes() == (BUILT_IN / f"{KIND}.docx").read_bytes()
    document = docx.Document(copy)
    document.add_paragraph("咨询请打 {{ 咨询电话 }}")
    document.save(copy)
    replace_with(page, drive, shown, copy)
    assert "教务处的受理回执已换上“教务回执.docx”，第 1 版" in page.window.status.text
    assert row_of(page, "教务处")[1:3] == ("本部门", "1")
    assert row_of(page, "教务处")[4:] == ("李老师", "教务回执.docx")
    assert row_of(page, "全部部门")[1] == "内置"
    uid = department_by_name("教务处").uid
    assert template_for(KIND, uid).document == copy.read_bytes()
    assert template_for(SlipKind.NOTICE, uid) is None


def test_a_template_with_unknown_fields_is_refused_and_names_them(
    at_desk, drive, shown, tmp_path
):
    path = template_with(tmp_path / "错.docx", "编号", "来方人", "手机号")
    replace_with(at_desk, drive, shown, path)
    said = at_desk.window.info.text
    assert "“来方人”" in said and "来访人" in said and "“手机号”" in said
    assert {row[1] for row in at_desk.table.rows()} == {"内置"}


def test_the_office_puts_one_in_for_all_that_have_none_of_their_own(
    page, drive, shown, tmp_path
):
    mark(page, "教务处")
    own = template_with(tmp_path / "教务.docx", "编号")
    replace_with(page, drive, shown, own)
    mark(page, "全部部门")
    general = template_with(tmp_path / "通用.docx", "编号", "来访人")
    replace_with(page, drive, shown, general)
    assert "各窗口下次同步后生效" in page.window.status.text
    assert row_of(page, "全部部门")[1:3] == ("办公室", "1")
    assert row_of(page, "学生处")[1] == "办公室"
    assert row_of(page, "教务处")[1] == "本部门"


def test_giving_up_ones_own_template_takes_the_one_before_it(
    page, drive, shown, tmp_path
):
    mark(page, "教务处")
    page.after_idle(page.list_buttons["恢复内置"].invoke)
    drive.pump()
    assert "教务处现在用的就是内置模板，不用恢复" in page.window.info.text
    replace_with(page, drive, shown, template_with(tmp_path / "一.docx", "编号"))
    shown.answers = [False, True]
    page.list_buttons["恢复内置"].invoke()
    assert row_of(page, "教务处")[1] == "本部门"
    page.list_buttons["恢复内置"].invoke()
    assert "不再用“一.docx”" in shown[-1]
    assert row_of(page, "教务处")[1] == "内置"
    assert "教务处已改回原来的模板" in page.window.status.text
    replace_with(page, drive, shown, template_with(tmp_path / "二.docx", "编号"))
    assert row_of(page, "教务处")[2] == "3"


# -- who may -----------------------------------------------------------------------


def test_a_teacher_changes_only_the_own_department(at_desk, drive):
    mark(at_desk, "全部部门")
    assert str(at_desk.save_button.cget("state")) == "disabled"
    assert "由中心办公室在办公室的电脑上更换" in at_desk.form.value("why_not")
    mark(at_desk, "教务处")
    assert str(at_desk.save_button.cget("state")) == "normal"
    assert not at_desk.form.widget("why_not").winfo_ismapped()


def test_an_assistant_only_looks_and_is_told_who_may(at_desk, drive, shown):
    window = at_desk.window
    window.lock()
    window.sign_in(person_signing_in("2023010101"))
    window.show("sliptemplates")
    mark(at_desk, "教务处")
    assert str(at_desk.save_button.cget("state")) == "disabled"
    assert "由本部门的老师或中心办公室更换" in at_desk.form.value("why_not")
    for act in (at_desk.on_save, at_desk.on_restore):
        at_desk.after_idle(act)
        drive.pump()
        assert "由本部门的老师或中心办公室更换" in window.info.text
        window.info.hide()
    assert shown == []


# -- trying out --------------------------------------------------------------------


@pytest.mark.parametrize("kind", SLIP_KIND_LABELS)
def test_every_kind_is_tried_out_where_nobody_has_come_yet(
    page, drive, tmp_path, opened, kind
):
    page.form.set("kind", kind)
    mark(page, "学生处")
    page.list_buttons["试打一份"].invoke()
    idle(page, drive)
    (path,) = opened
    assert path.parent == tmp_path / FOLDER
    assert path.name.startswith(f"试打_{SLIP_KIND_LABELS[kind]}_")
    read = texts_of(path)
    assert "张样例" in read and "{{" not in read


def test_a_trial_shows_a_visit_that_was_taken_down_in_the_own_template(
    at_desk, drive, shown, tmp_path, opened
):
    service = next(s for s in services_of(this_desk()) if s.kind == "promised")
    visit = record_visit(
        by=at_desk.window.person,
        service=service,
        outcome=VisitOutcome.PROMISED,
        visitor_name="赵思远",
    )
    mark(at_desk, "教务处")
    own = template_with(tmp_path / "教务.docx", "编号", "来访人")
    replace_with(at_desk, drive, shown, own)
    at_desk.window.root.focus_force()
    drive.keys("ctrl+p")
    drive.wait_until(lambda: opened, "the slip")
    assert opened[0].name == f"试打_受理回执_{visit.number}.docx"
    read = texts_of(opened[0])
    assert "本部门自己的回执" in read and "赵思远" in read
    opened.clear()
    mark(at_desk, "全部部门")  # the visit's department has its own by now
    at_desk.list_buttons["试打一份"].invoke()
    idle(at_desk, drive)
    assert "张样例" in texts_of(opened[0])


def test_a_field_goes_to_the_clipboard_as_it_is_written(page, drive):
    page.window.root.focus_force()
    tree = page.fields.tree
    item = tree.get_children()[list(SLIP_FIELDS).index("来访人")]
    tree.selection_set(item)
    tree.focus(item)
    tree.focus_force()
    drive.pump(0.3)
    drive.keys("Return")
    assert page.clipboard_get() == "{{ 来访人 }}"
    assert "已复制 {{ 来访人 }}" in page.window.status.text


@pytest.mark.parametrize("size", ["1366x740+0+0", "1024x640+0+0"])
def test_everything_stays_on_screen(page, drive, size):
    page.window.root.geometry(size)
    drive.pump(0.2)
    for button in (page.save_button, page.copy_button, page.copy_field_button):
        assert button.winfo_viewable()
        assert button.winfo_width() >= button.winfo_reqwidth()
        bottom = button.winfo_rooty() + button.winfo_height()
        assert bottom <= page.window.status.winfo_rooty()
    for tree in (page.table.tree, page.fields.tree):
        assert tree.winfo_height() > 100
