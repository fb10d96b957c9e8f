"""F1: the section of the manual that is about the page in front, and its keys."""

import pytest

from desk import manual, theme
from desk.keymap import KEYS
from desk.pages import PAGES

# What is no page of the sidebar, or lies over the window.
OTHERS = ("setup", "waiting", "signin", "lock", "checkinscreen", "ratingscreen")


def test_the_manual_has_a_section_for_every_page():
    for name in (*OTHERS, *(entry.name for entry in PAGES)):
        blocks = manual.section(name)
        assert [b.kind for b in blocks[:1]] == ["heading"] and len(blocks) > 1, name
    assert not {key.shown for key in KEYS if key.action == "show_help"} ^ {"F1"}


@pytest.fixture
def written(monkeypatch, tmp_path):
    """A manual of the test's own."""

    def write(text):
        place = tmp_path / "manual.md"
        place.write_text(text, encoding="utf-8")
        monkeypatch.setattr(manual, "MANUAL", place)
        manual._sections.cache_clear()

    yield write
    monkeypatch.undo()
    manual._sections.cache_clear()


EVERYTHING = """
# Before all pages

<a id="sync"></a>
## 数据同步

按 `F5` 与**共享文件夹**同步。
第二行接着写，见[状态](#sync)。

![图](pictures/sync.png)

### 小标题

1. 第一步
   - 里面一层

| 显示 | 意思 |
|---|:--|
| `甲` | 很长的意思 |

<a id="plans"></a>
## 排班

别的一页。

## 没有标记的一章

谁的也不是。
"""


def test_the_help_shows_the_markdown_of_its_page_and_nothing_else(
    at_work, drive, written
):
    written(EVERYTHING)
    at_work.root.focus_force()
    drive.keys("shift+F5", "F1")
    sheet = at_work.keys._sheet
    shown = sheet.text.get("1.0", "end").replace(" ", "")
    lines = [line for line in shown.splitlines() if line]
    assert lines[:6] == [
        "按F5与共享文件夹同步。第二行接着写，见状态。",
        "小标题",
        "1.\t第一步",
        "•\t里面一层",
        "显示\t意思",
        "甲\t很长的意思",
    ]
    assert lines[6] == "这一页的按键" and "Shift+F5\t数据同步" in lines
    assert not [line for line in lines if "pictures" in line or "别的" in line]
    looks = {tag for tag in sheet.text.tag_names() if sheet.text.tag_ranges(tag)}
    assert {"heading", "bold", "key", "item0", "item1", "keys"} <= looks
    drive.keys("Escape")
    assert manual.section("plans")[-1].text == "别的一页。"


def test_the_help_covers_the_page_and_gives_the_focus_back(at_work, drive):
    root = at_work.root
    root.focus_force()
    at_work.page.form.focus_field("note")
    drive.pump(0.05)
    drive.keys("F1")
    sheet = at_work.keys._sheet
    assert "来访登记" in sheet.title.cget("text")
    assert root.focus_get() is sheet.text
    drive.typing("abc")
    drive.keys("Tab", "Down")
    assert root.focus_get() is sheet.text and at_work.page.form.text("note") == ""
    drive.keys("ctrl+slash")  # the other sheet takes its place
    assert at_work.keys._sheet is not sheet and not sheet.winfo_exists()
    drive.keys("F1", "F1")
    assert at_work.keys._sheet is None
    assert root.focus_get() is at_work.page.form.widget("note")


def test_the_help_is_as_high_as_its_text_and_scrolls_what_is_more(at_work, drive):
    root = at_work.root
    root.focus_force()
    root.geometry("1024x610+0+0")
    drive.pump(0.1)
    drive.keys("F1", "End")
    sheet = at_work.keys._sheet
    _, top, _, high, _ = sheet.text.dlineinfo("end - 1 chars")
    assert top + high <= sheet.text.winfo_height() and sheet.text.yview()[0] > 0
    assert sheet.winfo_rooty() >= root.winfo_rooty()
    assert sheet.winfo_height() <= root.winfo_height()
    drive.keys("Home", "Next", "Up")
    drive.keys("shift+F1")
    assert at_work.page.title == "设置" and at_work.keys._sheet is None
    drive.keys("F1")
    assert "Ctrl+F" not in at_work.keys._sheet.text.get("1.0", "end")  # nothing to find
    drive.keys("Escape")
    root.geometry("1366x740+0+0")
    drive.pump(0.1)
    drive.keys("shift+F8", "F1")
    sheet = at_work.keys._sheet
    drive.pump(0.05)
    assert sheet.text.yview() == (0, 1) and not sheet._area.vbar.winfo_ismapped()
    assert sheet.winfo_height() < root.winfo_height() * 0.9
    theme.set_mode(root, "dark")
    drive.pump(0.05)
    assert str(sheet.text.cget("background")) == theme.colour("bg")
    assert str(sheet.text.tag_cget("key", "foreground")) == theme.colour("primary_text")
    theme.set_mode(root, "light")


def test_somebody_not_signed_in_has_help_as_well(window, drive):
    window.root.focus_force()
    drive.keys("F1")
    assert "登录" in window.keys._sheet.title.cget("text")
    assert "刷卡" in window.keys._sheet.text.get("1.0", "end").replace(" ", "")
    drive.keys("Escape")
    assert window.keys._sheet is None
