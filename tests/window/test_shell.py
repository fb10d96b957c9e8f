"""The strips around the pages, and the forms in them, as the keyboard meets them."""

import pytest
import ttkbootstrap as ttk
from driver import screen

from desk import dialogs, main, theme
from desk.jobs import Jobs
from desk.keymap import KEYS, keys_of
from desk.pages import pages_of
from desk.pages.sync import SyncPage
from models.errors import UserError
from models.people import PersonRole, add_person


def texts_of(widget):
    """Every text on screen inside *widget*."""
    found = [str(widget.cget("text"))] if isinstance(widget, ttk.Label) else []
    for child in widget.winfo_children():
        found += texts_of(child)
    return found


def tab_order(form):
    """The widgets Tab visits from the first field on, inside *form*."""
    first = next(f for f in form._fields.values() if f.takes_input)
    here, seen = first.target, []
    if hasattr(here, "buttons"):
        here = here.buttons[here.get()]
    while here not in seen and str(here).startswith(f"{form}."):
        seen.append(here)
        here = here.tk_focusNext()
    return seen


@pytest.mark.parametrize("kind", ["at_work", "at_office"])
def test_tab_goes_through_the_fields_and_then_the_buttons(request, kind, drive):
    window = request.getfixturevalue(kind)
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump(0.05)
        form = getattr(window.page, "form", None)
        if form is None or not any(f.takes_input for f in form._fields.values()):
            continue  # nothing to fill in yet
        order = tab_order(form)
        in_bar = [widget.master is form.bar for widget in order]
        assert any(in_bar) and in_bar == sorted(in_bar), (entry.title, order)
        fields = [f.target for f in form._fields.values() if f.takes_input]
        reached = [widget for widget in order if widget in fields]
        assert reached == [f for f in fields if f in reached], entry.title


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_sidebar_is_one_stop_for_tab_and_its_focus_shows(at_work, drive, mode):
    buttons = at_work.sidebar.buttons
    theme.set_mode(at_work.root, mode)
    at_work.show("ledgers")
    stops = [name for name, button in buttons.items() if takes_tab(button)]
    assert stops == ["ledgers"]
    at_work.root.focus_force()
    buttons["ledgers"].focus_set()
    drive.keys("Down")
    below = list(buttons)[list(buttons).index("ledgers") + 1]
    assert at_work.root.focus_get() is buttons[below]
    rim = theme.colour("primary_text")
    drive.pump(0.1)
    assert rim in colours_of(buttons[below]) and rim not in colours_of(buttons["seals"])


def takes_tab(widget):
    return str(widget.cget("takefocus")) in ("1", "True", "true")


def colours_of(widget):
    """Every colour on screen along the upper edge of *widget*."""
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    edge = screen().crop((left, top, left + widget.winfo_width(), top + 3))
    return {f"#{bytes(pixel).hex()}" for _, pixel in edge.getcolors(maxcolors=1 << 16)}


def test_a_refusal_never_lands_on_a_line_that_cannot_be_filled_in(at_work, drive):
    form = at_work.page.form
    form.set("about", "软件2401")
    form.show_field("about", True)
    form.add_words("about", "某怪题")
    form.add_words("note", "怪题")
    at_work.root.focus_force()
    form.focus_field("visitor")
    drive.pump(0.05)
    assert form.show_problem("请填写某怪题。")
    drive.pump(0.05)
    assert at_work.root.focus_get() is form.widget("note")
    assert not form.show_problem("没有人知道的词", "about")


def test_a_wrong_field_is_forgiven_as_soon_as_it_is_changed(at_work, drive):
    form = at_work.page.form
    at_work.root.focus_force()
    form.show_problem("请填写备注。", "note")
    drive.pump(0.05)
    drive.keys("Left")
    assert form.problems()
    drive.typing("a")
    assert form.problems() == []


def refuse():
    raise UserError("没有这样的事。\n请重试。")


@pytest.fixture
def refused(at_work, drive):
    """The desk's window with a refusal on the info bar and in the status bar."""
    at_work.after(1, refuse)
    drive.wait_until(lambda: at_work.info.text, "the refusal")
    assert at_work.status.text == "没有这样的事。 请重试。"
    return at_work


ENDS = {
    "a success": lambda window: window.say("已保存。"),
    "a new form": lambda window: window.page.on_new(),
    "another page": lambda window: window.show("ledgers"),
    "another try": lambda window: window.page.form.submit(lambda: None),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_refusal_is_over_with(refused, drive, end):
    ENDS[end](refused)
    drive.pump(0.05)
    assert refused.info.text == ""
    assert "没有这样的事" not in refused.status.text


def test_a_warning_survives_the_result_it_comes_with(at_work):
    at_work.info.show("共享文件夹不可用", "warning")
    at_work.say("同步完成。")
    assert at_work.info.text == "共享文件夹不可用"


def test_a_long_message_leaves_room_for_the_sync_state_and_the_rows(at_work, drive):
    status = at_work.status
    drive.wait_until(lambda: status.sync.cget("text"), "the sync state")
    at_work.say_rows("12 条")
    status.say("很长的一句话，\n" * 30)
    drive.pump(0.1)
    shown = status.message.cget("text")
    assert shown.endswith("…") and "\n" not in shown
    for label in (status.sync, status.rows, status._hints):
        assert label.winfo_width() >= label.winfo_reqwidth()
        right = label.winfo_x() + label.winfo_width()
        assert right <= status.winfo_width()
    assert isinstance(status.message, ttk.Label)


def test_the_office_is_shown_only_keys_that_work_there(at_office, drive):
    entries = pages_of(at_office.here)
    own = (at_office, at_office.looks, at_office.drafts, at_office.keys)
    classes = [*map(type, own), *(entry.load() for entry in entries)]
    for key in keys_of(at_office.here):
        if key.page:
            assert key.page in {entry.name for entry in entries}
        else:
            assert any(hasattr(c, key.action) for c in classes), key
    assert "咨询" not in at_office.status._hints.cget("text")
    at_office.root.focus_force()
    drive.keys("ctrl+slash")
    texts = texts_of(at_office.keys._sheet)
    assert "人员管理" in texts and "来访登记" not in texts
    assert not [text for text in texts if "来访页" in text or "用印页" in text]
    assert "查找页：打开办件" in texts and "打印单据" in texts
    drive.keys("Escape")


def test_a_desk_is_shown_every_key_of_its_own(at_work):
    office_only = set("roster people seal_setup catalogue timesettings pay".split())
    office_only |= {"stations", "privacy"}
    assert {key.page for key in KEYS} - {k.page for k in keys_of(at_work.here)} == (
        office_only
    )
    assert "+1 咨询" in at_work.status._hints.cget("text")
    for name, words in (("visits", "保存并开始下一条"), ("ledgers", "导出")):
        at_work.show(name)
        assert f"Ctrl+S {words}" in at_work.status._hints.cget("text")


def test_the_office_publishes_in_the_same_words_everywhere(at_office, drive):
    add_person(
        by=at_office.person, number="J901", name="韩老师", role=PersonRole.OFFICE
    )
    at_office.show("sync")
    drive.pump(0.6)
    page = at_office.page
    assert page.summary.cget("text").endswith("条待发布")
    assert at_office.status.sync.cget("text") == f"○ {page.summary.cget('text')}"
    assert at_office.status.sync.cget("style") == "ChromeHint.TLabel"
    assert "待发布" in texts_of(page.left) and "未上传" not in texts_of(page.left)
    assert "办公室指纹" in page.own.cget("text")


def test_closing_over_a_running_job_offers_to_wait(at_work, monkeypatch):
    asked = {}
    monkeypatch.setattr(Jobs, "running", True)
    monkeypatch.setattr(
        dialogs, "confirm", lambda parent, text, **labels: asked.update(labels)
    )
    assert not at_work.may_close()
    assert asked == {"yes": "取消操作并退出", "no": "继续等待"}
    monkeypatch.undo()


def test_the_window_comes_forward_when_a_second_start_asks(root, drive, tmp_path):
    asked = tmp_path / "window.raise"
    main.come_forward_when_asked(root, asked)
    root.iconify()
    drive.pump(0.1)
    asked.touch()
    drive.wait_until(lambda: not asked.exists(), "being asked")
    drive.wait_until(root.winfo_viewable, "the window")


@pytest.fixture
def zoomed(root):
    """Zooms a window in a small frame, and back at the end."""

    def zoom(window, percent):
        steps = theme.ZOOMS.index(percent) - theme.ZOOMS.index(window.settings.zoom)
        for _ in range(abs(steps)):
            window.looks._zoom(1 if steps > 0 else -1)
        root.update()

    root.geometry("1024x640+0+0")
    yield zoom
    theme.set_fonts(root)
    theme.set_mode(root, "light")


def assert_list_is_whole(page):
    tree = page.table.tree
    shown = tree["displaycolumns"]
    assert len(shown) >= 2
    assert sum(tree.column(name, "width") for name in shown) <= tree.winfo_width()
    edge = page._list_bar.winfo_rootx() + page._list_bar.winfo_width()
    for button in page.list_buttons.values():
        if button.winfo_manager():
            assert button.winfo_width() >= button.winfo_reqwidth()
            assert button.winfo_rootx() + button.winfo_width() <= edge
    assert page.find_entry.winfo_width() >= page.find_entry.winfo_reqwidth()


@pytest.mark.parametrize(
    ("kind", "name"), [("at_work", "visits"), ("at_office", "people")]
)
def test_a_small_window_at_any_zoom_shows_whole_buttons_and_columns(
    request, kind, name, zoomed, drive
):
    window = request.getfixturevalue(kind)
    window.show(name)
    drive.pump(0.1)
    page = window.page
    before = [page.table.tree["displaycolumns"], page._places]
    for percent in (100, 150, 100):
        zoomed(window, percent)
        drive.pump(0.1)
        assert_list_is_whole(page)
        field = "outcome" if name == "visits" else "role"
        for button in page.form.widget(field).buttons.values():
            assert button.winfo_width() >= button.winfo_reqwidth(), percent
    assert [page.table.tree["displaycolumns"], page._places] == before


@pytest.mark.parametrize("text", ["没有挂起的内容。", "很长的一句话，" * 30])
def test_a_message_moves_nothing_under_the_mouse(at_work, drive, text):
    root = at_work.root
    root.geometry("1024x610+0+0")
    drive.pump(0.2)
    seen = [at_work.content, at_work.sidebar, at_work.page.form.primary]
    before = [(part.winfo_rootx(), part.winfo_rooty()) for part in seen]
    at_work.info.show(text, "danger", ("去签到（F4）", lambda: None))
    drive.pump(0.2)
    bar, field = at_work.info, at_work.content
    assert bar.winfo_rooty() + bar.winfo_height() <= field.winfo_rooty()
    assert bar.winfo_height() >= bar.winfo_reqheight()
    if len(text) < 20:
        assert [(part.winfo_rootx(), part.winfo_rooty()) for part in seen] == before
        assert root.winfo_containing(bar.winfo_rootx() + 5, bar.winfo_rooty() + 5) in (
            bar,
            *bar.winfo_children(),
        )
    at_work.info.hide()
    drive.pump(0.1)
    assert [(part.winfo_rootx(), part.winfo_rooty()) for part in seen] == before


def test_a_message_hides_no_alarm_of_a_seal(at_work, drive):
    at_work.header.show_seals(["教务处公章在外，应当还回。"])
    at_work.info.show("很长的一句话，" * 30, "danger")
    drive.pump(0.2)
    bar, seals = at_work.info, at_work.header.seals
    assert bar.winfo_rooty() + bar.winfo_height() <= seals.winfo_rooty()
    at_work.lock()
    drive.pump(0.05)
    on_top = at_work.winfo_containing(seals.winfo_rootx() + 5, seals.winfo_rooty() + 5)
    assert str(on_top).startswith(str(at_work.cover))


def test_a_result_lies_over_the_header_and_is_over_with_its_page(at_work, drive):
    at_work.say("已保存。")
    drive.pump(0.1)
    note, header = at_work.note, at_work.header
    assert note.winfo_ismapped() and note.winfo_width() >= note.winfo_reqwidth()
    assert note.winfo_rooty() + note.winfo_height() <= at_work.content.winfo_rooty()
    right = note.winfo_rootx() + note.winfo_width()
    assert right <= header.lock_button.winfo_rootx()
    at_work.show("visits")  # the page in front already: nothing is over
    assert at_work.status.text == "已保存。"
    at_work.show("ledgers")
    drive.pump(0.05)
    assert not note.winfo_ismapped() and at_work.status.text == ""


def test_a_result_covers_neither_a_message_nor_leaves_the_window(at_work, drive):
    at_work.info.show("共享文件夹不可用", "warning")
    at_work.say("很长的结果，" * 40)
    drive.pump(0.1)
    note, content = at_work.note, at_work.content
    assert note.winfo_rooty() >= content.winfo_rooty()
    assert note.winfo_rootx() >= content.winfo_rootx()


def test_a_page_that_cannot_be_made_is_not_announced(at_work, drive, monkeypatch):
    before = [at_work.root.title(), at_work.header.title.cget("text"), at_work.page]

    def fail(self, master, window):
        raise UserError("这一页打不开。")

    monkeypatch.setattr(SyncPage, "__init__", fail)
    at_work.sidebar.buttons["sync"].invoke()
    drive.wait_until(lambda: at_work.info.text == "这一页打不开。", "the refusal")
    title = at_work.header.title.cget("text")
    assert [at_work.root.title(), title, at_work.page] == before
    assert at_work.sidebar.chosen.get() == "visits"
    monkeypatch.undo()
    at_work.sidebar.buttons["sync"].invoke()
    drive.pump(0.1)
    assert at_work.header.title.cget("text") == "数据同步"
