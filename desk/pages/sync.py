"""数据同步: what is where, truly; and, at the office, who asks to join."""

import tkinter
from pathlib import Path
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.autosync import Listener
from desk.jobs import Jobs
from desk.syncstate import moment, records_words
from desk.widgets.form import Form
from desk.widgets.page import Page
from desk.widgets.progress import Progress
from desk.widgets.table import Column
from models.desks import desks
from models.errors import UserError
from models.installation import installation
from models.localsettings import change_share

STATES = (
    ("waiting", "未上传", "Waiting", "只在本机"),
    ("published", "已上传", "Waiting", "在共享文件夹，办公室尚未确认"),
    ("confirmed", "已确认", "Good", "办公室已收到并核对"),
)
PATIENCE = 0.2  # seconds; longer nobody should wait for a page to show
MOST_LINES = 4  # in the card: the rest of the page needs room, too
OFFICE_STATES = (
    ("waiting", "待发布", "Plain", "只在办公室本机"),
    ("published", "已发布", "Good", "各窗口同步时收取"),
)
MISSING_COLUMNS = [
    Column("来自", lambda item: item.name, 8),
    Column("缺第几条", lambda item: f"{item.first}–{item.last}", 6),
    Column("说明", lambda item: "等待补齐，其余工作站不受影响", 12, stretch=True),
]
REQUEST_COLUMNS = [
    Column("名称", lambda row: row.request.name, 8),
    Column("指纹", lambda row: row.uid, 16, stretch=True),
]


class RequestRow(NamedTuple):
    """A station that asks to join, by its fingerprint: so the list keeps its mark."""

    uid: str
    request: Any


def in_two_lines(fingerprint: str) -> str:
    """Its 8 groups as 2 lines of 4, to be compared line by line."""
    groups = fingerprint.split()
    half = len(groups) // 2
    return "\n".join(" ".join(part) for part in (groups[:half], groups[half:]))


def found_requests() -> list[Any]:
    """Who asks to join, as the share says; on a worker, for the share may hang."""
    from exports.sync.enrolment import requests

    return requests()


def amiss(state: Any, activity: Any) -> list[str]:
    """What is not as it should be, each in a sentence."""
    lines = []
    if activity.elsewhere:
        lines.append("正在另一程序同步，完成后本机自动再试。")
    if activity.unanswered_since is not None:
        since = moment(activity.unanswered_since)
        lines.append(f"共享文件夹自 {since} 没有响应；可以照常工作，也可以退出。")
    away = f"（自 {moment(state.away_since)}）" if state.away_since else ""
    if state.trouble:
        lines.append(f"{state.trouble}{away}")
    if activity.failed:
        lines.append("上次自动同步出错，已写入日志；请按 F5 再试。")
    if state.quarantined:
        lines.append(f"有 {state.quarantined} 个批次损坏，已隔离，其余不受影响。")
    if state.conflicts:
        lines.append(f"有 {state.conflicts} 条记录两处不一致，请联系管理员。")
    return [*lines, *state.alarms, *state.silent]


def notes_on(state: Any, strangers: set[str]) -> list[str]:
    """What is good to know."""
    lines = [state.office_word] if state.office_word else []
    if state.awaits_office:
        lines.append("用印编号等办公室答复后再给。")
    if strangers:
        lines.append(
            f"共享文件夹里有 {len(strangers)} 个不是本程序的文件，已略过，"
            f"例如 {min(strangers)[:40]}"
        )
    return lines


class SyncPage(Page):
    """F5 exchanges with the shared folder in the worker."""

    title = "数据同步"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.save_words = "批准" if window.here.is_office else "立即同步"
        self.refused: set[str] = set()
        self.requests: list[RequestRow] = []
        self._reading = Jobs(self, "requests")
        self._compared_with = ""  # the fingerprint the tick is about
        left = self.left = ttk.Frame(self)
        self.put_left(left)
        left.columnconfigure(0, weight=1)
        self._build_states(left)
        self._build_share()
        if window.here.is_office:
            left.rowconfigure(3, weight=1)
            self.build_list(
                name="requests",
                columns=REQUEST_COLUMNS,
                empty="没有等待批准的工作站。\n新电脑选择“加入已有中心”后，同步一次即会出现。",
                buttons={"暂不批准": self.on_refuse},
            )
            self._build_approval(left)
        else:
            self.build_list(
                name="missing",
                columns=MISSING_COLUMNS,
                empty="没有缺失的数据。\n按 F5 可以立即同步。",
            )

    def fit(self) -> None:
        """Whoever lets a station in needs all of the form in sight."""
        super().fit()
        if not hasattr(self, "form") or self.winfo_height() <= 1:
            return
        high = self.share_card.winfo_reqheight() + self.gap * 4
        high += self.states_card.winfo_reqheight() + self.form.height_of_all()
        is_low = high > self.winfo_height() - theme.text_width(self, 1)
        side, row = (self.list_side, 2) if is_low else (self.left, 1)
        if self.share_card.grid_info().get("in") is not side:
            gap = (self.gap * 2, 0) if is_low else (0, self.gap * 2)
            self.share_card.grid(in_=side, row=row, column=0, sticky="ew", pady=gap)
            self.share_card.lift()

    def _build_states(self, master: tkinter.Misc) -> None:
        card = self.states_card = ttk.Frame(
            master, bootstyle="bordered", padding=self.gap * 2
        )
        card.grid(row=0, column=0, sticky="ew", pady=(0, self.gap * 2))
        head = ttk.Frame(card)
        head.grid(row=0, column=0, columnspan=3, sticky="ew")
        self.summary = ttk.Label(head, style="Heading.TLabel")
        # Beside the heading: the cards below need the height.
        self.sync_button = ttk.Button(
            head, text="立即同步（F5）", command=self.on_refresh, bootstyle="primary"
        )
        self.sync_button.pack(side="right")
        self.summary.pack(side="left")
        self.counts: dict[str, ttk.Label] = {}
        states = OFFICE_STATES if self.window.here.is_office else STATES
        self._styles = {name: style for name, _, style, _ in states}
        for column, (name, label, _, hint) in enumerate(states):
            card.columnconfigure(column, weight=1, uniform="state")
            count = ttk.Label(card, font="DeskBig")
            count.grid(row=1, column=column, sticky="w", pady=(self.gap, 0))
            ttk.Label(card, text=label).grid(row=2, column=column, sticky="w")
            ttk.Label(
                card,
                text=hint,
                style="Hint.TLabel",
                wraplength=theme.text_width(self, 8.8),
            ).grid(row=3, column=column, sticky="nw")
            self.counts[name] = count
        self.trouble = ttk.Label(
            card,
            style="Bad.TLabel",
            wraplength=theme.text_width(self, 27),
            justify="left",
        )
        self.trouble.grid(row=4, column=0, columnspan=3, sticky="w", pady=self.gap)
        self.notes = ttk.Label(
            card,
            style="Muted.TLabel",
            wraplength=theme.text_width(self, 27),
            justify="left",
        )
        self.notes.grid(row=6, column=0, columnspan=3, sticky="w")
        self.progress = Progress(card, self.window.autosync.jobs)
        self.progress.grid(row=5, column=0, columnspan=3, sticky="ew")
        self.progress.grid_remove()

    def _build_share(self) -> None:
        # A child of the page: it stands left or, in a low window, under the list.
        card = self.share_card = ttk.Frame(
            self, bootstyle="bordered", padding=self.gap * 2
        )
        card.grid(in_=self.left, row=1, column=0, sticky="ew", pady=(0, self.gap * 2))
        card.columnconfigure(0, weight=1)
        heading = ttk.Label(card, text="共享文件夹", style="Heading.TLabel")
        heading.grid(row=0, column=0, sticky="w")
        # Beside the heading: the card below it needs the height.
        ttk.Button(card, text="更换共享文件夹", command=self.on_choose_share).grid(
            row=0, column=1, sticky="e"
        )
        self.share = ttk.Label(card)
        self.share.grid(row=1, column=0, columnspan=2, sticky="w")
        self.own = ttk.Label(card, style="Muted.TLabel")
        self.own.grid(row=2, column=0, columnspan=2, sticky="w", pady=self.gap // 2)
        card.bind("<Configure>", self._wrap_share, add="+")

    def _wrap_share(self, event: tkinter.Event) -> None:
        for label in (self.share, self.own):
            label.configure(wraplength=max(event.width - self.gap * 5, 1))

    def _build_approval(self, master: tkinter.Misc) -> None:
        form = self.form = Form(master, title="批准新工作站加入", command=self._approve)
        form.grid(row=3, column=0, sticky="nsew")
        form.add_fact("name", "名称")
        form.add_fact("fingerprint", "指纹")
        form.add_list("desk", "放在哪个窗口")
        form.add_check("compared", "已与那台电脑屏幕上的指纹逐组核对", initial=False)
        form.add_words("compared", "核对指纹")
        self.approve_button = form.add_button("批准", form.submit, primary=True)
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_request(), add="+"
        )

    def refresh(self) -> None:
        """Show the true state; nothing is fetched by looking."""
        self.show_sync_state()
        if installation().is_office:
            self._read_requests()
            self.form.set_choices("desk", [(desk.name, desk.uid) for desk in desks()])
        self.window.update_status()

    def show_sync_state(self) -> None:
        """What has changed by itself, too: texts and counts, nothing moves."""
        from exports.sync import sync_state

        state = sync_state()
        self.summary.configure(text=records_words(state)[0])
        for name, label in self.counts.items():
            count = getattr(state, name)
            style = self._styles[name] if count else "Plain"  # nothing needs no colour
            label.configure(text=f"{count:,}", style=f"{style}.TLabel")
        self._show_amiss(state)
        here = installation()
        self.share.configure(text=here.share or "还没有设置")
        when = f"{state.synced_at:%Y-%m-%d %H:%M}" if state.synced_at else "还没有"
        self.own.configure(text=f"上次完整同步：{when}\n{self._own_fingerprint(here)}")
        if not here.is_office:
            self.table.show(state.missing)
            self.heading.configure(text=f"缺失的数据 {len(state.missing)} 段")

    def _show_amiss(self, state: Any) -> None:
        """All of it, where the status bar has room for the first only."""
        autosync = self.window.autosync
        lines = amiss(state, autosync.activity)
        notes = notes_on(state, autosync.strangers)
        for label, found in ((self.trouble, lines), (self.notes, notes)):
            if len(found) > MOST_LINES:
                more = len(found) - MOST_LINES + 1
                found = [*found[: MOST_LINES - 1], f"……另有 {more} 项"]
            label.configure(text="\n".join(found))
            label.grid() if found else label.grid_remove()

    def focus_first(self) -> None:
        """Enter starts a sync."""
        self.sync_button.focus_set()

    def _own_fingerprint(self, here: Any) -> str:
        from exports.sync.enrolment import my_request

        if here.is_office:
            return f"办公室指纹：{my_request(here).fingerprint}"
        return f"本机指纹：{my_request(here).fingerprint}"

    # -- syncing ------------------------------------------------------------

    def on_refresh(self) -> None:
        """F5: exchange now."""
        self.progress.show("正在同步…")
        self.sync_button.configure(state="disabled")
        self.window.autosync.run(
            Listener(self.progress.tell, self._on_synced, self._on_end)
        )

    def _on_end(self) -> None:
        self.progress.grid_remove()
        self.sync_button.configure(state="normal")
        self.refresh()

    def _on_synced(self, result: Any) -> None:
        self.refresh()
        if result.trouble:
            self.window.info.show(result.trouble, "warning")
        sent = "发布" if self.window.here.is_office else "上传"
        self.window.say(
            f"同步完成：{sent} {result.published} 条，收到 {result.merged} 条。"
        )

    def on_escape(self) -> None:
        """Stop the exchange at the next safe point."""
        if self.progress.winfo_manager():
            self.progress.cancel()

    def on_choose_share(self) -> None:
        """The share has moved, or the drive letter has changed."""
        folder = dialogs.choose_folder(self, title="选择中心的共享文件夹")
        if folder is not None:
            change_share(str(Path(folder)), by=self.window.person)
            self.refresh()

    # -- letting stations in ------------------------------------------------

    def _read_requests(self) -> None:
        """What was read last stays in sight until the share has answered."""
        if installation().share and not self._reading.running:
            self._reading.start(
                lambda report: found_requests(),
                on_done=self._on_requests,
                on_error=lambda error: None,  # why, the lines above say
                patience=PATIENCE,
            )
        self._show_requests()

    def _on_requests(self, found: list[Any]) -> None:
        self.requests = [RequestRow(request.fingerprint, request) for request in found]
        self._show_requests()

    def _show_requests(self) -> None:
        rows = [row for row in self.requests if row.uid not in self.refused]
        self.table.show(rows)
        self.heading.configure(text=f"等待批准的工作站 {len(rows)} 台")
        self._show_request()

    def _show_request(self) -> None:
        row = self.table.selected()
        self.form.set("name", row.request.name if row else "（在右边选中一台）")
        self.form.set("fingerprint", in_two_lines(row.uid) if row else "")
        chosen = row.uid if row else ""
        if chosen != self._compared_with:
            self._compared_with = chosen
            self.form.set("compared", False)

    def _approve(self) -> None:
        from exports.sync.enrolment import approve

        row = self.table.selected()
        if row is None:
            raise UserError("请先在右边选中要批准的工作站。")
        if not self.form.value("compared"):
            raise UserError("请先核对指纹，8 组都一致后打勾。")
        uid = self.form.value("desk")
        desk = next(desk for desk in desks() if desk.uid == uid)
        station = approve(row.request, desk=desk, by=self.window.person)
        self.form.clear(keep=("desk",))
        self.requests = [each for each in self.requests if each is not row]
        self.refresh()
        self.window.say(f"已批准 {station.name}；请同步，让它收到资料。")

    def on_refuse(self) -> None:
        """Leave a request unanswered, and out of sight until the next start."""
        row = self.table.selected()
        if row is None:
            raise UserError("请先选中一台工作站。")
        self.refused.add(row.uid)
        self._show_requests()
        self.window.say(f"没有批准 {row.request.name}；不批准的电脑不能上传任何记录。")

    def on_save(self) -> None:
        """Ctrl+S: approve at the office, sync at a desk."""
        if self.window.here.is_office:
            self.form.submit()
        else:
            self.on_refresh()

    def destroy(self) -> None:
        self._reading.close(0)
        super().destroy()
