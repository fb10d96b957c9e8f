"""Draws the built-in templates: `python -m exports.slips.drawing`.

They are kept in exports/templates/, where departments take them from to make their own.
"""

from pathlib import Path
from typing import Any

from docx.shared import Mm

from exports.ledgers.styles import SIZE_4
from exports.slips.paper import (
    CENTRE,
    CUT,
    HEAD,
    KEPT,
    NOTE,
    NUMBER,
    SIGNED,
    TEXT,
    TITLE,
    Line,
    add_footer,
    add_signatures,
    add_signers,
    add_table,
    blank_page,
    packed,
)
from exports.slips.slips import BUILT_IN
from models.slip_templates import SLIP_KIND_LABELS, SlipKind

WHO = "{{ 来访人 }}{% if 学号 %}（学号 {{ 学号 }}）{% endif %}："
ASKED = "您于{{ 受理时间 }}{% if 渠道 %}（{{ 渠道 }}）{% endif %}申请办理“{{ 事项 }}”"
HOW_TO_ASK = (
    "{% if 咨询电话 %}拨打 {{ 咨询电话 }}，或{% endif %}到{{ 窗口 }}"
    "{% if 办理地点 %}（{{ 办理地点 }}）{% endif %}查询，请报编号 {{ 编号 }}"
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
        "补齐材料前停止计时，补齐后接着计算{% if 承诺时限 %}（承诺时限 {{ 承诺时限 }}）"
        "{% endif %}，届时告知应办结日。",
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
        "{% if 咨询电话 %}{{ 咨询电话 }}{% else %}见窗口公示{% endif %}",
    ),
    ("责任部门", "{{ 责任部门 }}", "承办人", "{{ 承办人 }}"),
)
HANDOVER: tuple[Line, ...] = (
    ("窗口", "{{ 窗口 }}", "日期班次", "{{ 日期班次 }}"),
    (
        "交班人",
        "{{ 交班人 }}",
        "接班人",
        "{% if 接班人 %}{{ 接班人 }}{% else %}待接班{% endif %}",
    ),
    ("交接时间", "{{ 交接时间 }}", "环境", "{{ 环境 }}"),
    ("本班概况", "{{ 本班概况 }}"),
    ("未完成事项", "{{ 未完成事项 }}"),
    ("异常情况", "{{ 异常情况 }}"),
    ("上级交办", "{{ 上级交办 }}"),
    ("物品清点", "{{ 物品清点 }}"),
    ("印章起止号", "{{ 印章起止号 }}"),
)
TRANSFER: tuple[Line, ...] = (
    ("印章名称", "{{ 名称 }}"),
    ("保管部门", "{{ 保管部门 }}", "枚数", "{{ 枚数 }} 枚"),
    ("移交时间", "{{ 时间 }}", "移交地点", "{{ 地点 }}"),
    ("移交原因", "{{ 原因 }}"),
    "{%tr if 期限 %}",
    ("代管期限", "{{ 期限 }}", "批准人", "{{ 批准 }}"),
    "{%tr endif %}",
    ("登记起止号", "{{ 登记起止号 }}"),
    ("印章状况", "{{ 状况 }}"),
    ("移交人", "{{ 移交人 }}", "接收人", "{{ 接收人 }}"),
    ("监交人", "{{ 监交人 }}"),
    ("印模", ""),
)
# A seal is 42 mm across.
IMPRINT = Mm(46)


def draw(kind: str) -> bytes:
    """The built-in template of a kind, the same bytes of XML each time."""
    document = blank_page()
    document.add_paragraph("{{ 中心名称 }}", style=CENTRE)
    document.add_paragraph(SLIP_KIND_LABELS[kind], style=TITLE)
    document.add_paragraph("编号：{{ 编号 }}", style=NUMBER)
    {
        SlipKind.ACCEPTANCE: _draw_receipt,
        SlipKind.NOTICE: _draw_notice,
        SlipKind.REFUSAL: _draw_refusal,
        SlipKind.HANDOVER: _draw_handover,
        SlipKind.TRANSFER: _draw_transfer,
    }[SlipKind(kind)](document)
    add_footer(document)
    return packed(document, SLIP_KIND_LABELS[kind])


def _draw_receipt(document: Any) -> None:
    add_table(document, RECEIPT)
    for note in (
        "1. 请保管好本回执，凭编号查询和领取办理结果。",
        "2. 承诺时限从材料齐全之日起按工作日计算，周末和法定节假日不计。",
        f"3. 对办理有意见，{OBJECTIONS}。",
    ):
        document.add_paragraph(note, style=NOTE)
    document.add_paragraph("{{ 窗口 }}（盖章）　{{ 打印日期 }}", style=SIGNED)
    document.add_paragraph(f"{'－ ' * 14}沿此线裁开{' －' * 14}", style=CUT)
    document.add_paragraph("受理回执存根（窗口留存）", style=KEPT)
    add_table(document, STUB, keeps=True)


def _draw_notice(document: Any) -> None:
    document.add_paragraph(WHO, style=TEXT).paragraph_format.first_line_indent = 0
    document.add_paragraph(f"{ASKED}，现将有关要求一次性告知如下：", style=TEXT)
    add_table(document, NOTICE)
    for note in (
        "请按上述要求备齐材料，凭本告知单到窗口办理。",
        f"对告知内容有疑问或意见，{OBJECTIONS}。",
        "本告知单一式两份，申请人和窗口各执一份。",
    ):
        document.add_paragraph(note, style=NOTE)
    add_signatures(document, "申请人（签字）：")


def _draw_refusal(document: Any) -> None:
    document.add_paragraph(WHO, style=TEXT).paragraph_format.first_line_indent = 0
    document.add_paragraph(f"{ASKED}，经核对，决定不予受理。", style=TEXT)
    for heading, text in (
        ("不予受理的原因：", "{{ 不予受理原因 }}"),
        ("依据：", "{% if 依据 %}{{ 依据 }}{% else %}责任部门的办理规定{% endif %}"),
    ):
        document.add_paragraph(heading, style=HEAD)
        reason = document.add_paragraph(text, style=TEXT).paragraph_format
        reason.first_line_indent, reason.left_indent = 0, SIZE_4 * 2
    document.add_paragraph(
        f"如有异议，{OBJECTIONS}；也可以向{{{{ 责任部门 }}}}询问"
        "{% if 咨询电话 %}（电话 {{ 咨询电话 }}）{% endif %}。"
        "符合条件或补齐材料后，可以重新申请。",
        style=TEXT,
    )
    document.add_paragraph("特此告知。", style=TEXT)
    add_signatures(document, "申请人（签收）：")


def _draw_handover(document: Any) -> None:
    add_table(document, HANDOVER)
    document.add_paragraph(
        "本表由登记的记录生成，双方在系统里签字后不能再改；有异议的在异常情况中写明。",
        style=NOTE,
    )
    time = "{{% if {0} %}}{{{{ {0} }}}}{{% else %}}　　　　年　　月　　日{{% endif %}}"
    add_signers(
        document,
        ("交班人（签字）：", time.format("交班签字")),
        ("接班人（签字）：", time.format("接班签字")),
    )


def _draw_transfer(document: Any) -> None:
    add_table(document, TRANSFER).rows[-1].height = IMPRINT
    document.add_paragraph(
        "本单一式两份，移交人和接收人各执一份；登记起止号是移交人保管期间的用印编号。",
        style=NOTE,
    )
    blank = "　　年　　月　　日"
    add_signers(
        document,
        *((f"{who}（签字）：", blank) for who in ("移交人", "接收人", "监交人")),
    )


def main(folder: Path = BUILT_IN) -> None:
    for kind in SlipKind:
        (folder / f"{kind}.docx").write_bytes(draw(kind))


if __name__ == "__main__":
    main()
