"""The manual: its pictures are there, and its keys are those of the program."""

import ast
import re
from pathlib import Path

from PIL import Image

from desk.keymap import KEYS, WIDGET_KEYS, key_of_page
from desk.pages import PAGES

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "manual.zh-CN.md").read_text(encoding="utf-8")
KEY = re.compile(r"(?:Ctrl|Shift|Alt)\+\S+|F\d+")


def pictures_taken() -> set[str]:
    """The names in the script that takes them, which is not run here."""
    tree = ast.parse((DOCS / "pictures.py").read_text(encoding="utf-8"))
    return {
        ast.literal_eval(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Picture"
    }


def test_every_picture_is_there_and_shown_and_of_a_usual_screen():
    shown = set(re.findall(r"!\[[^\]]+\]\(pictures/([\w-]+)\.png\)", TEXT))
    files = {path.stem for path in (DOCS / "pictures").glob("*.png")}
    assert shown == files == pictures_taken()
    for name in files:
        with Image.open(DOCS / "pictures" / f"{name}.png") as picture:
            assert picture.size == (1366, 768), name


def test_every_key_of_the_manual_is_one_of_the_program():
    known = {part for key in KEYS for part in re.split(" 或 | ", key.shown)}
    known |= {part for shown, _ in WIDGET_KEYS for part in re.split("[ /]+|或", shown)}
    told = {part for key in re.findall("`([^`]+)`", TEXT) for part in KEY.findall(key)}
    assert told and told <= known


def test_the_heading_of_a_page_tells_its_title_and_its_key():
    for entry in PAGES:
        key = key_of_page(entry.name)
        heading = f'<a id="{entry.name}"></a>\n### {entry.title}（{key}）\n'
        assert heading in TEXT, entry.name


def test_what_is_referred_to_within_the_manual_is_there():
    anchors = re.findall(r'<a id="([\w-]+)"></a>', TEXT)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= set(anchors)
