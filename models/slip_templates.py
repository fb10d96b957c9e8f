"""Templates of slips (办件单据模板): departments may replace the built-in ones.

The office's hold at every desk, a department's at the desk where they were put in.
"""

from enum import StrEnum

from peewee import IntegerField, TextField

from models.base import MomentField, Record


class SlipKind(StrEnum):
    """What a student is given on paper (P22).  Stored: never rename a value."""

    ACCEPTANCE = "acceptance"
    NOTICE = "notice"
    REFUSAL = "refusal"


SLIP_KIND_LABELS: dict[str, str] = {
    SlipKind.ACCEPTANCE: "受理回执",
    SlipKind.NOTICE: "一次性告知单",
    SlipKind.REFUSAL: "不予受理告知书",
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
