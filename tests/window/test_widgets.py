"""Date field, type-ahead, list, dialogs: each alone."""

from datetime import date, timedelta

import pytest
import ttkbootstrap as ttk

from desk import dialogs, files, palettes, theme
from desk.suggestions import StudentIndex
from desk.widgets.datefield import DateField, read_date
from desk.widgets.form import Form
from desk.widgets.reading import Words
from desk.widgets.suggest import SuggestEntry, Suggestion
from desk.widgets.table import CHUNK, MOST_SHOWN, Column, Table
from models import clock
from models.errors import UserError

DAY = date(2026, 11, 23)


@pytest.fixture
def bench(root):
    frame = ttk.Frame(root, padding=20)
    frame.pack(fill="both", expand=True)
    root.update()
    root.focus_force()
    yield frame
    frame.destroy()
    root.update()


# -- dates --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", None),
        ("  ", None),
        ("2026-02-03", date(2026, 2, 3)),
        ("20260203", date(2026, 2, 3)),
        ("26-2-3", date(2026, 2, 3)),
        ("2/3", date(2026, 2, 3)),
        ("0203", date(2026, 2, 3)),
        ("2月3日", date(2026, 2, 3)),
        ("2025年12月31日", date(2025, 12, 31)),
        ("15", date(2026, 11, 15)),
        ("15日", date(2026, 11, 15)),
        ("+1", date(2026, 11, 24)),
        ("-7", date(2026, 11, 16)),
        ("今天", DAY),
        ("昨天", date(2026, 11, 22)),
        ("２０２６－０２－０３", date(2026, 2, 3)),
    ],
)
def test_a_date_is_read_however_it_is_written(typed, meant):
    assert read_date(typed, today=DAY) == meant


@pytest.mark.parametrize(
    "typed", ["2026-13-45", "31日前", "99", "0", "abc", "1/2/3/4", "123"]
)
def test_an_impossible_date_is_refused_and_never_becomes_today(typed):
    with pytest.raises(UserError, match="看不懂日期"):
        read_date(typed, today=DAY)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("2/30", "2026 年 2 月没有 30 日"),
        ("2031-02-29", "2031 年 2 月没有 29 日"),
        ("1131", "2026 年 11 月没有 31 日"),
    ],
)
def test_a_day_that_no_month_has_is_named(typed, problem):
    with pytest.raises(UserError, match=problem):
        read_date(typed, today=DAY)


def test_a_wrong_date_is_shown_under_its_own_field(bench):
    form = Form(bench, title="", command=lambda: form.value("ends"))
    form.add_date("begins", "开始日期")
    form.add_date("ends", "结束")
    form.widget("ends").entry.insert(0, "2/30")
    form.submit()
    assert form._fields["ends"].is_wrong and not form._fields["begins"].is_wrong


def test_a_date_field_is_empty_at_first_and_can_be_emptied(bench):
    field = DateField(bench)
    assert field.read() is None
    field.write(DAY)
    field.write(None)
    assert field.read() is None


def test_the_month_opens_by_key_and_the_arrows_choose(bench, drive):
    field = DateField(bench)
    field.pack(anchor="w")
    drive.pump(0.05)
    field.write(DAY)
    field.entry.focus_force()
    drive.pump(0.05)
    drive.keys("F4")
    assert field.is_open
    drive.keys("Right", "Down")
    assert field.read() == DAY
    drive.keys("Return")
    assert not field.is_open
    assert field.read() == DAY + timedelta(days=8)
    drive.keys("alt+Down", "Left", "Escape")
    assert not field.is_open
    assert field.read() == DAY + timedelta(days=8)


def test_a_short_date_is_written_out_on_leaving(bench, drive):
    field, other = DateField(bench), ttk.Entry(bench)
    field.pack()
    other.pack()
    drive.pump(0.05)
    field.entry.focus_force()
    drive.pump(0.05)
    drive.typing("0203")
    drive.keys("Tab")
    assert field.entry.get() == f"{clock.today().year}-02-03"


# -- type-ahead ---------------------------------------------------------------


@pytest.fixture
def people(bench, drive):
    names = ["张三", "张四", "李五"]
    entry = SuggestEntry(
        bench,
        suggest=lambda text: [Suggestion(n, n) for n in names if text in n],
    )
    entry.pack(anchor="w")
    drive.pump(0.05)
    entry.focus_force()
    drive.pump(0.05)
    return entry


def test_arrows_and_enter_pick_from_the_list(people, drive):
    drive.paste(people, "张")
    drive.wait_until(lambda: people.is_open, "the list")
    drive.keys("Down", "Return")
    assert people.record == "张四"
    assert not people.is_open


def test_esc_closes_the_list_and_keeps_what_was_typed(people, drive):
    drive.paste(people, "张")
    drive.wait_until(lambda: people.is_open, "the list")
    drive.keys("Escape")
    assert (people.get(), people.record, people.is_open) == ("张", None, False)


def test_typing_on_forgets_what_was_picked(people, drive):
    people.set_record("张三")
    drive.paste(people, "丰")
    assert people.record is None


def test_the_list_is_inside_the_window_and_takes_no_focus(people, drive):
    drive.paste(people, "张")
    drive.wait_until(lambda: people.is_open, "the list")
    assert people.listbox.winfo_toplevel() is people.winfo_toplevel()
    assert people.focus_get() is people


def test_the_index_finds_number_initials_and_name_in_twenty_thousand():
    rows = [
        (f"u{n}", f"2024{n:06d}", f"张{chr(0x4E00 + n % 3000)}", "班", "", "", f"z{n}")
        for n in range(20_000)
    ]
    index = StudentIndex(rows)
    assert index.suggest("2024000007")[0].record.number == "2024000007"
    assert len(index.suggest("张")) == 50
    assert index.suggest("z19999")[0].record.number == "2024019999"
    assert index.suggest("没有这个人") == []


# -- list ---------------------------------------------------------------------


def test_a_long_list_loads_as_it_is_scrolled_and_stops_somewhere(bench, drive):
    table = Table(bench, columns=[Column("数", str)], empty="空", height=8)
    table.pack(fill="both", expand=True)
    drive.pump(0.05)
    table.show(iter(range(MOST_SHOWN * 2)))
    drive.pump()
    assert table.count <= 2 * CHUNK
    while table.count < MOST_SHOWN:
        before = table.count
        table.tree.yview_moveto(1.0)
        drive.pump()
        assert table.count > before
    table.tree.yview_moveto(1.0)
    drive.pump()
    assert table.count == MOST_SHOWN


def test_cells_keep_their_leading_zeros(bench):
    table = Table(bench, columns=[Column("学号", str)], empty="空")
    table.show(["000123"])
    assert table.rows() == [("000123",)]


def test_an_empty_list_says_why(bench, drive):
    table = Table(bench, columns=[Column("数", str)], empty="今天还没有记录。")
    table.pack()
    table.show([])
    drive.pump()
    assert table._empty.winfo_ismapped()
    table.show(["1"])
    drive.pump()
    assert not table._empty.winfo_ismapped()


# -- dialogs ------------------------------------------------------------------


def answer(root, drive, dialog, press, focus=None):
    """Show a dialog while *press* runs; its safe button is focused, or *focus*."""
    answers = []

    def run():
        drive.pump(0.35)  # past the moment in which nobody can have read it
        press()
        drive.pump(0.05)
        if dialog.winfo_exists():
            dialog.close("still open")

    root.after(10, run)
    answers.append(dialog.show(focus or dialog.safe_button))
    return answers[0]


@pytest.mark.real_dialogs
def test_enter_and_esc_answer_no(root, drive):
    for key in ("Return", "Escape", "space"):
        dialog = dialogs.build_confirm(root, "真的要作废吗？", yes="作废", danger=True)
        said = answer(root, drive, dialog, lambda key=key: drive.keys(key))
        assert not said, key


@pytest.mark.real_dialogs
def test_yes_takes_a_deliberate_key(root, drive):
    dialog = dialogs.build_confirm(root, "真的要作废吗？", yes="作废")

    def press():
        drive.keys("Tab")
        drive.pump(0.1)
        drive.keys("Return")

    assert answer(root, drive, dialog, press) is True


@pytest.mark.real_dialogs
def test_a_card_swipe_answers_nothing(root, drive):
    dialog = dialogs.build_confirm(root, "真的要作废吗？", yes="作废")
    dialog.yes_button.configure(takefocus=True)

    def swipe():
        dialog.yes_button.focus_force()  # even where it would do most harm
        drive.pump(0.05)
        drive._xdotool("key", "--delay", "3", *"0002220001", "Return")

    assert answer(root, drive, dialog, swipe) == "still open"


@pytest.mark.real_dialogs
def test_a_click_on_the_window_behind_leaves_the_keyboard_with_the_dialog(root, drive):
    dialog = dialogs.build_question(root, "请写明原因：", title="作废", yes="作废")

    def press():
        dialog.entry.focus_force()
        drive.pump(0.05)
        at = [str(n) for n in (root.winfo_rootx() + 9, root.winfo_rooty() + 300)]
        drive._xdotool("mousemove", *at, "click", "1")
        drive.pump(0.1)
        drive.typing("dianle")
        drive.pump(0.1)
        drive.keys("Return")
        drive.pump(0.1)
        drive.keys("Return")

    assert answer(root, drive, dialog, press, dialog.entry) == "dianle"


@pytest.mark.real_dialogs
def test_a_reason_is_typed_and_given_back(root, drive):
    dialog = dialogs.build_question(root, "请写明原因：", title="作废", yes="作废")

    def press():
        dialog.entry.focus_force()
        drive.pump(0.05)
        drive.typing("dianle")
        drive.pump(0.1)
        drive.keys("Return")
        drive.pump(0.1)
        drive.keys("Return")

    assert answer(root, drive, dialog, press) == "dianle"


@pytest.mark.real_dialogs
def test_a_crash_can_be_copied_and_leads_to_the_log(root, drive, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(files, "open_with_system", opened.append)
    dialog = dialogs.build_crash(root, "Traceback: boom", tmp_path)
    place = tmp_path / "log"
    told = [w.said for w in dialog.body.winfo_children() if isinstance(w, Words)]
    assert any(str(place / "desk.log") in text for text in told)
    buttons = dialog.buttons.winfo_children()
    assert [b.cget("text") for b in buttons] == ["继续", "复制详情", "打开日志文件夹"]
    buttons[1].invoke()
    assert dialog.clipboard_get() == "Traceback: boom"
    dialog.log_button.invoke()
    assert opened == [place] and place.is_dir()
    assert dialog.winfo_exists()
    dialog.close(None)


# -- colours and fonts --------------------------------------------------------


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_can_be_read_on_its_ground(mode):
    poor = [
        (name, round(palettes.contrast(text, ground), 2))
        for name, text, ground in palettes.text_pairs(mode)
        if palettes.contrast(text, ground) < 4.5
    ]
    assert poor == []


def test_rows_are_as_high_as_the_font_asks(root):
    height = int(root.style.lookup("Treeview", "rowheight"))
    assert height == round(theme.line_height(root) * 1.6)


def test_a_chinese_font_is_used(root):
    family = theme.font.nametofont("TkDefaultFont", root=root).actual("family")
    assert family in theme.FAMILIES
