"""The sheet that the built-in templates of slips are drawn on.

Portrait A4 with the type area of GB/T 9704-2012, 156 x 225 mm; the fonts of the
ledgers.  The styles have Chinese names: departments find them in Word's list.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from exports.ledgers.shell import APP_PROPERTIES
from exports.ledgers.styles import (
    BODY_FONT,
    FONT_TABLE,
    HEADING_FONT,
    LATIN_FONT,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_5,
    SMALL_5,
    TITLE_FONT,
    set_font,
)

TEXT_WIDTH = 156
SMALL_4 = Pt(12)

CENTRE, TITLE, NUMBER, TEXT, HEAD, NOTE, SIGNED, LABEL, CELL, CUT, KEPT = (
    "单据单位",
    "单据标题",
    "单据编号",
    "单据正文",
    "单据小题",
    "单据说明",
    "单据落款",
    "单据项目",
    "单据内容",
    "单据裁线",
    "单据存根",
)
_TABLE = "SlipTable"
_DEFAULT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Footer"}
_UNUSED = ("thumbnail", "stylesWithEffects", "numbering", "webSettings", "customXml")

# A row of a table: label and text in turn; a text alone is a choice over rows.
Line = Sequence[str] | str


def blank_page() -> Any:
    document: Any = Document()
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_UNUSED):
                del part.rels[key]
    _set_up_settings(document.settings)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    # The template's document grid would stretch every line.
    section._sectPr.remove(section._sectPr.find(qn("w:docGrid")))
    _set_up_styles(document)
    return document


def _set_up_settings(settings: Any) -> None:
    root = settings.element
    zoom = root.find(qn("w:zoom"))
    zoom.set(qn("w:val"), "none")
    zoom.set(qn("w:percent"), "100")
    root.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for option in root.iter(qn("w:compatSetting")):
        if option.get(qn("w:name")) == "compatibilityMode":
            option.set(qn("w:val"), "15")


def _set_up_styles(document: Any) -> None:
    root = document.styles.element
    for style in root.findall(qn("w:style")):
        if style.styleId not in _DEFAULT_STYLES:
            root.remove(style)
    defaults = root.find(qn("w:docDefaults"))
    fonts = next(defaults.iter(qn("w:rFonts")))
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), BODY_FONT)
    next(defaults.iter(qn("w:lang"))).set(qn("w:eastAsia"), "zh-CN")
    set_font(document.styles["Normal"], BODY_FONT, SMALL_4)
    set_font(document.styles["Footer"], BODY_FONT, SMALL_5)
    left, middle, right = (
        WD_ALIGN_PARAGRAPH.LEFT,
        WD_ALIGN_PARAGRAPH.CENTER,
        WD_ALIGN_PARAGRAPH.RIGHT,
    )
    _add_style(document, CENTRE, "SlipCentre", TITLE_FONT, SIZE_3, middle)
    _add_style(document, TITLE, "SlipTitle", TITLE_FONT, SIZE_2, middle, after=8)
    _add_style(document, NUMBER, "SlipNumber", BODY_FONT, SMALL_4, right, after=4)
    text = _add_style(document, TEXT, "SlipText", BODY_FONT, SIZE_4, left, after=4)
    text.paragraph_format.first_line_indent = SIZE_4 * 2
    head = _add_style(document, HEAD, "SlipHead", HEADING_FONT, SIZE_4, left)
    head.paragraph_format.first_line_indent = SIZE_4 * 2
    head.paragraph_format.keep_with_next = True
    note = _add_style(document, NOTE, "SlipNote", BODY_FONT, SIZE_5, left)
    note.paragraph_format.space_before = Pt(3)
    note.paragraph_format.keep_with_next = True
    signed = _add_style(document, SIGNED, "SlipSigned", BODY_FONT, SMALL_4, right)
    signed.paragraph_format.space_before = Pt(10)
    _add_style(document, LABEL, "SlipLabel", HEADING_FONT, SMALL_4, middle)
    _add_style(document, CELL, "SlipCell", BODY_FONT, SMALL_4, left)
    cut = _add_style(document, CUT, "SlipCut", BODY_FONT, SMALL_5, middle, after=8)
    cut.paragraph_format.space_before = Pt(14)
    kept = _add_style(document, KEPT, "SlipKept", TITLE_FONT, SIZE_3, middle, after=6)
    for style in (cut, kept):
        style.paragraph_format.keep_with_next = True
    root.append(_table_style())


def _add_style(
    document: Any,
    name: str,
    style_id: str,
    font: str,
    size: Pt,
    alignment: WD_ALIGN_PARAGRAPH,
    *,
    after: int = 0,
) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.style_id = style_id
    style.base_style = document.styles["Normal"]
    set_font(style, font, size)
    style.paragraph_format.alignment = alignment
    style.paragraph_format.space_after = Pt(after)
    # Exact: the leading of a substitute font would push the stub to a second page.
    style.paragraph_format.line_spacing = Pt(round(size.pt * 1.4))
    return style


def _table_style() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in sides
    )
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" '
        f'w:styleId="{_TABLE}"><w:name w:val="单据表格"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{borders}'
        '</w:tblBorders><w:tblCellMar><w:top w:w="45" w:type="dxa"/>'
        '<w:left w:w="85" w:type="dxa"/><w:bottom w:w="45" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tcPr><w:vAlign w:val="center"/></w:tcPr></w:style>'
    )


def add_table(document: Any, lines: Sequence[Line], *, keeps: bool = False) -> Any:
    """Rows of two or four cells; where a table *keeps* it stays on one page."""
    widths = (26, 55, 26, TEXT_WIDTH - 107)
    table = document.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "单据表格", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for line in lines:
        texts = (line,) if isinstance(line, str) else line
        row = table.add_row()
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        if len(texts) < len(widths):
            row.cells[len(texts) - 1].merge(row.cells[-1])
        for at, text in enumerate(texts):
            label = len(texts) > 1 and at % 2 == 0
            paragraph = row.cells[at].paragraphs[0]
            paragraph.style = LABEL if label else CELL
            paragraph.add_run(text)
            paragraph.paragraph_format.keep_with_next = keeps or None
    return table


def add_footer(document: Any) -> None:
    """Which slip and which page of it, for those that need a second one."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("{{ 编号 }}　第 ")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" 页，共 ")
    _add_field(paragraph, "NUMPAGES")
    paragraph.add_run(" 页")


def _add_field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {code} ")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def packed(document: Any, title: str) -> bytes:
    """The package with the dates of entries fixed, so that a redraw changes nothing."""
    core = document.core_properties
    core.title, core.author, core.comments = title, "", ""
    core.last_modified_by, core.language = "", "zh-CN"
    core.created = core.modified = datetime(2026, 1, 1)
    saved, whole = io.BytesIO(), io.BytesIO()
    document.save(saved)
    own = {"word/fontTable.xml": FONT_TABLE, "docProps/app.xml": APP_PROPERTIES}
    with ZipFile(saved) as source, ZipFile(whole, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = own.get(name) or source.read(name)
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return whole.getvalue()


def add_signatures(document: Any, visitor: str) -> None:
    """Who gets the slip on the left, who gives it on the right."""
    for text in (
        f"{visitor}\t承办人（签字）：{{{{ 承办人 }}}}",
        "日期：　　　　年　　月　　日\t{{ 窗口 }}（盖章）",
        "\t{{ 打印日期 }}",
    ):
        line = document.add_paragraph(text, style=SIGNED)
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        line.paragraph_format.keep_with_next = not text.startswith("\t")
        stops = line.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)


def add_signers(document: Any, *signers: tuple[str, str]) -> None:
    """Who signs, side by side, each with what stands below the name."""
    for texts in zip(*signers, strict=True):
        line = document.add_paragraph("\t".join(texts), style=SIGNED)
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        stops = line.paragraph_format.tab_stops
        for at in range(1, len(texts)):
            stops.add_tab_stop(Mm(TEXT_WIDTH * at / len(texts)))
        line.paragraph_format.keep_with_next = True
