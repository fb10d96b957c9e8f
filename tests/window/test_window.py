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


KEY_NAMES = {"Ctrl", "Shift", "Enter", "Delete", "Home", "End", "Esc", "Alt", "Tab"}
KEY_NAMES |= {"Word", "Excel", "csv"}  # what files are called


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
def test_every_page_opens_with_its_title_and_without_english(request, kind, drive):
    window = request.getfixturevalue(kind)
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump()
        assert window.page.title == entry.title
        assert window.header.title.cget("text") == entry.title
        for text in texts_of(window):
            whole = text.replace("\n", "")  # a long path goes over several lines
            words = re.findall(r"(?<![\w/.])[A-Za-z]{3,}(?![\w/])", whole)
            words = [w for w in words if not re.fullmatch("[A-F]{4}", w)]  # keys
            assert set(words) <= KEY_NAMES, (entry.title, text)


def test_the_mode_is_switched_by_key_and_remembered(at_work, drive):
    at_work.root.focus_force()
    drive.keys("ctrl+t")
    assert theme.mode() == "dark"
    drive.wait_until(lambda: load_settings(at_work.folder).mode == "dark", "kept")
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


def windows():
    """Those of the program on the display, that of the tests too."""
    search = ["xdotool", "search", "--onlyvisible", "--class", "^Desk$"]
    found = subprocess.run(search, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return set(found.stdout.split())


def activate(window):
    """Give it the keys, unless it has gone in the meantime."""
    command = ["xdotool", "windowactivate", window]
    subprocess.run(command, stderr=subprocess.DEVNULL)


def test_the_program_opens_once_and_closes_by_its_cross(display, drive, centre):
    """As people start it, in a process of its own."""

    ours = windows()
    process = start_desk(centre / "desk")
    try:
        found = []

        def is_there():
            found[:] = windows() - ours
            return found or process.poll() is not None

        drive.wait_until(is_there, "the window")
        assert found, process.stderr.read()
        subprocess.run(["xdotool", "windowminimize", "--sync", found[0]], check=True)
        second = start_desk(centre / "desk")
        notice = []
        drive.wait_until(lambda: found[0] in windows(), "the first window, raised")

        def is_told():
            notice[:] = windows() - ours - set(found)
            return notice

        drive.wait_until(is_told, "the notice of the second start")

        def is_dismissed():  # a key that comes before the notice has the focus is lost
            if second.poll() is None:
                activate(notice[0])
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
    kept = load_settings(centre / "desk")
    assert list(kept.geometries) == ["1920x1080"] and not kept.geometry


def test_a_database_that_does_not_open_is_told_to_whoever_sees_no_console(
    display, drive, centre
):
    """In a window that stays: there one can do something about it."""
    (centre / "desk" / "desk.key").write_text("00" * 32, encoding="ascii")
    ours, found = windows(), []
    process = start_desk(centre / "desk")
    try:

        def is_closed():
            found.extend(windows() - ours)
            if found and found[0] in windows():
                activate(found[0])
                drive.keys("alt+F4")
            return process.poll() is not None

        drive.wait_until(is_closed, "the end of the program")
        _, said = process.communicate(timeout=20)
        assert found and (process.returncode, said) == (0, "")
        told = (centre / "desk" / "log" / "desk.log").read_text("utf-8")
        assert "the station was not opened" in told
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
