"""评价屏: five faces for the student who has just been served, once a visit."""

import tkinter
from collections.abc import Callable
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.dialogs import BURST_MS
from desk.kiosk import Kiosk
from models.errors import UserError
from models.visits import RatedBy, Visit, rate_visit, require_unrated

GIVE_UP_MS = 60_000
WORDS = ("很不满意", "不满意", "一般", "满意", "很满意")
MOUTHS = (-1.0, -0.5, 0.0, 0.5, 1.0)  # how far its corners turn up
STEPS = {"Left": -1, "Up": -1, "Right": 1, "Down": 1}
THANKS = "谢谢，欢迎再来！"
TONES = ("danger", "warning", "secondary", "info", "success")


class RatingScreen(Kiosk):
    """The student chooses, or does not; then only the PIN leads on.

    Nothing but the service and the number of the visit is shown.
    """

    title = "评价屏"

    @classmethod
    def begin(cls, window: Any, *about: Any) -> Any:
        """Refuse a visit that nobody may rate before the screen is shown."""
        require_unrated(*about)
        return super().begin(window, *about)

    def __init__(self, window: Any, visit: Visit) -> None:
        self.visit = visit
        self._last_key, self._over = -BURST_MS, False
        super().__init__(window)

    def build(self) -> None:
        """The question, the faces, and a way not to answer."""
        pad = self.pad()
        about = f"{self.visit.service_name}　{self.visit.number}"
        self.asking = ttk.Frame(self.body, style="Chrome.TFrame")
        self.asking.place(relx=0.5, rely=0.47, anchor="center", relwidth=0.92)
        ttk.Label(self.asking, text="请评价本次服务", style="ChromeHuge.TLabel").pack()
        ttk.Label(self.asking, text=about, style="ChromeBig.TLabel").pack(pady=pad)
        row = ttk.Frame(self.asking, style="Chrome.TFrame")
        row.pack(fill="x", pady=pad)
        self.faces = [
            Face(row, points, self.rate) for points in range(1, len(WORDS) + 1)
        ]
        for face in self.faces:
            face.pack(side="left", expand=True)
        self.no_button = ttk.Button(
            self.asking, text="不评价", command=self.give_up, bootstyle="ghost"
        )
        self.no_button.pack(pady=pad, ipady=pad // 3, ipadx=pad)
        self.leave_button.configure(takefocus=True)
        for part in (*self.faces, self.no_button, self.leave_button):
            part.bind("<Key>", self._on_key, add="+")
        self.thanks = ttk.Frame(self.body, style="Chrome.TFrame")
        self.thanks_text = ttk.Label(self.thanks, style="ChromeHuge.TLabel")
        self.thanks_about = ttk.Label(self.thanks, style="ChromeBig.TLabel")

    def rise(self) -> None:
        """Wait for the student, but not for ever."""
        super().rise()
        self.later("give up", GIVE_UP_MS, self.give_up)

    def focus_body(self) -> None:
        """In the middle: no answer is suggested by where one begins."""
        if self._over:
            self.focus_set()
        else:
            self.faces[2].focus_set()

    # -- the answer ---------------------------------------------------------

    def _on_key(self, event: tkinter.Event) -> str | None:
        """A digit rates, unless it is one of a card's; so does Enter on a face."""
        in_burst = event.time - self._last_key < BURST_MS
        self._last_key = event.time
        if in_burst:
            self.stop("rate")
            return "break"
        face = event.widget if isinstance(event.widget, Face) else None
        if event.char in tuple("12345"):
            points = int(event.char)
            self.later("rate", BURST_MS * 3, lambda: self.rate(points))
        elif face is not None and event.keysym in STEPS:
            self._choose(self.faces.index(face) + STEPS[event.keysym])
        elif face is not None and event.keysym in ("Return", "KP_Enter", "space"):
            self.rate(face.points)
        else:
            return None
        return "break"

    def _choose(self, to: int) -> None:
        self.faces[max(0, min(to, len(self.faces) - 1))].focus_set()

    def rate(self, points: int) -> None:
        """Note the answer; there is no other one after it."""
        if self._over or self.leaving is not None:
            return
        by = self.window.person
        try:
            rate_visit(self.visit, points, by=by, rated_by=RatedBy.STUDENT)
        except UserError as error:  # the bar of the window is out of sight
            self._thank(THANKS, str(error))
            return
        # Not which one: whoever takes the screen back would read it.
        self._thank("感谢您的评价！", "评价已经记下。")

    def give_up(self) -> None:
        """Nobody wants to answer: that is no answer."""
        if not self._over:
            self._thank(THANKS, "本次没有评价。")

    def _thank(self, text: str, about: str) -> None:
        self._over = True
        self.stop("give up")
        self.stop("rate")
        self.asking.place_forget()
        pad = self.pad()
        self.thanks_text.configure(text=text)
        self.thanks_text.pack(pady=pad)
        self.thanks_about.configure(text=about)
        self.thanks_about.pack()
        ttk.Label(
            self.thanks, text="请把屏幕交还工作人员。", style="Chrome.TLabel"
        ).pack(pady=pad * 2)
        self.thanks.place(relx=0.5, rely=0.45, anchor="center")
        self.focus_first()


class Face(ttk.Canvas):
    """One answer: a face, its word and its digit.  A click gives it."""

    def __init__(
        self,
        master: tkinter.Misc,
        points: int,
        on_choose: Callable[[int], None],
    ) -> None:
        self._line = theme.line_height(master, "DeskTitle")
        wide, high = master.winfo_screenwidth() / 6, master.winfo_screenheight() / 3
        self._wide = round(max(min(wide, high), self._line * 4.5))
        super().__init__(
            master,
            width=self._wide,
            height=self._wide + self._line * 1.6,
            highlightthickness=0,
            borderwidth=0,
            takefocus=True,
            cursor="hand2",
        )
        self.points = points
        for event in ("<FocusIn>", "<FocusOut>", "<<ThemeChanged>>"):
            self.bind(event, lambda event: self._draw(), add="+")
        self.bind("<Button-1>", lambda event: self.focus_set())
        self.bind("<ButtonRelease-1>", lambda event: on_choose(points))
        self._draw()

    def _draw(self) -> None:
        self.delete("all")
        here = self.focus_get() is self
        self.configure(background=theme.colour("chosen" if here else "chrome"))
        wide, edge = self._wide, self._wide * 0.12
        tone = theme.colour(TONES[self.points - 1])
        thick = max(2, round(wide / 50))
        self.create_oval(
            edge, edge, wide - edge, wide - edge, fill=tone, outline=tone, width=thick
        )
        self._draw_eyes(wide, thick)
        self._draw_mouth(wide, thick)
        self.create_text(
            wide / 2,
            wide + self._line * 0.4,
            text=f"{self.points} {WORDS[self.points - 1]}",
            font="DeskTitle",
            fill=theme.colour("fg"),
        )
        if here:
            self.create_rectangle(
                *(thick, thick, wide - thick, wide + self._line * 1.6 - thick),
                outline=theme.colour("primary_text"),
                width=thick,
            )

    def _draw_eyes(self, wide: float, thick: int) -> None:
        size = wide * 0.045
        for x in (wide * 0.36, wide * 0.64):
            y = wide * 0.4
            self.create_oval(
                x - size, y - size, x + size, y + size, fill="#ffffff", outline=""
            )

    def _draw_mouth(self, wide: float, thick: int) -> None:
        turn = MOUTHS[self.points - 1] * wide * 0.14
        y = wide * 0.63
        self.create_line(
            *(wide * 0.32, y - turn / 2, wide / 2, y + turn, wide * 0.68, y - turn / 2),
            smooth=True,
            fill="#ffffff",
            width=thick * 2,
            capstyle="round",
        )
