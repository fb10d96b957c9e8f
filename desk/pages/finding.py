"""查找: any visit or seal use by what one remembers of it, newest first."""

import tkinter
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs
from desk.jobs import Jobs
from desk.pages.findingbar import SEAL_USES, VISITS, FindingBar
from desk.pages.findingother import AT_ONCE, FIND, OtherKind, bind_ctrl_tab, count_text
from desk.pages.foundactions import Row, number_of, require_action
from desk.pages.foundcard import FoundCard
from desk.pages.foundrows import SEAL_USE_COLUMNS, visit_columns
from desk.slips import print_slip
from desk.widgets.page import Page
from desk.widgets.progress import Progress
from desk.widgets.table import MOST_SHOWN, Keyset, Table
from models import searchindex
from models.desks import this_desk
from models.errors import UserError
from models.finding import warm_up
from models.seal_uses import void_seal_use
from models.visits import Visit, void_visit

NO_ROWS = "还没有记录。\n来访和用印登记以后，办公室在同步以后，都能在这里查到。"
NOTHING = "没有找到，请换个词或放宽条件；按 Esc 清除。"
WARM_MS = 100
HOW = "可输入编号、学号、姓名、拼音首字母或任何文字，几个词用空格隔开。Enter 打开办理。"


def _words_of(row: Row) -> str:
    who, what = (
        (row.visitor_name or "未留名", row.service_name)
        if isinstance(row, Visit)
        else (row.applicant, row.document_title)
    )
    return f"{number_of(row)}（{who}，{what}）"


class FindingPage(Page):
    """Typing searches; Enter and Down lead to the rows, Enter opens one, Esc leaves."""

    title = "查找"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        # A worker of its own: making the index must not keep sync from running.
        self._indexing = Jobs(self)
        self._has_more, self._backlog = False, 0
        self._asked: Any = None
        self._warm_timer = self.after(WARM_MS, self._warm_up)
        self.rowconfigure(0, weight=0)
        self.rowconfigure(3, weight=1)
        self.columnconfigure(0, weight=1)
        self._build_search()
        self.progress = Progress(self, self._indexing)
        self.progress.grid(row=1, column=0, sticky="ew", pady=(0, self.gap))
        self.progress.grid_remove()
        self._build_heading()
        self._build_tables()
        self._build_card()
        bind_ctrl_tab(self, self._turn)

    # -- building -------------------------------------------------------------

    def _build_search(self) -> None:
        self.bar = FindingBar(
            self,
            is_office=self.window.here.is_office,
            on_change=lambda soon: self._find_soon() if soon else self._find(),
            on_kind=self._on_kind,
        )
        self.bar.grid(row=0, column=0, sticky="ew")
        self._sought, self.find_entry = self.bar.sought, self.bar.entry
        for key in ("<Return>", "<KP_Enter>", "<Down>"):
            self.find_entry.bind(key, self._go_to_list)

    def _build_heading(self) -> None:
        line = ttk.Frame(self)
        line.grid(row=2, column=0, sticky="ew", pady=(0, self.gap // 2))
        self.heading = ttk.Label(line, style="Heading.TLabel")
        self.heading.pack(side="left", padx=(0, self.gap * 2))
        self.hint = ttk.Label(line, text=HOW, style="Muted.TLabel")
        self.hint.pack(side="left")
        self.other = OtherKind(self.hint, self.bar, self.gap, self._turn)

    def _build_tables(self) -> None:
        here = None if self.window.here.is_office else this_desk()
        columns = {VISITS: visit_columns(here), SEAL_USES: SEAL_USE_COLUMNS}
        self.tables: dict[str, Table] = {}
        for kind, shown in columns.items():
            table = self.tables[kind] = Table(
                self,
                name=f"found_{kind}",
                columns=shown,
                empty=NO_ROWS,
                on_open=self.open_card,
                is_void=lambda record: record.is_void,
                chunk=AT_ONCE,
            )
            table.grid(row=3, column=0, sticky="nsew")
            table.grid_remove()
            # A swipe while the list has the focus must not open the marked row.
            dialogs.KeyGuard(table.tree).settle()
        self.table = self.tables[VISITS]
        self.table.grid()

    def _build_card(self) -> None:
        self.card = FoundCard(self)
        self.details = self.card.details
        self.card.grid(row=3, column=0, sticky="nsew")
        self.card.grid_remove()

    # -- what is asked ----------------------------------------------------------

    def refresh(self) -> None:
        """Offer what there is to choose now, and search again."""
        self.bar.offer()
        if searchindex.backlog() > searchindex.SOON:
            self.make_index()
        self._find()

    def _warm_up(self) -> None:
        """Load what finding by letters needs while somebody thinks what to type."""
        self._warm_timer = ""
        warm_up()

    def bring_again(self) -> None:
        """The list, not the record that was open."""
        self._hide_card()

    def ask(self, kind: str = VISITS, **filters: Any) -> None:
        """Find what these filters say (first, last, desk, service, status, seal), with
        no words."""
        self.bar.ask(kind, **filters)
        self._on_kind()
        self.table.enter()

    def _on_kind(self) -> None:
        self._hide_card()
        self.table.grid_remove()
        self.table = self.tables[self.bar.kind]
        self.table.grid()
        self._find()

    def _turn(self) -> str:
        """Ctrl+Tab: the same question of the other kind of record."""
        self.bar.turn()
        self.find_entry.focus_set()
        return "break"

    # -- what is found ------------------------------------------------------------

    def _find(self) -> None:
        self._find_timer = ""
        self._hide_card()
        self._has_more, self._backlog = False, 0
        kind = self.bar.kind
        text, chosen = self.bar.question(kind)
        narrowed = text.strip() or any(chosen.values())
        self.table.say_when_empty(NOTHING if narrowed else NO_ROWS)
        before, self._asked = self._asked, (kind, text.split(), chosen)
        pages = self._pages(FIND[kind], text, chosen)
        self.table.show(pages, anew=self._asked != before)
        self._say_found()
        self._say_other()

    def _say_other(self) -> None:
        """What the other kind has, where this one fills no page."""
        self.other.hide()
        if not self.bar.sought.get().strip() or self._has_more or self._backlog:
            return
        told = self.other.ask()
        if told:
            self.table.say_when_empty(told)

    def _pages(self, find: Any, text: str, chosen: dict[str, Any]) -> Keyset:
        """A page is fetched when somebody scrolls there."""

        def fetch(after: Any) -> tuple[list[Any], Any]:
            page = find(text, after=after, limit=AT_ONCE, **chosen)
            self._backlog, self._has_more = page.backlog, page.after is not None
            self.after_idle(self._say_found)
            return page.rows, page.after

        return Keyset(fetch)

    def _say_found(self) -> None:
        if not self.winfo_exists():
            return
        count = self.table.count
        if count >= MOST_SHOWN:
            told = f"只显示最近 {MOST_SHOWN:,} 条，请再缩小范围"
        else:
            told = count_text(count, self._has_more)
        self.heading.configure(text=told)
        if self._backlog:
            what = "编号、学号开头" if self.bar.kind == VISITS else "编号"
            told = f"查找索引还没有建好，现在只能按{what}查找。"
            self.hint.configure(text=told)
            self.table.say_when_empty(told)
        else:
            self.hint.configure(text=HOW)
        if self.window.page is self:
            self.window.say_rows(told)

    def make_index(self) -> None:
        """Read what the index lacks, in the background; searching goes on."""
        if self._indexing.running:
            return
        self.progress.run(
            lambda report: searchindex.catch_up(report=report),
            on_done=lambda left: self._find(),
            words="正在建立查找索引…",
        )

    # -- one record -----------------------------------------------------------------

    def open_card(self, row: Any) -> None:
        """Show a record in full, in place of the list."""
        self.card.show(row)
        self.table.grid_remove()
        self.card.grid()
        self.card.focus_set()

    def close_card(self) -> None:
        """Back to the list, where it was left."""
        if self._hide_card():
            self.table.focus_set()

    def _hide_card(self) -> bool:
        if not self.card.winfo_manager():
            return False
        self.card.grid_remove()
        self.table.grid()
        return True

    def _chosen(self, action: str) -> Any:
        """The open or the marked record, if *action* is possible with it here."""
        row = self.card.row if self.card.winfo_manager() else self.table.selected()
        if row is None:
            raise UserError("请先在列表中选中一条记录，再按这个键。")
        require_action(row, action)
        return row

    def on_void(self) -> None:
        """Delete: void the record, with a reason; it stays in the list."""
        row = self._chosen("on_void")
        reason = dialogs.ask_text(
            self,
            f"作废 {_words_of(row)}。记录和编号会保留并标明作废，请写明原因：",
            title="作废记录",
            yes="作废",
        )
        if not reason:
            return
        if isinstance(row, Visit):
            void_visit(row, by=self.window.person, reason=reason)
            if "visits" in self.window.pages:
                self.window.pages["visits"].on_voided(row)
        else:
            void_seal_use(row, by=self.window.person, reason=reason)
        self.table.redraw(row)
        if self.card.winfo_manager():
            self.open_card(row)
        self.window.say(f"已作废 {number_of(row)}。")

    def on_correct(self) -> None:
        """Ctrl+M: the seal use into the form of its page."""
        use = self._chosen("on_correct")
        self.window.show("seals")
        self.window.page.correct(use)

    def on_open_case(self) -> None:
        """Ctrl+O: to the page of cases, to the case of the visit."""
        visit = self._chosen("on_open_case")
        self.window.show("cases")
        self.window.page.show_case(visit)

    def on_print(self) -> None:
        """Ctrl+P: the slip of the visit."""
        print_slip(self.window, self._chosen("on_print"))

    # -- keys -------------------------------------------------------------------------

    def focus_first(self) -> None:
        """Ready to type; what was sought before is overwritten."""
        self.on_find()

    def stop_finding(self) -> bool:
        """Esc leaves an open record first, then clears the text."""
        return not self.card.winfo_manager() and super().stop_finding()

    def on_escape(self) -> None:
        """Back from the record to the list."""
        self.close_card()

    def on_new(self) -> None:
        """Ctrl+N: no words and no filters."""
        self.bar.clear()
        self._find()
        self.focus_first()

    def _go_to_list(self, event: tkinter.Event) -> str:
        if self._find_timer:  # typed faster than the list followed
            self.after_cancel(self._find_timer)
            self._find()
        self.table.enter()
        return "break"

    def destroy(self) -> None:
        if self._warm_timer:
            self.after_cancel(self._warm_timer)
        self._indexing.close()
        super().destroy()
