"""The Word document around a ledger's table: page, fonts, styles, title, footer.

Page.  GB/T 9704-2012 gives a portrait A4 sheet a type area of 156 x 225 mm: 37 mm
above, 28 left (the binding side), 26 right, 35 below.  A wide table lies across that
same sheet, with its head at the binding side on odd pages (clause 11 of the
standard).  So the portrait sheet is turned, not the numbers kept: the binding margin
becomes the top, 28 mm, the cutting margin the bottom, 26 mm, the foot 35 mm the left,
and the head 37 mm the right.  A landscape ledger then binds along its top edge
together with the portrait papers of the same file.

Page number.  Size 4 (14 pt), "— 1 —", 7 mm below the type area, on odd pages right,
on even pages left, one character in.  Opposite stands the digest of the rows, so that
a page of one print cannot pass for a page of another.

Fonts.  Named in styles only, always with `w:eastAsia`: without it Word sets Chinese in
a Japanese font.  Where a PC lacks a font Word goes to the `w:altName` of the font
table.  The title is 方正小标宋简体, else 华文中宋 (comes with Office), else 宋体.  The
body is 仿宋, which comes with Windows and has the rare characters in people's names
that 仿宋_GB2312 lacks; that and 华文仿宋 are its alternates.  The heading row is 黑体.
"""

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from models.clock import now

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋"
HEADING_FONT = "黑体"
NUMBER_FONT = "宋体"
LATIN_FONT = "Times New Roman"

TYPE_AREA = Mm(225)
TOP, RIGHT, BOTTOM, LEFT = Mm(28), Mm(37), Mm(26), Mm(35)
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
SIZE_5, SMALL_5, SIZE_6 = Pt(10.5), Pt(9), Pt(7.5)

# Where the table goes, and where the digest goes once the rows are known.
TABLE_MARK = "@@LEDGER-TABLE@@"
DIGEST_MARK = "@@LEDGER-DIGEST@@"

# Style ids of what the writer streams; short, they stand in every cell.
CENTRED, LEFT_ALIGNED, HEADING, CLOSING, CONTINUED = "C", "L", "H", "T", "N"
TABLE_STYLE = "Ledger"

_DEFAULT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Footer"}
_UNUSED_PARTS = ("stylesWithEffects", "numbering", "webSettings", "customXml")


@dataclass(frozen=True)
class Sheet:
    """What is printed around the rows of a ledger."""

    title: str
    headings: tuple[str, ...]
    # Relative column widths; together they fill the type area.
    weights: tuple[float, ...]
    # Per column: centred (numbers, dates, short marks) or from the left (text).
    centred: tuple[bool, ...]
    centre: str = ""
    subtitle: str = ""
    # 制表人 and 填报日期; the other places of the last line stay blank for the pen.
    maker: str = ""
    filed_on: str = ""

    @property
    def widths(self) -> list[int]:
        """Column widths in twips (1/20 pt), their sum exactly the type area."""
        whole = round(TYPE_AREA.pt * 20)
        scale = whole / sum(self.weights)
        edges = [0.0]
        for weight in self.weights:
            edges.append(edges[-1] + weight * scale)
        rounded = [round(edge) for edge in edges]
        return [right - left for left, right in pairwise(rounded)]


def build_shell(sheet: Sheet) -> dict[str, str]:
    """The parts of the .docx by name, with marks where table and digest belong."""
    document = Document()
    _strip_template(document)
    _set_up_settings(document)
    _set_up_page(document)
    _set_up_styles(document, small=len(sheet.headings) > 12)
    if sheet.centre:
        document.add_paragraph(sheet.centre, style="台账单位")
    document.add_paragraph(sheet.title, style="台账标题")
    if sheet.subtitle:
        document.add_paragraph(sheet.subtitle, style="台账副题")
    document.add_paragraph(TABLE_MARK)
    _add_signatures(document, sheet)
    _add_footers(document)
    core = document.core_properties
    core.title = f"{sheet.centre}{sheet.title}"
    core.author = core.last_modified_by = sheet.maker
    core.comments = ""
    core.language = "zh-CN"
    core.created = core.modified = now()
    whole = io.BytesIO()
    document.save(whole)
    with ZipFile(whole) as saved:
        parts = {name: saved.read(name).decode() for name in saved.namelist()}
    return parts | {
        "word/fontTable.xml": FONT_TABLE,
        "docProps/app.xml": APP_PROPERTIES,
    }


def _strip_template(document: Any) -> None:
    """Drop what python-docx's template brings along: 0.8 MB of styles, a thumbnail."""
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/thumbnail", *_UNUSED_PARTS)):
                del part.rels[key]
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.styleId not in _DEFAULT_STYLES:
            styles.remove(style)


def _set_up_settings(document: Any) -> None:
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    root = settings.element
    zoom = root.find(qn("w:zoom"))
    zoom.set(qn("w:val"), "none")
    zoom.set(qn("w:percent"), "100")
    root.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for option in root.iter(qn("w:compatSetting")):
        if option.get(qn("w:name")) == "compatibilityMode":
            option.set(qn("w:val"), "15")


def _set_up_page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.right_margin = TOP, RIGHT
    section.bottom_margin, section.left_margin = BOTTOM, LEFT
    section.header_distance = Mm(15)
    # 26 mm below the type area, less 7 mm and a line of 14 pt with its leading.
    section.footer_distance = Mm(13)
    # The template's document grid would stretch every line to 18 pt.
    grid = section._sectPr.find(qn("w:docGrid"))
    section._sectPr.remove(grid)


def _set_up_styles(document: Any, *, small: bool) -> None:
    body = SMALL_5 if small else SIZE_5
    _set_defaults(document)
    normal = document.styles["Normal"]
    _set_font(normal, BODY_FONT, SIZE_5)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    middle, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
    _add_style(document, "台账单位", "LedgerCentre", TITLE_FONT, SIZE_3, middle)
    title = _add_style(document, "台账标题", "LedgerTitle", TITLE_FONT, SIZE_2, middle)
    title.paragraph_format.space_after = Pt(4)
    subtitle = _add_style(
        document, "台账副题", "LedgerSubtitle", BODY_FONT, SIZE_5, left
    )
    subtitle.paragraph_format.space_after = Pt(3)
    _add_style(document, "台账居中", CENTRED, BODY_FONT, body, middle)
    _add_style(document, "台账居左", LEFT_ALIGNED, BODY_FONT, body, left)
    _add_style(document, "台账表头", HEADING, HEADING_FONT, body, middle)
    closing = _add_style(document, "台账合计", CLOSING, HEADING_FONT, body, left)
    # The signatures never stand on a page of their own.
    closing.paragraph_format.keep_with_next = True
    continued = _add_style(document, "台账续表", CONTINUED, BODY_FONT, SIZE_5, left)
    continued.paragraph_format.page_break_before = True
    continued.paragraph_format.keep_with_next = True
    continued.paragraph_format.space_after = Pt(3)
    signatures = _add_style(
        document, "台账签字", "LedgerSignatures", BODY_FONT, SIZE_5, left
    )
    signatures.paragraph_format.space_before = Pt(10)
    signatures.paragraph_format.keep_together = True
    document.styles.element.append(_table_style())


def _set_defaults(document: Any) -> None:
    """Explicit fonts in place of the template's theme fonts (which are Japanese)."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    fonts = next(defaults.iter(qn("w:rFonts")))
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), BODY_FONT)
    next(defaults.iter(qn("w:lang"))).set(qn("w:eastAsia"), "zh-CN")


def _set_font(style: ParagraphStyle, name: str, size: Pt) -> None:
    style.font.name = LATIN_FONT
    style.font.size = size
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), name)
    # Quotation marks and dashes are as wide as a character in Chinese.
    fonts.set(qn("w:hint"), "eastAsia")


def _add_style(
    document: Any,
    name: str,
    style_id: str,
    font: str,
    size: Pt,
    alignment: WD_ALIGN_PARAGRAPH,
) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.style_id = style_id
    style.base_style = document.styles["Normal"]
    _set_font(style, font, size)
    style.paragraph_format.alignment = alignment
    # Exact: the leading of a substitute font would double the number of pages.
    style.paragraph_format.line_spacing = Pt(round(size.pt * 1.3))
    return style


def _table_style() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in sides
    )
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" '
        f'w:styleId="{TABLE_STYLE}"><w:name w:val="台账表格"/>'
        '<w:basedOn w:val="TableNormal"/><w:tblPr>'
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="28" w:type="dxa"/><w:left w:w="20" w:type="dxa"/>'
        '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="20" w:type="dxa"/>'
        '</w:tblCellMar></w:tblPr><w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        "</w:style>"
    )


def _add_signatures(document: Any, sheet: Sheet) -> None:
    line = document.add_paragraph(style="台账签字")
    stops = line.paragraph_format.tab_stops
    for place in (42, 82, 150):
        stops.add_tab_stop(Mm(place))
    stops.add_tab_stop(TYPE_AREA, WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(
        f"制表人：{sheet.maker}\t审核人：\t部门负责人（签字）：\t（公章）\t"
        f"填报日期：{sheet.filed_on}"
    )


def _add_footers(document: Any) -> None:
    style = document.styles["Footer"]
    _set_font(style, NUMBER_FONT, SIZE_4)
    stops = style.element.pPr.find(qn("w:tabs"))
    style.element.pPr.remove(stops)
    section = document.sections[0]
    inner = Mm(225) - SIZE_4
    odd = section.footer.paragraphs[0]
    odd.paragraph_format.tab_stops.add_tab_stop(inner, WD_TAB_ALIGNMENT.RIGHT)
    _add_digest(odd)
    odd.add_run("\t")
    _add_page_number(odd)
    section.even_page_footer.is_linked_to_previous = False
    even = section.even_page_footer.paragraphs[0]
    even.paragraph_format.left_indent = SIZE_4
    even.paragraph_format.tab_stops.add_tab_stop(TYPE_AREA, WD_TAB_ALIGNMENT.RIGHT)
    _add_page_number(even)
    even.add_run("\t")
    _add_digest(even)


def _add_digest(paragraph: Any) -> None:
    run = paragraph.add_run(f"校验码 {DIGEST_MARK}")
    run.font.size = SIZE_6


def _add_page_number(paragraph: Any) -> None:
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        character = OxmlElement("w:fldChar")
        character.set(qn("w:fldCharType"), kind)
        run._r.append(character)
        if kind == "begin":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = " PAGE "
            run._r.append(code)
        if kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._r.append(shown)
    paragraph.add_run(" —")


def _font(name: str, others: str, panose: str, family: str, charset: str) -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/>'
        f'<w:panose1 w:val="{panose}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f"<w:fonts {nsdecls('w')}>"
    + _font(LATIN_FONT, "Liberation Serif", "02020603050405020304", "roman", "00")
    + _font(
        TITLE_FONT, "华文中宋,STZhongsong,宋体", "02010600040101010101", "roman", "86"
    )
    + _font(
        BODY_FONT,
        "FangSong,仿宋_GB2312,华文仿宋",
        "02010609060101010101",
        "modern",
        "86",
    )
    + _font(HEADING_FONT, "SimHei", "02010609060101010101", "modern", "86")
    + _font(NUMBER_FONT, "SimSun", "02010600030101010101", "auto", "86")
    + "</w:fonts>"
)

APP_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>Microsoft Office Word</Application>'
    "<AppVersion>16.0000</AppVersion></Properties>"
)
