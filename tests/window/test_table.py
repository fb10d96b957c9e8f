"""Lists: sorting, columns that are remembered, copying, the menu, portions."""

import json

import pytest
import ttkbootstrap as ttk

from desk import theme
from desk.keymap import keys_of
from desk.pages import pages_of
from desk.settings import load_settings
from desk.widgets.table import CHUNK, MOST_SHOWN, Column, Keyset, Table


@pytest.fixture
def bench(root, drive):
    """An empty frame to put widgets in."""
    frame = ttk.Frame(root)
    frame.pack(fill="both", expand=True)
    root.update()
    root.focus_force()
    yield frame
    frame.destroy()
    root.update()


def placed(master, drive, columns, **options):
    table = Table(master, columns=columns, empty="空", **options)
    table.pack(fill="both", expand=True)
    drive.pump(0.05)
    table.focus_set()
    return table


def column_of(table, place=0):
    return [row[place] for row in table.rows()]


def headings(table):
    return [table.tree.heading(c, "text") for c in table.tree["columns"]]


def click_heading(table, drive, title):
    column = [c.title for c in table.columns.each].index(title)
    table.tk.call("after", 0, table.tree.heading(str(column), "command"))
    drive.pump()


def test_a_heading_sorts_as_people_do_and_leaves_blanks_last(bench, drive):
    names = ["重庆", "张三", "", "阿依", "李四", "Bob"]
    hours = ["10", "9.5 小时", "", "1,000", "9", "-3"]
    table = placed(
        bench, drive, [Column("姓名", lambda r: r[0]), Column("工时", lambda r: r[1])]
    )
    rows = list(zip(names, hours, strict=True))
    table.show(rows)
    table.tree.selection_set(table.row_of(rows[3]))
    click_heading(table, drive, "姓名")
    # 重 is read zhòng first; letters stand among the sounds.
    assert column_of(table) == ["阿依", "Bob", "李四", "张三", "重庆", ""]
    assert headings(table) == ["姓名 ▲", "工时"]
    assert table.selected() == rows[3]
    click_heading(table, drive, "姓名")
    assert column_of(table) == ["重庆", "张三", "李四", "Bob", "阿依", ""]
    click_heading(table, drive, "工时")
    assert column_of(table, 1) == ["-3", "9", "9.5 小时", "10", "1,000", ""]
    table.show(rows[:4])  # the page refreshes: the order that was chosen stays
    assert column_of(table, 1) == ["9.5 小时", "10", "1,000", ""]
    click_heading(table, drive, "工时")
    click_heading(table, drive, "工时")
    assert column_of(table) == names[:4]
    assert headings(table) == ["姓名", "工时"]


def pages(most, *, asked):
    def fetch(after):
        asked.append(after)
        start = after or 0
        rows = list(range(start, min(start + CHUNK, most)))
        return rows, (rows[-1] + 1 if rows[-1] + 1 < most else None)

    return fetch


def test_pages_are_fetched_on_the_way_and_somewhere_it_says_enough(bench, drive):
    asked = []
    table = placed(bench, drive, [Column("数", str)], height=8)
    table.show(Keyset(pages(MOST_SHOWN * 2, asked=asked)))
    drive.pump()
    assert asked == [None] and "已列出 500 条，后面还有" in table.foot.cget("text")
    # Not all rows are here: a heading that cannot sort must not look as if it could.
    assert table.tree.heading("0", "command") == ""
    drive.keys("End", "End")
    drive.wait_until(lambda: table.count == CHUNK * 3, "two more pages")
    assert table.selected() in (CHUNK - 1, CHUNK * 2 - 1)
    while table.has_more and table.count < MOST_SHOWN:
        table.tree.yview_moveto(1.0)
        drive.pump()
    drive.keys("End", "End")
    assert table.count == MOST_SHOWN and len(asked) == MOST_SHOWN // CHUNK
    assert "只列出前 5,000 条。用查找" in table.foot.cget("text")
    table.show(Keyset(pages(3, asked=[]), {"数": lambda down: pages(2, asked=[])}))
    assert not table.foot.winfo_manager()
    click_heading(table, drive, "数")  # this source can: it is asked again
    assert (column_of(table), headings(table)) == (["0", "1"], ["数 ▲"])


def test_rows_are_copied_as_cells_with_nothing_mangled(bench, drive):
    columns = [Column("学号", lambda row: row[0], 30)]
    columns += [Column("备注", lambda row: row[1], 30), Column("数", str, 30)]
    columns += [Column("电话", lambda row: row[2], 60)]
    table = placed(bench, drive, columns, wide=False)
    assert len(table.tree["displaycolumns"]) < 4  # no room for the telephone
    table.show([("000123", '他说"好"\n明天来', "138"), ("000124", "a\tb", None)])
    drive.keys("ctrl+a", "ctrl+c")
    first, second = (
        '000123\t"他说""好""\n明天来"\t',
        '000124\t"a\tb"\t',
    )
    copied = table.clipboard_get()
    assert copied.startswith(first) and f"\n{second}" in copied
    assert copied.split("\n")[1].endswith("\t138")
    assert table.rows()[0][1] == '他说"好" 明天来'  # a row is one line high


def drag(table, drive, column, by):
    """The right edge of a column, by some pixels."""
    tree = table.tree
    places = [
        x
        for x in range(tree.winfo_width())
        if tree.identify_region(x, 5) == "separator"
        and table.columns.index_at(x) == column
    ]
    edge = places[len(places) // 2]
    tree.event_generate("<Motion>", x=edge, y=5)
    tree.event_generate("<ButtonPress-1>", x=edge, y=5)
    tree.event_generate("<B1-Motion>", x=edge + by, y=5)
    tree.event_generate("<ButtonRelease-1>", x=edge + by, y=5)
    drive.pump()
    return edge + by


def test_a_dragged_column_is_remembered_zoomed_and_put_back(at_work, drive):
    table = at_work.page.table
    usual = table.tree.column("0", "width")
    edge = drag(table, drive, 0, 60)
    assert abs(table.tree.column("0", "width") - usual - 60) < 4
    title = table.columns.each[0].title
    kept = load_settings(at_work.folder).columns["visits"]
    assert list(kept) == [title]
    at_work.looks.zoom_in()
    drive.pump()
    wide = theme.text_width(table, kept[title])
    assert table.tree.column("0", "width") == wide
    at_work.looks.zoom_reset()
    drive.pump()
    for _ in range(2):
        table.tree.event_generate("<ButtonPress-1>", x=edge, y=5, time=9)
        table.tree.event_generate("<ButtonRelease-1>", x=edge, y=5, time=9)
    drive.pump()
    assert table.tree.column("0", "width") == usual
    assert load_settings(at_work.folder).columns == {}
    drag(table, drive, 1, 5000)  # never wider than there is sense in
    assert table.tree.column("1", "width") <= table.tree.winfo_width() * 0.8
    table.menu.build_heading().invoke(0)
    assert load_settings(at_work.folder).columns == {}
    # What a spoilt file says of widths is not believed.
    at_work.settings.columns["visits"] = {title: "weit"}
    table.fit()
    assert table.tree.column("0", "width") == usual


def test_the_first_row_stays_in_sight_however_the_list_is_laid_out(bench, drive):
    table = Table(bench, columns=[Column("数", str)], empty="空")
    table.show(list(range(200)))
    for height in (20, 40, 400):
        table.place(width=300, height=height)
        drive.pump(0.02)
        table.enter()
        assert table.selected() == 0 and table.tree.yview()[0] == 0.0


def test_a_wide_table_is_cut_off_between_two_columns(bench, drive):
    columns = [Column(title, str, 11.3) for title in "甲乙丙丁戊己庚辛壬癸"]
    table = placed(bench, drive, columns, wide=True)
    edge, room, ends = 0, table.tree.winfo_width(), []
    for name in table.tree["columns"]:
        edge += table.tree.column(name, "width")
        ends.append(edge)
    assert edge > room and any(-6 <= end - room <= 0 for end in ends), (ends, room)


def entries(table):
    return [entry for group in table.menu.entries() for entry in group]


def test_the_menu_marks_the_row_and_does_what_the_keys_do(at_work, drive, shown):
    at_work.page.on_add_enquiry()
    at_work.page.on_add_enquiry()
    drive.pump()
    table = at_work.page.table
    table.tree.selection_set(())
    possible = {e.text: e.is_possible for e in entries(table)}
    assert not (possible["打开"] or possible["作废"] or possible["复制"])
    assert possible["全选"] and possible["补录"]
    row = table.tree.get_children()[1]
    x, y, _, height = table.tree.bbox(row)
    theme.set_mode(at_work.root, "dark")
    table.tree.event_generate("<Button-3>", x=x + 5, y=y + height // 2)
    drive.pump()
    menu = table.menu.menu
    assert table.tree.selection() == (row,)
    assert str(menu.cget("background")) == theme.colour("inputbg")
    menu.unpost()
    labels = [
        menu.entrycget(i, "label").strip()
        for i in range(menu.index("end") + 1)
        if menu.type(i) == "command"
    ]
    void = next(
        i
        for i in range(menu.index("end") + 1)
        if menu.type(i) == "command" and "作废" in menu.entrycget(i, "label")
    )
    assert menu.entrycget(void, "accelerator").strip() == "Delete"
    assert labels[0] == "打开" and labels[-2:] == ["复制", "全选"]
    shown.answers = ["填错了"]
    menu.invoke(void)
    assert table.selection()[0].is_void


@pytest.mark.parametrize("where", ["at_work", "at_office"])
def test_every_menu_is_equal_to_the_keys_and_every_list_has_a_name(
    where, request, drive
):
    window = request.getfixturevalue(where)
    seen = {}
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump()
        for table in tables_in(window.page):
            assert table.name and seen.setdefault(table.name, table) is table
            check_menu(window, table)
    assert json.dumps(sorted(seen))  # plain texts: they are keys of the settings
    assert len(seen) > 10


def check_menu(window, table):
    offered = {entry.key: entry.text for entry in entries(table) if entry.key}
    assert {"Ctrl+C", "Ctrl+A"} <= set(offered)
    assert ("Enter" in offered) == (table.on_open is not None)
    page = table.menu._page()
    if page is None:
        return
    for key in keys_of(window.here):
        if key.rows and hasattr(page, key.action):
            left_out = key.action in page.keys_not_of_rows
            assert left_out or key.shown in offered, (page, key.shown)
            assert key.row_text


def tables_in(widget):
    for child in widget.winfo_children():
        if isinstance(child, Table):
            yield child
        yield from tables_in(child)
