"""开始使用: 建立新中心, 加入已有中心, 重建办公室 or 试用."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, founding, theme
from desk.jobs import Jobs
from desk.pages.keysrefound import RefoundCard
from desk.pages.setupfound import FoundCard
from desk.pages.setupwork import SetupWork
from desk.widgets.form import Form
from desk.widgets.progress import Progress
from desk.widgets.reading import Words
from models import storage
from models.errors import UserError
from models.progress import Report

PATIENCE = 2.0  # seconds for a share that is slow; then the window goes on without

CHOICES = {
    "found": (
        "建立新中心",
        "这台电脑是中心办公室。建立服务中心、共享文件夹和第一位工作人员。",
    ),
    "join": (
        "加入已有中心",
        "这台电脑放在某个服务窗口。连接中心的共享文件夹，等办公室批准。",
    ),
    "restore": (
        "从备份恢复",
        "这台电脑接替一台坏了的电脑，或数据丢了：用备份文件和恢复密钥找回记录。",
    ),
    "refound": (
        "重建办公室",
        "办公室电脑坏了：用 U 盘上的办公室密钥和共享文件夹，在这台电脑上重建。",
    ),
    "try": (
        "试用",
        "用虚构的学生和两天的样例记录先看一看，不影响以后正式使用。",
    ),
}
FIRST = {"found": "centre_name", "join": "share", "refound": "share"}


class SetupPage(ttk.Frame):
    """The choices left, the card of the chosen one right."""

    title = "开始使用"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        pad = theme.text_width(master, 2)
        super().__init__(master, padding=pad)
        self.window, self.pad = window, pad
        self._marker: Any = None
        self.reading = Jobs(self, "marker")
        self._marked_share = ""  # the folder the marker was read from
        self.columnconfigure(1, minsize=theme.text_width(self, 46))
        self.rowconfigure(1, weight=1)
        ttk.Label(self, text="欢迎使用服务窗口工作站", style="Title.TLabel").grid(
            row=0, column=0, columnspan=2, sticky="w", pady=(0, pad)
        )
        self._build_choices()
        self.work = SetupWork(self, window, self._hold_choices)
        self.work.grid(row=2, column=1, sticky="ew", pady=(pad // 2, 0))
        self.work.grid_remove()
        self.cards = {
            "found": FoundCard(self, window, self.work),
            "join": self._build_join(),
            "restore": self._build_restore(),
            "refound": RefoundCard(self, window, self.work),
            "try": self._build_try(),
        }
        self._on_choose("found")

    def _build_choices(self) -> None:
        left = ttk.Frame(self)
        left.grid(row=1, column=0, rowspan=2, sticky="n", padx=(0, self.pad))
        self.chosen = ttk.StringVar(self, "found")
        self.buttons: dict[str, ttk.Radiobutton] = {}
        for name, (label, text) in CHOICES.items():
            button = ttk.Radiobutton(
                left,
                text=label,
                value=name,
                variable=self.chosen,
                style="Choice.Toolbutton",
                command=lambda name=name: self._on_choose(name),
            )
            button.pack(fill="x")
            words = Words(left, style="Muted.TLabel")
            words.say(text)
            words.wrap_at(theme.text_width(self, 17))
            words.pack(anchor="w", pady=(self.pad // 6, self.pad * 2 // 3))
            self.buttons[name] = button
        names = list(CHOICES)
        for at, name in enumerate(names):
            for key, step in (("<Up>", -1), ("<Down>", 1)):
                there = names[(at + step) % len(names)]
                self.buttons[name].bind(key, lambda event, to=there: self._go(to))
            self.buttons[name].bind("<Return>", lambda event: self._enter_card())

    def _go(self, name: str) -> str:
        self.buttons[name].focus_set()
        self.buttons[name].invoke()
        return "break"

    def _enter_card(self) -> str:
        card = self.cards[self.chosen.get()]
        first = FIRST.get(self.chosen.get())
        if first:
            card.focus_field(first)
        else:
            way = self.chosen.get()
            (self.restore_button if way == "restore" else self.try_button).focus_set()
        return "break"

    def _build_join(self) -> Form:
        form = Form(self, title="加入已有中心", command=self._join)
        form.add_entry("share", "共享文件夹")
        form.add_words("share", "这是一个文件")
        form.add_entry("name", "这台电脑叫")
        form.add_words("name", "名称")
        form.add_fact("centre", "中心")
        form.add_fact("fingerprint", "办公室指纹")
        form.add_check("compared", "与办公室电脑上显示的指纹一致", initial=False)
        form.add_words("compared", "办公室指纹")
        self.read_button = form.add_button("读取中心信息", self.on_read, primary=True)
        self.join_button = form.add_button("申请加入", form.submit)
        share = form.widget("share")
        for event in ("<KeyRelease>", "<FocusOut>"):
            share.bind(event, lambda event: self._forget_other_share(), add="+")
        for event in ("<<Paste>>", "<<Cut>>"):
            share.bind(event, lambda event: self._forget_share_soon(), add="+")
        form.add_button("选择共享文件夹", lambda: self._choose_share(form))
        return form

    def _build_restore(self) -> ttk.Frame:
        card = ttk.Frame(self, bootstyle="bordered", padding=self.pad)
        ttk.Label(card, text="从备份恢复", style="Heading.TLabel").pack(anchor="w")
        words = Words(card)
        words.say(
            "备份文件的名称以 .backup 结尾，在坏了的电脑的数据文件夹里，或在另一块"
            "硬盘、U 盘上。先打开看里面有什么，再决定是否恢复。"
        )
        words.wrap_at(theme.text_width(self, 30))
        words.pack(anchor="w", pady=self.pad // 2)
        self.restore_button = ttk.Button(
            card,
            text="选择备份…",
            command=lambda: self.window.show_restore(),
            bootstyle="primary",
        )
        self.restore_button.pack(anchor="w")
        return card

    def _build_try(self) -> ttk.Frame:
        card = ttk.Frame(self, bootstyle="bordered", padding=self.pad)
        ttk.Label(card, text="试用", style="Heading.TLabel").pack(anchor="w")
        ttk.Label(
            card,
            text="将在本机建立一个样例中心：六个窗口、两千名虚构学生、两天的记录，"
            "通常不到一分钟。\n完成后打开教务窗口，可用学号 2024110205 登录。",
            wraplength=theme.text_width(self, 30),
            justify="left",
        ).pack(anchor="w", pady=self.pad // 2)
        self.try_button = ttk.Button(
            card, text="开始试用", command=self.on_try, bootstyle="primary"
        )
        self.try_button.pack(anchor="w")
        holder = ttk.Frame(card)
        holder.pack(fill="x", pady=self.pad // 2)
        holder.columnconfigure(0, weight=1)
        self.progress = Progress(holder, self.window.jobs)
        self.progress.grid(sticky="ew")
        self.progress.grid_remove()
        return card

    def refresh(self) -> None:
        """Nothing is known yet."""

    def focus_first(self) -> None:
        """Begin with the choice."""
        self.buttons[self.chosen.get()].focus_set()

    def _on_choose(self, name: str) -> None:
        for card in self.cards.values():
            card.grid_remove()
        self.cards[name].grid(row=1, column=1, sticky="nsew")

    def _hold_choices(self, running: bool) -> None:
        """What was begun ends before something else is chosen."""
        for button in self.buttons.values():
            button.configure(state="disabled" if running else "normal")

    def _choose_share(self, form: Form) -> None:
        folder = dialogs.choose_folder(self, title="选择共享文件夹")
        if folder is not None:
            form.set("share", str(folder))
            self._forget_other_share()

    def on_save(self) -> None:
        """Ctrl+S or Ctrl+Enter: the next step of the chosen way."""
        card = self.cards[self.chosen.get()]
        if isinstance(card, Form):
            card.primary.invoke()
        elif self.chosen.get() == "restore":
            self.restore_button.invoke()
        elif str(self.try_button.cget("state")) == "normal":
            self.on_try()

    # -- the ways -----------------------------------------------------

    def on_read(self) -> None:
        """Read whose share it is, for a person to compare."""
        self.cards["join"].submit(self._read_marker)

    def _read_marker(self) -> None:
        """Off this thread: a share that does not answer must not stop the window."""
        text = self.cards["join"].text("share")
        if not text:
            raise UserError("请选择共享文件夹。")

        def read(report: Report) -> Any:
            return founding.marker_of(founding.existing_folder(text))

        self.reading.start(
            read,
            on_done=lambda marker: self._show_marker(marker, text),
            connected=False,
            patience=PATIENCE,
        )

    def _show_marker(self, marker: Any, share: str) -> None:
        form = self.cards["join"]
        self._marker, self._marked_share = marker, share
        form.set("centre", self._marker.centre_name)
        form.set("fingerprint", self._marker.fingerprint)
        form.make_primary(self.join_button)
        form.focus_field("name" if not form.text("name") else "compared")

    def _forget_share_soon(self) -> None:
        self.after_idle(self._forget_other_share)

    def _forget_other_share(self) -> None:
        """Another share is another centre: nothing was compared with that one yet."""
        form = self.cards["join"]
        if self._marker is None or form.text("share") == self._marked_share:
            return
        self._marker = None
        form.set("centre", "")
        form.set("fingerprint", "")
        form.set("compared", False)
        form.make_primary(self.read_button)

    def _join(self) -> None:
        form = self.cards["join"]
        self._forget_other_share()
        if self._marker is None:
            self._read_marker()
        if self._marker is None:
            raise UserError("共享文件夹还没有回答，请稍候再试。")
        if not form.value("compared"):
            raise UserError(
                "请先给办公室打电话，核对办公室指纹的 8 组字符，一致后打勾。"
            )
        data, marker = self.window.folder, self._marker
        share, name = form.text("share"), form.text("name")
        self.work.do(
            form,
            lambda: founding.existing_folder(share),
            lambda place, report: founding.join(
                data, share_folder=place, marker=marker, name=name
            ),
            on_done=lambda: None,
        )

    def on_try(self) -> None:
        """Build the sample college in the worker, then open one of its desks."""
        folder = self.window.folder
        self.progress.run(
            lambda report: founding.make_trial(folder, report),
            on_done=self._on_trial,
            on_end=lambda: self._hold_trial(False),
            words="正在建立样例中心…",
            connected=False,
        )
        self._hold_trial(True)

    def _hold_trial(self, running: bool) -> None:
        self.try_button.configure(state="disabled" if running else "normal")
        self._hold_choices(running)

    def _on_trial(self, station: Path) -> None:
        storage.open_database(station)
        self.window.open_station()
        self.window.info.show(
            "这是试用：学生和记录都是虚构的。用学号 2024110205 登录教务窗口。", "info"
        )

    def on_escape(self) -> None:
        """Stop building the sample college, or asking a share that does not answer."""
        self.work.cancel()
        if self.progress.winfo_manager():
            self.progress.cancel()

    def destroy(self) -> None:
        self.reading.close(0)
        super().destroy()
