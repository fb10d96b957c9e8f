"""Some widgets are there once: nobody makes another list, date field or question."""

import ast
from pathlib import Path

DESK = Path(__file__).parents[1] / "desk"
# What may be named only in one place, and where.
ONLY = {
    "Treeview": {"widgets/table.py", "widgets/tablecolumns.py", "widgets/tablemarks.py"}
    | {"windowkeys.py"},
    "DateEntry": {"widgets/datefield.py"},
    "Toplevel": {"dialogs.py"},
    "messagebox": set(),
    "simpledialog": set(),
    "Messagebox": set(),
    "Querybox": set(),
    "filedialog": {"dialogs.py"},
}


def names_in(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Name):
            yield node.id


def test_there_is_one_kind_of_each():
    for path in DESK.rglob("*.py"):
        where, used = path.relative_to(DESK).as_posix(), set(names_in(path))
        for name, places in ONLY.items():
            assert name not in used or where in places, f"{where}: {name}"
