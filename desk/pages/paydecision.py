"""超出部分的处理: what becomes of the time that the marked people worked too much."""

from datetime import date
from functools import partial
from typing import Any

from desk.pages.payrows import PayRow
from desk.widgets import STARTED_ANEW
from desk.widgets.form import Form
from models.errors import UserError
from models.hours import clock_hours
from models.pay import decide_excess
from models.paylines import EXCESS_LABELS, Excess
from models.people import Person
from models.progress import Report


def decide_all(
    uids: list[str], decided: dict[str, Any], report: Report
) -> UserError | None:
    """Decide about several people; gives back what was refused, for the form."""
    report(0, len(uids), "正在处理")
    try:
        decide_excess(person_uids=uids, **decided)
    except UserError as error:
        return error
    return None


class DecisionCard(Form):
    """Tells the page `on_decided` when done.  `offer` it what is marked."""

    def __init__(self, master: Any, page: Any) -> None:
        super().__init__(master, title="", command=self._decide)
        self._page = page
        self._offered: list[str] = []
        self._over: list[PayRow] = []
        self.can_decide = False
        self.add_fact("who", "超出上限")
        self.add_choice(
            "choice", "处理", EXCESS_LABELS, on_change=lambda _: self._on_choice()
        )
        self.add_check("consent", "本人同意", initial=False)
        self.add_words("consent", "本人同意")
        self.add_entry("note", "原因")
        self.decide_button = self.add_button("按此处理", self.submit, primary=True)
        self.all_button = self.add_button("选中全部待处理", page.mark_all_waiting)
        self._on_choice()

    def offer(self, marked: list[PayRow], why_not: str, is_busy: bool) -> None:
        """Whom a decision would be about; *why_not* if the month takes none."""
        over = [row for row in marked if row.line.excess]
        if [row.uid for row in marked] != self._offered:
            self._offered = [row.uid for row in marked]
            self._begin(over)
        self._over = [] if why_not else over
        self.set("who", why_not or self._who(over))
        self.can_decide = bool(self._over) and not is_busy
        able = "normal" if self.can_decide else "disabled"
        self.decide_button.configure(state=able)

    def _begin(self, over: list[PayRow]) -> None:
        """Other people: what was decided about them, and nobody's consent yet."""
        decisions = {row.line.decision for row in over}
        if len(decisions) == 1 and (known := decisions.pop()) in EXCESS_LABELS:
            self.set("choice", known)
        self.set("consent", False)
        self.set("note", "")

    def _who(self, over: list[PayRow]) -> str:
        if not over:
            known = "选中的人没有超出上限的工时。"
            return known if self._offered else "请先在列表中选中要处理的人。"
        total = clock_hours(sum(row.line.excess for row in over))
        if len(over) == 1:
            return f"{over[0].line.person_name} {total}"
        return f"{len(over)} 行，合计 {total}"

    def _on_choice(self) -> None:
        """Ask only for what this choice needs: so the card has no need to scroll."""
        self.show_field("consent", self.value("choice") == Excess.VOLUNTEER)
        self.show_field("note", self.value("choice") == Excess.REFUSED)

    def _decide(self) -> None:
        month: date = self._page.month_shown()
        if not self._over:
            raise UserError(self.value("who"))
        by: Person = self._page.window.person
        choice = self.value("choice")
        decided = {
            "by": by,
            "month": month,
            "choice": choice,
            "consent": self.value("consent"),
            "note": self.text("note") if choice == Excess.REFUSED else "",
        }
        uids = list(dict.fromkeys(row.line.person_uid for row in self._over))
        self._page.run(
            partial(decide_all, uids, decided),
            on_done=partial(self._on_decided, len(uids)),
            words="正在处理…",
        )

    def _on_decided(self, count: int, refusal: UserError | None) -> None:
        if refusal is None:
            for field in self._fields.values():  # it is saved: nothing to keep of it
                field.take_as_given()
            self.event_generate(STARTED_ANEW)
            self._page.on_decided(count)
        elif not self.show_problem(str(refusal)):
            raise refusal
