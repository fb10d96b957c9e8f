"""Words that are not ours: of the widget library none is shown, Tk's are Chinese."""

import ast
import inspect
import re
import sys
from pathlib import Path

import ttkbootstrap as ttk

from desk import theme
from desk.widgets.datefield import DateField

DESK = Path(theme.__file__).parent
LIBRARY = Path(ttk.__file__).parent
# The dialogs for files that Tk draws itself, and the questions these ask.
DRAWN_BY_TK = ("tkfbox.tcl", "choosedir.tcl", "msgbox.tcl", "dialog.tcl")
MESSAGE = re.compile(r'\[(?:::msgcat::)?mc(?:max)?\s+(?:"((?:[^"\\]|\\.)*)"|(\w+))')
CHINESE = re.compile("[\u4e00-\u9fff]")


def speaking_modules():
    """Those of the library that look a word up in its catalogue."""
    for path in LIBRARY.rglob("*.py"):
        calls = (n for n in ast.walk(ast.parse(path.read_text("utf-8"))))
        named = {n.attr for n in calls if isinstance(n, ast.Attribute)}
        module = ".".join(path.relative_to(LIBRARY.parent).with_suffix("").parts)
        if "translate" in named and ".localization" not in module:
            yield module


def used_by_desk():
    """What our window takes from the library, by name."""
    for path in DESK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "ttk":
                    yield getattr(ttk, node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module:
                if node.module.startswith("ttkbootstrap"):
                    module = sys.modules[node.module]
                    yield from (getattr(module, name.name) for name in node.names)


def test_no_word_of_the_library_is_shown(root):
    speaking = set(speaking_modules())
    assert {f"ttkbootstrap.dialogs.{m}" for m in ("message", "datepicker")} <= speaking
    used = {one for one in used_by_desk() if inspect.isclass(one)}
    assert {ttk.Button, ttk.DateEntry, ttk.Toplevel} <= used
    modules = {kind.__module__: kind for one in used for kind in one.__mro__}
    assert speaking & set(modules) == set()
    # One of them leads to a dialog that speaks: ours opens its own month instead.
    leading = {
        modules[name]
        for name in modules
        if name.startswith("ttkbootstrap.widgets.")
        and "ttkbootstrap.dialogs" in inspect.getsource(sys.modules[name])
    }
    assert leading == {ttk.DateEntry}
    field = DateField(root)
    field.pack()
    field.button.invoke()
    assert field.is_open
    tops = [w for w in root.winfo_children() if w.winfo_class() == "Toplevel"]
    assert [top for top in tops if top.winfo_ismapped()] == []
    field.destroy()


def test_every_word_of_the_dialogs_for_files_is_chinese(root):
    folder = Path(str(root.tk.call("set", "tk_library")))
    words = set()
    for name in DRAWN_BY_TK:
        for found in MESSAGE.finditer((folder / name).read_text("utf-8")):
            escaped = found[1] or found[2]
            words.add(re.sub(r"\\(.)", r"\1", escaped.replace(r"\n", "\n")))
    assert {"&Open", "&Cancel", "&Yes"} & words and len(words) > 15
    look_up = ("namespace", "inscope", "::tk", "::msgcat::mc")
    assert [w for w in words if not CHINESE.search(root.tk.call(*look_up, w))] == []
