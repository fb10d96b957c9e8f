"""Editing a plan: line by line, and kept in memory until it is saved."""

import logging
import tkinter
from typing import Any

from desk import dialogs
from desk.pages import plan_words as words
from desk.pages.plan_week import PlanWeek
from desk.pages.time_section import unbroken
from desk.widgets.form import Form
from desk.widgets.formdrafts import together
from desk.widgets.page import Page
from models.errors import UserError
from models.people import PersonRole
from models.plans import edited, may_plan

log = logging.getLogger(__name__)

LONGEST_PLAN = 370  # days
ONLY_TEACHERS = "排班由本部门的老师或中心办公室安排，请由他们登录后操作。"


class Unsaved:
    """What was changed in a draft and is not in the database yet."""

    def __init__(self, plan: Any) -> None:
        self.plan = edited(plan)
        self.lines_changed = False
        self.typed: dict[str, Any] | None = None  # of the card, while another is shown
        self.as_shown: dict[str, Any] = {}

    @property
    def is_changed(self) -> bool:
        """Not counting what is typed in the card now."""
        typed = self.typed is not None and self.typed != self.as_shown
        return self.lines_changed or typed


class EditingPage(Page):
    """The part of 排班 that changes lines; the page itself deals with versions.

    `card` names the card in front: "plan" of the draft, "shift" of one line, or others.
    """

    cards: dict[str, Any]
    week: PlanWeek
    _versions: dict[str, words.Listed]

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.listed: words.Listed | None = None
        self.card = "new"
        self._unsaved: dict[str, Unsaved] = {}
        self.bind("<Unmap>", self._on_left)

    @property
    def form(self) -> Form:
        """The card in front."""
        return self.cards[self.card]

    def show_card(self, name: str) -> None:
        """Bring a card to the front."""
        raise NotImplementedError

    def _show_plan(self) -> None:
        """The card of the chosen version, and its week."""
        raise NotImplementedError

    def _choose(self, uid: str) -> None:
        """Mark a version in the list; what is marked is shown."""
        raise NotImplementedError

    def _check(self) -> None:
        """Say what is doubtful about the version as it is now."""
        raise NotImplementedError

    # -- what is not saved --------------------------------------------------------

    def _put_by(self) -> None:
        """Remember what is typed in the draft's card."""
        held = self._held
        if held is not None and self.card == "plan":
            held.typed = self.cards["plan"].snapshot()

    @property
    def _held(self) -> Unsaved | None:
        return self._unsaved.get(self.listed.uid) if self.listed else None

    @property
    def plan(self) -> Any:
        """The chosen version as it is edited."""
        if self.listed is None:
            return None
        held = self._held
        return held.plan if held else self.listed.plan

    @property
    def has_unsaved(self) -> bool:
        """Whether the chosen version differs from what is in the database."""
        self._put_by()
        return self._held is not None and self._held.is_changed

    def _hold(self) -> Unsaved:
        """The chosen draft as something that may be changed."""
        return self._unsaved.setdefault(self.listed.uid, Unsaved(self.listed.plan))

    def _let_go(self) -> None:
        """Drafts without a change are read anew."""
        self._put_by()
        kept = {uid: held for uid, held in self._unsaved.items() if held.is_changed}
        self._unsaved = kept

    def _hint_unsaved(self) -> None:
        if self.listed is not None and self.has_unsaved:
            self.window.status.say(
                f"{self.listed.title}有未保存的修改，已留着；回到这一版可继续。"
            )

    def has_changes(self) -> bool:
        """Whether any version, or the shift in its card, was changed."""
        self._put_by()
        changed = any(held.is_changed for held in self._unsaved.values())
        return changed or (self.card == "shift" and self.cards["shift"].is_changed)

    # -- kept for the next start --------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        """Every version as it is edited, and the shift or new version in its card."""
        self._put_by()
        held = {uid: one for uid, one in self._unsaved.items() if one.is_changed}
        shift, new = self.cards["shift"], self.cards["new"]
        return together(
            versions={uid: self._packed(one) for uid, one in held.items()},
            shift=self.card == "shift" and shift.line_draft(),
            at=self.card == "shift" and shift.is_changed and self.listed.uid,
            new=self.card == "new" and new.draft(),
        )

    def _packed(self, held: Unsaved) -> dict[str, Any]:
        plan, typed = held.plan, held.typed
        return {
            "lines": [plan.shifts, plan.stays] if held.lines_changed else None,
            "card": self.cards["plan"].to_json(typed) if typed else None,
        }

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """Changes of an earlier start; those of a version fixed since are over."""
        for uid, packed in kept.get("versions", {}).items():
            listed = self._versions.get(uid)
            if listed is None or not listed.is_editable:
                log.info("changes of plan %s dropped: it is fixed", uid)
                continue
            held = self._unsaved[uid] = Unsaved(listed.plan)
            if packed["lines"]:
                held.plan.shifts, held.plan.stays = packed["lines"]
                held.lines_changed = True
            if packed["card"]:
                held.typed = self.cards["plan"].from_json(packed["card"])
            self._show_held(uid)
        if kept.get("at") in self._versions:
            self._show_held(kept["at"])
            self.cards["shift"].bring_line(self.plan, kept["shift"])
            self.show_card("shift")
        elif "new" in kept:
            self.cards["new"].bring_draft(kept["new"])
            self.show_card("new")
        self._check()

    def _show_held(self, uid: str) -> None:
        """Bring a version to the front, with what was just brought for it."""
        self.listed, self.card = self._versions[uid], "fact"
        self._choose(uid)

    def _on_left(self, event: tkinter.Event) -> None:
        """Another page comes to the front."""
        if event.widget is self and self.winfo_exists():
            if self.card == "shift" and self.cards["shift"].is_changed:
                self.window.status.say("排班里有一班还没有加入周表，回到排班页可继续。")
            else:
                self._hint_unsaved()

    def _as_typed(self) -> Any:
        """The chosen version with the dates that stand in its card, if they are any."""
        plan, card = self.plan, self.cards["plan"]
        if plan is None or not self.listed.is_editable:
            return plan
        try:
            starts_on, ends_on = card.value("starts_on"), card.value("ends_on")
        except UserError:
            return plan  # said when it is saved
        if not starts_on or not ends_on:
            return plan
        if not 0 <= (ends_on - starts_on).days <= LONGEST_PLAN:
            return plan
        return edited(plan, starts_on=starts_on, ends_on=ends_on)

    # -- editing lines ------------------------------------------------------------

    @property
    def _can_edit(self) -> bool:
        return bool(
            self.listed
            and self.listed.is_editable
            and may_plan(self.window.person, self.plan.department_uid)
        )

    @property
    def _may_begin(self) -> bool:
        """Does the person make plans at all?"""
        return self.window.person.role != PersonRole.ASSISTANT

    def _require_planner(self) -> None:
        if not self._may_begin:
            raise UserError(ONLY_TEACHERS)

    def _require_no_shift(self) -> None:
        if self.card == "shift":
            raise UserError("请先把正在编辑的这一班加入周表，或者取消。")

    def _require_editable(self) -> None:
        if self.listed is None:
            raise UserError("请先新建一版排班。")
        if not self.listed.is_draft:
            raise UserError("已经报送的排班不能再改，请新建一版。")
        if not self.listed.is_editable:
            raise UserError("这份草稿是在另一台电脑上做的，请到那台电脑上修改。")
        if not self._can_edit:
            raise UserError(ONLY_TEACHERS)

    def _open_line(self, key: str) -> None:
        self._require_editable()
        self._edit(self.week.part(key), is_new=False)

    def _add_line(self, weekday: int, minute: int) -> None:
        self._require_editable()
        begins, ends = self.week.hours_for(weekday, minute)
        part = {"weekday": weekday, "weeks": "all", "from": begins, "to": ends}
        self._edit(part, is_new=True)

    def _edit(self, part: dict[str, Any], *, is_new: bool) -> None:
        self._put_by()
        self.show_card("shift")
        self.cards["shift"].open(self.plan, part, is_new=is_new)
        self.form.focus_field("from" if is_new else "a" if "a" in part else "teacher")

    def _keep(self) -> None:
        """Put the line of the card into the version, which is saved later."""
        self._require_editable()
        parts = self.cards["shift"].parts()
        self._change_lines(parts[0]["key"], parts)
        count = f" {len(parts)} 班，头一班" if len(parts) > 1 else ""
        said = f"已排{count}：{words.line_in_words(parts[0])}。保存后写入。"
        self.window.say(unbroken(said))

    def _remove(self, key: str) -> None:
        self._require_editable()
        part = self.week.part(key)
        if part is not None and dialogs.confirm(
            self, f"要删除 {words.line_in_words(part)} 吗？", yes="删除", danger=True
        ):
            self._change_lines(key, [])
            self.window.say("已删除，保存后写入。")

    def _change_lines(self, key: str, parts: list[dict[str, Any]]) -> None:
        """Put *parts* into the place of the line of that key, if there is one."""
        held = self._hold()
        plan = held.plan
        shifts = [one for one in plan.shifts if one.get("key") != key]
        stays = [one for one in plan.stays if one.get("key") != key]
        for part in parts:
            (stays if "teacher" in part else shifts).append(part)
        plan.shifts, plan.stays = shifts, stays
        held.lines_changed = True
        self._show_plan()
        self._check()
        if parts:
            self.week.grid_.select(key)
        self.week.grid_.focus_set()

    def _close_shift(self) -> None:
        """Back to the week; asks first when something was typed."""
        if self.cards["shift"].is_changed and not dialogs.confirm(
            self, "这一班的修改还没有加入周表，要放弃吗？", yes="放弃修改", danger=True
        ):
            return
        self._show_plan()
        self.week.grid_.focus_set()
