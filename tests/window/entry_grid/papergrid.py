"""The columns of a grid to try, and what a test asks it."""

from desk.suggestions import StudentIndex
from desk.widgets.gridcolumns import GridColumn

STUDENTS = StudentIndex(
    [
        ("u1", "2024030101", "赵思远", "软件2401", "", "", "zsy"),
        ("u2", "2024030102", "曾雨桐", "软件2401", "", "", "zyt cyt"),
        ("u3", "2024030215", "单文博", "软件2402", "", "", "swb dwb"),
    ]
)
OUTCOMES = {"done": "当场办结", "promised": "承诺办理", "refused": "不予受理"}
COLUMNS = [
    GridColumn("at", "时间", 4, "time", required=True),
    GridColumn("who", "来访人", 6, "suggest", suggest=STUDENTS.suggest),
    GridColumn("number", "学号", 6, "fact", fill=lambda row: number_of(row)),
    GridColumn("service", "事项", 7),
    GridColumn("outcome", "结果", 5, "choice", choices=OUTCOMES, initial="done"),
    GridColumn("copies", "份数", 3, "number", initial="1"),
    GridColumn("due", "期限", 6, "date"),
]
NAMES = [column.name for column in COLUMNS]


def number_of(row):
    return getattr(row.records["who"], "number", "")


def at(grid):
    return grid.row + 1, grid.name


def texts(grid, *names):
    return [tuple(row.text[name] for name in names) for row in grid.rows()]


def put_on_clipboard(grid, text):
    grid.clipboard_clear()
    grid.clipboard_append(text)
