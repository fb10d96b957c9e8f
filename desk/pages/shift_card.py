"""The card of one shift or stay: when, and who, the free ones first."""

import tkinter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from desk.pages.plan_words import candidate_in_words, free_for_all
from desk.pages.time_section import (
    WEEKDAYS,
    past_midnight,
    read_weekdays,
    refusal,
    unbroken,
)
from desk.suggestions import name_of, suggest_people
from desk.widgets.form import Form
from desk.widgets.suggest import Suggestion
from models.errors import UserError
from models.people import PersonRole, people
from models.plan_contents import clean_shift, clean_stay, who
from models.planning import Candidate, free_for
from models.terms import WEEKS_LABELS

LINE_KINDS = {"shift": "班次", "stay": "教师驻岗"}
DAYS = {"weekdays": "每周", "day": "某天"}
MANY = "可填几天，如 135、1-5 或 周一至周五，每天各排一班。"


class Named:
    """Somebody as a plan names them."""

    def __init__(self, named: dict[str, str]) -> None:
        self.uid, self.number = named["uid"], named["number"]
        self.name, self.department_name = named["name"], ""
        self.initials = self.card = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.uid == other.uid

    def __hash__(self) -> int:
        return hash(self.uid)


class ShiftCard(Form):
    """One shift or stay.  `part()` is what it says; A, B with who is free first."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        on_keep: Callable[[], None],
        on_remove: Callable[[], None],
        on_cancel: Callable[[], None],
    ) -> None:
        super().__init__(master, title="一班或一次驻岗", command=on_keep)
        self.plan: Any = None
        self.key = ""
        self.is_new = True
        self._part: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._others: list[dict[str, str]] = []  # the B's
        self._asked: tuple[Any, list[Candidate]] = (None, [])
        self._build_time()
        self._build_people()
        self.keep_button = self.add_button("保留", self.submit, primary=True)
        self.remove_button = self.add_button("删除", on_remove)
        self.cancel_button = self.add_button("取消", on_cancel)

    def _build_time(self) -> None:
        self.add_choice(
            *("kind", "类别", LINE_KINDS), columns=2, on_change=self._on_kind
        )
        self.add_choice("on", "排在", DAYS, columns=2, on_change=self._on_days)
        self.add_entry("weekdays", "星期")
        self.add_fact("many", "")
        self.add_date("day", "日期")
        self.add_choice("weeks", "周次", WEEKS_LABELS, columns=3)
        self.add_entry("from", "开始时间", width=8)
        self.add_entry("to", "结束时间", width=8)
        self.add_words("from", "不是时间", "开始和结束时间")
        self.add_words("to", "小时")
        self.add_fact("span", "")
        for name in ("from", "to"):
            self.widget(name).bind(
                "<KeyRelease>", lambda event: self._show_span(), add="+"
            )

    def _build_people(self) -> None:
        self.add_suggest("a", "A 岗", suggest=self._suggest_a, fill=name_of)
        b = self.add_suggest(
            "b", "B 岗", suggest=self._suggest_b, fill=name_of, on_pick=self._on_b
        )
        b.bind("<BackSpace>", self._on_backspace, add="+")
        self.add_fact("others", "")
        self.add_suggest(
            "teacher",
            "驻岗老师",
            suggest=lambda text: suggest_people(people(PersonRole.TEACHER), text),
            fill=name_of,
        )
        self.add_fact("hint", "")

    def _on_kind(self, kind: str) -> None:
        """Only the fields that this kind of line has."""
        for name in ("a", "b", "others"):
            self.show_field(name, kind == "shift")
        self.show_field("teacher", kind == "stay")
        hint = "按 ↓ 列出人员，空闲的在前。B 岗可排几位；再选一次即移出，"
        hint = unbroken(f"{hint}空白时按退格移出最后一位。")
        self.set("hint", hint if kind == "shift" else "")

    def _on_days(self, on: str) -> None:
        self.show_field("day", on == "day")
        for name in ("weekdays", "weeks"):
            self.show_field(name, on == "weekdays")
        self.show_field("many", on == "weekdays" and self.is_new)

    def _show_span(self) -> None:
        span = past_midnight(self.text("from"), self.text("to"))
        self.set("span", unbroken(span))
        self.show_field("span", bool(span))

    # -- what it says -----------------------------------------------------------

    def open(self, plan: Any, part: dict[str, Any], *, is_new: bool) -> None:
        """Show a line of *plan*."""
        self.plan, self.key = plan, part.get("key", "")
        self._part = part
        self.clear()
        kind = "stay" if "teacher" in part else "shift"
        self.set("kind", kind)
        self.set("on", "day" if part.get("day") else "weekdays")
        self.set("weekdays", WEEKDAYS[part.get("weekday", 0)])
        self.set("day", date.fromisoformat(part["day"]) if part.get("day") else None)
        self.set("weeks", part.get("weeks", "all"))
        self.set("from", part["from"])
        self.set("to", part["to"])
        self.set("a", self._record(part.get("a")))
        self.set("teacher", self._record(part.get("teacher")))
        self._others = list(part.get("b", ()))
        self._show_others()
        self._on_kind(kind)
        self.is_new = is_new
        self._on_days(self.value("on"))
        self._show_span()
        self.keep_button.configure(text="加入周表" if is_new else "改好")
        self.set("many", MANY if is_new else "")
        self.remove_button.configure(state="disabled" if is_new else "normal")
        self._before = self._state()

    def _record(self, named: dict[str, str] | None) -> Any:
        """The person a plan names; whoever is gone keeps the name that stands there."""
        if not named:
            return None
        found = (person for person in people() if person.uid == named["uid"])
        return next(found, None) or Named(named)

    def _state(self) -> dict[str, Any]:
        return {**self.snapshot(), "others": [one["uid"] for one in self._others]}

    @property
    def is_changed(self) -> bool:
        return self.plan is not None and self._state() != self._before

    def line_draft(self) -> dict[str, Any] | None:
        """The line and what was changed in it; None when nothing was."""
        if not self.is_changed:
            return None
        card = self.to_json(self.snapshot())
        people = {name: self.value(name) for name in ("a", "teacher")}
        named = {name: who(one) for name, one in people.items() if one is not None}
        return {
            "part": self._part,
            "is_new": self.is_new,
            "card": {name: typed for name, typed in card.items() if name not in named},
            "named": named,
            "others": self._others,
        }

    def bring_line(self, plan: Any, kept: Mapping[str, Any]) -> None:
        """Open the line again as it was left."""
        self.open(plan, kept["part"], is_new=kept["is_new"])
        self.bring_draft(kept["card"])
        for name, one in kept["named"].items():
            self._fields[name].write(self._record(one))
        self._others = list(kept["others"])
        self._show_others()
        self._show_span()

    @property
    def is_stay(self) -> bool:
        return self.value("kind") == "stay"

    def parts(self) -> list[dict[str, Any]]:
        """The line as the plan keeps it, one for each weekday that is typed.

        `UserError` says what to put right.
        """
        times = self._times()
        if len(times) > 1 and not self.is_new:
            raise refusal("修改一班只能填一个星期，别的请另行添加。", "weekdays")
        for name in ("teacher",) if self.is_stay else ("a", "b"):
            if self.text(name) and self.value(name) is None:
                raise UserError(f"请从列表中选择{self.label(name)}。")
        if self.is_stay:
            teacher = self.value("teacher")
            named = {"teacher": who(teacher) if teacher else None}
            return [clean_stay({**time, **named}) for time in times]
        return [clean_shift({**time, **self._posts()}) for time in times]

    def _times(self) -> list[dict[str, Any]]:
        time = {"key": self.key, "from": self.text("from"), "to": self.text("to")}
        if self.value("on") == "weekdays":
            weeks = self.value("weeks")
            return [{**time, "weekday": n, "weeks": weeks} for n in self._weekdays()]
        if self.value("day") is None:
            raise UserError("请填写日期。")
        return [{**time, "day": self.value("day").isoformat()}]

    def _weekdays(self) -> list[int]:
        try:
            return read_weekdays(self.text("weekdays"))
        except UserError as error:
            raise refusal(str(error), "weekdays") from error

    def _posts(self) -> dict[str, Any]:
        a = self.value("a")
        return {"a": who(a) if a else None, "b": list(self._others)}

    # -- who --------------------------------------------------------------------

    def _candidates(self) -> list[Candidate]:
        """Who might serve at the time that stands here now."""
        shifts = [{**time, "a": None, "b": []} for time in self._times()]
        asked = (shifts, self.plan.shifts)
        if self._asked[0] != asked:
            found = [free_for(self.plan, shift) for shift in shifts]
            self._asked = (asked, free_for_all(found))
        return self._asked[1]

    def _suggest(self, text: str, without: set[str]) -> list[Suggestion]:
        try:
            found = self._candidates()
        except UserError as error:  # no time yet to be free at
            self.show_problem(str(error))
            return []
        left = {c.person.uid: c for c in found if c.person.uid not in without}
        return [
            Suggestion(
                candidate_in_words(left[item.record.uid], self.plan.department_uid),
                item.record,
            )
            for item in suggest_people([c.person for c in left.values()], text)
        ]

    def _suggest_a(self, text: str) -> list[Suggestion]:
        return self._suggest(text, {one["uid"] for one in self._others})

    def _suggest_b(self, text: str) -> list[Suggestion]:
        a = self.value("a")
        taken = {one["uid"] for one in self._others} | ({a.uid} if a else set())
        present = [self._record(one) for one in self._others]
        out = [
            Suggestion(f"移出 {item.record.name}", item.record)
            for item in suggest_people(present, text)
        ]
        return [*self._suggest(text, taken), *out]

    def _on_b(self, person: Any) -> None:
        """Picked once they are in, picked again they are out."""
        self.widget("b").set_text("")
        if any(one["uid"] == person.uid for one in self._others):
            self._others = [one for one in self._others if one["uid"] != person.uid]
        else:
            self._others = [*self._others, who(person)]
        self._show_others()
        # Another one may follow; Enter in the empty field goes on.
        self.after_idle(self._stay_at_b)

    def _stay_at_b(self) -> None:
        if self.winfo_exists() and self.winfo_ismapped():
            self.focus_field("b")

    def _on_backspace(self, event: tkinter.Event) -> None:
        if not self.widget("b").get() and self._others:
            self._others = self._others[:-1]
            self._show_others()

    def _show_others(self) -> None:
        names = "、".join(one["name"] for one in self._others)
        self.set("others", names or "（还没有 B 岗）")
