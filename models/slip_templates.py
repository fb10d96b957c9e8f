"""Templates of slips (办件单据模板): departments may replace the built-in ones.

The office's hold at every desk, a department's at the desk where they were put in.
A department's comes before the office's for all departments, and that before the
built-in one.
"""

import base64
from enum import StrEnum
from pathlib import PurePath

from peewee import IntegerField, TextField

from models import clock
from models.base import MomentField, Record, transaction, tuples_of
from models.desks import Department
from models.errors import UserError
from models.installation import installation
from models.people import Person
from models.permissions import Operation, may, require
from models.slip_contents import check_contents


class SlipKind(StrEnum):
    """What a student is given on paper (P22), and what is signed at a desk.

    Stored: never rename a value.
    """

    ACCEPTANCE = "acceptance"
    NOTICE = "notice"
    REFUSAL = "refusal"
    HANDOVER = "handover"
    TRANSFER = "transfer"


SLIP_KIND_LABELS: dict[str, str] = {
    SlipKind.ACCEPTANCE: "受理回执",
    SlipKind.NOTICE: "一次性告知单",
    SlipKind.REFUSAL: "不予受理告知书",
    SlipKind.HANDOVER: "交接班记录表",
    SlipKind.TRANSFER: "印章移交单",
}


class SlipTemplate(Record):
    """A Word template; a change is a new version."""

    audience = "all"
    written_by = "all"
    only_added = True

    kind = TextField(index=True, verbose_name="单据")
    # "" for all departments.
    department_uid = TextField(default="", verbose_name="部门标识")
    department_name = TextField(default="", verbose_name="部门")
    version = IntegerField(verbose_name="版本")
    file_name = TextField(verbose_name="文件名")
    # The .docx, base64; "" takes the built-in template into use again.
    content = TextField(verbose_name="内容")
    added_at = MomentField(verbose_name="启用时间")
    author_uid = TextField(verbose_name="启用人标识")
    author_name = TextField(verbose_name="启用人")

    class Meta:
        table_name = "slip_template"

    @property
    def kind_label(self) -> str:
        return SLIP_KIND_LABELS.get(self.kind, self.kind)

    @property
    def document(self) -> bytes:
        """The .docx; nothing where the built-in template was taken up again."""
        return base64.b64decode(self.content)


def put_template(
    *,
    by: Person,
    kind: str,
    department: Department | None = None,
    file_name: str,
    content: bytes,
) -> SlipTemplate:
    """Take a Word file into use for a kind of slip, from now on.

    Without a *department* it is for all that have none of their own, which the office
    alone decides.  An empty *content* takes the one before it in rank into use again.
    """
    _require_template(by, department)
    if kind not in SLIP_KIND_LABELS:
        raise UserError("请选择是哪一种单据。")
    name = PurePath(file_name.strip().replace("\\", "/")).name
    if content:
        if not name.lower().endswith(".docx"):
            raise UserError("请选择 Word 的 .docx 文件。")
        check_contents(content, kind)
    department_uid = department.uid if department else ""
    with transaction():
        newest = _newest(kind, department_uid)
        if not content and (newest is None or not newest.content):
            raise UserError("现在用的就是内置或办公室的模板，不用恢复。")
        return SlipTemplate(
            kind=kind,
            department_uid=department_uid,
            department_name=department.name if department else "",
            version=newest.version + 1 if newest else 1,
            file_name=name if content else "",
            content=base64.b64encode(content).decode(),
            added_at=clock.now(),
            author_uid=by.uid,
            author_name=by.name,
        ).write(by=by)


def _require_template(by: Person, department: Department | None) -> None:
    if department is not None:
        require(by, Operation.SLIP_TEMPLATE, departments={department.uid})
        return
    if not may(by, Operation.SLIP_TEMPLATE):
        raise UserError("全部部门共用的模板只有中心办公室可以更换。")
    if not installation().is_office:
        raise UserError("全部部门共用的模板请在办公室的电脑上更换。")


def template_for(kind: str, department_uid: str) -> SlipTemplate | None:
    """The template that holds for a department's slips; None for the built-in one."""
    for owner in dict.fromkeys((department_uid, "")):
        newest = _newest(kind, owner)
        if newest is not None and newest.content:
            return newest
    return None


def templates() -> list[SlipTemplate]:
    """Those put in that hold now, by kind, for all departments first."""
    pairs = tuples_of(
        SlipTemplate.select(SlipTemplate.kind, SlipTemplate.department_uid).distinct()
    )
    newest = [row for pair in sorted(pairs) if (row := _newest(*pair)) is not None]
    return [row for row in newest if row.content]


def _newest(kind: str, department_uid: str) -> SlipTemplate | None:
    """By version; the clocks of two PCs decide only between equal ones."""
    return (
        SlipTemplate.select()
        .where(
            (SlipTemplate.kind == kind)
            & (SlipTemplate.department_uid == department_uid)
        )
        .order_by(
            SlipTemplate.version.desc(),
            SlipTemplate.added_at.desc(),
            SlipTemplate.uid.desc(),
        )
        .first()
    )
