"""The form of a use of a seal: the seal and who has it above, what is rare below."""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from desk import theme
from desk.keymap import key_of_action
from desk.pages.sealrows import holder_words, locked_words, sheets_words
from desk.pages.sealwords import read_students, suggest_words
from desk.suggestions import StudentIndex, StudentPick, name_of
from desk.widgets.fields import Field
from desk.widgets.form import Form
from desk.widgets.suggest import Suggestion
from models import clock
from models.desks import Desk
from models.people import Person
from models.seal_uses import SealUse
from models.seal_words import WORDS, last_use, words_lately
from models.seals import Seal

FACTS = ("mode", "holder", "locked", "sheets")
# What the next person may want sealed too.
MATTER = (
    *("document_title", "purpose", "approver", "copies", "impressions"),
    "copy_kept",
)
# What a queue at the seal may have in common.
PINNABLE = (
    *("unit", "document_title", "purpose", "approver", "copies"),
    *("document_number", "handler", "copy_kept", "note"),
)
TOLD = (
    *("applicant", "unit", "document_title", "purpose", "approver", "handler"),
    *("document_number", "copy_kept", "note"),
)


class StudentsField(ttk.Frame):
    """Numbers, or the name of a list; the button opens the list."""

    def __init__(self, master: tkinter.Misc, on_list: Callable[[], None]) -> None:
        super().__init__(master)
        self.columnconfigure(0, weight=1)
        self.entry = ttk.Entry(self, width=10)
        self.entry.grid(row=0, column=0, sticky="ew")
        self.button = ttk.Button(
            self, text="名单…", command=on_list, takefocus=False, bootstyle="default"
        )
        self.button.grid(row=0, column=1, padx=(theme.text_width(self, 0.4), 0))

    def get(self) -> str:
        return self.entry.get()

    def write(self, text: Any) -> None:
        self.entry.delete(0, "end")
        self.entry.insert(0, text or "")


class SealForm(Form):
    """A usual use: student, Enter, document, Enter, Enter, approver, Ctrl+S."""

    def __init__(
        self,
        master: tkinter.Misc,
        *,
        command: Callable[[], None],
        on_seal: Callable[[], None],
        on_list: Callable[[], None],
    ) -> None:
        super().__init__(master, title="", command=command)
        self.students = StudentIndex([])
        self.batch: list[str] = []
        self._batch_given: list[str] = []  # of the line that is corrected
        self._words: dict[str, list[str]] = {}
        self._desk: Desk | None = None
        self._unit_given = False
        self._build_facts()
        self.add_list("seal", SealUse.seal_name.verbose_name, on_change=on_seal)
        self._build_usual()
        self._build_rare(on_list)
        self.tell("mode", "")
        self.show_field("refused_reason", False)

    # -- building -----------------------------------------------------------

    def _build_facts(self) -> None:
        self.add_fact("mode", "", stays=True).configure(style="Heading.TLabel")
        self.add_fact("holder", "保管人", stays=True)
        self.add_fact("locked", "", stays=True).configure(style="Waiting.TLabel")
        self.add_fact("sheets", "断电表", stays=True)

    def _build_usual(self) -> None:
        self.add_suggest(
            "applicant",
            SealUse.applicant.verbose_name,
            suggest=lambda text: self.students.suggest(text),
            on_pick=self._on_applicant,
            fill=name_of,
        )
        self._add_words("unit", "unit")
        self.need("applicant", "请填写用印人。")
        self.need("unit", "请填写用印单位。")
        self._add_words("document_title", "document_title", on_pick=self._on_title)
        self._add_words("purpose", "purpose")
        self._add_words("approver", "approver")
        copies = self.add_number("copies", SealUse.copies.verbose_name)
        self.add_number("impressions", SealUse.impressions.verbose_name)
        self._copies_were = "1"
        self._copies = ttk.StringVar(self, copies.get())
        copies.configure(textvariable=self._copies)
        self._copies.trace_add("write", lambda *_: self._follow_copies())

    def _build_rare(self, on_list: Callable[[], None]) -> None:
        shown = StudentsField(self.area, on_list)
        self._add(
            "students",
            Field(
                SealUse.students.verbose_name,
                shown,
                read=shown.get,
                write=shown.write,
                target=shown.entry,
            ),
        )
        self.add_entry("document_number", SealUse.document_number.verbose_name)
        self._add_words("handler", "handler_name")
        self.add_entry("copy_kept", SealUse.copy_kept.verbose_name)
        self.add_entry("note", SealUse.note.verbose_name)
        self.add_entry("refused_reason", SealUse.refused_reason.verbose_name)
        self.offer_pins(*PINNABLE)

    def _add_words(self, name: str, kept: str, **options: Any) -> None:
        """A text that begins like one used lately."""
        label = getattr(SealUse, kept).verbose_name
        suggest = partial(self.suggest_words, kept)
        self.add_suggest(name, label, suggest=suggest, **options)

    # -- offered ------------------------------------------------------------

    def offer(self, desk: Desk) -> None:
        """What *desk* wrote lately; read again when the page is."""
        self._desk, self._words = desk, {}

    def suggest_words(self, kept: str, text: str) -> list[Suggestion]:
        """What this desk wrote lately in the column *kept*, for what is typed."""
        if self._desk is None:
            return []
        if not self._words:
            self._words = {name: words_lately(self._desk, name) for name in WORDS}
        return suggest_words(self._words[kept], text)

    def forget_words(self) -> None:
        """A line was written: read the words again."""
        self._words = {}

    # -- what follows from what ---------------------------------------------

    def tell(self, name: str, text: str) -> None:
        """Show a line, or take it away for no text."""
        self.set(name, text)
        self.show_field(name, bool(text))

    def show_seal(self, seal: Seal | None, person: Person) -> None:
        """Who has the seal, the next number, and what is in the way."""
        if seal is None:
            for name in ("holder", "locked", "sheets"):
                self.tell(name, "")
            return
        self.tell("holder", holder_words(seal, clock.today().year))
        self.tell("locked", locked_words(seal, person))
        self.tell("sheets", sheets_words(seal))

    def _on_applicant(self, pick: StudentPick) -> None:
        student = pick.student
        if student is not None and (self._unit_given or not self.text("unit")):
            self.set("unit", student.class_name)
            self._unit_given = True

    def _on_title(self, title: str) -> None:
        """The same document is mostly for the same purpose."""
        if self._desk is None or self.text("purpose"):
            return
        before = last_use(self._desk, document_title=title)
        self.set("purpose", before.purpose if before else "")

    def _walk(self, widget: tkinter.Misc, step: int) -> str:
        """Enter passes over a unit that came with the student."""
        given = self._unit_given and self.text("unit")
        if step > 0 and widget is self.widget("applicant") and given:
            self.focus_field("document_title")
            return "break"
        return super()._walk(widget, step)

    def _follow_copies(self) -> None:
        """A seal on each copy, until somebody says otherwise."""
        copies = self._copies.get().strip()
        if not copies.isdecimal():
            return
        if self.widget("impressions").get().strip() == self._copies_were:
            self.set("impressions", copies)
        self._copies_were = copies

    # -- the list of students -------------------------------------------------

    def take_batch(self, numbers: Sequence[str]) -> None:
        """The list of a batch, which says how many copies there are."""
        self.batch = list(numbers)
        self.set("students", self._batch_words())
        if numbers:
            self.set("copies", len(numbers))

    def _batch_words(self) -> str:
        if not self.batch:
            return ""
        return f"名单 {len(self.batch)} 人（{key_of_action('on_card')} 查看）"

    def student_numbers(self) -> list[str]:
        """The list that was taken over, or what was typed; UserError for nonsense."""
        typed = self.text("students")
        if self.batch and typed == self._batch_words():
            return list(self.batch)
        return read_students(typed)

    # -- read and written -----------------------------------------------------

    def told(self) -> dict[str, Any]:
        """What stands in the form, but for seal, counts and who it is for."""
        texts = {name: self.text(name) for name in TOLD}
        with self.about("students"):
            return texts | {"students": self.student_numbers()}

    def counts(self) -> dict[str, int]:
        """Copies and impressions."""
        return {name: self.value(name) for name in ("copies", "impressions")}

    def show_use(self, use: SealUse) -> None:
        """Fill in what a line says, to be corrected."""
        self.clear(keep=("seal", *FACTS))
        for name in TOLD:
            kept = "handler_name" if name == "handler" else name
            self.set(name, getattr(use, kept))
        for name in ("copies", "impressions"):
            self.set(name, getattr(use, name) or 1)
        self._copies_were = str(use.copies or 1)
        self.batch = list(use.students)
        self._batch_given = list(use.students)
        self.set("students", self._batch_words())
        self.set("refused_reason", use.refused_reason)
        self.show_field("refused_reason", bool(use.refused_reason))

    def repeat(self, use: SealUse) -> None:
        """What the next person may want sealed too."""
        for name in MATTER:
            self.set(name, getattr(use, name))
        # The sealer is the handler where nobody else was named.
        other = use.handler_name != use.sealer_name
        self.set("handler", use.handler_name if other else "")

    def clear(self, *, keep: Sequence[str] = ()) -> None:
        """Ready for the next one."""
        super().clear(keep=(*keep, *FACTS))
        self.batch, self._batch_given, self._unit_given = [], [], False
        copies = self._copies.get().strip()
        self._copies_were = copies if copies.isdecimal() else "1"
        self.set("impressions", self._copies_were)
        self.show_field("refused_reason", False)

    def snapshot(self) -> dict[str, Any]:
        """Everything typed, and the list taken over."""
        return {**super().snapshot(), "batch": list(self.batch)}

    def restore(self, typed: Mapping[str, Any]) -> None:
        """Put back a snapshot."""
        apart = ("batch", "impressions", *FACTS)
        super().restore({n: v for n, v in typed.items() if n not in apart})
        super().restore({"impressions": typed["impressions"]})
        self._copies_were = str(typed["copies"])
        self.batch = list(typed["batch"])

    def is_typed_in(self, apart: Sequence[str] = ()) -> bool:
        """A list that was taken over is an entry too."""
        return self.batch != self._batch_given or super().is_typed_in(apart)

    def to_json(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """With the list that was taken over."""
        return {**super().to_json(typed), "batch": list(typed["batch"])}

    def from_json(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """With the list that was taken over."""
        return {**super().from_json(kept), "batch": list(kept["batch"])}
