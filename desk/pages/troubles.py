"""同步问题: what could not be taken over as it came, and a person's decision on it."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk.pages.listing import ListingPage
from desk.pages.troublerows import (
    COLUMNS,
    PAIR_COLUMNS,
    SETTLED_COLUMNS,
    TroubleRow,
    open_rows,
    settled_rows,
    size_text,
)
from desk.widgets.form import Form
from desk.widgets.table import Table
from models.desks import departments_of, this_desk
from models.errors import UserError
from models.permissions import Operation, may, who_may
from models.settling import settle_alarm_of, settle_conflict, settle_file

CALM = "没有需要处理的同步问题。\n损坏的文件和互相矛盾的记录会出现在这里。"
NONE_SETTLED = "还没有处理过同步问题。"


class TroublesPage(ListingPage):
    """Marked on the right, both contents below it, decided on the left."""

    title = "同步问题"
    form_width = 26
    save_words = "处理"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.shows_settled = False
        self._offered = ""  # the row whose choices are in the list
        self._build_form()
        self.build_list(
            name="troubles",
            columns=COLUMNS,
            empty=CALM,
            buttons={"看已处理的": self.on_other_view},
            on_open=lambda row: self.form.focus_field("reason"),
        )
        self._build_pairs()
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marked(), add="+"
        )

    def _build_form(self) -> None:
        form = self.form = Form(self, title="处理", command=self._settle)
        self.put_left(form)
        for name, label in (
            ("what", "是什么"),
            ("station", "来自"),
            ("why", "问题"),
            ("file", "文件"),
            ("size", "大小"),
            ("since", "发现时间"),
            ("now", "现在"),
            ("settled", "处理情况"),
            ("why_not", "说明"),
        ):
            form.add_fact(name, label)
        form.add_list("choice", "怎样处理")
        form.add_text("reason", "理由或经过", height=3)
        form.add_words("reason", "理由", "经过")
        self.settle_button = form.add_button("处理", form.submit, primary=True)

    def _build_pairs(self) -> None:
        side = self.list_side
        side.rowconfigure(1, weight=3)
        side.rowconfigure(3, weight=4)
        self.pairs_heading = ttk.Label(side, style="Heading.TLabel")
        self.pairs_heading.grid(row=2, column=0, sticky="w", pady=self.gap)
        self.pairs = Table(
            side,
            columns=PAIR_COLUMNS,
            empty="（在上面选中一条记录，两份内容在这里逐栏对照）",
            name="trouble_pairs",
        )
        self.pairs.grid(row=3, column=0, sticky="nsew")

    def refresh(self) -> None:
        """What waits, or what was settled."""
        marked = self.table.selected()
        rows = settled_rows() if self.shows_settled else open_rows()
        self.table.show(rows)
        words = "已处理" if self.shows_settled else "待处理"
        empty = NONE_SETTLED if self.shows_settled else CALM
        self.show_heading(lambda: f"{words} {self.count_text('项')}", empty)
        self.window.say_rows(self.count_text("项"))
        same = next((row for row in rows if marked and row.uid == marked.uid), None)
        if rows:
            self.mark(same or rows[0])
        self._show_marked()
        self.window.update_status()

    def focus_first(self) -> None:
        """Into the list: the arrows walk."""
        self.table.focus_set()

    def on_other_view(self) -> None:
        """Between what waits and what was settled."""
        self.shows_settled = not self.shows_settled
        button = self.list_buttons["看已处理的"]
        button.configure(text="看待处理的" if self.shows_settled else "看已处理的")
        columns = SETTLED_COLUMNS if self.shows_settled else COLUMNS
        name = "troubles_settled" if self.shows_settled else "troubles"
        self.table.set_columns(columns, name=name)
        self.refresh()

    def _show_marked(self) -> None:
        if self.window.person is None:  # the event came after signing out
            return
        row: TroubleRow | None = self.table.selected()
        facts = self._facts(row) if row else {}
        facts["why_not"] = self._why_not(row)
        for name in (
            *("what", "station", "why", "file", "size", "since"),
            *("now", "settled", "why_not"),
        ):
            self.form.set(name, facts.get(name, ""))
            self.form.show_field(name, bool(facts.get(name)))
        self._offer(row, allowed=not facts["why_not"])
        self._show_pairs(row)

    def _facts(self, row: TroubleRow) -> dict[str, str]:
        facts = {
            "what": f"{row.kind_label}　{row.what}",
            "station": row.station,
            "why": row.why,
            "since": f"{row.since:%Y-%m-%d %H:%M}" if row.since else "",
            "settled": row.settled,
            "now": "" if row.settled else row.what_now,
        }
        if row.kind == "file":
            facts["file"] = row.record.path.rsplit("/", 1)[-1]
            facts["size"] = size_text(row.record.size)
        return facts

    def _why_not(self, row: TroubleRow | None) -> str:
        if row is None:
            return "" if self.shows_settled else "没有需要处理的。"
        if self.shows_settled or row.kind == "newer":
            return ""
        window = self.window
        own = [] if window.here.is_office else departments_of(this_desk())
        uids = [department.uid for department in own]
        if may(window.person, Operation.SETTLE, departments=uids):
            return ""
        return f"由{who_may(Operation.SETTLE)}处理，请他们登录后操作；这里只能查看。"

    def _offer(self, row: TroubleRow | None, *, allowed: bool) -> None:
        open_ = row is not None and not self.shows_settled and bool(row.choices)
        can = allowed and open_
        for name in ("choice", "reason"):
            self.form.show_field(name, can)
        if can and row is not None and row.uid != self._offered:
            self.form.set_choices("choice", row.choices)
            self.form.set("choice", row.choices[0][1])
        self._offered = row.uid if can and row is not None else ""
        self.settle_button.configure(state="normal" if can else "disabled")

    def _show_pairs(self, row: TroubleRow | None) -> None:
        pairs = row.pairs if row else []
        differ = sum(pair.differs for pair in pairs)
        text = f"两份内容对照：{differ} 栏不同" if pairs else "两份内容对照"
        self.pairs_heading.configure(text=text)
        self.pairs.show(sorted(pairs, key=lambda pair: not pair.differs))

    def _settle(self) -> None:
        row: TroubleRow | None = self.table.selected()
        if row is None:
            raise UserError("请先在右边选中要处理的一项。")
        by, reason = self.window.person, self.form.value("reason")
        choice = self.form.value("choice")
        if row.kind == "file":
            settled = settle_file(row.record, choice, by=by, reason=reason)
        elif row.kind == "conflict":
            settled = settle_conflict(row.record, choice, by=by, reason=reason)
        elif row.kind == "alarm":
            settled = settle_alarm_of(row.record, by=by, reason=reason)
        else:
            raise UserError("升级本程序后自动显示，不用处理。")
        self.form.clear()
        self.refresh()
        self.window.say(f"已处理：{row.what}，{settled.choice_label}。")

    def on_save(self) -> None:
        """Ctrl+S: as decided."""
        self.form.submit()
