"""Uses of a seal (用印登记): numbers run per seal and year without a gap (P6, P16).

A void entry keeps its number, and so does a refusal.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from peewee import SQL

from models import clock
from models.base import station_uid, transaction
from models.clock import between
from models.custody import Holder, is_with_office, require_user
from models.epochs import require_certain_numbers
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.seal_lines import SealUse, new_line, refusal_fields, use_fields
from models.seal_numbers import next_seal_number
from models.seals import Seal, current, require_here
from models.students import Student

__all__ = [
    "SealUse",
    "correct_seal_use",
    "next_seal_number",
    "record_seal_use",
    "refuse_seal_use",
    "seal_uses_of",
    "seal_uses_on",
    "void_seal_use",
]


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
    fields = use_fields(
        applicant=applicant,
        unit=unit,
        document_title=document_title,
        purpose=purpose,
        copies=copies,
        impressions=impressions,
        approver=approver,
        handler=handler,
        document_number=document_number,
        student=student,
        students=students,
        copy_kept=copy_kept,
        note=note,
    )
    return _write_line(by, seal, fields)


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
    student: Student | None = None,
    students: Sequence[str] = (),
    note: str = "",
) -> SealUse:
    """Note that the sealer refused: the line has a number and no impression."""
    fields = refusal_fields(
        applicant=applicant,
        unit=unit,
        reason=reason,
        document_title=document_title,
        purpose=purpose,
        approver=approver,
        document_number=document_number,
        student=student,
        students=students,
        note=note,
    )
    return _write_line(by, seal, fields)


def _write_line(by: Person, seal: Seal, fields: dict[str, Any]) -> SealUse:
    now = clock.now()
    with transaction():
        seal, desk = current(seal), require_user(seal, by)
        return new_line(
            seal,
            desk,
            year=now.year,
            number=next_seal_number(seal, now.year),
            used_at=now,
            sealer=Holder(by.uid, by.name),
            **fields,
        ).write(by=by)


def void_seal_use(use: SealUse, *, by: Person, reason: str) -> SealUse:
    """Mark a use that was entered wrongly; it stays and keeps its number."""
    if not reason.strip():
        raise UserError("请写明作废原因。")
    _require_own_line(use, by)
    with transaction():
        return _void(use, by, reason.strip())


def _void(use: SealUse, by: Person, reason: str) -> SealUse:
    if SealUse.get_by_id(use.uid).is_void:
        raise UserError("这条用印已经作废。")
    use.is_void, use.void_reason = True, reason
    return use.write(by=by)


def _require_own_line(use: SealUse, by: Person) -> None:
    # Whoever had the seal in temporary custody answers for the lines they wrote.
    own = {by.department_uid} if by.uid == use.sealer_uid else set()
    departments = {use.department_uid} | own
    require(by, Operation.SEAL_VOID, departments=departments, about=use.sealer_uid)
    if use.station != station_uid():
        raise UserError("这条用印登记在另一台电脑上，请到那台电脑作废或更正。")


def correct_seal_use(
    use: SealUse, *, by: Person, reason: str, **fields: Any
) -> SealUse:
    """Write a new line, with the next number, in place of one that was wrong.

    *fields* are the arguments of `record_seal_use` that change, or `refused_reason`.
    The wrong line is voided and both name each other.  The new line stands where it
    was written; when the seal was set is in its note.
    """
    if not reason.strip():
        raise UserError("请写明更正原因。")
    _require_own_line(use, by)
    now, reason = clock.now(), reason.strip()
    with transaction():
        seal = Seal.get_by_id(use.seal_uid)
        desk = require_here(seal)
        if is_with_office(seal):
            raise UserError("印章已缴回办公室，不能再编新号；请只作废这条用印。")
        require_certain_numbers()
        line = new_line(
            seal,
            desk,
            year=now.year,
            number=next_seal_number(seal, now.year),
            used_at=now,
            sealer=Holder(use.sealer_uid, use.sealer_name),
            entered_at=now,
            corrects_uid=use.uid,
            corrects_number=use.number_text,
            **_corrected(use, fields),
        )
        was = f"更正 {use.number_text}（{use.used_at:%Y-%m-%d %H:%M} 用印）：{reason}"
        line.note = "；".join(filter(None, [line.note, was]))
        _void(use, by, f"更正为 {line.number_text}：{reason}")
        return line.write(by=by)


def _corrected(use: SealUse, fields: dict[str, Any]) -> dict[str, Any]:
    """What the new line says: what the old one said, but for *fields*."""
    common = ("applicant", "unit", "document_title", "document_number", "purpose")
    said = {name: getattr(use, name) for name in (*common, "approver", "note")}
    said |= {"student_number": use.student_number, "students": use.students}
    said |= {"handler": use.handler_name}
    counted = {name: getattr(use, name) for name in ("copies", "impressions")}
    counted |= {"copy_kept": use.copy_kept}
    refused = fields.pop("refused_reason", use.refused_reason)
    if refused:
        made = refusal_fields(**said | fields, reason=refused)
    else:
        if use.refused_reason:
            counted |= {"copies": 1, "impressions": 1}
        made = use_fields(**said | counted | fields)
    if all(getattr(use, name) == value for name, value in made.items()):
        raise UserError("请填写要更正的内容，再保存更正。")
    return made


def seal_uses_on(day: date, seal: Seal | None = None) -> list[SealUse]:
    """The uses of a day, newest first."""
    query = SealUse.select().where(SealUse.used_at.between(*between(day, day)))
    if seal is not None:
        query = query.where(SealUse.seal_uid == seal.uid)
    return list(query.order_by(SealUse.used_at.desc(), SealUse.uid.desc()))


# As text: SQLite takes the index of the lists only when it reads what they are not.
_LISTED = (
    "(SELECT listed.uid FROM seal_use AS listed "
    "WHERE listed.students <> '[]' AND instr(listed.students, ?) > 0)"
)


def names_student(number: str):
    """The condition that a line is about a student, alone or on the list of a batch."""
    listed = SealUse.uid.in_(SQL(_LISTED, (f'"{number}"',)))
    return (SealUse.student_number == number) | listed


def seal_uses_of(student_number: str) -> list[SealUse]:
    """What was sealed for a student, newest first, also on the list of a batch."""
    if not student_number.strip():
        return []
    query = SealUse.select().where(names_student(student_number.strip()))
    return list(query.order_by(SealUse.used_at.desc(), SealUse.uid.desc()))
