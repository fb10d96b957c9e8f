"""The manual as the help has it: the section of one page, read from its Markdown.

Known are headings, paragraphs, lists, tables, bold and `keys`: what the manual uses.
Images are left out.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

MANUAL = Path(__file__).parents[1] / "docs" / "manual.zh-CN.md"
ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')
HEADING = re.compile(r"(#+)\s+(.*)")
BULLET = re.compile(r"(\s*)[-*]\s+(.*)")
NUMBERED = re.compile(r"(\s*)(\d+)[.、)]\s+(.*)")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
SPAN = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")


class Block(NamedTuple):
    """A piece of the text: `kind` heading, text, bullet, number or table.

    A list has its sign in `sign` and how deep it lies in `level`; a table has rows.
    """

    kind: str
    text: str = ""
    level: int = 0
    sign: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def section(name: str) -> list[Block]:
    """What the manual says of the page *name*; nothing if it does not."""
    return _blocks(_sections().get(name, []))


def spans(text: str) -> list[tuple[str, str]]:
    """The pieces of a line with how they look: "", "bold" or "key"."""
    pieces, end = [], 0
    for found in SPAN.finditer(text):
        pieces.append((text[end : found.start()], ""))
        bold, key = found.groups()
        pieces.append((bold, "bold") if bold else (key, "key"))
        end = found.end()
    pieces.append((text[end:], ""))
    return [piece for piece in pieces if piece[0]]


@cache
def _sections() -> dict[str, list[str]]:
    """The lines under each anchor, up to the next one or a heading as high."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    highest = 0
    for line in MANUAL.read_text(encoding="utf-8").splitlines():
        anchor, heading = ANCHOR.fullmatch(line.strip()), HEADING.match(line)
        if anchor:
            lines, highest = found.setdefault(anchor[1], []), 0
            continue
        if heading:
            if highest and len(heading[1]) <= highest:
                lines = []  # a heading that no page is under
            highest = highest or len(heading[1])
        lines.append(line)
    return found


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    goes_on = False  # a line under a line of text belongs to it
    for raw in lines:
        line = LINK.sub(r"\1", IMAGE.sub("", raw)).rstrip()
        if not line:
            goes_on = False
            continue
        if line.startswith("|"):
            _add_row(blocks, line)
            goes_on = False
            continue
        block = _block(line)
        if block.kind == "text" and goes_on:
            blocks[-1] = blocks[-1]._replace(text=blocks[-1].text + block.text)
            continue
        blocks.append(block)
        goes_on = block.kind != "heading"
    return blocks


def _block(line: str) -> Block:
    if found := HEADING.match(line):
        return Block("heading", found[2], len(found[1]))
    if found := BULLET.match(line):
        return Block("bullet", found[2], len(found[1]) // 2, "•")
    if found := NUMBERED.match(line):
        return Block("number", found[3], len(found[1]) // 2, f"{found[2]}.")
    return Block("text", line.strip())


def _add_row(blocks: list[Block], line: str) -> None:
    cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
    if all(re.fullmatch(":?-+:?", cell) for cell in cells):
        return  # the line under the headings
    if blocks and blocks[-1].kind == "table":
        blocks[-1] = blocks[-1]._replace(rows=(*blocks[-1].rows, cells))
    else:
        blocks.append(Block("table", rows=(cells,)))
