"""Draws the built-in templates: `python -m exports.slips.drawing`.

Portrait A4 with the type area of GB/T 9704-2012; the fonts of the ledgers.  They are
kept in exports/templates/, where departments take them from to make their own.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
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
    SMALL_5,
    TITLE_FONT,
    set_font,
)
from exports.slips.slips import BUILT_IN
from models.slip_templates import SLIP_KIND_LABELS, SlipKind

TEXT_WIDTH = 156
SMALL_4 = Pt(12)

CENTRE, TITLE, NUMBER, TEXT, NOTE, SIGNED, LABEL, CELL, CUT, KEPT = (
    "单据单位",
    "单据标题",
    "单据编号",
    "单据正文",
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

WHO = "{{ 来访人 }}{% if 学号 %}（学号 {{ 学号 }}）{% endif %}："
ASKED = "您于{{ 受理时间 }}{% if 渠道 %}（{{ 渠道 }}）{% endif %}申请办理“{{ 事项 }}”"
HOW_TO_ASK = (
    "{% if 咨询电话 %}咨询电话：{{ 咨询电话 }}　{% endif %}"
    "{% if 办理地点 %}地点：{{ 办理地点 }}　{% endif %}请报编号 {{ 编号 }}"
)
OBJECTIONS = "可到{{ 咨询台 }}反映，或写在窗口的工作意见簿上"

RECEIPT: tuple[Line, ...] = (
    ("申请人", "{{ 来访人 }}", "学号", "{{ 学号 }}"),
    ("班级/单位", "{{ 班级 }}", "联系电话", "{{ 电话 }}"),
    ("申请事项", "{{ 事项 }}", "件型、件数", "{{ 件型 }}　{{ 件数 }} 件"),
    ("受理窗口", "{{ 窗口 }}", "责任部门", "{{ 责任部门 }}"),
    ("受理时间", "{{ 受理时间 }}", "渠道", "{{ 渠道 }}"),
    (
        "所收材料",
        "{% if 所收材料 %}{{ 所收材料 }}{% else %}无{% endif %}",
    ),
    "{%tr if 待补材料 %}",
    ("待补材料", "{{ 待补材料 }}"),
    (
        "应办结日",
        "材料补齐之日起{% if 承诺时限 %} {{ 承诺时限 }}内办结{% else %}另行告知"
        "{% endif %}，补齐前停止计时。",
    ),
    "{%tr else %}",
    (
        "承诺时限",
        "{{ 承诺时限 }}",
        "应办结日",
        "{% if 应办结日 %}{{ 应办结日 }}{% else %}由承办窗口告知{% endif %}",
    ),
    "{%tr endif %}",
    "{%tr if 转往窗口 %}",
    ("转往窗口", "{{ 转往窗口 }}"),
    "{%tr endif %}",
    "{%tr if 办理流程 %}",
    ("办理流程", "{{ 办理流程 }}"),
    "{%tr endif %}",
    ("首问负责人", "{{ 首问负责人 }}", "承办人", "{{ 承办人 }}"),
    ("查询方式", HOW_TO_ASK),
)
STUB: tuple[Line, ...] = (
    ("编号", "{{ 编号 }}", "受理日期", "{{ 受理日期 }}"),
    ("申请人", "{{ 来访人 }}　{{ 学号 }}", "申请事项", "{{ 事项 }}"),
    (
        "所收材料",
        "共 {{ 材料份数 }} 份",
        "应办结日",
        "{% if 应办结日 %}{{ 应办结日 }}{% else %}"
        "{% if 待补材料 %}待补材料{% else %}另行告知{% endif %}{% endif %}",
    ),
    ("承办人", "{{ 承办人 }}", "申请人签收", ""),
)
NOTICE: tuple[Line, ...] = (
    "{%tr if 待补材料 %}",
    ("需要补正", "{{ 待补材料 }}"),
    "{%tr endif %}",
    "{%tr if 所收材料 %}",
    ("已收材料", "{{ 所收材料 }}"),
    "{%tr endif %}",
    (
        "全部材料",
        "{% if 所需材料 %}{{ 所需材料 }}{% else %}以责任部门的说明为准{% endif %}",
    ),
    "{%tr if 办理流程 %}",
    ("办理流程", "{{ 办理流程 }}"),
    "{%tr endif %}",
    (
        "办理时限",
        "{% if 承诺时限 %}材料齐全、符合条件之日起 {{ 承诺时限 }}内办结"
        "{% else %}材料齐全、符合条件的当场办理{% endif %}",
    ),
    (
        "办理地点",
        "{{ 窗口 }}{% if 办理地点 %}（{{ 办理地点 }}）{% endif %}",
        "咨询电话",
        "{{ 咨询电话 }}",
    ),
    ("责任部门", "{{ 责任部门 }}", "承办人", "{{ 承办人 }}"),
)


def draw(kind: str) -> bytes:
    """The built-in template of a kind, the same bytes of XML each time."""
    document = _blank()
    document.add_paragraph("{{ 中心名称 }}", style=CENTRE)
    document.add_paragraph(SLIP_KIND_LABELS[kind], style=TITLE)
    document.add_paragraph("编号：{{ 编号 }}", style=NUMBER)
    {
        SlipKind.ACCEPTANCE: _draw_receipt,
        SlipKind.NOTICE: _draw_notice,
        SlipKind.REFUSAL: _draw_refusal,
    }[SlipKind(kind)](document)
    _add_footer(document)
    return _packed(document, SLIP_KIND_LABELS[kind])


def _draw_receipt(document: Any) -> None:
    _add_table(document, RECEIPT)
    for note in (
        "1. 请保管好本回执，凭编号查询和领取办理结果。",
        "2. 承诺时限从材料齐全之日起按工作日计算，周末和法定节假日不计。",
        f"3. 对办理有意见，{OBJECTIONS}。",
    ):
        document.add_paragraph(note, style=NOTE)
    document.add_paragraph("{{ 窗口 }}（盖章）　{{ 打印日期 }}", style=SIGNED)
    document.add_paragraph(f"{'－ ' * 11}沿此线裁开{' －' * 11}", style=CUT)
    document.add_paragraph("受理回执存根（窗口留存）", style=KEPT)
    _add_table(document, STUB, keeps=True)


def _draw_notice(document: Any) -> None:
    document.add_paragraph(WHO, style=TEXT).paragraph_format.first_line_indent = 0
    document.add_paragraph(f"{ASKED}，现将有关要求一次性告知如下：", style=TEXT)
    _add_table(document, NOTICE)
    for note in (
        "请按上述要求备齐材料，凭本告知单到窗口办理。",
        f"对告知内容有疑问或意见，{OBJECTIONS}。",
        "本告知单一式两份，申请人和窗口各执一份。",
    ):
        document.add_paragraph(note, style=NOTE)
    _add_signatures(document, "申请人（签字）：")


def _draw_refusal(document: Any) -> None:
    document.add_paragraph(WHO, style=TEXT).paragraph_format.first_line_indent = 0
    document.add_paragraph(f"{ASKED}，经核对，决定不予受理。", style=TEXT)
    for heading, text in (
        ("不予受理的原因：", "{{ 不予受理原因 }}"),
        ("依据：", "{% if 依据 %}{{ 依据 }}{% else %}责任部门的办理规定{% endif %}"),
    ):
        document.add_paragraph(
            heading, style=TEXT
        ).paragraph_format.keep_with_next = True
        reason = document.add_paragraph(text, style=TEXT).paragraph_format
        reason.first_line_indent, reason.left_indent = 0, SIZE_4 * 2
    document.add_paragraph(
        f"如有异议，{OBJECTIONS}；也可以向{{{{ 责任部门 }}}}询问"
        "{% if 咨询电话 %}（电话 {{ 咨询电话 }}）{% endif %}。"
        "符合条件或补齐材料后，可以重新申请。",
        style=TEXT,
    )
    document.add_paragraph("特此告知。", style=TEXT)
    _add_signatures(document, "申请人（签收）：")


def _add_signatures(document: Any, visitor: str) -> None:
    first = document.add_paragraph(
        f"{visitor}\t承办人（签字）：{{{{ 承办人 }}}}", style=SIGNED
    )
    last = document.add_paragraph(
        "日期：　　　　年　　月　　日\t{{ 窗口 }}（盖章）　{{ 打印日期 }}", style=SIGNED
    )
    for line in (first, last):
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        stops = line.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    first.paragraph_format.space_before = Pt(24)
    first.paragraph_format.keep_with_next = True


def _blank() -> Any:
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
    note = _add_style(document, NOTE, "SlipNote", BODY_FONT, SMALL_5, left)
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


def _add_table(document: Any, lines: Sequence[Line], *, keeps: bool = False) -> None:
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


def _add_footer(document: Any) -> None:
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


def _packed(document: Any, title: str) -> bytes:
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


def main(folder: Path = BUILT_IN) -> None:
    for kind in SlipKind:
        (folder / f"{kind}.docx").write_bytes(draw(kind))


if __name__ == "__main__":
    main()
