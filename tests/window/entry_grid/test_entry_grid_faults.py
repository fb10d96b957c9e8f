"""What is wrong in a grid is marked, said and led to."""

import pytest
from papergrid import at, put_on_clipboard

from models.errors import UserError


def test_faults_are_marked_said_and_forgotten_when_mended(grid, drive):
    grid.write(2, at="25:99", who="赵思远", copies="几")
    assert not grid.check()
    assert [problem[:8] for problem in grid.problems()] == [
        "第 2 行：时间",
        "第 2 行：份数",
    ]
    assert at(grid) == (2, "at") and grid.has_focus()
    assert "25:99" in grid.line.cget("text") and "共 2 处" in grid.line.cget("text")
    assert grid.editor.instate(["invalid"])
    drive.keys(*"0900", "Return")
    assert len(grid.problems()) == 1 and "份数请填写数字" in grid.line.cget("text")
    grid.focus_cell(2, "copies")
    drive.keys("2", "Return")
    assert grid.problems() == [] and grid.check()


def test_a_fault_that_is_pasted_over_is_forgotten(grid, drive):
    grid.write(1, at="0830", service="甲", copies="几")
    grid.mark(1, "service", "没有这个事项。")
    grid.focus_cell(1, "at")
    put_on_clipboard(grid, "0830\t\t\t乙")
    drive.keys("ctrl+v")
    assert grid.problems() == []


def test_a_required_cell_that_is_missing_is_named(grid):
    grid.write(3, service="甲")
    assert not grid.check()
    assert grid.problems() == ["第 3 行：请填写时间。"]


def test_a_mark_shows_a_sign_in_its_cell_and_at_its_row(grid, drive):
    grid.write(2, at="0830", service="甲")
    grid.focus_cell(4, "at")
    grid.mark(2, "service", "没有这个事项。")
    for canvas in (grid.body, grid.side):
        items = canvas.find_withtag("row1")
        assert "!" in [
            canvas.itemcget(i, "text") for i in items if canvas.type(i) == "text"
        ]


@pytest.mark.parametrize(
    ("labels", "text", "field", "place"),
    [
        ((), "第 5 行：请填写份数。", "", (5, "copies")),
        ((), "第 2 行：这位同学已登记。", "who", (2, "who")),
        ((), "第 4 行：这个时间没有来访人。", "", (4, "who")),
        (("0021", "0022"), "0022：期限不能早于今天。", "", (2, "due")),
    ],
)
def test_a_refusal_leads_to_its_cell(show, labels, text, field, place):
    grid = show(rows=12, labels=labels)
    assert grid.show_problem(text, field)
    assert at(grid) == place
    named = labels[1] if labels else f"第 {place[0]} 行"
    assert grid.problems() == [f"{named}：{text.partition('：')[2]}"]
    assert not grid.show_problem("没有网络。")


def test_a_refusal_counts_the_rows_that_were_sent(grid):
    grid.write(2, at="0830")
    grid.write(7, at="0840", service="甲")

    def refuse(rows):
        assert [row.number for row in rows] == [2, 7]
        raise UserError("第 2 行：事项已停办。")

    assert not grid.submit(refuse)
    assert at(grid) == (7, "service") and grid.problems() == ["第 7 行：事项已停办。"]
    done = []
    assert grid.submit(done.extend) and len(done) == 2
    assert grid.problems() == []
