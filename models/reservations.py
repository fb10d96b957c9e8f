"""Reserved seal numbers (断电表): a blank sheet printed for when the power fails.

The numbers of a sheet are the next ones of the seal; live entries go on behind them.
Afterwards the paper rows are copied in under the same numbers, and the rest is voided:
every number of the sheet becomes a line of the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import IntegerField, TextField

from models import clock
from models.base import DayField, MomentField, Record, station_uid, transaction
from models.custody import custody_of, holders_between, is_with_office
from models.desks import Desk, this_desk
from models.epochs import require_certain_numbers
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.seal_lines import SealUse, new_line, refusal_fields, use_fields
from models.seal_numbers import next_seal_number
from models.seal_transfers import Holder
from models.seals import Seal, SealState, current, require_here
from models.students import Student

# Some ten pages: more than a day needs, and a slip of the finger is not printed.
MOST_NUMBERS = 200


class SealReservation(Record):
    """A sheet with the numbers *first* to *last* of a seal and year."""

    seal_uid = TextField(index=True, verbose_name="印章标识")
    seal_name = TextField(verbose_name="印章")
    department_uid = TextField(verbose_name="部门标识")
    desk_uid = TextField(verbose_name="窗口标识")
    desk_name = TextField(verbose_name="窗口")
    year = IntegerField(verbose_name="年度")
    first = IntegerField(verbose_name="预留起号")
    last = IntegerField(verbose_name="预留止号")
    for_day = DayField(verbose_name="备用日期")
    reserved_at = MomentField(verbose_name="打印时间")
    person_uid = TextField(verbose_name="打印人标识")
    person_name = TextField(verbose_name="打印人")
    settled_at = MomentField(null=True, verbose_name="补录时间")
    settler_uid = TextField(default="", verbose_name="补录人标识")
    settler_name = TextField(default="", verbose_name="补录人")
    used = IntegerField(default=0, verbose_name="已用号数")
    void_reason = TextField(default="", verbose_name="未用作废原因")

    class Meta:
        table_name = "seal_reservation"

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None


@dataclass
class PaperUse:
    """A row of a paper sheet, as it is copied in; `sealer` None is the holder then."""

    number: int
    used_at: datetime
    applicant: str
    unit: str
    document_title: str
    purpose: str = ""
    copies: int = 1
    impressions: int = 1
    approver: str = ""
    handler: str = ""
    document_number: str = ""
    student: Student | None = None
    students: Sequence[str] = ()
    copy_kept: str = ""
    note: str = ""
    refused_reason: str = ""
    sealer: Person | None = None


def reserve_numbers(
    seal: Seal, *, by: Person, count: int, for_day: date
) -> SealReservation:
    """Set the next *count* numbers of this year apart for a sheet to be printed."""
    if not 1 <= count <= MOST_NUMBERS:
        raise UserError(f"断电表的行数请填 1 到 {MOST_NUMBERS} 之间的整数。")
    now = clock.now()
    if for_day < now.date():
        raise UserError("备用日期不能早于今天，请核对。")
    with transaction():
        seal = current(seal)
        desk = require_here(seal)
        _require_reserver(seal, by)
        if seal.state != SealState.ACTIVE or is_with_office(seal):
            raise UserError("这枚印章已停用或缴回办公室，不用再打印断电表。")
        require_certain_numbers()
        first = next_seal_number(seal, now.year)
        return SealReservation(
            seal_uid=seal.uid,
            seal_name=seal.name,
            department_uid=seal.department_uid,
            desk_uid=desk.uid,
            desk_name=desk.name,
            year=now.year,
            first=first,
            last=first + count - 1,
            for_day=for_day,
            reserved_at=now,
            person_uid=by.uid,
            person_name=by.name,
        ).write(by=by)


def _require_reserver(seal: Seal, by: Person) -> None:
    custody = custody_of(seal)
    lent = custody.is_temporary and custody.holder.uid == by.uid
    departments = {seal.department_uid} | ({by.department_uid} if lent else set())
    require(by, Operation.SEAL_RESERVE, departments=departments)


def settle_reservation(
    reservation: SealReservation,
    *,
    by: Person,
    rows: Sequence[PaperUse],
    void_reason: str = "",
) -> SealReservation:
    """Copy the paper rows in under their numbers and void the rest, all or nothing.

    Numbers keep the year they were printed in, whatever the date on paper.  A fault
    in a row raises `UserError` whose text begins with `第 N 号：`.
    """
    void_reason = void_reason.strip()
    with transaction():
        seal = Seal.get_by_id(reservation.seal_uid)
        _require_reserver(seal, by)
        _check_open(reservation)
        now, desk = clock.now(), this_desk()
        by_number = _by_number(reservation, rows, void_reason)
        lines = []
        used_at = _first_time(reservation, rows, now)
        for number in range(reservation.first, reservation.last + 1):
            row = by_number.get(number)
            if row is not None:
                used_at = row.used_at.replace(microsecond=0)
                sealer, fields = _checked(reservation, seal, row, now)
            else:
                sealer, fields = Holder("", ""), _unused_fields(void_reason)
            lines.append(
                new_line(
                    seal,
                    desk,
                    year=reservation.year,
                    number=number,
                    used_at=used_at,
                    sealer=sealer,
                    late_entry=True,
                    entered_at=now,
                    reservation_uid=reservation.uid,
                    **fields,
                )
            )
        SealUse.write_new(lines, by=by)
        reservation.settled_at = now
        reservation.settler_uid, reservation.settler_name = by.uid, by.name
        reservation.used, reservation.void_reason = len(by_number), void_reason
        return reservation.write(by=by)


def check_paper_rows(reservation: SealReservation, rows: Sequence[PaperUse]) -> None:
    """Raise what `settle_reservation` would for a row, before anybody is asked why
    the other numbers were not used."""
    seal, now = Seal.get_by_id(reservation.seal_uid), clock.now()
    for row in sorted(rows, key=lambda row: row.number):
        _checked(reservation, seal, row, now)


def _check_open(reservation: SealReservation) -> None:
    if reservation.station != station_uid():
        raise UserError("这张断电表是另一台电脑打印的，请到那台电脑补录。")
    if SealReservation.get_by_id(reservation.uid).is_settled:
        raise UserError("这张断电表已经补录过了。")


def _by_number(
    reservation: SealReservation, rows: Sequence[PaperUse], void_reason: str
) -> dict[int, PaperUse]:
    by_number: dict[int, PaperUse] = {}
    for row in rows:
        if not reservation.first <= row.number <= reservation.last:
            raise UserError(
                f"第 {row.number} 号：不在这张断电表上（{reservation.first} 到 "
                f"{reservation.last} 号），请核对编号。"
            )
        if row.number in by_number:
            raise UserError(f"第 {row.number} 号：填了两次，请核对编号。")
        by_number[row.number] = row
    if len(by_number) < reservation.count and not void_reason:
        left = reservation.count - len(by_number)
        raise UserError(f"还有 {left} 个号没有用，请写明未用作废的原因。")
    return by_number


def _first_time(
    reservation: SealReservation, rows: Sequence[PaperUse], now: datetime
) -> datetime:
    """Where unused numbers before the first row stand; with no row at all, the day
    the sheet was for.  So a ledger of these days shows all of the sheet's numbers."""
    if rows:
        return min(rows, key=lambda row: row.number).used_at.replace(microsecond=0)
    begins = datetime.combine(reservation.for_day, datetime.min.time())
    return max(reservation.reserved_at, min(now, begins))


def _checked(
    reservation: SealReservation, seal: Seal, row: PaperUse, now: datetime
) -> tuple[Holder, dict[str, Any]]:
    try:
        if not reservation.reserved_at <= row.used_at <= now:
            raise UserError(
                f"用印时间要在打印断电表（{reservation.reserved_at:%m-%d %H:%M}）"
                "之后、现在之前，请核对。"
            )
        return _sealer_of(reservation, seal, row, now), _fields_of(row)
    except UserError as error:
        raise UserError(f"第 {row.number} 号：{error}") from error


def _sealer_of(
    reservation: SealReservation, seal: Seal, row: PaperUse, now: datetime
) -> Holder:
    """Who set the seal.  A transfer too may have been on paper first, so whoever held
    the seal since the sheet was printed is believed."""
    if row.sealer is None:
        return holders_between(seal, row.used_at, row.used_at)[-1]
    held = holders_between(seal, reservation.reserved_at, now)
    sealer = Holder(row.sealer.uid, row.sealer.name)
    if sealer.uid not in {holder.uid for holder in held}:
        names = "、".join(dict.fromkeys(holder.name for holder in held))
        raise UserError(f"监印人要是这段时间的保管人（{names}），请核对。")
    return sealer


def _fields_of(row: PaperUse) -> dict[str, Any]:
    said = {
        name: getattr(row, name)
        for name in (
            *("applicant", "unit", "document_title", "purpose", "approver"),
            *("handler", "document_number", "student", "students", "note"),
        )
    }
    if row.refused_reason.strip():
        return refusal_fields(**said, reason=row.refused_reason)
    return use_fields(
        **said,
        copies=row.copies,
        impressions=row.impressions,
        copy_kept=row.copy_kept,
    )


def _unused_fields(void_reason: str) -> dict[str, Any]:
    return {
        "applicant": "",
        "unit": "",
        "document_title": "（未使用）",
        "purpose": "（未使用）",
        "copies": 0,
        "impressions": 0,
        "is_void": True,
        "void_reason": void_reason,
    }


def open_reservations(desk: Desk) -> list[SealReservation]:
    """The desk's sheets that were not copied in yet, the oldest first."""
    return _open(SealReservation.desk_uid == desk.uid)


def open_sheets(seal: Seal) -> list[SealReservation]:
    """The seal's sheets that were not copied in yet."""
    return _open(SealReservation.seal_uid == seal.uid)


def _open(condition: Any) -> list[SealReservation]:
    waits = condition & SealReservation.settled_at.is_null()
    query = SealReservation.select().where(waits)
    return list(query.order_by(SealReservation.reserved_at, SealReservation.uid))
