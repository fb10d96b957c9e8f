"""Uses of a seal (用印登记): numbers run per seal and year without a gap (P6, P16).

A void entry keeps its number, and so does a refusal.
"""

from collections.abc import Sequence
from datetime import date

from peewee import BooleanField, IntegerField, TextField, fn

from models import clock
from models.base import ListField, MomentField, Record, transaction
from models.clock import between
from models.custody import require_user
from models.errors import UserError
from models.people import Person, PersonRole
from models.seals import Seal
from models.students import Student


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


def next_seal_number(seal: Seal, year: int) -> int:
    """The number the next use of *seal* gets in *year*."""
    last = (
        SealUse.select(fn.MAX(SealUse.number))
        .where((SealUse.seal_uid == seal.uid) & (SealUse.year == year))
        .scalar()
    )
    return (last or 0) + 1


def record_seal_use(
    *,
    by: Person,
    seal: Seal,
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
    students: Sequence[str] = (),
    copy_kept: str = "",
    note: str = "",
) -> SealUse:
    """Note that the seal was set; the entry gets the seal's next number.

    *students* are the student numbers of a batch (P6).  Blank paper is never sealed:
    a document has a title.
    """
    if not document_title.strip():
        raise UserError("请填写文件名称；空白纸张不得用印。")
    if not purpose.strip():
        raise UserError("请填写用印事由。")
    if not 1 <= copies <= 9999:
        raise UserError("份数请填 1 到 9999 之间的整数。")
    if not 1 <= impressions <= 9999:
        raise UserError("枚数请填 1 到 9999 之间的整数。")
    if not approver.strip():
        raise UserError("请填写批准人。")
    return _write_use(
        by=by,
        seal=seal,
        applicant=applicant,
        unit=unit,
        document_title=document_title.strip(),
        document_number=document_number.strip(),
        purpose=purpose.strip(),
        copies=copies,
        impressions=impressions,
        approver=approver.strip(),
        handler_name=handler.strip() or by.name,
        student_number=student.number if student else "",
        students=[number.strip() for number in students if number.strip()],
        copy_kept=copy_kept.strip(),
        note=note.strip(),
    )


def refuse_seal_use(
    *,
    by: Person,
    seal: Seal,
    applicant: str,
    unit: str,
    document_title: str,
    reason: str,
    purpose: str = "",
    approver: str = "",
    document_number: str = "",
    students: Sequence[str] = (),
    note: str = "",
) -> SealUse:
    """Note that the sealer refused: the line has a number and no impression."""
    if not reason.strip():
        raise UserError("请写明拒印原因。")
    return _write_use(
        by=by,
        seal=seal,
        applicant=applicant,
        unit=unit,
        document_title=document_title.strip() or "（空白）",
        document_number=document_number.strip(),
        purpose=purpose.strip() or "（未说明）",
        copies=0,
        impressions=0,
        approver=approver.strip(),
        handler_name=by.name,
        students=[number.strip() for number in students if number.strip()],
        refused_reason=reason.strip(),
        note=note.strip(),
    )


def _write_use(
    *, by: Person, seal: Seal, applicant: str, unit: str, **fields: object
) -> SealUse:
    if not applicant.strip():
        raise UserError("请填写用印人。")
    if not unit.strip():
        raise UserError("请填写用印单位。")
    now = clock.now()
    with transaction():
        desk = require_user(seal, by)
        return SealUse(
            seal_uid=seal.uid,
            seal_name=seal.name,
            department_uid=seal.department_uid,
            desk_uid=desk.uid,
            desk_name=desk.name,
            year=now.year,
            number=next_seal_number(seal, now.year),
            used_at=now,
            unit=unit.strip(),
            applicant=applicant.strip(),
            sealer_uid=by.uid,
            sealer_name=by.name,
            **fields,
        ).write(by=by)


def void_seal_use(use: SealUse, *, by: Person, reason: str) -> SealUse:
    """Mark a use that was entered wrongly; it stays and keeps its number."""
    if not reason.strip():
        raise UserError("请写明作废原因。")
    if by.role == PersonRole.ASSISTANT and use.sealer_uid != by.uid:
        raise UserError("只有监印人本人或部门老师可以作废这条用印。")
    with transaction():
        if use.is_void:
            raise UserError("这条用印已经作废。")
        use.is_void, use.void_reason = True, reason.strip()
        return use.write(by=by)


def seal_uses_on(day: date, seal: Seal | None = None) -> list[SealUse]:
    """The uses of a day, newest first."""
    query = SealUse.select().where(SealUse.used_at.between(*between(day, day)))
    if seal is not None:
        query = query.where(SealUse.seal_uid == seal.uid)
    return list(query.order_by(SealUse.used_at.desc(), SealUse.uid.desc()))
