"""Loans (物资借用): what a desk lent to whom, until when, and what came back (P5)."""

from datetime import date
from typing import Any, NamedTuple

from peewee import BooleanField, IntegerField, TextField, fn

from models import clock
from models.applications import (
    Application,
    asking,
    next_number,
    place_of,
    refusal,
    require_here,
    require_own,
    said,
)
from models.base import DayField, ListField, MomentField, transaction
from models.clock import between
from models.desks import Desk
from models.errors import UserError
from models.keysets import Page, Place, page_of
from models.people import Person
from models.permissions import Operation, require
from models.students import Student
from models.typed_words import check_name

MARK = "借"


class Loan(Application):
    """Things of one kind that somebody took along.  What comes back is added up."""

    what = TextField(verbose_name="物资")
    quantity = IntegerField(default=1, verbose_name="数量")
    student_uid = TextField(default="", verbose_name="学生标识")
    student_number = TextField(default="", index=True, verbose_name="学号")
    borrower_name = TextField(verbose_name="借用人")
    organisation = TextField(default="", verbose_name="借用单位")
    phone = TextField(verbose_name="电话")
    purpose = TextField(verbose_name="用途")
    approver = TextField(verbose_name="批准人")
    lender_uid = TextField(verbose_name="经办人标识")
    lender_name = TextField(verbose_name="经办人")
    lent_at = MomentField(index=True, verbose_name="借出时间")
    due_back_on = DayField(verbose_name="应还日期")
    # [{"at", "from", "to", "reason", "by"}], the last one holds.
    extensions = ListField(verbose_name="延期")
    # [{"at", "quantity", "condition", "by"}]: not everything need come back at once.
    returns = ListField(verbose_name="归还情况")
    returned_quantity = IntegerField(default=0, verbose_name="已还数量")
    # When the last of it came back; null while something is out.
    returned_at = MomentField(null=True, verbose_name="还清时间")
    note = TextField(default="", verbose_name="备注")
    is_void = BooleanField(default=False, verbose_name="作废")
    void_reason = TextField(default="", verbose_name="作废原因")

    class Meta:
        table_name = "loan"

    @property
    def is_out(self) -> bool:
        return self.returned_at is None and not self.is_void

    @property
    def remaining(self) -> int:
        """How many are still to come back."""
        return self.quantity - self.returned_quantity

    def days_late(self, on: date | None = None) -> int:
        """How many days it is or was overdue; 0 when it is not."""
        if self.is_void:
            return 0
        back = self.returned_at.date() if self.returned_at else on or clock.today()
        return max((back - self.due_back_on).days, 0)


# What is out is little among all that was ever lent.
Loan.add_index(
    Loan.index(Loan.desk_uid, Loan.due_back_on, name="loan_out").where(
        Loan.returned_at.is_null()
    )
)


def lend(
    *,
    by: Person,
    what: str,
    purpose: str,
    approver: str,
    due_back_on: date,
    quantity: int = 1,
    student: Student | None = None,
    borrower_name: str = "",
    organisation: str = "",
    phone: str = "",
    note: str = "",
) -> Loan:
    """Take down what leaves the desk, with whom and until when."""
    desk, department = require_here(by, Operation.LOAN)
    if not 1 <= quantity <= 9999:
        raise refusal("数量请填 1 到 9999 之间的整数。", "quantity")
    who = asking(student, borrower_name, phone, "borrower")
    told = said(
        ("what", what, "借用的物资"),
        ("purpose", purpose, "用途"),
        ("approver", approver, "批准人"),
    )
    check_name(approver, "批准人", "approver")
    now = clock.now()
    if due_back_on < now.date():
        raise refusal("应还日期不能早于今天，请核对。", "due_back_on")
    with transaction():
        return Loan(
            number=next_number(Loan, MARK, desk, now.date()),
            quantity=quantity,
            organisation=organisation.strip(),
            lender_uid=by.uid,
            lender_name=by.name,
            lent_at=now,
            due_back_on=due_back_on,
            note=note.strip(),
            **place_of(desk, department),
            **who,
            **told,
        ).write(by=by)


def take_back(
    loan: Loan,
    *,
    by: Person,
    condition: str,
    quantity: int | None = None,
    note: str = "",
) -> Loan:
    """Some of it is back, or all that was still out, looked at by *by*.

    What is lost or was paid for is taken back too, with that as its condition: the
    loan ends when nothing more is to come.
    """
    require_here(by, Operation.LOAN, loan.department_uid)
    told = said(("condition", condition, "归还时的状况"))
    with transaction():
        loan = _still_out(loan)
        count = loan.remaining if quantity is None else quantity
        if not 1 <= count <= loan.remaining:
            text = f"归还数量请填 1 到 {loan.remaining} 之间的整数。"
            raise refusal(text, "returned_quantity")
        now = max(clock.now(), loan.lent_at)
        entry = {"at": now.isoformat(" "), "quantity": count, **told, "by": by.name}
        loan.returns = [*loan.returns, entry]
        loan.returned_quantity += count
        loan.returned_at = None if loan.remaining else now
        loan.note = "；".join(filter(None, [loan.note, note.strip()]))
        return loan.write(by=by)


def extend_loan(loan: Loan, *, by: Person, due_back_on: date, reason: str) -> Loan:
    """It may stay out longer; what was agreed before stays on record."""
    require_here(by, Operation.LOAN, loan.department_uid)
    told = said(("reason", reason, "延期原因"))
    with transaction():
        loan = _still_out(loan)
        if due_back_on <= loan.due_back_on or due_back_on < clock.today():
            text = f"延期后的应还日期要晚于 {loan.due_back_on}，也不能早于今天。"
            raise refusal(text, "due_back_on")
        entry = {
            "at": clock.now().isoformat(" "),
            "from": loan.due_back_on.isoformat(),
            "to": due_back_on.isoformat(),
            **told,
            "by": by.name,
        }
        loan.extensions = [*loan.extensions, entry]
        loan.due_back_on = due_back_on
        return loan.write(by=by)


def void_loan(loan: Loan, *, by: Person, reason: str) -> Loan:
    """Mark a loan that was taken down wrongly; it stays and keeps its number.

    Assistants void what they lent themselves, teachers what their department lent.
    """
    require(
        by,
        Operation.LOAN_VOID,
        departments=[loan.department_uid],
        about=loan.lender_uid,
    )
    told = said(("reason", reason, "作废原因"))
    with transaction():
        loan = _current(loan)
        if loan.returned_quantity:
            raise UserError("这笔借用已有归还记录，不能作废；写错的请在备注里说明。")
        loan.is_void, loan.void_reason = True, told["reason"]
        return loan.write(by=by)


def _still_out(loan: Loan) -> Loan:
    loan = _current(loan)
    if loan.returned_at is not None:
        raise UserError(f"{loan.number} 已经还清了。")
    return loan


def _current(loan: Loan) -> Loan:
    """The loan as it stands now: a list on screen may be some minutes old."""
    require_own(loan)
    loan = Loan.get_by_id(loan.uid)
    if loan.is_void:
        raise UserError(f"{loan.number} 已经作废。")
    return loan


def loans_out(desk: Desk) -> list[Loan]:
    """What a desk has lent and not all of it is back, the first due first."""
    out = Loan.select().where(_is_out(desk))
    return list(out.order_by(Loan.due_back_on, Loan.uid))


class OutCount(NamedTuple):
    """How much is out, how much of it is due back today, and how much was before."""

    out: int
    due: int
    late: int


def count_loans_out(desk: Desk) -> OutCount:
    """What a desk has lent and not all of it is back."""
    out, today = Loan.select().where(_is_out(desk)), clock.today()
    return OutCount(
        out.count(),
        out.where(Loan.due_back_on == today).count(),
        out.where(Loan.due_back_on < today).count(),
    )


def loans_at(desk: Desk, after: tuple[bool, Place | None] | None = None) -> Page:
    """All loans of a desk, a page at a time: what is out, the first due first, then
    what is not any more, the last lent first."""
    is_back, place = after or (False, None)
    if is_back:
        back = Loan.returned_at.is_null(False) | Loan.is_void
        query = Loan.select().where((Loan.desk_uid == desk.uid) & back)
        page = page_of(query, Loan.lent_at, after=place, newest_first=True)
        return Page(page.rows, page.after and (True, page.after))
    page = page_of(Loan.select().where(_is_out(desk)), Loan.due_back_on, after=place)
    if page.after is not None:
        return Page(page.rows, (False, page.after))
    then = loans_at(desk, (True, None))
    return Page(page.rows + then.rows, then.after)


def _is_out(desk: Desk) -> Any:
    return (Loan.desk_uid == desk.uid) & Loan.returned_at.is_null() & ~Loan.is_void


def loans_due(desk: Desk, on: date | None = None) -> list[Loan]:
    """What is due back on a day (today) or was before, the longest due first."""
    day = on or clock.today()
    return [loan for loan in loans_out(desk) if loan.due_back_on <= day]


def loans_between(first: date, last: date, desk: Desk | None = None) -> list[Loan]:
    """What was lent on some days, newest first."""
    query = Loan.select().where(Loan.lent_at.between(*between(first, last)))
    if desk is not None:
        query = query.where(Loan.desk_uid == desk.uid)
    return list(query.order_by(Loan.lent_at.desc(), Loan.uid.desc()))


def things_lent(desk: Desk) -> list[str]:
    """What a desk lends, by what it lent before, the most often lent first."""
    query = (
        Loan.select(Loan.what)
        .where((Loan.desk_uid == desk.uid) & ~Loan.is_void)
        .group_by(Loan.what)
        .order_by(fn.COUNT(Loan.uid).desc(), Loan.what)
    )
    return [row.what for row in query]
