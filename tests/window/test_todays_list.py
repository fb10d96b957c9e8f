"""Today's list after each line: only what is new is read and drawn."""

from datetime import date
from itertools import pairwise

import pytest
import ttkbootstrap as ttk

from desk.widgets.table import Column, Keyset, Table
from desk.widgets.tabledrawing import FEW
from models import clock
from models.reception import record_enquiry
from models.students import Student, roster
from models.visits import Visit, visits_on, void_visit


@pytest.fixture
def table(root, drive):
    frame = ttk.Frame(root)
    frame.pack(fill="both", expand=True)
    table = Table(frame, columns=[Column("行", lambda line: line[0])], empty="空")
    table.pack(fill="both", expand=True)
    drive.pump()
    yield table
    frame.destroy()
    root.update()


def stripes(table):
    rows = table.tree.get_children()
    return ["odd" in table.tree.item(row, "tags") for row in rows]


def test_a_new_line_goes_ahead_of_the_rows_that_are_there(table):
    lines = [[f"第 {n} 行"] for n in range(60, 0, -1)]
    table.show(lines)
    before = table.tree.get_children()
    table.tree.selection_set(before[3])
    table.tree.yview_moveto(1.0)
    lines[5][0] = "改过"  # drawn again though it is the same record
    table.show([["新的"], *lines])
    rows = table.tree.get_children()
    assert rows[1:] == before and table.count == 61
    assert table.rows()[0] == ("新的",) and table.rows()[6] == ("改过",)
    assert [table._records[row] for row in rows] == list(table._records.values())
    assert table.selected() is lines[3] and table.tree.yview()[0] == 0
    striped = stripes(table)
    assert all(a != b for a, b in pairwise(striped))

    table.show(lines[1:])  # one is gone: all of them are drawn anew
    assert table.rows() == [(line[0],) for line in lines[1:]]
    table.show([[str(n)] for n in range(FEW + 1)] + lines)
    assert table.count == len(lines) + FEW + 1
    table.show([])
    assert table.rows() == []


def test_visits_that_nobody_changed_are_not_read_again(at_work, shown):
    page, by, day = at_work.page, at_work.person, clock.today()
    for _ in range(3):
        record_enquiry(by=by)
    first = visits_on(day)
    record_enquiry(by=by)
    void_visit(Visit.get(Visit.uid == first[1].uid), by=by, reason="点错了")
    first[2].note = "not stored"  # what was refused may be left behind in a record
    again = visits_on(day, known=first)
    assert [v.uid for v in again[1:]] == [v.uid for v in first] and len(again) == 4
    assert again[1] is first[0]
    assert again[2] is not first[1] and again[2].is_void
    assert again[3] is not first[2] and again[3].note == ""
    assert visits_on(date(2020, 1, 1), known=first) == []

    page.refresh()
    top = page.table.tree.get_children()
    at_work.page.on_add_enquiry()
    assert page.table.tree.get_children()[1:] == top


def test_the_roster_is_read_once_for_all_pages(at_work):
    index = at_work.students
    assert index.suggest("zs") and roster()[0] == tuple(roster()[0])
    for name in ("seals", "loans", "visits"):
        at_work.show(name)
        assert at_work.page.students is index, name
    at_work.forget_roster()
    at_work.show("seals")
    assert at_work.page.students is not index
    assert len(at_work.page.students) == Student.select().count()


def test_a_long_list_goes_on_where_it_was_after_new_lines(table, drive):
    lines = [[f"第 {n} 行"] for n in range(400, 0, -1)]
    table.show(lines)
    table.tree.yview_moveto(1.0)
    drive.wait_until(lambda: table.count == 400, "the rest")
    table.tree.selection_set(table.row_of(lines[300]))
    lines = [["新的"], *lines]
    table.show(lines)
    table.put_first(["再一条"])
    assert table.selected() is lines[301]
    assert table.rows() == [("再一条",), *((line[0],) for line in lines)]
    table.find("第 1")
    table.put_first(["不在找的里面"])
    assert table.rows()[0] == ("第 199 行",)
    table.find("")
    assert table.rows()[0] == ("不在找的里面",)


class Line(list):
    """A row that is known again by its uid, though it was read anew."""

    def __init__(self, number):
        super().__init__([f"第 {number} 行"])
        self.uid = str(number)


def paged(rows, size=100):
    def fetch(after):
        start = after or 0
        end = start + size
        return rows[start:end], end if end < len(rows) else None

    return Keyset(fetch)


def test_pages_are_read_again_down_to_the_mark_and_searched_to_the_end(table, drive):
    rows = [[f"第 {n} 行"] for n in range(350)]
    table.show(paged(rows))
    assert table.count == 100 and table._sorting() == set()
    table.find("第 349")  # found between two keys, not while one waits
    drive.wait_until(lambda: table.rows() == [("第 349 行",)], "the last page")
    assert table._sorting() == {"行"}  # all has been read: any column can sort now
    table.find("")
    table.show(paged(rows[:90]))
    table._on_heading("行")
    table._on_heading("行")
    assert table.rows()[0] == ("第 89 行",)
    table.show(paged(rows * 20))  # more than are ever shown: they stay as they come
    assert table.rows()[0] == ("第 0 行",) and not table.is_sorted


def test_the_mark_far_down_is_found_again_among_pages(table, drive):
    rows = [Line(n) for n in range(350)]
    table.show(paged(rows))
    table._load_more()
    table._load_more()
    table.tree.selection_set(table.row_of(rows[250]))
    table.show(paged([Line(n) for n in range(350)]))
    assert table.selected().uid == "250" and table.count == 300
