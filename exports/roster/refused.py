"""The rows a roster was refused for, as a workbook to be put right and sent back.

A workbook, for Excel turns 000123 in a text file into 123.  ECMA-376 parts 1 and 2;
only what Excel, WPS and LibreOffice need to open it.
"""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from exports.files import replacing
from exports.roster.choosing import column_letters
from exports.roster.headings import FIELD_NAMES
from exports.roster.reading import Roster

_HEADINGS = ("原文件行号", *FIELD_NAMES.values(), "没有导入的原因")
_WIDTHS = (12, 18, 14, 22, 24, 18, 70)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT, _HEADING = 1, 2  # cell formats, by their place in _STYLES
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" \
ContentType="{_TYPE}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" \
Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships \
xmlns="{_PACKAGE}/relationships">\
<Relationship Id="r1" Type="{_RELATIONS}/worksheet" \
Target="worksheets/sheet1.xml"/>\
<Relationship Id="r2" Type="{_RELATIONS}/styles" Target="styles.xml"/>\
</Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">\
<sheets><sheet name="没有导入的行" sheetId="1" r:id="r1"/></sheets></workbook>""",
    # Format 49 is text: what is put right there keeps its leading zeros.
    "xl/styles.xml": f"""<styleSheet xmlns="{_MAIN}">\
<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>\
<font><b/><sz val="11"/><name val="宋体"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders>\
<cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>\
</styleSheet>""",
}


def export_rejected(roster: Roster, path: Path) -> int:
    """Write the rejected rows of *roster* with their reasons; returns how many.

    The sheet has the headings a roster needs: put right, it can be imported itself.
    """
    blank = ("",) * len(FIELD_NAMES)
    rows = [
        (str(refused.row), *roster.said.get(refused.row, blank), refused.reason)
        for refused in roster.rejected
    ]
    parts = {**_PARTS, "xl/worksheets/sheet1.xml": _sheet(rows)}
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            z.writestr(name, _DECLARATION + content)
    return len(rows)


def _sheet(rows: Iterable[Sequence[str]]) -> str:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(_WIDTHS, 1)
    )
    lines = [_row(1, _HEADINGS, _HEADING)]
    lines += [_row(number, row, _TEXT) for number, row in enumerate(rows, 2)]
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _row(number: int, cells: Sequence[str], style: int) -> str:
    written = "".join(
        f'<c r="{column_letters(column)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(_sayable(text))}</t></is></c>'
        for column, text in enumerate(cells)
    )
    return f'<row r="{number}">{written}</row>'


def _sayable(text: str) -> str:
    """Without what XML cannot hold: control characters and halves of pairs."""
    return "".join(
        character
        for character in text
        if character.isprintable() and character not in "\ufffe\uffff"
    )
