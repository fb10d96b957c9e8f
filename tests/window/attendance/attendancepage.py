"""签到签退 in the real window: what its tests do and read there."""

from datetime import timedelta
from tkinter import font

import pytest
from duty import MONDAY, at, make_plan, person

from exports.sync import sync
from models import clock, storage

ZHANG, WANG = "2023010101", "2023010102"
ZHANG_CARD, WANG_CARD = "0002220001", "0002220002"
# What a cell keeps free left and right of its text.
CELL_EDGES = 8
TUESDAY = MONDAY + timedelta(days=1)


def put_in_force(centre, shifts):
    """A term, a plan accepted by the office, and the desk's database open."""
    storage.open_database(centre / "office")
    with clock.set_at(at("07:00")):
        make_plan(person("9001"), shifts)
        sync()
        storage.open_database(centre / "desk")
        sync()


def sign_in(window, drive):
    """The page with teacher 李老师 signed in, the cursor in the card field."""
    window.sign_in(person("T001"))
    window.show("attendance")
    window.root.focus_force()
    window.page.focus_first()
    drive.pump(0.1)
    return window.page


def result(page):
    return page.banner.result.cget("text")


def detail(page):
    return page.banner.detail.cget("text")


def focused(page):
    return page.window.root.focus_get()


def row_of(page, name):
    return next(row for row in page.table.rows() if row[0] == name)


def cells_cut(table, titles, until="\n"):
    """The cells of some columns that are wider, up to a mark, than their column."""
    measure = font.nametofont("TkDefaultFont", root=table).measure
    tree = table.tree
    texts = [tree.heading(name, "text") for name in tree["columns"]]
    return [
        row[index]
        for index, title in enumerate(texts)
        if title in titles
        for row in table.rows()
        if str(index) not in tree["displaycolumns"]
        or measure(row[index].split(until)[0]) + CELL_EDGES
        > tree.column(str(index), "width")
    ]


def choose(page, name):
    for item in page.table.tree.get_children():
        if page.table.tree.item(item, "values")[0] == name:
            page.table.tree.selection_set(item)
            page.update()
            return
    pytest.fail(f"{name} is not in the list")


def choose_first_shift(page):
    for item in page.table.tree.get_children():
        values = page.table.tree.item(item, "values")
        if values[:3] == ("张小明", "A 岗", "08:30–10:00"):
            page.table.tree.selection_set(item)
            page.update()
