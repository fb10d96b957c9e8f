"""考勤审核: what waits for the department's teacher and the office, and the week."""

import tkinter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.pages.approvalrows import (
    DECIDED_COLUMNS,
    WAITING_COLUMNS,
    Row,
    asked_for,
    decided_by,
    department_seen_by,
    planned,
    reason,
    settled_rows,
    waiting_rows,
)
from desk.pages.dutyweek import WeekOfGaps, WeekOfStays
from desk.pages.listing import ListingPage
from desk.widgets.choice import Choice
from desk.widgets.form import Form
from models.approvals import SIDE_LABELS
from models.errors import UserError
from models.people import PersonRole
from models.reviews import decide, side_of

READ_ONLY = "考勤由本部门的老师和中心办公室审核，请由他们登录后操作；这里只能查看。"
VIEWS = {"waiting": "待审核", "decided": "已审核", "gaps": "空岗", "stays": "驻岗"}
NONE_WAITS = "没有等待审核的考勤。\n更正申请、系统代签退和无排班签到会出现在这里。"


class WaitingList(ListingPage):
    """What is to be decided: marked on the right, read and decided on the left."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._build_form()
        self.build_list(
            name="approvals",
            columns=WAITING_COLUMNS,
            empty=NONE_WAITS,
            on_open=lambda row: self._may_decide and self.form.focus_field("note"),
        )
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marked(), add="+"
        )

    def _build_form(self) -> None:
        form = self.form = Form(self, title="审核", command=self._approve)
        self.put_left(form)
        form.add_fact("why_not", "说明")
        for name, label in (
            ("who", "谁"),
            ("original", "原记录"),
            ("asked", "申请改为"),
            ("reason", "原因"),
            ("witness", "证明人"),
            ("requested", "申请"),
            ("decided", "审核情况"),
        ):
            form.add_fact(name, label)
        form.add_entry("note", "意见")
        form.add_words("note", "不同意的原因")
        self.approve_button = form.add_button("同意", form.submit, primary=True)
        self.refuse_button = form.add_button("不同意", self.on_refuse)
        self._deciding = [
            (button, button.pack_info())
            for button in (self.approve_button, self.refuse_button)
        ]

    def refresh(self) -> None:
        """The teacher's department; at the office everything."""
        by = self.window.person
        department = department_seen_by(by)
        self.table.show(waiting_rows(department))
        whose = "" if by.role == PersonRole.OFFICE else f"{by.department_name} "
        self.show_heading(lambda: f"{whose}待审核 {self.count_text('项')}")
        self.window.say_rows(self.count_text("条"))
        if self.table.count and not self.table.selection():
            self._mark_next(0)
        self._show_marked()

    def _mark_next(self, place: int) -> None:
        """Mark what waits for this side, from a place on and round; else the first."""
        tree = self.table.tree
        items = tree.get_children()
        place = min(place, len(items))
        for item in (*items[place:], *items[:place], *items[:1]):
            tree.selection_set(item)
            tree.focus(item)
            tree.see(item)
            if not self._why_not(self.table.selection()):
                return

    def focus_first(self) -> None:
        """Into the list: the arrows walk, Shift and Ctrl mark several."""
        self.table.focus_set()

    def _show_marked(self) -> None:
        if self.window.person is None:  # the event came after signing out
            return
        rows: list[Row] = self.table.selection()
        if len(rows) == 1:
            self._show_one(rows[0])
        else:
            text = (
                f"选中 {len(rows)} 项，一起审核" if rows else "（在右边选中要审核的）"
            )
            self._fill({"who": text})
        self._allow(self._why_not(rows))

    def _show_one(self, row: Row) -> None:
        subject, wanted = row.subject, row.correction
        post = f"{subject.post_label} · {subject.desk_name}"
        facts = {
            "who": f"{subject.person_name}\n{row.day:%Y-%m-%d} {planned(row)}\n{post}",
            "original": _side(*row.original),
            "asked": asked_for(row),
            "reason": reason(row),
            "decided": decided_by(row),
        }
        if wanted is not None:
            if wanted.new_in != wanted.new_out:
                facts["asked"] = _side(wanted.new_in, wanted.new_out)
            facts["witness"] = wanted.witness_name or "（没有）"
            asked_at = f"{wanted.requested_at:%m-%d %H:%M}"
            facts["requested"] = f"{wanted.requester_name}　{asked_at}"
        self._fill(facts)

    def _fill(self, facts: dict[str, str]) -> None:
        names = ("original", "asked", "reason", "witness", "requested", "decided")
        self.form.set("who", facts["who"])
        for name in names:
            self.form.set(name, facts.get(name, ""))
            self.form.show_field(name, name in facts)

    def _why_not(self, rows: Sequence[Row]) -> str:
        by = self.window.person
        if not self._may_decide:
            return READ_ONLY
        for row in rows:
            try:
                side = side_of(row.subject, by)
            except UserError as error:
                return str(error)
            if any(approval.side == side for approval in row.decided.approvals):
                return f"{SIDE_LABELS[side]}已经审核过，等另一方审核。"
        return "" if rows else "先在右边选中一项或几项。"

    @property
    def _may_decide(self) -> bool:
        return self.window.person.role != PersonRole.ASSISTANT

    def _allow(self, why_not: str) -> None:
        self.form.show_field("note", self._may_decide)
        self.form.set("why_not", why_not)
        self.form.show_field("why_not", bool(why_not))
        for button, place in self._deciding:
            button.configure(state="disabled" if why_not else "normal")
            button.pack(**place) if self._may_decide else button.pack_forget()

    def _approve(self) -> None:
        self._decide(approved=True)

    def on_refuse(self) -> None:
        """Not approved; the note says why."""
        self.form.submit(lambda: self._decide(approved=False))

    def _decide(self, *, approved: bool) -> None:
        rows: list[Row] = self.table.selection()
        refused = self._why_not(rows)
        if refused:
            raise UserError(refused)
        place = self.table.tree.index(self.table.tree.selection()[0])
        note = self.form.text("note")
        for row in rows:
            decide(row.subject, by=self.window.person, approved=approved, note=note)
        self.form.clear()
        self.refresh()
        self._mark_next(place)
        self._show_marked()
        self.focus_first()
        word = "同意" if approved else "不同意"
        names = "、".join(dict.fromkeys(row.subject.person_name for row in rows))
        self.window.say(f"已{word} {len(rows)} 项（{names}）。")

    def on_save(self) -> None:
        """Ctrl+S: approve what is marked."""
        self.form.submit()


def _side(came: datetime | None, left: datetime | None) -> str:
    if came is None:
        return "没有签到"
    return f"签到 {came:%H:%M}　签退 " + (f"{left:%H:%M}" if left else "—")


class DecidedList(ListingPage):
    """What was settled, with who decided what and why."""

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.build_list(
            name="approval_notes",
            columns=DECIDED_COLUMNS,
            empty="还没有审核过的考勤。",
            column=0,
        )

    def refresh(self) -> None:
        """Of the teacher's department; at the office all."""
        self.table.show(settled_rows(department_seen_by(self.window.person)))
        self.show_heading(lambda: f"已审核 {self.count_text('项')}")
        self.window.say_rows(self.count_text("条"))

    def focus_first(self) -> None:
        """Into the list."""
        self.table.focus_set()


VIEW_CLASSES = {
    "waiting": WaitingList,
    "decided": DecidedList,
    "gaps": WeekOfGaps,
    "stays": WeekOfStays,
}


class ApprovalsPage(ttk.Frame):
    """Four lists, one at a time; the keys 1 to 4 change between them."""

    title = "考勤审核"
    save_words = "同意"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master)
        self.window = window
        self.rowconfigure(1, weight=1)
        self.columnconfigure(0, weight=1)
        self._lists: dict[str, Any] = {}
        pad = theme.text_width(self, 0.8)
        self.views = Choice(self, choices=VIEWS, columns=4, on_change=self._show_view)
        self.views.grid(row=0, column=0, sticky="w", padx=pad, pady=(0, pad // 2))

    @property
    def view(self) -> Any:
        """The list in front, made when it is first looked at."""
        name = self.views.get()
        if name not in self._lists:
            self._lists[name] = VIEW_CLASSES[name](self, self.window)
        return self._lists[name]

    def _show_view(self, name: str) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen list as it is now."""
        for other in self._lists.values():
            other.grid_remove()
        self.view.grid(row=1, column=0, sticky="nsew")
        self.view.refresh()

    def focus_first(self) -> None:
        """Into the list in front."""
        self.view.focus_first()

    def draft(self) -> dict[str, Any] | None:
        """The opinion on what is marked."""
        waiting = self._lists.get("waiting")
        return waiting.form.draft() if waiting else None

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """The opinion, on what is marked now."""
        self.views.set("waiting")
        self.view.form.bring_draft(kept)

    def on_find(self) -> None:
        """Ctrl+F."""
        self.view.on_find()

    def stop_finding(self) -> bool:
        """Esc."""
        return self.view.stop_finding()

    def on_save(self) -> None:
        """Ctrl+S: approve, where something can be approved."""
        if self.views.get() == "waiting":
            self.view.on_save()
