"""台账 and 数据同步 in the real window."""

from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from docx import Document
from oddshare import OddShare

from desk.files import usual_folder
from desk.pages import ledgerresult
from exports.ledgers import VISITS, Selection, ledgers_here
from exports.ledgers.viewing import page_of, view_ledger
from exports.sync import sync
from models import clock, storage
from models.people import PersonRole, people, person_signing_in
from models.visits import Visit, void_visit


@pytest.fixture
def ledgers(at_work, drive, tmp_path):
    at_work.page.on_add_enquiry()
    at_work.show("ledgers")
    drive.pump()
    at_work.page.form.set("folder", str(tmp_path))
    return at_work.page


def finish(page, drive):
    drive.wait_until(lambda: not page.window.jobs.running, "the job")
    drive.pump()


def test_an_export_writes_the_document_and_offers_to_open_it(ledgers, drive, tmp_path):
    ledgers.window.root.focus_force()
    drive.keys("ctrl+s")
    finish(ledgers, drive)
    assert (
        ledgers.result.exported is not None
        and ledgers.result.exported.parent == tmp_path
    )
    tables = Document(str(ledgers.result.exported)).tables
    text = "\n".join(cell.text for t in tables for row in t.rows for cell in row.cells)
    assert Visit.get().number in text
    assert ledgers.result.open_button.winfo_ismapped()
    assert "共 1 条" in ledgers.result.words.cget("text")


def choose(form, period):
    form.set("period", period)
    form.on_period()


def read(page, drive):
    drive.wait_until(lambda: not page.is_reading, "the rows")
    drive.pump()


def cells_of(path):
    """Headings and rows of the document, without its closing line."""
    rows = [row for t in Document(str(path)).tables for row in t.rows]
    texts = [tuple(cell.text for cell in row.cells) for row in rows]
    return texts[0], texts[1:-1]


def test_hours_are_listed_for_a_month_and_the_list_says_so_for_more(at_office, drive):
    """At the office alone: a desk knows only part of them."""
    at_office.show("ledgers")
    page = at_office.page
    page.form.set("ledger", "hours")
    page.form.on_ledger()
    choose(page.form, "本月")
    read(page, drive)
    assert "零报告" in page.table._empty_text.cget("text")
    assert page.form._fields["department"].shown
    assert not page.form._fields["seal"].shown
    choose(page.form, "去年")
    read(page, drive)
    assert "按月导出" in page.table._empty_text.cget("text")
    assert not at_office.info.winfo_ismapped()


def test_a_ledger_shows_what_an_export_of_it_holds(ledgers, drive, tmp_path):
    window, form = ledgers.window, ledgers.form
    void_visit(Visit.get(), by=person_signing_in("T001"), reason="重复")
    window.show("visits")
    window.page.on_add_enquiry()
    window.show("ledgers")
    read(ledgers, drive)
    table = ledgers.table
    ledgers.on_export()
    finish(ledgers, drive)
    titles, rows = cells_of(ledgers.result.exported)
    assert [column.title for column in table.columns.each] == list(titles)
    shown = [record.cells for record in table._records.values()]
    assert shown == rows and len(rows) == 2
    assert "来访登记台账　共 2 条" in ledgers.heading.cget("text")
    assert window.status.rows.cget("text") == "共 2 条"
    first, second = table.tree.get_children()
    assert "void" in table.tree.item(first, "tags")
    assert "void" not in table.tree.item(second, "tags")
    # What is sought, narrowed and empty.
    ledgers.on_find()
    ledgers.find_entry.insert(0, "重复")
    drive.keys("Return")
    read(ledgers, drive)
    assert table.count == 1 and table.selected() is not None
    assert "找到 1 条" in ledgers.heading.cget("text")
    drive.keys("Escape")
    choose(form, "上月")
    read(ledgers, drive)
    assert table.count == 0 and "零报告" in table._empty_text.cget("text")
    form.set("last", date(2020, 1, 1))
    ledgers.form._on_choice()
    read(ledgers, drive)
    assert "不能晚于" in table._empty_text.cget("text")
    choose(form, "今天")
    read(ledgers, drive)
    table.enter()
    drive.keys("Return")
    assert window.page.title == "查找" and window.page.card.row == Visit.get()


def test_every_ledger_has_a_list_with_its_own_columns(ledgers, drive):
    for index, ledger in enumerate(ledgers_here()):
        ledgers.form.widget("ledger").current(index)
        ledgers.form.on_ledger()
        read(ledgers, drive)
        assert ledgers.heading.cget("text").startswith(ledger.title)
        titles = [column.title for column in ledgers.table.columns.each]
        printed = [column.heading for column in ledger.columns]
        assert ["".join(t.split()) for t in titles] == [
            "".join(t.split()) for t in printed
        ]
        assert ledgers.table.name == f"ledger_{ledger.code}"


def test_periods_have_names_until_a_day_is_typed(ledgers, drive):
    form = ledgers.form
    choose(form, "昨天")
    yesterday = clock.today() - timedelta(days=1)
    assert form.days == (yesterday, yesterday)
    assert form.text("name") == f"来访登记台账_教务事务窗口_{yesterday}.docx"
    form.set("first", yesterday - timedelta(days=70))
    form._on_day()
    assert form.value("period") == "自定"
    read(ledgers, drive)
    assert form.widget("split").winfo_manager()  # more than a month
    form.set("split", "month")
    ledgers.on_export()
    finish(ledgers, drive)
    assert "个文件，第一个是" in ledgers.result.words.cget("text")
    ledgers.on_read(form.ledger, 20_001)  # what nobody likes to open as one
    assert form.split == "month"
    choose(form, "今天")
    read(ledgers, drive)
    assert form.split == "none" and not form.widget("split").winfo_manager()
    ledgers.on_read(form.ledger, 20_001)
    assert form.split == "rows"


def test_teachers_choose_what_is_hidden_and_assistants_do_not(ledgers, drive):
    window, form = ledgers.window, ledgers.form
    assert form.widget("masked").winfo_manager() and not form.is_masked
    form.set("masked", True)
    form.set("suffix", ".xlsx")
    ledgers.on_export()
    finish(ledgers, drive)
    assert ledgers.result.exported.suffix == ".xlsx"
    assert window.settings.masked and window.settings.ledger_format == ".xlsx"
    form.set("masked", False)
    (window.person, *_) = people(PersonRole.ASSISTANT)
    ledgers.refresh()
    assert not form.widget("masked").winfo_manager() and form.is_masked
    assert ledgers.question()[1].masked


def test_all_ledgers_of_a_period_go_into_a_folder_of_their_own(
    ledgers, drive, tmp_path, shown
):
    form = ledgers.form
    choose(form, "今天")
    form.set("department", form.widget("department").choices[1][1])
    ledgers.batch_button.invoke()
    finish(ledgers, drive)
    (folder,) = [path for path in tmp_path.iterdir() if path.name.startswith("台账_")]
    files = sorted(path.name for path in folder.iterdir())
    assert folder == ledgers.result.exported and len(files) > 5
    assert any(name.startswith("来访登记台账_") for name in files)
    said = ledgers.result.words.cget("text")
    assert f"{len(files)} 本台账" in said and "转办登记" in said.split("没有导出")[1]
    # Once more: what is there is only replaced when that is wanted.
    shown.answers = [False]
    ledgers.batch_button.invoke()
    assert f"等 {len(files)} 个文件已经存在" in shown[0]
    assert not ledgers.window.jobs.running


def test_a_form_is_looked_at_and_printed_beside_the_ledgers(
    ledgers, drive, monkeypatch
):
    sent = []
    monkeypatch.setattr(
        ledgerresult, "print_on", lambda path, printer: not sent.append((path, printer))
    )
    ledgers.choose_ledger("openings")
    read(ledgers, drive)
    assert ledgers.heading.cget("text").startswith("服务时间安排")
    assert ledgers.table.columns.each[0].title == "窗口" and ledgers.table.count
    ledgers.on_export()
    finish(ledgers, drive)
    ledgers.window.settings.printer = "一楼"
    ledgers.result.print_button.invoke()
    drive.wait_until(lambda: not ledgers.window.jobs.running, "the printer")
    drive.pump()
    assert sent == [(ledgers.result.exported, "一楼")]
    assert "已送到打印机“一楼”" in ledgers.window.status.text


def test_pages_of_a_ledger_follow_each_other_without_a_seam(at_work):
    with clock.set_at(clock.now() - timedelta(days=2)):  # two days, some at one time
        for _ in range(3):
            at_work.page.on_add_enquiry()
    for _ in range(4):
        at_work.page.on_add_enquiry()
    today = clock.today()
    chosen = Selection(today - timedelta(days=9), today)
    rows, after = page_of(VISITS, chosen, None, limit=2)
    while after is not None:
        more, after = page_of(VISITS, chosen, after, limit=2)
        rows += more
    assert [row.cells for row in rows] == list(VISITS.read(chosen).lines)
    assert len(rows) == 7 == view_ledger(VISITS, chosen).count
    assert view_ledger(VISITS, chosen, sought="没有这个词").rows == []


def test_a_cancelled_export_leaves_no_file(ledgers, drive, tmp_path, monkeypatch):
    gate, start = Event(), ledgers.window.jobs.start

    def start_behind_the_gate(task, **more):
        start(lambda report: [gate.wait(), task(report)][1], **more)

    monkeypatch.setattr(ledgers.window.jobs, "start", start_behind_the_gate)
    ledgers.export_button.invoke()
    drive.pump()
    assert ledgers.result.progress.winfo_ismapped()
    ledgers.result.progress.cancel_button.invoke()
    gate.set()
    finish(ledgers, drive)
    assert list(tmp_path.glob("*.docx*")) == []
    assert ledgers.result.exported is None
    assert not ledgers.result.progress.winfo_ismapped()
    assert str(ledgers.export_button.cget("state")) == "normal"


def test_replacing_a_file_is_asked_for(ledgers, drive, tmp_path, shown):
    (tmp_path / ledgers.form.text("name")).write_bytes(b"old")
    shown.answers = [False]
    ledgers.export_button.invoke()
    assert "已经存在" in shown[0]
    assert (tmp_path / ledgers.form.text("name")).read_bytes() == b"old"
    assert not ledgers.window.jobs.running


def test_an_impossible_date_is_explained_and_kept(ledgers, drive):
    field = ledgers.form.widget("first").entry
    field.delete(0, "end")
    field.insert(0, "13/45")
    ledgers.export_button.invoke()
    assert "看不懂日期“13/45”" in ledgers.form.problems()[0]
    assert field.get() == "13/45"


def test_a_folder_that_is_not_there_is_refused(ledgers, tmp_path):
    ledgers.form.set("folder", str(tmp_path / "没有"))
    ledgers.export_button.invoke()
    assert ledgers.form.problems() == ["要保存到的文件夹不存在，请重新选择。"]


def test_the_file_name_follows_the_choices_until_typed_over(ledgers):
    form = ledgers.form
    form.widget("ledger").current(1)
    ledgers.form.propose_name()
    assert form.text("name").startswith(form.widget("ledger").get())
    form.set("name", "自己起的名字")
    choose(form, "上月")
    assert form.text("name") == "自己起的名字"


# -- sync ---------------------------------------------------------------------


def counts(page):
    return {name: int(label.cget("text")) for name, label in page.counts.items()}


def test_a_record_goes_from_waiting_to_published_to_confirmed(at_work, drive, centre):
    at_work.page.on_add_enquiry()
    at_work.show("sync")
    page = at_work.page
    assert counts(page)["waiting"] == 1
    at_work.root.focus_force()
    drive.keys("F5")
    drive.wait_until(lambda: not at_work.autosync.jobs.running, "the exchange")
    assert counts(page) == {"waiting": 0, "published": 1, "confirmed": 0}
    at_work.page.window._show_status()
    assert "待确认" in at_work.status.sync.cget("text")

    here = at_work.folder
    storage.open_database(centre / "office")
    sync()
    storage.open_database(here)
    page.on_refresh()
    drive.wait_until(lambda: not at_work.autosync.jobs.running, "the second exchange")
    assert counts(page) == {"waiting": 0, "published": 0, "confirmed": 1}
    at_work._show_status()
    assert at_work.status.sync.cget("text") == "✔ 全部已确认"


def test_a_sync_runs_beside_other_work_and_asked_for_again_goes_once_more(
    at_work, drive, centre
):
    asked = []
    odd = OddShare(centre / "share")
    odd.opening = lambda path, writes: asked.append(path)
    gate = Event()
    at_work.jobs.start(lambda report: gate.wait(), on_done=lambda value: None)
    at_work.show("sync")
    page = at_work.page
    with odd.mounted():
        page.sync_button.invoke()
        drive.wait_until(lambda: not at_work.autosync.jobs.running, "the exchange")
        once = sum(path.endswith("centre.marker") for path in asked)
        asked.clear()
        page.sync_button.invoke()
        page.on_refresh()  # while the first is under way: neither refused nor beside
        drive.wait_until(lambda: not at_work.autosync.jobs.running, "two more")
    assert sum(path.endswith("centre.marker") for path in asked) == 2 * once
    assert at_work.info.text == "" and at_work.status.text.startswith("同步完成")
    assert str(page.sync_button.cget("state")) == "normal"
    assert at_work.jobs.running
    gate.set()
    drive.wait_until(lambda: not at_work.jobs.running, "the first job")


def test_an_unreachable_share_is_said_and_loses_nothing(at_work, drive, centre):
    at_work.page.on_add_enquiry()
    (centre / "share").rename(centre / "away")
    at_work.show("sync")
    page = at_work.page
    page.on_refresh()
    drive.wait_until(lambda: not at_work.autosync.jobs.running, "the exchange")
    drive.pump()
    assert "共享文件夹不可用" in at_work.info.text
    assert counts(page)["waiting"] == 1
    assert str(page.sync_button.cget("state")) == "normal"


def test_a_ledger_offers_only_what_it_can_be_narrowed_by(at_work, drive):
    at_work.show("ledgers")
    page = at_work.page
    drive.pump()
    offered = {}
    for index, code in enumerate(page.ledgers):
        page.form.widget("ledger").current(index)
        page.form.widget("ledger").event_generate("<<ComboboxSelected>>")
        drive.pump()
        offered[code] = [
            name
            for name in ("desk", "seal", "department")
            if page.form.widget(name).winfo_ismapped()
        ]
    expected = {
        "visits": ["desk", "department"],
        "seal_uses": ["desk", "seal", "department"],
        "attendances": ["desk", "department"],
        "handovers": ["desk"],
        "catalogue_changes": ["desk"],
    }
    assert {code: offered[code] for code in expected} == expected


def test_documents_go_to_the_folder_for_documents(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert usual_folder() == tmp_path
    (tmp_path / "文档").mkdir()
    assert usual_folder() == tmp_path / "文档"
    (tmp_path / "Documents").mkdir()
    assert usual_folder() == tmp_path / "Documents"
