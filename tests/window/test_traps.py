"""What bites in Tk and ttkbootstrap: each was seen, and is kept out here."""

import ast
import gc
import logging
import sys
import threading
from pathlib import Path

import pytest
import ttkbootstrap as ttk

from desk import dialogs, jobs, main
from desk.widgets.datefield import DateField
from desk.widgets.suggest import DEBOUNCE_MS
from models import clock

ROOT = Path(__file__).parents[2]
# Words in English, a delete command, a popup that is dead in a dialog, 60 MB.
NOT_USED = {
    *("Messagebox", "Querybox", "Tableview", "messagebox", "simpledialog"),
    *("DatePopover", "DatePickerDialog", "ToastNotification"),
    *("matplotlib", "numpy", "pandas"),
}


ASKING = {"ask_text", "confirm", "warn", "choose_file", "choose_folder"}


def sources():
    """Each module of the program, as its nodes."""
    for folder in ("desk", "exports", "models"):
        for path in (ROOT / folder).rglob("*.py"):
            nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
            yield path.relative_to(ROOT).as_posix(), nodes


def names_in(node):
    """What a node imports or looks up."""
    match node:
        case ast.Name():
            return [node.id]
        case ast.Attribute():
            return [node.attr]
        case ast.ImportFrom():
            aliases = [alias.name for alias in node.names]
            return [*(node.module or "").split("."), *aliases]
        case ast.Import():
            return [part for alias in node.names for part in alias.name.split(".")]
    return []


def test_nothing_is_used_that_bites():
    apps = []
    for path, nodes in sources():
        used = {name for node in nodes for name in names_in(node)}
        assert not used & NOT_USED, path
        assert "filedialog" not in used or path == "desk/dialogs.py"
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                look_at_call(path, node, apps)
            # item(row)["values"] turns "000123" into 123.
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
                assert getattr(node.slice, "value", "") != "values", path
    assert apps == ["desk/theme.py"]  # one App a process


def look_at_call(path, call, apps):
    of, name = getattr(call.func.value, "id", ""), call.func.attr
    if name == "App":
        apps.append(path)
    if any(keyword.arg == "bootstyle" for keyword in call.keywords):
        assert of != "tkinter", path  # plain Tk widgets take none
    if of == "dialogs" and name in ASKING:
        assert call.args, (path, call.lineno)  # the parent comes first


def test_a_misspelt_bootstyle_is_an_error(root):
    with pytest.raises(Exception, match="primry"):
        ttk.Button(root, bootstyle="primry").destroy()


def test_the_build_keeps_to_one_folder_and_what_it_needs():
    spec = (ROOT / "build.spec").read_text("utf-8")
    tree = ast.parse(spec)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    exe = next(call for call in calls if getattr(call.func, "id", "") == "EXE")
    options = {keyword.arg: ast.unparse(keyword.value) for keyword in exe.keywords}
    assert options["exclude_binaries"] == "True"  # one folder: starts ten times sooner
    assert options["upx"] == "False"
    called = {getattr(call.func, "id", "") for call in calls}
    assert "COLLECT" in called
    for needed in ("PIL._tkinter_finder", "babel.numbers", '"psycopg"'):
        assert needed in spec
    assert "LOCALES" in spec and "collect_submodules" in spec


def test_a_windowed_program_without_standard_output_starts_its_log(
    tmp_path, monkeypatch
):
    before = list(logging.getLogger().handlers)
    hooks = sys.excepthook, threading.excepthook
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    streams = []
    crash_file = main._start_log(tmp_path)
    try:
        logging.getLogger("test").warning("written down")
    finally:
        main.faulthandler.disable()
        crash_file.close()
        sys.excepthook, threading.excepthook = hooks
        for handler in set(logging.getLogger().handlers) - set(before):
            streams.append(getattr(handler, "stream", None))
            logging.getLogger().removeHandler(handler)
            handler.close()
    assert all(streams)  # none that would write to nowhere
    (written,) = tmp_path.rglob("desk.log")
    assert "written down" in written.read_text("utf-8")


def test_garbage_is_collected_on_the_thread_of_the_window_only(root, monkeypatch):
    where = []
    monkeypatch.setattr(jobs, "COLLECT_MS", 1)
    monkeypatch.setattr(gc, "collect", lambda: where.append(threading.get_ident()))
    gc.enable()
    jobs.collect_garbage_on_this_thread(root)
    assert not gc.isenabled()
    while len(where) < 2:
        root.update()
    assert set(where) == {threading.get_ident()}


def test_the_month_opens_inside_a_dialog_that_holds_the_grab(root, drive):
    dialog = dialogs.Dialog(root, "日期")
    field = DateField(dialog.body)
    field.pack()
    dialog.add_button("取消", lambda: dialog.close(None))
    days = []

    def press():
        if not dialog.winfo_viewable():
            return root.after(30, press)
        try:
            choose()
        finally:
            dialog.close(None)

    def choose():
        field.write(clock.today())
        field.entry.focus_force()
        drive.pump(0.35)  # past the moment in which nobody can have read it
        drive.keys("F4")
        assert field._month.winfo_toplevel() is dialog
        drive.keys("Down")
        drive.pump(0.1)  # an Enter at once would be a card reader's
        drive.keys("Return")
        days.append((field.read() - clock.today()).days)

    root.after(30, press)
    dialog.show(field.entry)
    assert days == [7]


def test_what_comes_by_itself_moves_no_focus_and_takes_no_half_typed_text(
    at_work, drive
):
    form = at_work.page.form
    visitor = form.widget("visitor")
    at_work.root.focus_force()
    visitor.focus_set()
    visitor.insert(0, "zha")
    widgets = set(map(str, form.area.winfo_children()))
    drive.pump(DEBOUNCE_MS / 1000 + 0.1)
    visitor.icursor(2)
    at_work.watch.look()
    at_work.watch._tick()
    at_work._show_status()
    drive.pump(0.1)
    assert at_work.root.focus_get() is visitor
    assert (visitor.get(), visitor.index("insert")) == ("zha", 2)
    assert set(map(str, form.area.winfo_children())) == widgets
    at_work.watch.stop()
    at_work.watch.start()


def test_keys_that_come_while_a_page_is_made_go_to_its_first_field(window, drive):
    drive.keys_ahead(*"0001110001", "Return", *"2024")
    drive.wait_until(lambda: window.page.title == "来访登记", "the page")
    drive.pump(0.1)
    assert window.page.form.text("visitor") == "2024"
    drive.keys_ahead("F3", *"77", "F2", *"03", "F3", *"8")
    drive.pump(0.1)
    assert window.page.title == "用印登记"
    typed = [window.pages[page].form for page in ("visits", "seals")]
    assert typed[0].text("visitor") == "03"
    assert typed[1].text("applicant") == "8"


def test_typing_is_searched_a_pause_later_however_it_came(at_work, drive):
    assert DEBOUNCE_MS == 150
    visitor = at_work.page.form.widget("visitor")
    at_work.root.focus_force()
    visitor.focus_set()
    drive.pump(0.05)
    visitor.insert(0, "赵")  # as an input method does: no key is released
    assert not visitor.is_open
    drive.wait_until(lambda: visitor.is_open, "the list")
