"""The head of 工时酬金: which month, where it stands, what comes next."""

import tkinter
from datetime import date
from typing import Any

import ttkbootstrap as ttk

from desk.pages.payrows import MonthView, months_until, usual_month
from desk.widgets.fields import Field, list_field
from models import clock
from models.desks import Department, departments
from models.pay import PAY_STATUS_LABELS


class MonthBar(ttk.Frame):
    """Asks the page to `reload` another month, and to `show_rows` of a department."""

    def __init__(self, master: tkinter.Misc, page: Any) -> None:
        super().__init__(master)
        self._gap = page.gap
        self.columnconfigure(4, weight=1)
        self._month = list_field(self, "月份", page.reload)
        self._department = list_field(self, "部门", page.show_rows)
        self._put_list(0, self._month)
        _open_at_the_top(self._month.widget)
        self._put_list(2, self._department)
        self.status = ttk.Label(self, style="Heading.TLabel")
        self.status.grid(row=0, column=4, sticky="w", padx=self._gap)
        self._actions = ttk.Frame(self)
        self.hint = ttk.Label(self._actions, style="Hint.TLabel")
        self.hint.pack(side="left")
        self.approve_button = self._put_button("审批", page.on_approve)
        self.approve_button.configure(bootstyle="primary")
        self.reopen_button = self._put_button("退回重算", page.on_reopen)
        self.close_button = self._put_button("结束本月", page.on_close_month)
        self.advice = ttk.Label(self, justify="left")
        self.advice.grid(row=2, column=0, columnspan=6, sticky="w", pady=(self._gap, 0))
        self.bind("<Configure>", self._wrap)

    def _put_list(self, column: int, field: Field) -> None:
        label = ttk.Label(self, text=field.label)
        label.grid(row=0, column=column, padx=(0, self._gap))
        field.widget.configure(width=12)
        field.widget.grid(row=0, column=column + 1, padx=(0, self._gap * 2))

    def _put_button(self, text: str, command: Any) -> ttk.Button:
        button = ttk.Button(self._actions, text=text, command=command)
        button.pack(side="left", padx=(self._gap, 0))
        return button

    def _wrap(self, event: tkinter.Event) -> None:
        self.advice.configure(wraplength=event.width)
        self.fit()

    def fit(self) -> None:
        """The buttons beside the lists, or below them where there is no room."""
        if not self.winfo_exists():
            return
        rest = (self.grid_bbox(0, 0, 3, 0)[2], self.status.winfo_reqwidth())
        needed = sum(rest) + self._gap * 2 + self._actions.winfo_reqwidth()
        if self.winfo_width() > 1 and needed > self.winfo_width():
            below = {"row": 1, "column": 0, "columnspan": 6, "sticky": "w"}
            self._actions.grid(**below, pady=(self._gap, 0))
        else:
            beside = {"row": 0, "column": 5, "columnspan": 1, "sticky": "e"}
            self._actions.grid(**beside, pady=0)

    @property
    def month(self) -> date:
        """The first day of the chosen month."""
        return self._month.read()

    @property
    def months(self) -> list[date]:
        """Those that are offered."""
        return [month for _, month in self._month.widget.choices]

    def choose_month(self, month: date) -> None:
        """As if it were picked from the list."""
        self._month.write(month)
        self._month.widget.event_generate("<<ComboboxSelected>>")

    @property
    def department(self) -> Department | None:
        """The department the list is narrowed to."""
        uid = self._department.read()
        return next((d for d in departments() if d.uid == uid), None)

    def choose_department(self, uid: str) -> None:
        """As if it were picked from the list."""
        self._department.write(uid)
        self._department.widget.event_generate("<<ComboboxSelected>>")

    def refresh(self) -> None:
        """Offer the months and departments there are now."""
        today = clock.today()
        months = [(f"{m:%Y} 年 {m.month} 月", m) for m in months_until(today)]
        _offer(self._month, months, self._month.read() or usual_month(today))
        places = [(department.name, department.uid) for department in departments()]
        _offer(self._department, [("全部部门", ""), *places], self._department.read())

    def show(self, view: MonthView | None, busy: str) -> None:
        """Status, advice, and the buttons that make sense now; *busy* says why none."""
        self.advice.configure(text=busy or advice(view))
        if busy:
            view = None
        draft = view is not None and view.is_draft
        approved = view is not None and view.is_approved
        ready = view is not None and draft and bool(view.rows) and not view.obstacles
        self.status.configure(text=status_of(view) if view else "")
        self.hint.configure(text="审批后才能退回或结束" if draft else "")
        for button, able in (
            (self.approve_button, ready),
            (self.reopen_button, approved),
            (self.close_button, approved),
        ):
            button.configure(state="normal" if able else "disabled")
        self.after_idle(self.fit)  # when the new words are measured


def _open_at_the_top(box: ttk.Combobox) -> None:
    """Tk scrolls to the chosen line before the list has its height: too far down."""
    popdown = box.tk.eval(f"ttk::combobox::PopdownWindow {box}")
    script = "%W see 0; %W see [lindex [%W curselection] 0]"
    box.tk.call("bind", f"{popdown}.f.l", "<Configure>", script)


def status_of(view: MonthView) -> str:
    return PAY_STATUS_LABELS.get(view.status, view.status)


def advice(view: MonthView | None) -> str:
    """Where the month stands and what to do next; so also why a button is grey."""
    if view is None:
        return "核算没有完成，请按 F5 重新核算。"
    if view.is_approved:
        return (
            f"{view.approved} 审批，明细已固定。要改先“退回重算”；"
            "酬金发放以后“结束本月”。"
        )
    if not view.is_draft:
        return f"{view.closed} 结束，不能再改，以后的更正计入下一个月。"
    if not view.rows:
        return "这个月没有工时，没有要审批和导出的。"
    if not view.obstacles:
        return "可以审批。审批以后明细固定，可以导出发放。"
    lines = list(view.obstacles)
    if any(row.line.needs_decision for row in view.rows):
        lines[-1] += "选中“待处理”的人，选好后按“按此处理”。"
    return "还不能审批：" + "\n".join(lines)


def _offer(field: Field, choices: list[tuple[str, Any]], chosen: Any) -> None:
    """Put lines into a closed list and choose one, the first if it is not there."""
    box = field.widget
    box.choices = choices
    box.configure(values=[text for text, _ in choices])
    field.write(chosen)
    if box.current() < 0:
        box.current(0)
