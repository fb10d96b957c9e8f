"""设置 in the real window: what is chosen holds at once, and what guards the PC is not
everybody's."""

import os
import stat
import sys
from pathlib import Path

import pytest

from desk import VERSION, main, slips, systemmode, theme
from desk.pages import settingshere
from desk.pages.settingshere import SHARE_GOOD, HereCard, LimitsCard, ShareCard
from desk.pages.settingslock import IdleCard, ScreenPinCard
from desk.pages.settingslooks import BY_PROGRAM, LooksCard, PrinterCard
from desk.printers import print_on, printers
from desk.settings import Settings, load_settings
from desk.widgets.reading import Words
from models.clock import today
from models.installation import installation
from models.people import person_signing_in
from models.rules import set_rules

ROOT = Path(__file__).parents[2]


@pytest.fixture
def programs(monkeypatch, tmp_path):
    """Programs of the system as this test needs them: name and shell script."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")

    def put(name, script):
        path = place / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    put("lpstat", "printf '三楼打印机\\nHP-1020\\n'")
    put("gsettings", "echo \"'default'\"")
    return put


@pytest.fixture
def cards(at_work, drive, programs):
    """The cards of the page, by class; 李老师 is signed in."""
    return settled(at_work, drive)


def settled(window, drive):
    window.root.focus_force()
    window.show("settings")
    drive.pump(0.05)
    found = window.page.cards
    for kind in (ShareCard, PrinterCard):
        look = found[kind].look
        drive.wait_until(lambda look=look: not look.is_open, kind.title)
    drive.pump()
    return found


def fact(card, name):
    return card.value(name)


def test_it_tells_what_this_pc_is_and_where_things_lie(cards, at_work, centre, drive):
    here, share, limits = cards[HereCard], cards[ShareCard], cards[LimitsCard]
    assert fact(here, "desk") == "教务事务窗口"
    assert fact(here, "folder") == str(centre / "desk")
    assert fact(here, "version") == VERSION
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{VERSION}"' in text
    assert fact(share, "share") == str(centre / "share")
    assert fact(share, "state") == SHARE_GOOD
    assert fact(limits, "学期上限").split() == ["每周", "8", "小时，每月", "40", "小时"]
    assert fact(limits, "假期上限") == "每周 不限，每月 不限"
    assert "由中心办公室" in fact(limits, "who")
    (centre / "share").rename(centre / "gone")
    cards = settled(at_work, drive)
    assert fact(cards[ShareCard], "state").startswith("✖ 在这个文件夹里没有找到")
    at_work.show("visits")


def test_what_is_told_uses_the_width_there_is(root, at_work, drive, programs):
    root.geometry("1100x700")
    drive.pump(0.1)
    for card in settled(at_work, drive).values():
        for field in card._fields.values():
            words, room = field.widget, field.widget.winfo_width()
            if isinstance(words, Words):
                assert words.winfo_reqwidth() <= room, words.said
                whole = theme.text_width(root, len(words.said) + 1)
                assert whole > room or "\n" not in words.cget("text")


def test_at_the_office_the_limits_lead_to_where_they_are_set(
    at_office, drive, programs
):
    set_rules(by=at_office.person, starts_on=today(), week_limit=600)
    cards = settled(at_office, drive)
    assert fact(cards[LimitsCard], "学期上限").split()[1] == "10"
    cards[LimitsCard].rules_button.invoke()
    assert at_office.page.section.name == "考勤规则"


def test_colours_and_size_are_kept_as_soon_as_they_are_chosen(
    cards, at_work, drive, programs
):
    looks = cards[LooksCard]
    assert at_work.root.focus_get() is looks.widget("mode").buttons["light"]
    drive.keys("2")
    assert theme.mode() == "dark"
    drive.wait_until(lambda: load_settings(at_work.folder).mode == "dark", "kept")
    drive.keys("3")
    assert theme.mode() == "light" and at_work.settings.mode == "system"
    drive.keys("Return", "4")
    drive.wait_until(lambda: load_settings(at_work.folder).zoom == 125, "kept")
    drive.pump(0.1)
    for card in cards.values():  # larger text needs higher cards
        assert card.area.winfo_reqheight() <= card.area.master.winfo_height()
    drive.keys("ctrl+0")
    at_work.show("visits")
    at_work.show("settings")
    assert looks.widget("zoom").get() == "100"


def test_the_system_is_followed_when_the_window_has_the_keys_back(
    at_work, drive, programs
):
    at_work.looks.set_mode("system")
    assert theme.mode() == "light"
    programs("gsettings", "echo \"'prefer-dark'\"")
    other = theme.ttk.Toplevel(master=at_work.root)
    other.focus_force()
    drive.pump(0.1)
    assert theme.mode() == "light"
    other.destroy()
    at_work.root.focus_force()
    drive.wait_until(lambda: theme.mode() == "dark", "the dark mode")
    assert at_work.settings.mode == "system"
    focused = at_work.root.focus_get()
    drive.keys("ctrl+t")  # the key is for light and dark
    assert (theme.mode(), at_work.settings.mode) == ("light", "light")
    assert at_work.root.focus_get() is focused
    at_work.looks.follow_system()
    drive.pump(0.2)
    assert theme.mode() == "light"


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ("echo \"'prefer-light'\"", "light"),
        ("case $4 in gtk-theme) echo \"'Mint-Y-Dark'\";; *) exit 1;; esac", "dark"),
        ("exit 1", "light"),
        ("sleep 5", "light"),
    ],
)
def test_a_system_that_says_nothing_is_light(programs, monkeypatch, said, mode):
    monkeypatch.setattr(systemmode, "PATIENCE", 0.1)
    programs("gsettings", said.replace("$4", "$3"))
    assert systemmode.system_mode() == mode


def test_minutes_that_make_no_sense_are_refused_under_their_field(
    cards, at_work, drive
):
    card = cards[IdleCard]
    for typed in ("0", "61", "abc", "", "5.5"):
        card.focus_field("minutes")
        card.widget("minutes").delete(0, "end")
        drive.typing(typed)
        drive.keys("ctrl+s")
        assert card.problems() == ["自动锁定的时间请填 1 到 60 之间的整数分钟。"], typed
        assert card.text("minutes") == typed
    at_work.show("visits")
    at_work.show("settings")
    assert card.text("minutes") == "5.5"  # nothing typed is lost
    card.set("minutes", "１０")
    card.focus_field("minutes")
    drive.keys("ctrl+s")
    assert not card.problems() and card.text("minutes") == "10"
    assert load_settings(at_work.folder).idle_minutes == 10


def test_an_assistant_sees_everything_and_changes_only_what_is_harmless(
    at_work, drive, programs, shown, tmp_path
):
    at_work.sign_in(person_signing_in("2023010101"))
    cards = settled(at_work, drive)
    cards[IdleCard].set("minutes", "30")
    cards[IdleCard].submit()
    refusal = "更改本机设置由老师或中心办公室办理"
    assert cards[IdleCard].problems()[0].startswith(refusal)
    assert at_work.settings.idle_minutes == 5
    before = installation().share
    shown.answers = [tmp_path]
    cards[ShareCard].change_button.invoke()
    drive.wait_until(lambda: refusal in at_work.info.text, "the refusal")
    assert installation().share == before
    cards[ScreenPinCard].set_button.invoke()
    drive.wait_until(lambda: "设置屏幕密码由" in at_work.info.text, "the refusal")
    cards[LooksCard].set("mode", "dark")
    assert theme.mode() == "dark"
    at_work.looks.set_mode("light")


def test_another_share_is_used_from_then_on(cards, at_work, centre, shown, drive):
    (centre / "share").rename(centre / "moved")
    shown.answers = [centre / "moved"]
    cards[ShareCard].change_button.invoke()
    assert installation().share == str(centre / "moved")
    drive.wait_until(lambda: fact(cards[ShareCard], "state") == SHARE_GOOD, "the look")


def test_a_share_of_another_centre_is_told_apart(tmp_path, centre):
    words = settingshere.share_words(str(centre / "share"), "another realm")
    assert words == settingshere.SHARE_OTHER


def test_a_chosen_printer_gets_the_slips(cards, at_work, drive, programs, tmp_path):
    card = cards[PrinterCard]
    names = [text for text, _ in card.list.choices]
    assert names == [BY_PROGRAM, "HP-1020", "三楼打印机"]
    card.list.current(2)
    card.list.event_generate("<<ComboboxSelected>>")
    drive.pump()
    assert load_settings(at_work.folder).printer == "三楼打印机"
    sent = tmp_path / "sent"
    programs("soffice", f'echo "$@" > {sent}')
    slip = tmp_path / "回执.docx"

    def write(report):
        slip.write_bytes(b"")
        return slip

    slips.write_and_open(at_work, write, "正在生成…")
    drive.wait_until(lambda: not at_work.jobs.running, "the slip")
    assert sent.read_text().split() == ["--headless", "--pt", "三楼打印机", str(slip)]
    assert "已送到打印机“三楼打印机”" in at_work.status.text
    programs("lpstat", "exit 0")
    card.again_button.invoke()
    drive.wait_until(lambda: not card.look.is_open, "the printers")
    assert card.list.get() == "三楼打印机（现在没有找到）"


def test_what_cannot_be_printed_is_opened_and_said(
    at_work, drive, programs, tmp_path, monkeypatch
):
    opened = []
    monkeypatch.setattr(slips, "open_with_system", opened.append)
    at_work.settings.printer = "HP-1020"
    programs("soffice", "exit 1")
    slip = tmp_path / "回执.docx"
    slips.write_and_open(at_work, lambda report: slip, "正在生成…")
    drive.wait_until(lambda: not at_work.jobs.running, "the slip")
    assert opened == [slip]
    assert at_work.status.text.startswith("没能直接送到打印机“HP-1020”")
    programs("lp", f'echo "$@" > {tmp_path / "sent"}')
    assert print_on(tmp_path / "a.pdf", "HP-1020")
    assert (tmp_path / "sent").read_text().split()[:2] == ["-d", "HP-1020"]


@pytest.mark.skipif(sys.platform == "win32", reason="the registry has them there")
def test_without_a_print_system_there_are_no_printers(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert printers() == []
    assert not print_on(tmp_path / "a.pdf", "HP-1020")


def test_every_card_is_reached_by_tab_and_scrolled_into_sight(cards, at_work, drive):
    root = at_work.root
    root.geometry("1024x610+0+0")
    drive.wait_until(lambda: root.winfo_height() == 610, "the smaller window")
    drive.pump(0.1)
    page, reached = at_work.page, set()
    page.focus_first()
    drive.pump()
    for _ in range(20):
        widget = root.focus_get()
        reached |= {k for k, card in cards.items() if str(widget).startswith(str(card))}
        if str(widget).startswith(str(page)):
            canvas = page.area.master
            top = widget.winfo_rooty() - canvas.winfo_rooty()
            assert 0 <= top <= canvas.winfo_height() - widget.winfo_height(), widget
            assert widget.winfo_class() != "Canvas"
        widget.tk_focusNext().focus_set()
        drive.pump()
    assert reached == set(cards) - {LimitsCard}  # nothing to do in it at a desk
    root.geometry("1366x740+0+0")


def test_the_window_comes_back_where_it_was_on_this_screen(root, at_work):
    settings = Settings(geometry="1100x700+9+9")  # of the older program
    assert main.kept_geometry(root, settings) == "1100x700+9+9"
    at_work.settings.geometries = {"800x600": "zoomed"}
    at_work.settings.geometry = "1100x700+9+9"
    main.keep_geometry(root, at_work)
    kept = load_settings(at_work.folder)
    assert kept.geometries == {"800x600": "zoomed", "1920x1080": root.geometry()}
    assert kept.geometry == ""
    assert main.kept_geometry(root, kept) == root.geometry()
