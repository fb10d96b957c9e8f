"""用印登记: uses, refusals and transfers of the seals kept at this desk."""

import tkinter
from typing import Any

from desk import dialogs
from desk.pages.ownentry import OwnEntry
from desk.pages.sealcards import SealCards
from desk.pages.sealform import FACTS, SealForm
from desk.pages.sealrows import COLUMNS, outing_word, usual_seal
from desk.suggestions import StudentIndex, StudentPick
from desk.widgets.formdrafts import together
from models import clock
from models.desks import this_desk
from models.errors import UserError
from models.seal_uses import (
    SealUse,
    correct_seal_use,
    record_seal_use,
    refuse_seal_use,
    seal_uses_on,
    void_seal_use,
)
from models.seal_words import last_use
from models.seals import Seal, seals_of

NO_SEALS = "本窗口还没有登记印章，请中心办公室先登记，再同步到本机。"


class SealsPage(SealCards):
    """Who holds the seal and which number comes next are always in sight."""

    title = "用印登记"
    keys_not_of_rows = ("on_print",)  # numbers set apart, whatever is marked

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.seals: list[Seal] = []
        self.correcting: SealUse | None = None
        self._uses: list[SealUse] = []
        self._day = clock.today()
        self._aside: dict[str, Any] = {}
        self._build_form()
        self.build_transfer()
        self.build_list(
            name="seal_uses",
            columns=COLUMNS,
            empty="今天还没有用印登记。\n在左边填写用印人和文件名称，按 Ctrl+S 登记。",
            buttons={
                "作废": self.on_void,
                "更正": self.on_correct,
                "断电表": self.on_print,
            },
            is_void=lambda use: use.is_void,
        )

    def _build_form(self) -> None:
        form = self.form = SealForm(
            self, command=self._save, on_seal=self.show_seal, on_list=self.on_card
        )
        self.put_left(form)
        self._entry = OwnEntry(form, apart=("seal", *FACTS))
        self.save_button = form.add_button("登记用印", form.submit, primary=True)
        self.refuse_button = form.add_button("拒印", self.on_refuse)
        self.transfer_button = form.add_button("移交印章", self.on_transfer)
        self.outing_button = form.add_button("外带", self.on_take_out)

    @property
    def students(self) -> StudentIndex:
        return self.form.students

    # -- shown --------------------------------------------------------------

    def refresh(self) -> None:
        """Show this desk's seals and today's uses."""
        self.form.students = self.window.students
        here = this_desk()
        self.form.offer(here)
        self.seals = seals_of(here)
        self.form.set_choices("seal", [(seal.name, seal.uid) for seal in self.seals])
        if not self.seals:
            self.window.info.show(NO_SEALS, "warning")
        if not self._entry.is_for(self.window.person):
            self._change_person()
        self.show_seal()
        self.show_list()

    def _change_person(self) -> None:
        """Somebody has signed in: nobody goes on with what another was typing."""
        person = self.window.person
        if not self._entry.is_own(person):
            self.close_card()
            self.forget_batch()
            if self.correcting is not None:
                self._end_correction()
        if not self._entry.give_to(person):
            return
        if self.seals:
            self.form.set("seal", usual_seal(self.seals, person).uid)
        if self._entry.take_back():
            self.window.say("上次没有填完的用印已经取回，请接着填写。")

    def focus_first(self) -> None:
        """The seal of a desk is mostly the same: begin with the applicant."""
        if not self.focus_card():
            self.form.focus_field("applicant")

    def show_list(self) -> None:
        """What was written today: a correction too, whenever the first line was."""
        here, self._day = this_desk(), clock.today()
        self._uses = [u for u in seal_uses_on(self._day) if u.desk_uid == here.uid]
        self.table.show(self._uses)
        self._say_count()

    def _add_use(self, use: SealUse) -> None:
        """*use* was just written: the others need not be read again for it."""
        if clock.today() != self._day:
            return self.show_list()
        self._uses = [use, *self._uses]
        self.table.put_first(use)
        self._say_count()

    def _say_count(self) -> None:
        valid = [use for use in self._uses if not use.is_void]
        refused = sum(bool(use.refused_reason) for use in valid)
        total = sum(use.impressions for use in valid)
        also = f"，拒印 {refused} 次" if refused else ""
        self.show_heading(f"今日用印 {len(valid) - refused} 次，{total} 枚{also}")
        self.window.say_rows(f"今日 {len(self._uses)} 条")

    def seal(self) -> Seal:
        """The chosen seal; UserError when there is none."""
        uid = self.form.value("seal")
        seal = next((seal for seal in self.seals if seal.uid == uid), None)
        if seal is None:
            raise UserError("请选择印章。本窗口没有印章时，请中心办公室先登记。")
        return seal

    def show_seal(self) -> None:
        """Where the chosen seal is, who may use it, and its next number."""
        seal = self.seal() if self.seals else None
        self.form.show_seal(seal, self.window.person)
        self.outing_button.configure(text=outing_word(seal))

    # -- use, refusal -------------------------------------------------------

    def _save(self) -> None:
        if self.correcting is not None:
            return self._save_correction(self.correcting)
        form = self.form
        pick: StudentPick | None = form.value("applicant")
        use = record_seal_use(
            by=self.window.person,
            seal=self.seal(),
            student=pick.student if pick else None,
            **form.told(),
            **form.counts(),
        )
        self.start_next(use)
        self.mark(use)
        self.window.say(
            f"已登记用印 {use.number_text}：{use.document_title}，{use.impressions} 枚"
        )

    def on_refuse(self) -> None:
        """Note that sealing was refused; the line gets a number too."""
        if self.correcting is not None:
            raise UserError("正在更正，请先保存更正，或按 Esc 放弃。")
        self.form.submit(self._refuse)

    def _refuse(self) -> None:
        told = self.form.told()
        pick: StudentPick | None = self.form.value("applicant")
        told["student"] = pick.student if pick else None
        for apart in ("handler", "copy_kept"):
            told.pop(apart)
        reason = dialogs.ask_text(
            self, "拒绝用印，请写明原因：", title="拒印", yes="登记拒印"
        )
        if reason:
            use = refuse_seal_use(
                by=self.window.person, seal=self.seal(), reason=reason, **told
            )
            self.start_next(use)
            self.mark(use)
            self.window.say(f"已登记拒印 {use.number_text}。")

    def start_next(self, written: SealUse | None = None) -> None:
        """An empty form; the list with what was just *written*."""
        self.form.clear(keep=("seal",))
        self.form.forget_words()
        self.forget_batch()
        self.show_seal()
        self._add_use(written) if written else self.show_list()
        self.focus_first()

    # -- void, correction ---------------------------------------------------

    def _marked(self, what: str) -> SealUse:
        use = self.table.selected()
        if use is None:
            raise UserError(f"请先在今日列表中选中一条用印，再{what}。")
        return use

    def on_void(self) -> None:
        """Void the marked use; its number stays."""
        if self.front is not None and self.front is self.cards.get("batch"):
            return self.front.remove_marked()
        use = self._marked("作废")
        reason = dialogs.ask_text(
            self,
            f"作废用印 {use.number_text}（{use.document_title}）。"
            "编号会保留并标明作废，请写明原因：",
            title="作废用印",
            yes="作废",
        )
        if reason:
            void_seal_use(use, by=self.window.person, reason=reason)
            self.show_list()
            self.window.say(f"已作废用印 {use.number_text}。")

    def on_correct(self) -> None:
        """Ctrl+M: the marked use into the form."""
        self.require_no_rows()
        self.correct(self._marked("更正"))

    def correct(self, use: SealUse) -> None:
        """A use of any day into the form; what is being typed is put aside."""
        self.require_no_rows()
        if use.is_void:
            raise UserError(f"{use.number_text} 已经作废，不能再更正。")
        self.close_card()
        if self.correcting is None:
            self._aside = self.form.snapshot()
        self.correcting = use
        self.form.show_use(use)
        self.form.tell("mode", f"更正 {use.number_text}，按 Esc 放弃")
        self.form.show_field("seal", False)
        self.save_button.configure(text="保存更正")
        self.form.focus_field("applicant")

    def _save_correction(self, use: SealUse) -> None:
        form = self.form
        said: dict[str, Any] = form.told()
        pick: StudentPick | None = form.value("applicant")
        if pick is not None or said["applicant"] != use.applicant:
            said["student_number"] = pick.number if pick else ""
        refused = use.refused_reason and form.text("refused_reason")
        if refused:
            said.pop("copy_kept")
        else:
            said |= form.counts()
        reason = dialogs.ask_text(
            self,
            f"更正 {use.number_text}：原来的一条作废，改好的编新号。请写明更正原因：",
            title="更正用印",
            yes="保存更正",
        )
        if not reason:
            return
        line = correct_seal_use(
            use,
            by=self.window.person,
            reason=reason,
            refused_reason=refused or "",
            **said,
        )
        self._end_correction()
        self.show_seal()
        self.show_list()
        self.mark(line)
        self.window.say(f"已更正：{use.number_text} 作废，改为 {line.number_text}。")

    def _end_correction(self) -> None:
        """What was being typed before comes back."""
        self.correcting = None
        self.form.clear(keep=("seal",))
        self.form.tell("mode", "")
        self.form.show_field("seal", True)
        self.form.restore(self._aside)
        self.form.forget_words()
        self.save_button.configure(text="登记用印")
        self.form.focus_field("applicant")

    # -- kept for the next start ----------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        """The use, what was put aside for a correction, what others left, cards."""
        form, use = self.form.draft(apart=("seal",)), self.correcting
        aside = self._aside if use and self._entry.is_entry(self._aside) else None
        return together(
            form=form,
            correcting=form and use and use.uid,
            aside=aside and self.form.to_json(aside),
            own=self._entry.draft(),
            cards=self.draft_of_cards(),
        )

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """What corrected a line that is void meanwhile is over."""
        self._entry.bring_draft(kept.get("own", {}))
        if "aside" in kept:
            self.form.bring_draft(kept["aside"])
        use = SealUse.get_or_none(SealUse.uid == kept.get("correcting", ""))
        if use is not None and not use.is_void:
            self.correct(use)
        if "form" in kept and ("correcting" not in kept or self.correcting):
            self.form.bring_draft(kept["form"])
        self.show_seal()
        self.bring_cards(kept.get("cards", {}))

    # -- keys ---------------------------------------------------------------

    def on_save(self) -> None:
        """Ctrl+S, in whichever card is in front."""
        if self.rows_shown is not None:
            self.rows_shown.save()
        else:
            (self.front or self.form).submit()

    def on_new(self) -> None:
        """Ctrl+N."""
        self.require_form()
        if self.correcting is not None:
            self._end_correction()
        self.start_next()

    def on_repeat(self) -> None:
        """Ctrl+D: the document of the last use, for the next person."""
        self.require_form()
        before = last_use(this_desk())
        if before is None:
            raise UserError("还没有可以沿用的上一条用印。")
        self.form.repeat(before)
        self.form.focus_field("applicant")

    def on_escape(self) -> None:
        """Esc: put away what is in front; then give a correction up."""
        if self.put_away():
            return
        if self.correcting is not None:
            self._end_correction()
