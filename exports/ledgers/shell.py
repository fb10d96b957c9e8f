"""The Word document around a ledger's table: page, title, signatures, footer.

Page.  GB/T 9704-2012 gives a portrait A4 sheet a type area of 156 x 225 mm: 37 mm
above, 28 left (the binding side), 26 right, 35 below.  A wide table lies across that
same sheet, with its head at the binding side on odd pages (clause 11 of the
standard).  So the portrait sheet is turned, not the numbers kept: the binding margin
becomes the top, 28 mm, the cutting margin the bottom, 26 mm, the foot 35 mm the left,
and the head 37 mm the right.  A landscape ledger then binds along its top edge
together with the portrait papers of the same file.  A ledger of few columns may stand
upright: the standard's own sheet, its page number 7 mm below the type area as well.

Page number.  Size 4 (14 pt), "— 1 —", 7 mm below the type area, on odd pages right,
on even pages left, one character in.  That is the foot of the page as the ledger is
read, not the foot of the portrait sheet, where clause 11 has it.  Opposite stand the
digest of the rows, so that a page of one print cannot pass for a page of another, and
the head of the journal; a line below says what the rows come to.
"""

import io
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from exports.ledgers.cells import one_line
from exports.ledgers.properties import with_properties
from exports.ledgers.sheet import Sheet
from exports.ledgers.styles import (
    FONT_TABLE,
    NUMBER_FONT,
    SIZE_4,
    SIZE_6,
    set_font,
    set_up_styles,
)
from models.clock import now

TOP, RIGHT, BOTTOM, LEFT = Mm(28), Mm(37), Mm(26), Mm(35)
UPRIGHT_TOP, UPRIGHT_RIGHT, UPRIGHT_BOTTOM, UPRIGHT_LEFT = (
    Mm(37),
    Mm(26),
    Mm(35),
    Mm(28),
)

# A line of 7.5 pt below the page number.
FOOTER_LINE = Pt(10)

# Where the table goes, and where the digest goes once the rows are known.
TABLE_MARK = "@@LEDGER-TABLE@@"
DIGEST_MARK = "@@LEDGER-DIGEST@@"
# Where the note stands that explains the signs in the rows.
NOTE_MARK = "@@LEDGER-NOTE@@"
# What a document property holds.
_LONGEST = 255

_DEFAULT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Footer"}
_UNUSED_PARTS = ("stylesWithEffects", "numbering", "webSettings", "customXml")


def build_shell(sheet: Sheet) -> dict[str, str]:
    """The parts of the .docx by name, with marks where table and digest belong."""
    sheet = _as_printed(sheet)
    document = Document()
    _strip_template(document)
    _set_up_settings(document)
    _set_up_page(document, sheet)
    set_up_styles(document, columns=len(sheet.headings), portrait=sheet.portrait)
    if sheet.centre:
        document.add_paragraph(sheet.centre, style="台账单位")
    document.add_paragraph(sheet.title, style="台账标题")
    if sheet.subtitle:
        document.add_paragraph(sheet.subtitle, style="台账副题")
    document.add_paragraph(TABLE_MARK)
    for note in sheet.footnotes:
        document.add_paragraph(note, style="台账说明")
    document.add_paragraph(NOTE_MARK, style="台账说明")
    _add_signatures(document, sheet)
    _add_footers(document, sheet)
    core = document.core_properties
    core.title = f"{sheet.centre}{sheet.title}"[:_LONGEST]
    core.author = core.last_modified_by = sheet.maker[:_LONGEST]
    core.comments = ""
    core.language = "zh-CN"
    core.created = core.modified = now()
    whole = io.BytesIO()
    document.save(whole)
    with ZipFile(whole) as saved:
        parts = {name: saved.read(name).decode() for name in saved.namelist()}
    parts |= {
        "word/fontTable.xml": FONT_TABLE,
        "docProps/app.xml": APP_PROPERTIES,
    }
    return with_properties(parts, sheet.properties) if sheet.properties else parts


def _as_printed(sheet: Sheet) -> Sheet:
    """Names of seals and people stand around the table as well."""
    names = ("title", "centre", "subtitle", "maker", "chain", "summary")
    lines = {name: one_line(getattr(sheet, name)) for name in names}
    return replace(sheet, **lines, footnotes=tuple(map(one_line, sheet.footnotes)))


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


def _set_up_page(document: Any, sheet: Sheet) -> None:
    section = document.sections[0]
    if sheet.portrait:
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.right_margin = UPRIGHT_TOP, UPRIGHT_RIGHT
        section.bottom_margin, section.left_margin = UPRIGHT_BOTTOM, UPRIGHT_LEFT
    else:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.right_margin = TOP, RIGHT
        section.bottom_margin, section.left_margin = BOTTOM, LEFT
    section.header_distance = Mm(15)
    # What is below the type area, less 7 mm and a line of 14 pt with its leading.
    below = Mm(UPRIGHT_BOTTOM.mm - 13 if sheet.portrait else BOTTOM.mm - 13)
    section.footer_distance = below - (FOOTER_LINE if sheet.summary else 0)
    # The template's document grid would stretch every line to 18 pt.
    grid = section._sectPr.find(qn("w:docGrid"))
    section._sectPr.remove(grid)


def _add_signatures(document: Any, sheet: Sheet) -> None:
    texts = [place.text.format(maker=sheet.maker) for place in sheet.signatures]
    filed = f"填报日期：{sheet.filed_on}"
    if sheet.portrait:
        # In two lines: those who sign, then seal and day.
        _add_line(document, sheet, texts[:-1]).paragraph_format.keep_with_next = True
        _add_line(document, sheet, ["", f"{texts[-1]}　　{filed}"], ends=True)
    else:
        _add_line(document, sheet, [*texts, filed], ends=True)


def _add_line(
    document: Any, sheet: Sheet, texts: list[str], *, ends: bool = False
) -> Any:
    """One of signatures; what *ends* it stands at the right."""
    line = document.add_paragraph(style="台账签字")
    stops = line.paragraph_format.tab_stops
    places = sheet.signatures[1 : len(texts) - ends]
    for place in places:
        stops.add_tab_stop(Mm(place.at))
    if ends:
        stops.add_tab_stop(Mm(sheet.type_area), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run("\t".join(texts))
    return line


def _add_footers(document: Any, sheet: Sheet) -> None:
    style = document.styles["Footer"]
    set_font(style, NUMBER_FONT, SIZE_4)
    stops = style.element.pPr.find(qn("w:tabs"))
    style.element.pPr.remove(stops)
    section = document.sections[0]
    inner = Mm(sheet.type_area) - SIZE_4
    odd = section.footer.paragraphs[0]
    odd.paragraph_format.tab_stops.add_tab_stop(inner, WD_TAB_ALIGNMENT.RIGHT)
    _add_digest(odd, sheet)
    odd.add_run("\t")
    _add_page_number(odd)
    section.even_page_footer.is_linked_to_previous = False
    even = section.even_page_footer.paragraphs[0]
    even.paragraph_format.left_indent = SIZE_4
    stops = even.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(sheet.type_area), WD_TAB_ALIGNMENT.RIGHT)
    _add_page_number(even)
    even.add_run("\t")
    _add_digest(even, sheet)
    if sheet.summary:
        _add_summary(section.footer, sheet.summary, WD_ALIGN_PARAGRAPH.LEFT)
        _add_summary(section.even_page_footer, sheet.summary, WD_ALIGN_PARAGRAPH.RIGHT)


def _add_digest(paragraph: Any, sheet: Sheet) -> None:
    chain = f"　{sheet.chain}" if sheet.chain else ""
    run = paragraph.add_run(f"校验码 {DIGEST_MARK}{chain}")
    run.font.size = SIZE_6


def _add_summary(footer: Any, text: str, side: WD_ALIGN_PARAGRAPH) -> None:
    """A line below the number, which stays 7 mm below the type area."""
    paragraph = footer.add_paragraph(style="Footer")
    paragraph.alignment = side
    paragraph.paragraph_format.line_spacing = FOOTER_LINE
    paragraph.add_run(text).font.size = SIZE_6


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


APP_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>Microsoft Office Word</Application>'
    "<AppVersion>16.0000</AppVersion></Properties>"
)
