"""The window itself: errors, jobs, looks, layout, start and end."""

import logging
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from threading import Event

import pytest
import ttkbootstrap as ttk

from desk import main, theme
from desk.jobs import Jobs
from desk.pages import pages_of
from desk.settings import Settings, load_settings, save_settings
from models.errors import UserError

ROOT = Path(__file__).parents[2]


def test_a_refusal_stays_on_the_info_bar_until_it_is_closed(at_work, drive):
    at_work.root.focus_force()
    drive.keys("shift+F9")
    assert at_work.info.text == "没有挂起的内容。"
    drive.keys("Escape")
    assert at_work.info.text == ""


def test_an_unforeseen_error_is_logged_and_shown_once(at_work, drive, shown, caplog):
    def fail():
        raise RuntimeError("boom")

    for _ in range(2):
        at_work.after(1, fail)
        drive.pump(0.05)
    assert len(shown) == 1 and "boom" in shown[0]
    logged = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert len(logged) == 2
    caplog.clear()  # meant, so it shall not fail this test


def test_a_job_reports_finishes_and_leaves_the_window_alive(at_work, drive):
    seen, threads = [], []

    def task(report):
        threads.append(threading.current_thread())
        report(1, 2, "一半")
        return "好"

    at_work.jobs.start(
        task,
        on_done=lambda value: seen.append(value),
        on_progress=lambda *progress: seen.append(progress),
    )
    with pytest.raises(UserError, match="上一项操作"):
        at_work.jobs.start(task, on_done=seen.append)
    drive.wait_until(lambda: not at_work.jobs.running, "the job")
    assert seen[-1] == "好"
    assert threads[0] is not threading.main_thread()


def test_a_cancelled_job_stops_at_its_next_report(at_work, drive):
    seen, reached = [], Event()

    def task(report):
        while True:
            report(0, 1, "")
            reached.set()

    at_work.jobs.start(task, on_done=seen.append, on_end=lambda: seen.append("the end"))
    drive.wait_until(reached.is_set, "the first report")
    at_work.jobs.cancel()
    drive.wait_until(lambda: not at_work.jobs.running, "the end")
    assert seen == ["the end"]


def test_what_a_job_refuses_is_shown_like_a_buttons_refusal(at_work, drive):
    def task(report):
        raise UserError("共享文件夹不可用，请检查网络后重试。")

    at_work.jobs.start(task, on_done=lambda value: None)
    drive.wait_until(lambda: at_work.info.text, "the message")
    assert "共享文件夹不可用" in at_work.info.text


def test_closing_waits_for_the_worker(root):
    jobs, finished = Jobs(root), Event()

    def task(report):
        finished.set()

    jobs.start(task, on_done=lambda value: None, connected=False)
    jobs.close()
    assert finished.is_set()
    assert not jobs.running


def test_every_page_of_a_desk_opens_in_both_modes(at_work, drive):
    for mode in ("light", "dark"):
        theme.set_mode(at_work.root, mode)
        for entry in pages_of(at_work.here):
            at_work.show(entry.name)
            drive.pump()
            assert at_work.page.title == entry.title
            assert at_work.header.title.cget("text") == entry.title


def test_every_page_of_the_office_opens(at_office, drive):
    for entry in pages_of(at_office.here):
        at_office.show(entry.name)
        drive.pump()
        assert at_office.page.title == entry.title


KEY_NAMES = {"Ctrl", "Shift", "Enter", "Delete", "Home", "End", "Esc", "Alt", "Tab"}
KEY_NAMES |= {"Word"}


def texts_of(widget):
    found = []
    if isinstance(widget, ttk.Label | ttk.Button | ttk.Radiobutton | ttk.Checkbutton):
        found.append(str(widget.cget("text")))
    if isinstance(widget, ttk.Treeview):
        found += [widget.heading(column, "text") for column in widget["columns"]]
    for child in widget.winfo_children():
        found += texts_of(child)
    return found


@pytest.mark.parametrize("kind", ["at_work", "at_office"])
def test_no_english_is_on_screen(request, kind, drive):
    window = request.getfixturevalue(kind)
    for entry in pages_of(window.here):
        window.show(entry.name)
        for text in texts_of(window):
            words = re.findall(r"(?<![\w/.])[A-Za-z]{3,}(?![\w/])", text)
            words = [w for w in words if not re.fullmatch("[A-F]{4}", w)]  # keys
            assert set(words) <= KEY_NAMES, (entry.title, text)


def test_the_mode_is_switched_by_key_and_remembered(at_work, drive):
    at_work.root.focus_force()
    drive.keys("ctrl+t")
    assert theme.mode() == "dark"
    assert load_settings(at_work.folder).mode == "dark"
    drive.keys("ctrl+t")
    assert theme.mode() == "light"


def test_zooming_enlarges_text_and_rows(at_work, drive):
    before = theme.line_height(at_work)
    at_work.root.focus_force()
    drive.keys("ctrl+equal", "ctrl+equal")
    assert theme.line_height(at_work) > before
    height = int(at_work.root.style.lookup("Treeview", "rowheight"))
    assert height == round(theme.line_height(at_work) * 1.6)
    drive.keys("ctrl+0")
    assert theme.line_height(at_work) == before


# -- layout -------------------------------------------------------------------


@pytest.fixture
def scaled(root):
    """Lets a test set tk scaling; puts it back."""
    before = float(root.tk.call("tk", "scaling"))

    def scale(to):
        ttk.enable_high_dpi_awareness(root, to)
        root.tk.call("tk", "scaling", to)
        theme.set_fonts(root)
        theme.set_mode(root, "light")

    yield scale
    scale(before)


def buttons_of(widget):
    found = [widget] if isinstance(widget, ttk.Button) else []
    for child in widget.winfo_children():
        found += buttons_of(child)
    return found


@pytest.mark.parametrize(
    ("scaling", "size"),
    [(1.33, "1366x740"), (1.67, "1600x870"), (2.0, "1920x1040")],
)
@pytest.mark.parametrize("kind", ["desk", "office"])
def test_buttons_are_on_screen_and_whole(
    request, root, drive, scaled, scaling, size, kind
):
    scaled(scaling)
    name = "at_work" if kind == "desk" else "at_office"
    window = request.getfixturevalue(name)
    root.geometry(f"{size}+0+0")
    drive.pump(0.1)
    wide, high = root.winfo_width(), root.winfo_height()
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump(0.05)
        mapped = [b for b in buttons_of(window) if b.winfo_ismapped()]
        assert mapped
        for button in mapped:
            right = button.winfo_rootx() - root.winfo_rootx() + button.winfo_width()
            foot = button.winfo_rooty() - root.winfo_rooty() + button.winfo_height()
            what = (entry.title, button.cget("text"), right, foot)
            assert right <= wide and foot <= high, what
            assert button.winfo_width() >= button.winfo_reqwidth(), what
            assert button.winfo_height() >= button.winfo_reqheight(), what
        form = getattr(window.page, "form", None)
        if form is not None:
            assert form.primary.winfo_viewable(), entry.title


def test_the_focused_field_is_scrolled_into_view(at_work, root, drive):
    root.geometry("1100x420+0+0")
    drive.pump(0.1)
    form = at_work.page.form
    root.focus_force()
    form.focus_field("note")
    drive.pump(0.1)
    note, canvas = form.widget("note"), form.area.master
    top, foot = canvas.winfo_rooty(), canvas.winfo_rooty() + canvas.winfo_height()
    assert top <= note.winfo_rooty()
    assert note.winfo_rooty() + note.winfo_height() <= foot
    assert form.primary.winfo_viewable()


# -- start and end ------------------------------------------------------------


def test_settings_come_back_and_spoilt_ones_do_no_harm(tmp_path):
    save_settings(tmp_path, Settings(mode="dark", zoom=125))
    assert load_settings(tmp_path) == Settings(mode="dark", zoom=125)
    (tmp_path / "window.json").write_text("{", encoding="ascii")
    assert load_settings(tmp_path) == Settings()


def test_a_data_folder_is_held_by_one_process(tmp_path):
    first = main.lock_folder(tmp_path)
    assert first is not None
    assert main.lock_folder(tmp_path) is None
    first.close()
    second = main.lock_folder(tmp_path)
    assert second is not None
    second.close()


@pytest.mark.parametrize("kept", ["", "9000x9000+5000-1", "abc", "800x600+99999+99999"])
def test_the_window_is_pulled_back_onto_the_screen(root, drive, kept):
    before = root.minsize()
    main.restore_geometry(root, kept)
    drive.pump(0.1)
    size, x, y = root.geometry().split("+")
    width, height = (int(side) for side in size.split("x"))
    assert int(x) + width <= root.winfo_screenwidth()
    assert int(y) + height <= root.winfo_screenheight()
    root.minsize(*before)
    root.geometry("1366x740+0+0")


def test_a_window_too_high_for_the_screen_keeps_its_status_bar(at_work, root, drive):
    before = root.minsize()
    root.minsize(1024, root.winfo_screenheight())
    root.geometry(f"1366x{root.winfo_screenheight()}+0+0")
    drive.pump(0.2)
    main.pull_onto_screen(root)
    drive.pump(0.2)
    status = at_work.status
    foot = status.winfo_rooty() + status.winfo_height()
    assert root.winfo_screenheight() - 40 < foot <= root.winfo_screenheight()
    assert root.minsize()[1] < root.winfo_screenheight()
    root.minsize(*before)
    root.geometry("1366x740+0+0")


def test_every_page_of_the_smallest_window_is_in_sight(at_work, root, drive):
    """A screen of 640 lines less the title bar; nothing has to be scrolled."""
    for size in ("1024x610", "1366x740", "1024x610"):
        root.geometry(f"{size}+0+0")
        drive.pump(0.1)
        sidebar, status = at_work.sidebar, at_work.status
        last = list(sidebar.buttons.values())[-1]
        assert sidebar._canvas.canvasy(0) == 0
        assert last.winfo_rooty() + last.winfo_height() <= status.winfo_rooty(), size
        foot = status.winfo_rooty() + status.winfo_height()
        assert foot == root.winfo_rooty() + root.winfo_height()
        assert status.winfo_height() >= status.winfo_reqheight()


def test_starting_the_window_leaves_the_heavy_libraries_alone(display):
    code = (
        "import sys, desk.main, desk.window, desk.pages.signin, desk.repairs\n"
        "heavy = 'pypinyin docx keyring nacl pyrage chinese_calendar openpyxl babel'\n"
        "print([name for name in heavy.split() if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def start_desk(folder):
    return subprocess.Popen(
        [sys.executable, "-m", "desk", "--data", str(folder)],
        cwd=ROOT,
        env={**os.environ, "LANG": "C.UTF-8"},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_program_opens_once_and_closes_by_its_cross(display, drive, centre):
    """As people start it, in a process of its own."""

    def windows():
        search = ["xdotool", "search", "--onlyvisible", "--class", "^Desk$"]
        return set(subprocess.run(search, capture_output=True).stdout.split())

    ours = windows()
    process = start_desk(centre / "desk")
    try:
        found = []

        def is_there():
            found[:] = windows() - ours
            return found or process.poll() is not None

        drive.wait_until(is_there, "the window")
        assert found, process.stderr.read()
        second = start_desk(centre / "desk")
        notice = []

        def is_told():
            notice[:] = windows() - ours - set(found)
            return notice

        drive.wait_until(is_told, "the notice of the second start")

        def is_dismissed():  # a key that comes before the notice has the focus is lost
            if second.poll() is None:
                subprocess.run(["xdotool", "windowactivate", notice[0]])
                drive.keys("Escape")
            return second.poll() is not None

        drive.wait_until(is_dismissed, "the end of the second start")
        _, said = second.communicate(timeout=20)
        assert second.returncode == 1
        assert "已经在另一个窗口中打开" in said
        subprocess.run(["xdotool", "windowactivate", "--sync", found[0]], check=True)
        active = subprocess.run(["xdotool", "getactivewindow"], capture_output=True)
        assert active.stdout.strip() == found[0]
        drive.keys("alt+F4")
        _, said = process.communicate(timeout=20)
        assert (process.returncode, said) == (0, "")
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert (centre / "desk" / "log" / "desk.log").exists()
    assert load_settings(centre / "desk").geometry
