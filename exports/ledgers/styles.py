"""Fonts and styles of the ledgers.

Named in styles only, always with `w:eastAsia`: without it Word sets Chinese in
a Japanese font.  Where a PC lacks a font Word, WPS and LibreOffice go through the
`w:altName` of the font table: those of Office, then of WPS, 麒麟 and 统信, then Noto.

- Title, 方正小标宋简体: 华文中宋, 方正小标宋_GBK, 宋体, 思源宋体, Noto Serif CJK SC.
- Body, 仿宋, which comes with Windows and has the rare characters in people's names
  that 仿宋_GB2312 lacks: that, 华文仿宋, 方正仿宋_GBK, 思源宋体, Noto Serif CJK SC.
- Heading row, 黑体: 华文黑体, 方正黑体_GBK, 思源黑体, Noto Sans CJK SC.
- Page number, 宋体: 华文宋体, 方正书宋_GBK, 思源宋体, Noto Serif CJK SC.

- Digits and letters, Times New Roman: Liberation Serif, Tinos, Nimbus Roman, FreeSerif.

All set a Chinese character on a full square and the lines have an exact height, so the
pages stay as they are whichever of them is there.  Digits are another matter: where no
narrow ones are found, those of a Chinese font break dates over two lines.  LibreOffice
7.4 set 112 visits on 11 pages, with Noto Serif CJK as the only font on 12, with Noto
Sans CJK alone on 15; most other ledgers kept their number of pages.
"""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋"
HEADING_FONT = "黑体"
NUMBER_FONT = "宋体"
LATIN_FONT = "Times New Roman"

SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
SIZE_5, SMALL_5, SIZE_6, SMALL_6 = Pt(10.5), Pt(9), Pt(7.5), Pt(6.5)

# Style ids of what the writer streams; short, they stand in every cell.
CENTRED, LEFT_ALIGNED, HEADING, CLOSING, CONTINUED = "C", "L", "H", "T", "N"
BOX, NOTHING, LISTED = "B", "E", "S"
GROUP, SUBTOTAL = "G", "U"
# From one entry of a list to the next: a student number and a name of four characters.
LIST_STEP = Mm(31.5)
# Beside the text of a cell, in twips; a day of a month has no room for it.
_MARGIN = 20
TABLE_STYLE = "Ledger"


def size_for(columns: int, *, portrait: bool = False) -> Pt:
    """The size at which a table of so many columns can still be read on A4.

    Upright there are 156 mm for what has 225 across.
    """
    if portrait:
        return SMALL_5 if columns > 8 else SIZE_5
    if columns > 25:
        return SMALL_6
    return SMALL_5 if columns > 12 else SIZE_5


def set_up_styles(document: Any, *, columns: int, portrait: bool = False) -> None:
    body = size_for(columns, portrait=portrait)
    _set_defaults(document)
    normal = document.styles["Normal"]
    set_font(normal, BODY_FONT, SIZE_5)
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
    listed = _add_style(document, "台账名单", LISTED, BODY_FONT, body, left)
    for place in range(1, 8):
        listed.paragraph_format.tab_stops.add_tab_stop(Mm(LIST_STEP.mm * place))
    _add_style(document, "台账表头", HEADING, HEADING_FONT, body, middle)
    sums = max(body, SMALL_5)
    closing = _add_style(document, "台账合计", CLOSING, HEADING_FONT, sums, left)
    _add_style(document, "台账零报告", NOTHING, BODY_FONT, sums, middle)
    group = _add_style(document, "台账分组", GROUP, HEADING_FONT, sums, left)
    _add_style(document, "台账小计", SUBTOTAL, HEADING_FONT, sums, left)
    box = _add_style(document, "台账审批", BOX, BODY_FONT, SIZE_5, left)
    box.paragraph_format.left_indent = Pt(6)
    note = _add_style(document, "台账说明", "LedgerNote", BODY_FONT, SMALL_5, left)
    note.paragraph_format.space_before = Pt(3)
    # The signatures never stand on a page of their own, nor a group's title below.
    for style in (closing, box, note, group):
        style.paragraph_format.keep_with_next = True
    continued = _add_style(document, "台账续表", CONTINUED, BODY_FONT, SIZE_5, left)
    continued.paragraph_format.page_break_before = True
    continued.paragraph_format.keep_with_next = True
    continued.paragraph_format.space_after = Pt(3)
    signatures = _add_style(
        document, "台账签字", "LedgerSignatures", BODY_FONT, SIZE_5, left
    )
    signatures.paragraph_format.space_before = Pt(10)
    signatures.paragraph_format.keep_together = True
    document.styles.element.append(_table_style(_MARGIN if body > SMALL_6 else 0))


def _set_defaults(document: Any) -> None:
    """Explicit fonts in place of the template's theme fonts (which are Japanese)."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    fonts = next(defaults.iter(qn("w:rFonts")))
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), BODY_FONT)
    next(defaults.iter(qn("w:lang"))).set(qn("w:eastAsia"), "zh-CN")


def set_font(style: ParagraphStyle, name: str, size: Pt) -> None:
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
    set_font(style, font, size)
    style.paragraph_format.alignment = alignment
    # Exact: the leading of a substitute font would double the number of pages.
    style.paragraph_format.line_spacing = Pt(round(size.pt * 1.3))
    return style


def _table_style(margin: int) -> Any:
    """Thin lines all around; *margin* is left and right of the text, in twips."""
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
        f'<w:top w:w="28" w:type="dxa"/><w:left w:w="{margin}" w:type="dxa"/>'
        f'<w:bottom w:w="28" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
        '</w:tblCellMar></w:tblPr><w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        "</w:style>"
    )


def _font(name: str, others: str, panose: str, family: str, charset: str) -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/>'
        f'<w:panose1 w:val="{panose}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


_LATIN = "Liberation Serif,Tinos,Nimbus Roman,FreeSerif"
_SERIF = "思源宋体,Source Han Serif SC,Noto Serif CJK SC"
_SANS = "思源黑体,Source Han Sans SC,Noto Sans CJK SC"

FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f"<w:fonts {nsdecls('w')}>"
    + _font(LATIN_FONT, _LATIN, "02020603050405020304", "roman", "00")
    + _font(
        TITLE_FONT,
        f"华文中宋,STZhongsong,方正小标宋_GBK,宋体,SimSun,{_SERIF}",
        "02010600040101010101",
        "roman",
        "86",
    )
    + _font(
        BODY_FONT,
        f"FangSong,仿宋_GB2312,华文仿宋,STFangsong,方正仿宋_GBK,{_SERIF}",
        "02010609060101010101",
        "modern",
        "86",
    )
    + _font(
        HEADING_FONT,
        f"SimHei,华文黑体,STHeiti,方正黑体_GBK,{_SANS}",
        "02010609060101010101",
        "modern",
        "86",
    )
    + _font(
        NUMBER_FONT,
        f"SimSun,华文宋体,STSong,方正书宋_GBK,{_SERIF}",
        "02010600030101010101",
        "auto",
        "86",
    )
    + "</w:fonts>"
)
