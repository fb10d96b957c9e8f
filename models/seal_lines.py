"""Lines of the seal ledger (印章使用登记): the row, and what a line must say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import BooleanField, IntegerField, TextField

from models.base import ListField, MomentField, Record
from models.custody import Holder
from models.desks import Desk
from models.errors import UserError
from models.seals import Seal
from models.students import Student
from models.typed_words import check_name


class SealUse(Record):
    """One line of the seal ledger."""

    seal_uid = TextField(verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    year = IntegerField(verbose_name="年度")
    number = IntegerField(verbose_name="编号")
    used_at = MomentField(index=True, verbose_name="用印时间")
    unit = TextField(verbose_name="用印单位")
    applicant = TextField(verbose_name="用印人")
    document_title = TextField(verbose_name="文件名称")
    document_number = TextField(default="", verbose_name="文件编号")
    purpose = TextField(verbose_name="用印事由")
    copies = IntegerField(default=1, verbose_name="份数")
    impressions = IntegerField(default=1, verbose_name="枚数")
    approver = TextField(default="", verbose_name="批准人")
    handler_name = TextField(default="", verbose_name="经办人")
    sealer_uid = TextField(verbose_name="监印人标识")
    sealer_name = TextField(verbose_name="监印人")
    student_number = TextField(default="", index=True, verbose_name="学号")
    students = ListField(verbose_name="学生名单")
    copy_kept = TextField(default="", verbose_name="留存")
    refused_reason = TextField(default="", verbose_name="拒印原因")
    note = TextField(default="", verbose_name="备注")
    is_void = BooleanField(default=False, verbose_name="作废")
    void_reason = TextField(default="", verbose_name="作废原因")
    # Copied in from paper; `used_at` is then the time written there.
    late_entry = BooleanField(default=False, verbose_name="补录")
    entered_at = MomentField(null=True, verbose_name="录入时间")
    # The line that this one stands in for; it was voided with it.
    corrects_uid = TextField(default="", verbose_name="更正标识")
    corrects_number = TextField(default="", verbose_name="更正编号")
    reservation_uid = TextField(default="", verbose_name="断电表标识")

    class Meta:
        table_name = "seal_use"
        indexes = (
            (("seal_uid", "year", "number"), False),
            (("seal_uid", "used_at"), False),
        )

    @property
    def number_text(self) -> str:
        return f"{self.year}-{self.number:04d}"


# The lists of batches alone: a student is looked for in them (P6) without reading
# every line of the ledger.
SealUse.add_index(
    SealUse.index(SealUse.students, SealUse.uid, name="seal_use_lists").where(
        SealUse.students != "[]"
    )
)


def use_fields(
    *,
    applicant: str,
    unit: str,
    document_title: str,
    purpose: str,
    copies: int = 1,
    impressions: int = 1,
    approver: str = "",
    handler: str = "",
    document_number: str = "",
    student: Student | None = None,
    student_number: str = "",
    students: Sequence[str] = (),
    copy_kept: str = "",
    note: str = "",
) -> dict[str, Any]:
    """What a line says of a use, checked.  Blank paper is never sealed: a document
    has a title."""
    if not document_title.strip():
        raise UserError("请填写文件名称；空白纸张不得用印。")
    if not purpose.strip():
        raise UserError("请填写用印事由。")
    for count, what in ((copies, "份数"), (impressions, "枚数")):
        if not 1 <= count <= 9999:
            raise UserError(f"{what}请填 1 到 9999 之间的整数。")
    if not approver.strip():
        raise UserError("请填写批准人。")
    check_name(approver, "批准人", "approver")
    return _applicant_fields(applicant, unit) | {
        "document_title": document_title.strip(),
        "document_number": document_number.strip(),
        "purpose": purpose.strip(),
        "copies": copies,
        "impressions": impressions,
        "approver": approver.strip(),
        "handler_name": handler.strip(),
        "student_number": student.number if student else student_number.strip(),
        "students": student_list(students),
        "copy_kept": copy_kept.strip(),
        "note": note.strip(),
    }


def refusal_fields(
    *,
    applicant: str,
    unit: str,
    reason: str,
    document_title: str = "",
    purpose: str = "",
    approver: str = "",
    handler: str = "",
    document_number: str = "",
    student: Student | None = None,
    student_number: str = "",
    students: Sequence[str] = (),
    note: str = "",
) -> dict[str, Any]:
    """What a line says of a refusal, checked: no copies and no impressions."""
    if not reason.strip():
        raise UserError("请写明拒印原因。")
    check_name(approver, "批准人", "approver")
    return _applicant_fields(applicant, unit) | {
        "document_title": document_title.strip() or "（空白）",
        "document_number": document_number.strip(),
        "purpose": purpose.strip() or "（未说明）",
        "copies": 0,
        "impressions": 0,
        "approver": approver.strip(),
        "handler_name": handler.strip(),
        "student_number": student.number if student else student_number.strip(),
        "students": student_list(students),
        "refused_reason": reason.strip(),
        "note": note.strip(),
    }


def _applicant_fields(applicant: str, unit: str) -> dict[str, Any]:
    if not applicant.strip():
        raise UserError("请填写用印人。")
    if not unit.strip():
        raise UserError("请填写用印单位。")
    return {"applicant": applicant.strip(), "unit": unit.strip()}


def student_list(numbers: Sequence[str]) -> list[str]:
    """The student numbers of a batch as they are kept: each once, in order."""
    return list(dict.fromkeys(n.strip() for n in numbers if n.strip()))


def new_line(
    seal: Seal,
    desk: Desk,
    *,
    year: int,
    number: int,
    used_at: datetime,
    sealer: Holder,
    **fields: Any,
) -> SealUse:
    """A line of *seal*'s ledger, to be written; the sealer is the handler too unless
    the fields name one."""
    fields["handler_name"] = fields.get("handler_name") or sealer.name
    return SealUse(
        seal_uid=seal.uid,
        seal_name=seal.name,
        department_uid=seal.department_uid,
        desk_uid=desk.uid,
        desk_name=desk.name,
        year=year,
        number=number,
        used_at=used_at,
        sealer_uid=sealer.uid,
        sealer_name=sealer.name,
        **fields,
    )
