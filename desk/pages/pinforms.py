"""The PIN of whoever has set one, asked for at the card field; and setting it."""

import tkinter
from collections.abc import Callable
from typing import Any

from desk.pages.questions import AskForm
from models.errors import UserError
from models.people import Person
from models.pins import check_pin, has_pin, reset_pin, set_pin

DOT = "●"


class PinQuestion(AskForm):
    """Enter checks it; `on_right` goes on with the swipe."""

    def __init__(self, master: tkinter.Misc, **options: Any) -> None:
        super().__init__(master, title="请输入签到密码", command=self._check, **options)
        self._person: Person | None = None
        self._on_right: Callable[[], None] = lambda: None
        self.add_fact("who", "姓名")
        self.add_entry("pin", "签到密码", show=DOT)
        self.finish("确认（Enter）")

    def ask(self, person: Person, on_right: Callable[[], None]) -> None:
        self.clear()
        self._person, self._on_right = person, on_right
        self.set("who", f"{person.name}（{person.number}）")

    def focus_question(self) -> None:
        self.focus_field("pin")

    def _check(self) -> None:
        assert self._person is not None
        typed = self.text("pin")
        self.set("pin", "")  # never left on the screen, right or wrong
        check_pin(self._person, typed)
        self._on_right()

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        self.submit()
        return "break"


class PinSetting(AskForm):
    """Set, change or, as a teacher, reset a PIN."""

    def __init__(
        self, master: tkinter.Misc, *, on_done: Callable[[str], None], **options: Any
    ) -> None:
        super().__init__(master, title="签到密码", command=self._set, **options)
        self._person: Person | None = None
        self._on_done = on_done
        self.add_fact("who", "姓名")
        self.add_fact("about", "")
        self.add_entry("current", "现在的密码", show=DOT)
        self.add_words("current", "密码不对", "请输入签到密码", "连续输错")
        self.add_entry("pin", "新密码", show=DOT)
        self.add_words("pin", "6 位", "容易猜到")
        self.add_entry("again", "再输一次", show=DOT)
        self.add_words("again", "两次")
        self.finish("保存")
        self.reset_button = self.add_button("老师重设", lambda: None)

    def ask(self, person: Person, by: Person) -> None:
        """For *person*; *by* is who is signed in, and may reset it."""
        self.clear()
        self._person = person
        has_one = has_pin(person)
        self.set("who", f"{person.name}（{person.number}）")
        self.set(
            "about",
            "设了密码，在本窗口签到、签退时都要输入，别人拿了卡也签不了。"
            "忘记了请老师登录后重设。",
        )
        self.show_field("current", has_one)
        self.reset_button.configure(
            command=lambda: self._reset(by), state="normal" if has_one else "disabled"
        )

    def focus_question(self) -> None:
        self.focus_field("current" if has_pin(self._known()) else "pin")

    def _known(self) -> Person:
        assert self._person is not None
        return self._person

    def _set(self) -> None:
        person = self._known()
        if self.text("pin") != self.text("again"):
            raise UserError("两次输入的密码不一样，请再输一次。")
        set_pin(person, self.text("pin"), current=self.text("current"))
        self._on_done(f"{person.name}的签到密码已设好，下次签到时输入。")

    def _reset(self, by: Person) -> None:
        person = self._known()
        reset_pin(person, by=by)
        self._on_done(f"{person.name}的签到密码已清除，本人可以重新设置。")
