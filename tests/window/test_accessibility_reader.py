"""Screen readers on Windows: the library is asked where it is there, and only then."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desk import accessibility
from desk.widgets.form import Form

ROOT = Path(__file__).parents[2]
# In its place on this system: says what it is asked, and can be made to fail.
STAND_IN = "def enable(root):\n    raise OSError('no UI Automation here')\n"


@pytest.fixture
def library(monkeypatch):
    asked = []
    stand_in = SimpleNamespace(
        enable=lambda root: asked.append(root),
        label_for=lambda label, widget: asked.append((label.cget("text"), widget)),
    )
    monkeypatch.setitem(sys.modules, "tk_uia", stand_in)
    monkeypatch.setattr(accessibility, "_library", None)
    return SimpleNamespace(module=stand_in, asked=asked)


def test_the_library_is_told_what_every_field_is_called(root, library):
    accessibility.enable(root)
    assert library.asked == [root]
    form = Form(root, title="表", command=lambda: None)
    entry, day = form.add_entry("name", "姓名"), form.add_date("day", "日期")
    form.add_check("tick", "已核对", initial=False)  # says its name itself
    assert library.asked[1:] == [("姓名", entry), ("日期", day.entry)]

    def fail(label, widget):
        raise RuntimeError("refused")

    library.module.label_for = fail
    assert form.add_entry("more", "备注").winfo_exists()
    form.destroy()


def test_the_window_opens_although_the_library_fails(display, drive, centre, tmp_path):
    (tmp_path / "tk_uia.py").write_text(STAND_IN, "utf-8")
    log = centre / "desk" / "log" / "desk.log"

    def windows():
        search = ["xdotool", "search", "--onlyvisible", "--class", "^Desk$"]
        return set(subprocess.run(search, capture_output=True).stdout.split())

    ours = windows()
    process = subprocess.Popen(
        [sys.executable, "-m", "desk", "--data", str(centre / "desk")],
        cwd=ROOT,
        env={**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": str(tmp_path)},
    )

    try:
        drive.wait_until(
            lambda: windows() - ours or process.poll() is not None, "the window"
        )
        assert process.poll() is None
        said = log.read_text("utf-8")
        assert "WARNING desk.accessibility: tk_uia does not start" in said
        assert "no UI Automation here" in said
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="the library is there")
def test_without_the_library_a_line_of_the_log_is_all(root, caplog):
    caplog.set_level(logging.INFO)
    accessibility.enable(root)
    assert [record.levelname for record in caplog.records] == ["INFO"]
