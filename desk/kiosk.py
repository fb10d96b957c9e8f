"""Screens for students: the whole screen, left only with the PIN of the screens.

What the system itself offers (its own keys for other programs) is not ours to take
away: nobody comes to the desk's records by it, for after the PIN the window is locked.
"""

from typing import Any

import ttkbootstrap as ttk

from desk.cover import Cover
from desk.pinpad import PinPad
from desk.screenpin import DOT, require_screen_pin
from models.errors import UserError
from models.pins import check_screen_pin

PIN_MS = 30_000
FULL = "-fullscreen"


class Kiosk(Cover):
    """`begin` shows one; what it shows is built into `self.body` by `build()`."""

    @classmethod
    def begin(cls, window: Any, *about: Any) -> Any:
        """Show this screen, after whoever may has set a PIN to leave it with."""
        if window.cover is not None or not require_screen_pin(window):
            return None
        kiosk = cls(window, *about)
        kiosk.rise()
        return kiosk

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._on_close = self._before = ""
        self.leaving: LeavingPanel | None = None
        self._build_head()
        self.body = ttk.Frame(self, style="Chrome.TFrame")
        self.body.pack(fill="both", expand=True)
        self.build()

    def _build_head(self) -> None:
        pad = self.pad()
        head = ttk.Frame(self, style="Chrome.TFrame")
        head.pack(fill="x", padx=pad * 2, pady=(pad, 0))
        ttk.Label(head, text=self.window.here.name, style="ChromeBig.TLabel").pack(
            side="left"
        )
        self.leave_button = ttk.Button(
            head,
            text="退出（工作人员）",
            command=self.ask_to_leave,
            bootstyle="ghost",
            takefocus=False,
        )
        self.leave_button.pack(side="right")
        self.time = ttk.Label(head, style="ChromeBig.TLabel")
        self.time.pack(side="right", padx=pad * 2)

    def build(self) -> None:
        """Fill `self.body`."""
        raise NotImplementedError

    def focus_body(self) -> None:
        """Where the keys belong when nobody wants to leave."""
        raise NotImplementedError

    # -- coming and going ---------------------------------------------------

    def rise(self) -> None:
        """Take the whole screen."""
        self._before = self.root.geometry()
        self._zoomed = self._is_zoomed()
        self._on_close = self.tk.call("wm", "protocol", ".", "WM_DELETE_WINDOW")
        self.root.protocol("WM_DELETE_WINDOW", self.ask_to_leave)
        self.root.attributes(FULL, True)
        super().rise()

    def go(self) -> None:
        """Give the screen back, as large as the window was."""
        self.tk.call("wm", "protocol", ".", "WM_DELETE_WINDOW", self._on_close)
        root, zoomed, before = self.root, self._zoomed, self._before
        root.attributes(FULL, False)
        super().go()
        if not zoomed:
            root.geometry(before)
        elif root.tk.call("tk", "windowingsystem") == "x11":
            root.attributes("-zoomed", True)
        else:
            root.state("zoomed")

    def _is_zoomed(self) -> bool:
        if self.tk.call("tk", "windowingsystem") == "x11":
            return bool(self.root.attributes("-zoomed"))
        return self.root.state() == "zoomed"

    def may_close(self) -> bool:
        """Not from here; the PIN is asked for."""
        self.ask_to_leave()
        return False

    # -- leaving ------------------------------------------------------------

    def ask_to_leave(self) -> None:
        """Ask for the PIN, in front of what is shown."""
        if self.leaving is None:
            self.leaving = LeavingPanel(self)
        self.leaving.entry.focus_set()

    def stay(self) -> None:
        """Nobody wants to leave after all."""
        if self.leaving is not None:
            self.stop("leaving")
            self.leaving.destroy()
            self.leaving = None
            self.focus_body()

    def leave(self) -> None:
        """The PIN was right: to the lock, never to a desk that lies open."""
        window = self.window
        self.go()
        window.lock()

    def focus_first(self) -> None:
        """The PIN, while it is asked for."""
        if self.leaving is not None:
            self.leaving.entry.focus_set()
        else:
            self.focus_body()


class LeavingPanel(ttk.Frame):
    """The PIN by keyboard, mouse or touch; it goes by itself when nothing is typed."""

    def __init__(self, kiosk: Kiosk) -> None:
        # As large as the screen: one pad of digits at a time is in sight.
        super().__init__(kiosk, style="Chrome.TFrame")
        self._kiosk = kiosk
        pad = kiosk.pad()
        card = ttk.Frame(self, bootstyle="bordered", padding=pad * 1.5)
        card.place(relx=0.5, rely=0.5, anchor="center")
        ttk.Label(card, text="请输入屏幕密码退出", style="Title.TLabel").pack()
        self.entry = ttk.Entry(
            card, show=DOT, font="DeskBig", width=10, justify="center"
        )
        self.entry.pack(fill="x", pady=(pad, 0), ipady=pad // 4)
        self.problem = ttk.Label(
            card, style="Bad.TLabel", text=" ", wraplength=kiosk.pad(18)
        )
        self.problem.pack(pady=pad // 4)
        self.pinpad = PinPad(card, target=lambda: self.entry)
        self.pinpad.pack(fill="both", expand=True)
        bar = ttk.Frame(card)
        bar.pack(fill="x", pady=(pad, 0))
        self.yes_button = ttk.Button(
            bar, text="退出", command=self.on_leave, bootstyle="primary"
        )
        self.no_button = ttk.Button(bar, text="返回", command=kiosk.stay)
        for button in (self.yes_button, self.no_button):
            button.pack(side="left", fill="x", expand=True, padx=2, ipady=pad // 3)
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda event: self.on_leave())
        for part in (self.entry, self.yes_button, self.no_button):
            part.bind("<Escape>", lambda event: kiosk.stay())
        for event in ("<Key>", "<FocusIn>"):
            self.entry.bind(event, lambda event: self._wait(), add="+")
        self.place(relwidth=1, relheight=1)
        self.lift()
        self._wait()

    def _wait(self) -> None:
        self._kiosk.later("leaving", PIN_MS, self._kiosk.stay)

    def on_leave(self) -> None:
        """Leave, if the PIN is right."""
        typed = self.entry.get()
        self.entry.delete(0, "end")  # never left on the screen, right or wrong
        try:
            check_screen_pin(typed)
        except UserError as error:
            self.problem.configure(text=str(error))
            self.entry.focus_set()
            self._wait()
            return
        self._kiosk.leave()
