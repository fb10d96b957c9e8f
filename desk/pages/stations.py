"""工作站: the PCs of the centre; one that is lost is revoked, a broken one replaced."""

import tkinter
from typing import Any, NamedTuple

import ttkbootstrap as ttk

from desk import dialogs
from desk.jobs import Jobs
from desk.pages.sync import PATIENCE, found_requests, in_two_lines
from desk.widgets.form import Form
from desk.widgets.page import Page
from desk.widgets.qrcode import QrCode
from desk.widgets.table import Column
from models.desks import desks
from models.errors import UserError
from models.installation import installation
from models.stations import Station, received_from, revoke, stations

REVOKE, REPLACE = "revoke", "replace"
TASKS = {REVOKE: "只注销（遗失、停用）", REPLACE: "换电脑（注销并由新电脑接替）"}


class StationRow(NamedTuple):
    """One PC as the list shows it."""

    uid: str
    station: Station
    desk: str
    upto: int
    heard: str
    state: str
    epoch: str


def station_rows() -> list[StationRow]:
    """Every PC, with what the office has heard of it."""
    from models.journal import Stream

    names = {desk.uid: desk.name for desk in desks()}
    known = stations()
    in_place_of = {station.replaces: station.name for station in known}
    rows = []
    for station in known:
        got = received_from(station)
        copies = Stream.select().where(
            (Stream.sender == station.station_uid) & ~Stream.own
        )
        heard = max((copy.heard_at for copy in copies if copy.heard_at), default=None)
        state = "在用"
        if station.is_revoked:
            after = in_place_of.get(station.station_uid)
            state = f"已注销，由{after}接替" if after else "已注销"
        rows.append(
            StationRow(
                station.uid,
                station,
                names.get(station.desk_uid, ""),
                got.upto,
                f"{heard:%m-%d %H:%M}" if heard else "还没有",
                state,
                got.epoch[:4].lstrip("0"),
            )
        )
    return rows


COLUMNS = [
    Column("名称", lambda row: row.station.name, 13),
    Column("窗口", lambda row: row.desk, 10),
    Column("状态", lambda row: row.state, 6, stretch=True),
    Column("上次收到", lambda row: row.heard, 6),
    Column("收到第几条", lambda row: f"{row.upto:,}", 6),
    Column("编号段", lambda row: row.epoch, 3.5),
]


class StationsPage(Page):
    """The list right; left what is to become of the marked one."""

    title = "工作站"
    save_words = "注销"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._shown = ""
        self._requests: dict[str, Any] = {}
        self._reading = Jobs(self, "requests")
        left = ttk.Frame(self)
        self.put_left(left)
        left.columnconfigure(0, weight=1)
        left.rowconfigure(0, weight=1)
        self._build_form(left)
        self._build_own(left)
        self.build_list(
            name="stations",
            columns=COLUMNS,
            buttons={"重建共享文件夹": self.on_new_share},
            empty="还没有工作站。\n新电脑选择“加入已有中心”后，在“数据同步”页批准。",
        )
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_station(), add="+"
        )

    def _build_form(self, master: tkinter.Misc) -> None:
        form = self.form = Form(master, title="注销或更换", command=self._save)
        form.grid(row=0, column=0, sticky="nsew")
        form.add_fact("name", "工作站")
        form.add_fact("known", "办公室已收到")
        form.add_choice(
            "task", "怎么办", TASKS, columns=1, on_change=lambda _: self._follow()
        )
        form.add_number("after", "接收到第几条", initial=0, most=99_999_999)
        form.add_entry("reason", "原因")
        form.add_list("request", "新电脑", on_change=self._show_fingerprint)
        form.add_fact("fingerprint", "指纹")
        form.add_check("compared", "已与新电脑屏幕上的指纹逐组核对", initial=False)
        form.add_words("after", "注销序号")
        form.add_words("reason", "注销原因")
        form.add_words("compared", "核对指纹")
        self.save_button = form.add_button("注销", form.submit, primary=True)

    def _build_own(self, master: tkinter.Misc) -> None:
        from exports.sync.enrolment import my_request

        card = ttk.Frame(master, bootstyle="bordered", padding=self.gap * 2)
        card.grid(row=1, column=0, sticky="ew", pady=(self.gap * 2, 0))
        card.columnconfigure(0, weight=1)
        words = ttk.Frame(card)
        words.grid(row=0, column=0, sticky="w")
        fingerprint = my_request(self.window.here).fingerprint
        ttk.Label(words, text="办公室指纹", style="Heading.TLabel").pack(anchor="w")
        self.own = ttk.Label(words, text=in_two_lines(fingerprint))
        self.own.pack(anchor="w", pady=self.gap)
        ttk.Label(
            words,
            text="窗口电脑加入时逐组核对，\n或用手机扫码对照",
            style="Muted.TLabel",
        ).pack(anchor="w")
        self.code = QrCode(card, lines=7)
        self.code.grid(row=0, column=1, sticky="e")
        self.code.say(f"办公室 {fingerprint}")

    def refresh(self) -> None:
        """The PCs there are, and who asks to join."""
        if not self._requests:
            self._show_requests([])
        if installation().share and not self._reading.running:
            self._reading.start(
                lambda report: found_requests(),
                on_done=self._show_requests,
                on_error=lambda error: None,  # 数据同步 says why
                patience=PATIENCE,
            )
        rows = station_rows()
        self.table.show(rows)
        used = sum(not row.station.is_revoked for row in rows)
        self.heading.configure(text=f"工作站 {used} 台在用，共 {len(rows)} 台")
        self._show_station()

    def _show_requests(self, found: list[Any]) -> None:
        self._requests = {request.fingerprint: request for request in found}
        choices = [(request.name, request.fingerprint) for request in found]
        self.form.set_choices("request", choices or [("（没有电脑在申请）", "")])

    def destroy(self) -> None:
        self._reading.close(0)
        super().destroy()

    def focus_first(self) -> None:
        """Begin with the list."""
        self.table.tree.focus_set()

    def _show_station(self) -> None:
        row = self.table.selected()
        self.form.set("name", row.station.name if row else "（在右边选中一台）")
        known = "" if row is None else f"第 {row.upto:,} 条（先同步，再注销）"
        if row is not None and row.station.is_revoked:
            at = row.station.revoked_at
            known = (
                f"注销于第 {row.station.revoked_after:,} 条"
                + (f"，{at:%Y-%m-%d %H:%M}" if at else "")
                + (
                    f"，{row.station.revoked_reason}"
                    if row.station.revoked_reason
                    else ""
                )
            )
        self.form.set("known", known)
        if (chosen := row.uid if row else "") != self._shown:
            self._shown = chosen
            self.form.set("after", row.upto if row else 0)
            self.form.set("compared", False)
        self._follow()

    def _follow(self) -> None:
        replaces = self.form.value("task") == REPLACE
        for name in ("request", "fingerprint", "compared"):
            self.form.show_field(name, replaces)
        row = self.table.selected() if hasattr(self, "table") else None
        self.form.show_field("after", row is None or not row.station.is_revoked)
        text = "注销并更换" if replaces else "注销"
        self.save_button.configure(text=text)
        self._show_fingerprint()

    def _show_fingerprint(self) -> None:
        chosen = self.form.value("request") or ""
        shown = in_two_lines(chosen)
        self.form.set("fingerprint", shown)

    def _save(self) -> None:
        row = self.table.selected()
        if row is None:
            raise UserError("请先在右边选中一台工作站。")
        if self.form.value("task") == REPLACE:
            self._replace(row.station)
            return
        words = (
            f"注销“{row.station.name}”？第 {self.form.value('after')} 条以后的记录"
            "不再接收，而且不能再恢复。"
        )
        if dialogs.confirm(self, words, yes="注销", danger=True):
            done = revoke(
                row.station,
                by=self.window.person,
                reason=self.form.text("reason"),
                after_seq=self.form.value("after"),
            )
            self._done(f"已注销 {done.name}；请同步，让各窗口知道。")

    def _replace(self, station: Station) -> None:
        from exports.sync.enrolment import replace_station

        request = self._requests.get(self.form.value("request") or "")
        if request is None:
            raise UserError("没有新电脑在申请：请先在新电脑上“加入已有中心”。")
        if not self.form.value("compared"):
            raise UserError("请先核对指纹，8 组都一致后打勾。")
        done = replace_station(
            station,
            request,
            by=self.window.person,
            reason=self.form.text("reason"),
            after_seq=self.form.value("after"),
        )
        left = "、".join(seal.name for seal in done.seals_left)
        more = f"{left}请在“印章管理”里另行调配。" if left else ""
        self._done(f"{done.station.name}已接替 {station.name}；请同步。{more}")

    def _done(self, words: str) -> None:
        self.form.clear()
        self._shown = ""
        self.refresh()
        self.window.say(words)

    def on_new_share(self) -> None:
        """The share is gone for good: another folder takes its place."""
        from exports.sync.enrolment import found_share_again

        words = (
            "原来的共享文件夹确定找不回来了，才需要重建；一时连不上不要重建。"
            "请先建好一个空文件夹。"
        )
        if not dialogs.confirm(self, words, yes="选择空文件夹"):
            return
        folder = dialogs.choose_folder(self, title="选择新的共享文件夹（空的）")
        if folder is not None:
            found_share_again(folder, by=self.window.person)
            self.refresh()
            self.window.say("已重建；请同步，再到各窗口把共享文件夹换成它。")

    def on_save(self) -> None:
        """Ctrl+S: as the button."""
        self.form.submit()
