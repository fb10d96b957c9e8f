"""用印登记: uses, refusals and transfers of the seals kept at this desk."""

import re
import tkinter
from typing import Any

from desk import dialogs
from desk.pages.listing import ListingPage
from desk.pages.transfer import TransferCard
from desk.suggestions import StudentIndex, StudentPick, name_of
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.custody import SealTransfer, holder_of, require_user
from models.desks import this_desk
from models.errors import UserError
from models.seal_uses import (
    SealUse,
    next_seal_number,
    record_seal_use,
    refuse_seal_use,
    seal_uses_on,
    void_seal_use,
)
from models.seals import Seal, seals_of


def state_of(use: SealUse) -> str:
    """In a word, what became of an application."""
    if use.is_void:
        return "作废"
    return "拒印" if use.refused_reason else "已用印"


COLUMNS = [
    Column("编号", lambda use: use.number_text, 5),
    Column("时间", lambda use: f"{use.used_at:%H:%M}", 3),
    Column("用印人", lambda use: use.applicant, 4),
    Column("用印单位", lambda use: use.unit, 6),
    Column("文件名称", lambda use: use.document_title, 9, stretch=True),
    Column("份数", lambda use: use.copies, 2.5),
    Column("枚数", lambda use: use.impressions, 2.5),
    Column("监印人", lambda use: use.sealer_name, 4),
    Column("状态", state_of, 3.5),
]


NUMBER = re.compile(r"(?=.*\d)[0-9A-Za-z]{4,20}")


def read_students(text: str) -> list[str]:
    """The numbers in a list of students; UserError for anything that is none."""
    numbers = [part for part in re.split(r"[\s、，,;；]+", text) if part]
    for number in numbers:
        if not NUMBER.fullmatch(number):
            raise UserError(
                f"学生名单请填学号，用顿号或空格隔开；“{number}”不是学号，"
                "其他说明请写在备注。"
            )
    return numbers


class SealsPage(ListingPage):
    """Who holds the seal and which number comes next are always in sight."""

    title = "用印登记"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self.students = StudentIndex([])
        self.seals: list[Seal] = []
        self._warned = ""
        self._build_form()
        self.transfer = TransferCard(self)
        self.transfer.grid_remove()
        self.confirm_transfer = self.transfer.primary
        self.build_list(
            columns=COLUMNS,
            empty="今天还没有用印登记。",
            buttons={"作废": self.on_void},
            is_void=lambda use: use.is_void,
        )

    def _build_form(self) -> None:
        form = self.form = Form(self, title="", command=self._save)
        self.put_left(form)
        form.add_list(
            "seal", SealUse.seal_name.verbose_name, on_change=self._show_holder
        )
        form.add_fact("holder", "保管人")
        form.add_suggest(
            "applicant",
            SealUse.applicant.verbose_name,
            suggest=lambda text: self.students.suggest(text),
            on_pick=self._on_applicant,
            fill=name_of,
        )
        form.add_entry("unit", SealUse.unit.verbose_name)
        form.add_entry("document_title", SealUse.document_title.verbose_name)
        form.add_entry("purpose", SealUse.purpose.verbose_name)
        form.add_number("copies", SealUse.copies.verbose_name)
        form.add_number("impressions", SealUse.impressions.verbose_name)
        form.add_entry("approver", SealUse.approver.verbose_name)
        form.add_entry("document_number", SealUse.document_number.verbose_name)
        form.add_entry("students", SealUse.students.verbose_name)
        form.add_entry("copy_kept", SealUse.copy_kept.verbose_name)
        form.add_entry("note", SealUse.note.verbose_name)
        self.save_button = form.add_button("登记用印", form.submit, primary=True)
        self.refuse_button = form.add_button("拒印", self.on_refuse)
        self.transfer_button = form.add_button("移交印章", self.on_transfer)

    def refresh(self) -> None:
        """Show this desk's seals and today's uses."""
        if len(self.students) == 0 or self.window.roster_changed(self):
            self.students = StudentIndex.of_roster()
        self.seals = seals_of(this_desk())
        self.form.set_choices("seal", [(seal.name, seal.uid) for seal in self.seals])
        if not self.seals:
            self.window.info.show(
                "本窗口还没有登记印章，请中心办公室先登记，再同步到本机。", "warning"
            )
        self._show_holder()
        self._show_list()

    def focus_first(self) -> None:
        """The seal of a desk is mostly the same: begin with the applicant."""
        self.form.focus_field("applicant")

    def _show_list(self) -> None:
        here = this_desk()
        uses = [u for u in seal_uses_on(clock.today()) if u.desk_uid == here.uid]
        self.table.show(uses)
        valid = [use for use in uses if not use.is_void]
        total = sum(use.impressions for use in valid)
        self.show_heading(f"今日用印 {len(valid)} 次，{total} 枚")
        self.window.say_rows(f"今日 {len(uses)} 条")

    def _seal(self) -> Seal:
        uid = self.form.value("seal")
        seal = next((seal for seal in self.seals if seal.uid == uid), None)
        if seal is None:
            raise UserError("请选择印章。本窗口没有印章时，请中心办公室先登记。")
        return seal

    def _show_holder(self) -> None:
        if not self.seals:
            self.form.set("holder", "")
            return
        seal = self._seal()
        self._say_who_may(seal)
        number = next_seal_number(seal, clock.today().year)
        self.form.set(
            "holder",
            f"{holder_of(seal).name}　下一编号 {clock.today().year}-{number:04d}",
        )

    def _say_who_may(self, seal: Seal) -> None:
        """Say at once, and not after filling in, that somebody else must seal."""
        try:
            require_user(seal, self.window.person)
        except UserError as error:
            self._warned = str(error)
            self.window.info.show(self._warned, "warning")
        else:
            if self.window.info.text == self._warned:
                self.window.info.hide()

    def _on_applicant(self, pick: StudentPick) -> None:
        student = pick.student
        if student is not None and not self.form.text("unit"):
            self.form.set("unit", student.class_name)

    # -- use, refusal, void -------------------------------------------------

    def _common(self) -> dict[str, Any]:
        form = self.form
        return {
            "by": self.window.person,
            "seal": self._seal(),
            "applicant": form.text("applicant"),
            "unit": form.text("unit"),
            "document_title": form.text("document_title"),
            "purpose": form.text("purpose"),
            "approver": form.text("approver"),
            "document_number": form.text("document_number"),
            "students": read_students(form.text("students")),
            "note": form.text("note"),
        }

    def _save(self) -> None:
        form = self.form
        pick: StudentPick | None = form.value("applicant")
        use = record_seal_use(
            **self._common(),
            copies=form.value("copies"),
            impressions=form.value("impressions"),
            student=pick.student if pick else None,
            copy_kept=form.text("copy_kept"),
        )
        self._start_next()
        self.window.say(
            f"已登记用印 {use.number_text}：{use.document_title}，{use.impressions} 枚"
        )

    def on_refuse(self) -> None:
        """Note that sealing was refused; the line gets a number too."""
        self.form.submit(self._refuse)

    def _refuse(self) -> None:
        filled_in = self._common()
        reason = dialogs.ask_text(
            self, "拒绝用印，请写明原因：", title="拒印", yes="登记拒印"
        )
        if reason:
            use = refuse_seal_use(**filled_in, reason=reason)
            self._start_next()
            self.window.say(f"已登记拒印 {use.number_text}。")

    def on_void(self) -> None:
        """Void the marked use; its number stays."""
        use = self.table.selected()
        if use is None:
            raise UserError("请先在今日列表中选中一条用印，再作废。")
        reason = dialogs.ask_text(
            self,
            f"作废用印 {use.number_text}（{use.document_title}）。"
            "编号会保留并标明作废，请写明原因：",
            title="作废用印",
            yes="作废",
        )
        if reason:
            void_seal_use(use, by=self.window.person, reason=reason)
            self._show_list()
            self.window.say(f"已作废用印 {use.number_text}。")

    def _start_next(self) -> None:
        self.form.clear(keep=("seal",))
        self._show_holder()
        self._show_list()
        self.focus_first()

    # -- custody ------------------------------------------------------------

    def on_transfer(self) -> None:
        """Show the transfer card in place of the use card."""
        self.transfer.offer(self._seal())
        self.form.grid_remove()
        self.transfer.grid()
        self.transfer.focus_field("receiver")

    def on_transferred(self, done: SealTransfer) -> None:
        """Both have signed."""
        self.on_escape()
        self._show_holder()
        self.window.say(
            f"{done.seal_name}已由{done.giver_name}移交给{done.receiver_name}。"
        )

    def on_escape(self) -> None:
        """Back from the transfer card."""
        if not self.transfer.winfo_manager():
            return
        self.transfer.start_over()
        self.transfer.grid_remove()
        self.form.grid()
        self.focus_first()

    # -- keys ---------------------------------------------------------------

    def on_save(self) -> None:
        """Ctrl+S, in whichever card is in front."""
        if self.transfer.winfo_manager():
            self.transfer.submit()
        else:
            self.form.submit()

    def on_new(self) -> None:
        """Ctrl+N."""
        self._start_next()
