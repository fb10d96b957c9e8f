"""物资: what is out, the first due first, and what came back lately."""

from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage, moment_text
from desk.pages.loanform import LoanForm
from desk.widgets.table import Column, Keyset
from models.clock import today
from models.desks import this_desk
from models.errors import UserError
from models.loans import Loan, OutCount, count_loans_out, loans_at, void_loan

NONE_OUT = "没有借出的物资。\n在左边填写借用人和物资，按 Ctrl+S 借出。"


def state_of(loan: Loan) -> str:
    """`‼ 逾期 2 天`: the sign says without colour what the word says too."""
    if loan.is_void:
        return "作废"
    late = loan.days_late()
    if not loan.is_out:
        return f"✓ 已还清，逾期 {late} 天" if late else "✓ 已还清"
    if late:
        return f"‼ 逾期 {late} 天"
    days = (loan.due_back_on - today()).days
    return {0: "！今日应还", 1: "· 明日应还"}.get(days, "在借")


def quantity_of(loan: Loan) -> str:
    """How many, and how many of them are still out."""
    partly = loan.returned_quantity and loan.is_out
    return f"{loan.quantity}（剩 {loan.remaining}）" if partly else str(loan.quantity)


COLUMNS = [
    Column("提醒", state_of, 6),
    Column("应还", lambda loan: f"{loan.due_back_on:%m-%d}", 3),
    Column("物资", lambda loan: loan.what, 8, stretch=True),
    Column("数量", quantity_of, 4.5),
    Column("借用人", lambda loan: loan.borrower_name, 4),
    Column("电话", lambda loan: loan.phone, 6),
    Column("借用单位", lambda loan: loan.organisation, 7),
    Column("编号", lambda loan: loan.number, 6),
    Column("借出", lambda loan: moment_text(loan.lent_at), 5.5),
]


class LoanView(ListingPage):
    """Enter on a line takes it back; nothing is blocked because something is late."""

    code = "loans"

    def __init__(self, page: Any, window: Any) -> None:
        super().__init__(page, window)
        self.page = page
        self.form = LoanForm(self)
        self.put_left(self.form)
        self.build_list(
            name="loans",
            columns=COLUMNS,
            empty=NONE_OUT,
            buttons={
                "作废": self.on_void,
                "延期": lambda: self._begin("extend", "new_due_on"),
                "归还": lambda: self._begin("back", "returned_quantity"),
            },
            on_open=lambda loan: self._begin("back", "returned_quantity"),
            is_void=lambda loan: not loan.is_out,
        )
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marked(), add="+"
        )
        self.form.start_over()

    def refresh(self) -> None:
        """What is out now, and how much of it should be back."""
        desk = this_desk()
        count = count_loans_out(desk)
        self.table.show(Keyset(lambda after: loans_at(desk, after)))
        self.show_heading(heading(count), NONE_OUT)
        self.window.say_rows(f"在借 {count.out} 笔")
        self.form.offer_approver(anew=False)
        self._show_marked()

    def focus_first(self) -> None:
        """Who borrows; or what came back, when that was begun."""
        first = "borrower_name" if self.form.task == "lend" else "task"
        self.form.focus_field(first)

    def _show_marked(self) -> None:
        if self.window.person is not None:  # else the event came after signing out
            self.form.show_loan(self.table.selected())

    def _begin(self, task: str, field: str) -> None:
        loan = self._one_marked()
        if not loan.is_out:
            raise UserError(f"{loan.number} {state_of(loan)}，不用再办理。")
        self.form.begin(task)
        self.form.focus_field(field)

    def _one_marked(self) -> Loan:
        loan = self.table.selected()
        if loan is None:
            raise UserError("请先在列表中选中一笔借用。")
        return loan

    def on_saved(self, loan: Loan, told: str) -> None:
        """The form has written *loan*."""
        if self.form.task == "lend":
            self.form.start_over()
        else:
            self.form.begin("lend")
        self.refresh()
        self.focus_first()
        self.window.say(told)

    def on_new(self) -> None:
        """Ctrl+N, and Esc from another task: ready to lend."""
        self.form.start_over()
        self.focus_first()

    def on_escape(self) -> None:
        """Esc: back to lending; what was typed there is kept."""
        self.form.begin("lend")
        self.focus_first()

    def draft(self) -> dict[str, Any] | None:
        """What was typed, and of which loan."""
        typed = self.form.draft(apart=("task",))
        loan = self.form.loan
        return typed and {"form": typed, "loan": loan.uid if loan else ""}

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The loan is marked again; what was typed to lend needs none."""
        loan = Loan.get_or_none(Loan.uid == kept["loan"])
        if loan is not None:
            self.mark(loan)
            self._show_marked()
        self.form.bring_draft(kept["form"])

    def on_void(self) -> None:
        """Delete, or the button: the marked loan was taken down wrongly."""
        loan = self._one_marked()
        reason = dialogs.ask_text(
            self,
            f"作废 {loan.number}（{loan.what} ×{loan.quantity}，"
            f"{loan.borrower_name}）。记录会保留并标明作废，请写明原因：",
            title="作废借用登记",
            yes="作废",
        )
        if reason:
            void_loan(loan, by=self.window.person, reason=reason)
            self.refresh()
            self.window.say(f"已作废 {loan.number}。")


def heading(count: OutCount) -> str:
    """`在借 5 · ！今日应还 1 · ‼ 逾期 2`."""
    said = [f"在借 {count.out}"]
    said += [f"！今日应还 {count.due}"] if count.due else []
    said += [f"‼ 逾期 {count.late}"] if count.late else []
    return " · ".join(said)
