"""Every modal dialog of the program.

Own button labels (ttkbootstrap's Chinese catalogue turns No into 取消), an answer
as a value and never as a label, a parent always, and the safe button as default.
"""

import time
import tkinter
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog

import ttkbootstrap as ttk

from desk import asking, theme
from desk.files import LOG_FOLDER, open_log_folder
from desk.widgets.reading import Words

# A card reader types digits and Enter within a few milliseconds a key; a person
# needs longer between two keys, and longer still to read a dialog that just came.
BURST_MS = 60
SETTLE_SECONDS = 0.25
LOCK = "<<Lock>>"  # Ctrl+L reaches the window from a dialog as well


class Dialog(ttk.Toplevel):
    """A modal window with a text and buttons.  `build` it, then `show` it."""

    def __init__(self, parent: tkinter.Misc, title: str) -> None:
        super().__init__(title=title, master=parent.winfo_toplevel())
        self.withdraw()
        self.parent = parent
        self.answer: object = None
        self.body = ttk.Frame(self, padding=theme.text_width(self, 1.5))
        self.body.pack(fill="both", expand=True)
        self.buttons = ttk.Frame(self.body)
        self.buttons.pack(side="bottom", fill="x", pady=(theme.text_width(self, 1), 0))
        self._guard = KeyGuard(self)
        self.bind("<Escape>", lambda event: self.close(None))
        self.bind("<Button>", self._on_click)
        for key in ("<Control-l>", "<Control-L>"):
            self.bind(key, lambda event: self.parent.event_generate(LOCK))
        for key, step in (("<Left>", "prev"), ("<Right>", "next")):
            self.bind(key, lambda event, step=step: self._move(step))
        self.protocol("WM_DELETE_WINDOW", lambda: self.close(None))

    def add_text(self, text: str, style: str = "TLabel", wide: int = 28) -> Words:
        """A paragraph, wrapped at *wide* Chinese characters."""
        label = Words(self.body, style=style)
        label.wrap_at(theme.text_width(self, wide))
        label.say(text)
        label.pack(anchor="w", pady=(0, theme.text_width(self, 0.4)))
        return label

    def add_button(
        self, text: str, command: Callable[[], None], bootstyle: str = "default"
    ) -> ttk.Button:
        """A button; the first one added stands on the right."""
        button = ttk.Button(
            self.buttons, text=text, command=command, bootstyle=bootstyle
        )
        button.pack(side="right", padx=(theme.text_width(self, 0.6), 0))
        return button

    def show(self, focus: tkinter.Misc) -> object:
        """Stand in front of the parent until answered; returns the answer."""
        top = self.parent.winfo_toplevel()
        self.transient(top)
        self.resizable(False, False)
        before = top.focus_get()
        self._focused = focus
        with asking.waiting(self):
            if self.winfo_exists():
                self.wait_window()
        if before is not None and before.winfo_exists():
            before.focus_set()
        return self.answer

    def appear(self) -> None:
        """Stand over the parent, with the keys."""
        self._place_over(self.parent.winfo_toplevel())
        self.deiconify()
        self.wait_visibility()
        self.grab_set()
        self._focused.focus_force()
        self._guard.settle()

    def disappear(self) -> None:
        """Out of sight while something covers the window; nothing is answered."""
        last = self.focus_lastfor()
        if last is not None and last is not self:
            self._focused = last
        self.grab_release()
        self.withdraw()

    def close(self, answer: object) -> None:
        """Answer and go away; what was answered first stays."""
        if self.winfo_exists():
            self.answer = answer
            self.destroy()

    def _place_over(self, top: tkinter.Misc) -> None:
        self.update_idletasks()
        x = top.winfo_rootx() + (top.winfo_width() - self.winfo_reqwidth()) // 2
        y = top.winfo_rooty() + (top.winfo_height() - self.winfo_reqheight()) // 3
        self.geometry(f"+{max(x, 0)}+{max(y, 0)}")

    def _on_click(self, event: tkinter.Event) -> None:
        """A click on the window behind comes here, for the grab; the keys do not."""
        inside_x = 0 <= event.x_root - self.winfo_rootx() < self.winfo_width()
        inside_y = 0 <= event.y_root - self.winfo_rooty() < self.winfo_height()
        if not (inside_x and inside_y):
            self.focus_lastfor().focus_force()

    def _move(self, step: str) -> str | None:
        here = self.focus_get()
        if not isinstance(here, ttk.Button):
            return None  # the arrows belong to a text field
        to = here.tk_focusPrev() if step == "prev" else here.tk_focusNext()
        if to is not None:
            to.focus_set()
        return "break"


class KeyGuard:
    """Keeps Enter and Space away from a window's buttons inside a burst of keys.

    The guard's tag stands before the class of every widget, so it hears the key
    first and can stop it.
    """

    def __init__(self, window: tkinter.Misc) -> None:
        self._window = window
        self._tag = f"guard{window}"
        self._last_key = -BURST_MS
        self._open_since = time.monotonic()
        window.bind_class(self._tag, "<Key>", self._on_key)
        for sequence in ("<Return>", "<KP_Enter>", "<space>"):
            window.bind_class(self._tag, sequence, self._on_press)

    def settle(self) -> None:
        """Put every widget of the window under guard, from now on."""
        self._open_since = time.monotonic()
        waiting = [self._window]
        while waiting:
            widget = waiting.pop()
            waiting.extend(widget.winfo_children())
            if self._tag not in widget.bindtags():
                widget.bindtags((self._tag, *widget.bindtags()))

    def _on_key(self, event: tkinter.Event) -> None:
        self._last_key = event.time

    def _on_press(self, event: tkinter.Event) -> str | None:
        in_burst = event.time - self._last_key < BURST_MS
        too_soon = time.monotonic() - self._open_since < SETTLE_SECONDS
        self._last_key = event.time
        return "break" if in_burst or too_soon else None


def build_confirm(
    parent: tkinter.Misc, text: str, *, yes: str, no: str = "取消", danger: bool = False
) -> Dialog:
    """A question; `safe_button` is the one that changes nothing."""
    dialog = Dialog(parent, "请确认")
    dialog.add_text(text)
    dialog.yes_button = dialog.add_button(
        yes, lambda: dialog.close(True), "danger" if danger else "primary"
    )
    dialog.safe_button = dialog.add_button(no, lambda: dialog.close(False))
    return dialog


def confirm(
    parent: tkinter.Misc, text: str, *, yes: str, no: str = "取消", danger: bool = False
) -> bool:
    """Ask before something that cannot be taken back.  Esc and Enter say no."""
    dialog = build_confirm(parent, text, yes=yes, no=no, danger=danger)
    return dialog.show(dialog.safe_button) is True


def build_warning(parent: tkinter.Misc, text: str) -> Dialog:
    """A text and one button."""
    dialog = Dialog(parent, "提示")
    dialog.add_text(text)
    dialog.safe_button = dialog.add_button(
        "知道了", lambda: dialog.close(None), "primary"
    )
    return dialog


def warn(parent: tkinter.Misc, text: str) -> None:
    """Say something that must be read before going on."""
    dialog = build_warning(parent, text)
    dialog.show(dialog.safe_button)


def build_crash(parent: tkinter.Misc, details: str, folder: Path) -> Dialog:
    """What went wrong, for the person and for whoever will repair it; *folder* is that
    of the data, where the log lies."""
    dialog = Dialog(parent, "程序出错")
    dialog.add_text(
        "程序出了一个意外的错误，已保存的记录不受影响。", "Heading.TLabel", wide=40
    )
    dialog.add_text(
        "可以继续使用；如果反复出现，请复制详情，或把日志发给中心办公室。",
        wide=40,
    )
    dialog.add_text(
        f"日志：{folder / LOG_FOLDER / 'desk.log'}", "Muted.TLabel", wide=40
    )
    text = ttk.Text(dialog.body, height=8, width=70, wrap="word")
    text.insert("1.0", details)
    text.configure(state="disabled")
    text.pack(fill="both", expand=True)

    def copy() -> None:
        dialog.clipboard_clear()
        dialog.clipboard_append(details)

    dialog.safe_button = dialog.add_button(
        "继续", lambda: dialog.close(None), "primary"
    )
    dialog.add_button("复制详情", copy)
    dialog.log_button = dialog.add_button(
        "打开日志文件夹", lambda: open_log_folder(folder)
    )
    return dialog


def show_crash(parent: tkinter.Misc, details: str, folder: Path) -> None:
    """Tell of an error that is ours."""
    dialog = build_crash(parent, details, folder)
    dialog.show(dialog.safe_button)


def build_question(
    parent: tkinter.Misc, text: str, *, title: str, yes: str, initial: str = ""
) -> Dialog:
    """A question answered with a line of text."""
    dialog = Dialog(parent, title)
    dialog.add_text(text)
    dialog.entry = ttk.Entry(dialog.body, width=44)
    dialog.entry.insert(0, initial)
    dialog.entry.pack(fill="x")
    problem = dialog.add_text("", "Error.TLabel")

    def accept() -> None:
        if dialog.entry.get().strip():
            dialog.close(dialog.entry.get().strip())
        else:
            problem.say("请填写后再确定。")
            dialog.entry.focus_set()

    dialog.yes_button = dialog.add_button(yes, accept, "primary")
    dialog.safe_button = dialog.add_button("取消", lambda: dialog.close(None))
    dialog.entry.bind("<Return>", lambda event: dialog.yes_button.focus_set())
    return dialog


def ask_text(
    parent: tkinter.Misc,
    text: str,
    *,
    title: str = "请填写",
    yes: str = "确定",
    initial: str = "",
) -> str | None:
    """Ask for a line of text, such as a reason; None when given up."""
    dialog = build_question(parent, text, title=title, yes=yes, initial=initial)
    answer = dialog.show(dialog.entry)
    return answer if isinstance(answer, str) else None


def choose_folder(parent: tkinter.Misc, *, title: str) -> Path | None:
    """An existing folder, or None."""
    with asking.native():
        chosen = filedialog.askdirectory(parent=parent, title=title, mustexist=True)
    return Path(chosen) if chosen else None


def choose_file(
    parent: tkinter.Misc, *, title: str, kinds: list[tuple[str, str]]
) -> Path | None:
    """An existing file of one of *kinds* (name, pattern), or None."""
    with asking.native():
        chosen = filedialog.askopenfilename(parent=parent, title=title, filetypes=kinds)
    return Path(chosen) if chosen else None


def choose_new_file(
    parent: tkinter.Misc,
    *,
    title: str,
    name: str,
    folder: Path,
    kinds: Sequence[tuple[str, str]] = (("Word 文档", "*.docx"),),
) -> Path | None:
    """Where to write a document, of the first of *kinds* unless told; or None."""
    with asking.native():
        chosen = filedialog.asksaveasfilename(
            parent=parent,
            title=title,
            initialfile=name,
            initialdir=folder,
            defaultextension=kinds[0][1].removeprefix("*"),
            filetypes=kinds,
        )
    return Path(chosen) if chosen else None
