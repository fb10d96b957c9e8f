"""Setting the PIN that leaves the screens for students."""

from typing import Any

import ttkbootstrap as ttk

from desk.dialogs import Dialog
from models.errors import UserError
from models.permissions import Operation, may, who_may
from models.pins import has_screen_pin, reset_screen_pin, set_screen_pin

DOT = "●"
ABOUT = (
    "签到屏、评价屏打开以后，要输入屏幕密码才能退出。密码是 6 位数字，每个窗口一个。"
)


def require_screen_pin(window: Any) -> bool:
    """Whether a screen can be left again; who may is asked to set the PIN first."""
    if has_screen_pin():
        return True
    if not may(window.person, Operation.SCREEN_PIN):
        raise UserError(
            "打开后要用屏幕密码才能退出，这个窗口还没有设置。"
            f"请{who_may(Operation.SCREEN_PIN)}登录后打开一次，按提示设置。"
        )
    return change_screen_pin(window)


def change_screen_pin(window: Any) -> bool:
    """Ask for a new PIN; False when it was given up.  For a teacher or the office."""
    dialog = PinDialog(window)
    done = dialog.show(dialog.first)
    if done:
        window.say(str(done))
    return has_screen_pin() and bool(done)


class PinDialog(Dialog):
    """The PIN twice, and the one there is now."""

    def __init__(self, window: Any) -> None:
        super().__init__(window, "屏幕密码")
        self._window = window
        self.add_text(ABOUT, wide=24)
        self.current = self._add_entry("现在的密码") if has_screen_pin() else None
        self.pin = self._add_entry("新密码")
        self.again = self._add_entry("再输一次")
        self.problem = self.add_text(" ", "Error.TLabel", wide=24)
        self.first = self.current or self.pin
        self.yes_button = self.add_button("保存", self._save, "primary")
        self.add_button("取消", lambda: self.close(None))
        if self.current is not None:
            self.reset_button = self.add_button("忘了，清除", self._reset)

    def _add_entry(self, label: str) -> ttk.Entry:
        ttk.Label(self.body, text=label).pack(anchor="w")
        entry = ttk.Entry(self.body, show=DOT, width=16, font="DeskTitle")
        entry.pack(fill="x", pady=(0, 6))
        entry.bind("<Return>", lambda event: self._walk(entry))
        return entry

    def _walk(self, entry: ttk.Entry) -> str:
        if entry is self.again:
            self._save()
        else:
            entry.tk_focusNext().focus_set()
        return "break"

    def _save(self) -> None:
        try:
            if self.pin.get() != self.again.get():
                raise UserError("两次输入的密码不一样，请再输一次。")
            set_screen_pin(
                self.pin.get(),
                by=self._window.person,
                current=self.current.get() if self.current else "",
            )
        except UserError as error:  # under the fields: the window is out of reach
            self.problem.say(str(error))
            self.first.focus_set()
            return
        self.close("屏幕密码已设好。")

    def _reset(self) -> None:
        reset_screen_pin(by=self._window.person)
        self.close("屏幕密码已清除，下次打开签到屏或评价屏时重新设置。")
