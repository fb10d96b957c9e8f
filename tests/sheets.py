"""A sheet or ledger that was written, read back with python-docx and the schema."""

import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent / "ooxml"))
import ooxml_check

SCHEMA = etree.XMLSchema(etree.parse(str(Path(ooxml_check.HERE) / "wml.xsd")))


class ReadBack:
    """What stands on the pages: lines of text around the table, and its rows.

    `rows` are by heading; `last` are the merged rows at the end (合计, boxes).
    """

    def __init__(self, path: Path) -> None:
        assert ooxml_check.check(path, SCHEMA) == 0
        document = Document(str(path))
        self.lines = [paragraph.text for paragraph in document.paragraphs]
        self.title = self.lines[1]
        self.subtitle = self.lines[2]
        self.rows: list[dict[str, str]] = []
        self.last: list[list[str]] = []
        for table in document.tables:
            heads = [row for row in table.rows if is_heading(row)]
            names = [cell.text for cell in heads[-1].cells]
            for row in list(table.rows)[len(heads) :]:
                texts = [cell.text for cell in row.cells]
                if len(row._tr.tc_lst) < len(names):
                    self.last.append(list(dict.fromkeys(texts)))
                else:
                    self.rows.append(dict(zip(names, texts, strict=True)))

    def column(self, heading: str) -> list[str]:
        return [row[heading] for row in self.rows]

    @property
    def closing(self) -> str:
        return self.last[0][0]


def is_heading(row: Any) -> bool:
    """Whether it repeats on every page.  Of two the last has all columns."""
    properties = row._tr.trPr
    return properties is not None and properties.find(qn("w:tblHeader")) is not None


def minutes_in(text: str) -> int:
    """`1:30` and `-0:15` as minutes; "" is none."""
    sign = -1 if text.startswith("-") else 1
    hours, _, rest = text.replace("\n", "").lstrip("-").partition(":")
    return sign * (int(hours or 0) * 60 + int(rest or 0))
