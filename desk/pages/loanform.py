"""The form of 物资借用: lend, take back, extend."""

from datetime import timedelta
from typing import Any

from desk.pages.askingform import AskingForm
from models.clock import today
from models.desks import this_desk
from models.errors import UserError
from models.loans import Loan, extend_loan, lend, take_back, things_lent

TASKS = {"lend": "借出", "back": "归还", "extend": "延期"}
FIELDS = {
    "lend": (
        *("borrower_name", "what", "quantity", "due_back_on", "purpose"),
        *("organisation", "phone", "approver", "note"),
    ),
    "back": ("subject", "returned_quantity", "condition"),
    "extend": ("subject", "new_due_on", "reason"),
}
BUTTONS = {"lend": "借出并新建", "back": "登记归还", "extend": "登记延期"}
NONE_MARKED = "请先在列表中选中一笔还没有还清的借用。"
USUALLY_FOR = timedelta(days=7)


class LoanForm(AskingForm):
    """The view says which loan is marked, and is told when something was done."""

    def __init__(self, view: Any) -> None:
        super().__init__(view, command=self._save)
        self.loan: Loan | None = None
        self.add_choice(
            "task", "办理", TASKS, columns=3, on_change=lambda _: self._on_task()
        )
        self.add_fact("subject", "借用")
        self._build_lending()
        self._build_later()
        self.save_button = self.add_button(BUTTONS["lend"], self.submit, primary=True)
        self.add_button("清空", view.on_new)
        self._on_task()

    def _build_lending(self) -> None:
        self.add_asker("borrower_name", Loan.borrower_name.verbose_name)
        self.add_used("what", Loan.what.verbose_name, lambda: things_lent(this_desk()))
        self.need("borrower_name", "请填写借用人。")
        self.need("what", "请填写借用的物资。")
        self.add_number("quantity", Loan.quantity.verbose_name)
        self.add_date("due_back_on", Loan.due_back_on.verbose_name)
        self.add_entry("purpose", Loan.purpose.verbose_name)
        self.add_entry("organisation", Loan.organisation.verbose_name)
        self.add_entry("phone", Loan.phone.verbose_name)
        self.add_approver(Loan.approver.verbose_name)
        self.add_entry("note", Loan.note.verbose_name)

    def _build_later(self) -> None:
        self.add_number("returned_quantity", "归还数量")
        self.add_entry("condition", "归还状况")
        self.add_words("condition", "归还时的状况")
        self.add_date("new_due_on", "延至")
        self.add_words("new_due_on", "应还日期")
        self.add_entry("reason", "延期原因")

    @property
    def task(self) -> str:
        return self.value("task")

    def begin(self, task: str) -> None:
        """Go to a task; what was typed to lend something is kept."""
        self.set("task", task)

    def start_over(self) -> None:
        """Ready to lend."""
        self.clear()
        self.set("due_back_on", today() + USUALLY_FOR)
        self.offer_approver(anew=True)
        self._write_about()

    def show_loan(self, loan: Loan | None) -> None:
        """Another loan was marked, or the marked one is not as it was."""
        loan = loan if loan is not None and loan.is_out else None
        is_another = (loan and loan.uid) != (self.loan and self.loan.uid)
        self.loan = loan
        if is_another:
            self._write_about()
            if self.task != "lend":
                self.clear_problems()
        self._say_subject()

    def _on_task(self) -> None:
        self.clear_problems()
        shown = ("task", *FIELDS[self.task])
        for name in self._fields:
            self.show_field(name, name in shown)
        self.save_button.configure(text=BUTTONS[self.task])
        self._write_about()
        self._say_subject()

    def _write_about(self) -> None:
        self.set("returned_quantity", self.loan.remaining if self.loan else 1)
        self.set("condition", "完好")
        self.set("new_due_on", None)
        self.set("reason", "")

    def _say_subject(self) -> None:
        loan = self.loan
        self.set("subject", _subject(loan) if loan else "（在右边选中一笔）")

    def _save(self) -> None:
        done = {"lend": self._lend, "back": self._take_back, "extend": self._extend}
        self.view.on_saved(*done[self.task]())

    def _marked(self) -> Loan:
        if self.loan is None:
            raise UserError(NONE_MARKED)
        return self.loan

    def _lend(self) -> tuple[Loan, str]:
        due = self.value("due_back_on")
        with self.about("due_back_on"):
            if due is None:
                raise UserError("请填写应还日期。")
        texts = ("what", "purpose", "organisation", "approver", "note")
        loan = lend(
            by=self.person,
            quantity=self.value("quantity"),
            due_back_on=due,
            **self.who(),
            **{name: self.text(name) for name in texts},
        )
        what = f"{loan.what} ×{loan.quantity}，{loan.borrower_name}"
        return loan, f"已借出 {loan.number}：{what}，应于 {loan.due_back_on} 归还。"

    def _take_back(self) -> tuple[Loan, str]:
        count = self.value("returned_quantity")
        loan = take_back(
            self._marked(),
            by=self.person,
            quantity=count,
            condition=self.text("condition"),
        )
        rest = f"还剩 {loan.remaining} 未还" if loan.is_out else "已还清"
        return loan, f"{loan.number} {loan.what}归还 {count}，{rest}。"

    def _extend(self) -> tuple[Loan, str]:
        loan, until = self._marked(), self.value("new_due_on")
        with self.about("new_due_on"):
            if until is None:
                raise UserError("请填写延到哪一天。")
        loan = extend_loan(
            loan, by=self.person, due_back_on=until, reason=self.text("reason")
        )
        return loan, f"{loan.number} {loan.what}延至 {loan.due_back_on} 归还。"


def _subject(loan: Loan) -> str:
    lines = [
        f"{loan.number}　{loan.what} ×{loan.quantity}",
        f"{loan.borrower_name}　{loan.organisation}　{loan.phone}".replace(
            "　　", "　"
        ),
        f"{loan.lent_at:%m-%d %H:%M} 借出，应于 {loan.due_back_on} 归还",
    ]
    lines += [f"延期：{entry['reason']}" for entry in loan.extensions]
    lines += [
        f"{entry['at'][:10]} 已还 {entry['quantity']}，{entry['condition']}"
        for entry in loan.returns
    ]
    return "\n".join(lines)
