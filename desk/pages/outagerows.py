"""补录断电表: the rows of a paper sheet, copied in under the numbers on it."""

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs, theme
from desk.pages.latevisits import MomentColumn, moment_words
from desk.pages.sealrows import sheet_words
from desk.pages.sealwords import read_students
from desk.suggestions import name_of, suggest_people
from desk.widgets.entrygrid import EntryGrid
from desk.widgets.gridcolumns import GridColumn, GridRow
from models import clock
from models.desks import this_desk
from models.errors import UserError
from models.people import people
from models.reservations import (
    PaperUse,
    SealReservation,
    check_paper_rows,
    open_reservations,
    settle_reservation,
)
from models.seal_uses import SealUse

HINT = (
    "按纸上的编号逐行抄录，没有用的号空着。枚数空着同份数；监印人空着为当时的保管人；"
    "拒印的写明原因。可以从 Excel 或 WPS 整块粘贴。"
)
NUMBERED = re.compile(r"第 (\d+) 号：(.*)", re.DOTALL)
# By which column a refusal is known; the first that occurs in it.
WORDS = (
    *(("用印时间", "at"), ("监印人", "sealer"), ("用印人", "applicant")),
    *(("用印单位", "unit"), ("文件名称", "document_title"), ("事由", "purpose")),
    *(("份数", "copies"), ("枚数", "impressions"), ("批准人", "approver")),
    *(("拒印原因", "refused_reason"), ("学生名单", "students")),
)


class OutageRows(ttk.Frame):
    """Laid over the page, which gets `on_settled`; what is typed is kept per sheet."""

    def __init__(self, page: Any) -> None:
        pad = theme.text_width(page, 1)
        super().__init__(page, style="Popup.TFrame", padding=1)
        self._page = page
        self.is_shown = False
        self.sheet: SealReservation | None = None
        self._drafts: dict[str, dict[str, Any]] = {}
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        inner = ttk.Frame(self, padding=(pad, pad // 2))
        inner.grid(sticky="nsew")
        inner.columnconfigure(0, weight=1)
        inner.rowconfigure(2, weight=1)
        self.heading = ttk.Label(inner, style="Heading.TLabel")
        self.heading.grid(row=0, sticky="w", pady=(0, pad // 3))
        hint = ttk.Label(inner, text=HINT, style="Hint.TLabel", justify="left")
        hint.grid(row=1, sticky="ew", pady=(0, pad // 3))
        hint.bind("<Configure>", lambda event: hint.configure(wraplength=event.width))
        self.rows = EntryGrid(inner, columns=self._columns(), rows=12)
        self.rows.grid(row=2, sticky="nsew")
        self._build_foot(inner, pad)

    def _build_foot(self, inner: ttk.Frame, pad: int) -> None:
        foot = ttk.Frame(inner)
        foot.grid(row=3, sticky="ew", pady=(pad // 2, 0))
        self.save_button = ttk.Button(
            foot, text="全部补录（Ctrl+S）", command=self.save, bootstyle="primary"
        )
        self.close_button = ttk.Button(
            foot, text="收起（Esc）", command=self._page.on_escape
        )
        for button in (self.save_button, self.close_button):
            button.pack(side="left", padx=(0, pad // 2))

    def _columns(self) -> Sequence[GridColumn]:
        form = self._page.form

        def words(name: str, wide: float, kept: str, **options: Any) -> GridColumn:
            return GridColumn(
                *(name, getattr(SealUse, kept).verbose_name, wide, "suggest"),
                suggest=partial(form.suggest_words, kept),
                **options,
            )

        return (
            MomentColumn(
                *("at", "用印时间", 6.5),
                required=True,
                fill=moment_words,
                preset=self._day,
            ),
            GridColumn(
                *("applicant", SealUse.applicant.verbose_name, 6, "suggest"),
                required=True,
                suggest=lambda text: form.students.suggest(text),
                fill=name_of,
            ),
            words("document_title", 8, "document_title"),
            words("purpose", 6, "purpose"),
            GridColumn("copies", "份数", 3, "number", initial="1"),
            GridColumn("impressions", "枚数", 3, "number"),
            words("approver", 5, "approver"),
            words("unit", 6, "unit"),
            GridColumn("students", SealUse.students.verbose_name, 7),
            GridColumn("refused_reason", SealUse.refused_reason.verbose_name, 6),
            words("handler", 5, "handler_name"),
            GridColumn(
                *("sealer", SealUse.sealer_name.verbose_name, 5, "suggest"),
                suggest=lambda text: suggest_people(people(), text),
                fill=name_of,
            ),
            GridColumn("document_number", SealUse.document_number.verbose_name, 6),
            GridColumn("copy_kept", SealUse.copy_kept.verbose_name, 4),
            GridColumn("note", SealUse.note.verbose_name, 6),
        )

    def _day(self) -> date:
        """A time alone is on the day the sheet was for, if that has come."""
        today = clock.today()
        return min(self.sheet.for_day, today) if self.sheet else today

    # -- shown and put away ---------------------------------------------------

    def show(self, sheet: SealReservation) -> None:
        """Lay the sheet over the page, as it was left."""
        if self.sheet is None or self.sheet.uid != sheet.uid:
            self._keep_draft()
            self.sheet = sheet
            self._load(sheet)
        self.is_shown = True
        self.place(relx=0, rely=0, relwidth=1, relheight=1)
        self.lift()
        self.rows.focus_set()

    def hide(self) -> None:
        """Give the page back."""
        self.is_shown = False
        self.place_forget()

    def _load(self, sheet: SealReservation) -> None:
        self.heading.configure(
            text=f"补录断电表 {sheet.year} 年 {sheet_words(sheet)}（{sheet.seal_name}）"
        )
        labels = [f"{n:04d}" for n in range(sheet.first, sheet.last + 1)]
        self.rows.set_rows(labels=labels)
        if sheet.uid in self._drafts:
            self.rows.restore(self._drafts.pop(sheet.uid))

    def _keep_draft(self) -> None:
        if self.sheet is not None and not self.rows.is_empty():
            self._drafts[self.sheet.uid] = self.rows.snapshot()

    @property
    def count(self) -> int:
        """How many lines are typed and not taken down yet, on every sheet."""
        kept = sum(len(draft["rows"]) for draft in self._drafts.values())
        return kept + (len(self.rows.snapshot()["rows"]) if self.sheet else 0)

    def draft(self) -> dict[str, Any] | None:
        """What is typed, by sheet."""
        kept = {uid: self.rows.to_json(typed) for uid, typed in self._drafts.items()}
        if self.sheet is not None and not self.rows.is_empty():
            kept[self.sheet.uid] = self.rows.to_json(self.rows.snapshot())
        return kept or None

    def bring_draft(self, kept: dict[str, Any]) -> None:
        """What an earlier start left of the sheets that are not copied in yet."""
        for sheet in open_reservations(this_desk()):
            if sheet.uid in kept:
                before, self.sheet = self.sheet, sheet  # times are on its day
                self._drafts[sheet.uid] = self.rows.from_json(kept[sheet.uid])
                self.sheet = before
        if self.sheet is not None:
            self._load(self.sheet)

    # -- taking down ------------------------------------------------------------

    def save(self) -> None:
        """Every number of the sheet, or none; what is refused is marked in its cell."""
        self.rows.submit(self._settle)

    def _settle(self, rows: list[GridRow]) -> None:
        assert self.sheet is not None
        sheet = self.sheet
        uses = [self._use(row) for row in rows]
        try:
            check_paper_rows(sheet, uses)
        except UserError as error:
            raise _at_its_row(error) from error
        reason = self._ask_reason(sheet.count - len(uses))
        if reason is None:
            return
        try:
            settled = settle_reservation(
                sheet, by=self._page.window.person, rows=uses, void_reason=reason
            )
        except UserError as error:
            raise _at_its_row(error) from error
        self.sheet = None
        self.rows.clear()
        self._page.on_settled(settled)

    def _ask_reason(self, left: int) -> str | None:
        if not left:
            return ""
        return dialogs.ask_text(
            self,
            f"还有 {left} 个号没有用，将一并作废，请写明原因：",
            title="未用作废",
            yes="补录并作废",
            initial="断电表未使用",
        )

    def _use(self, row: GridRow) -> PaperUse:
        text, records = row.text, row.records
        pick, copies = records["applicant"], records["copies"] or 1
        student = pick.student if pick else None
        try:
            students = read_students(text["students"])
        except UserError as error:
            raise _refusal(f"{row.label}：{error}", "students") from error
        if text["sealer"] and records["sealer"] is None:
            raise _refusal(f"{row.label}：请从候选中选择监印人，或空着。", "sealer")
        said = ("document_title", "purpose", "approver", "handler", "document_number")
        return PaperUse(
            number=int(row.label),
            used_at=records["at"],
            applicant=text["applicant"],
            unit=text["unit"] or (student.class_name if student else ""),
            copies=copies,
            impressions=records["impressions"] or copies,
            student=student,
            students=students,
            copy_kept=text["copy_kept"],
            note=text["note"],
            refused_reason=text["refused_reason"],
            sealer=records["sealer"],
            **{name: text[name] for name in said},
        )


def _at_its_row(error: UserError) -> UserError:
    """The refusal by the label of its row, as the grid knows it."""
    found = NUMBERED.fullmatch(str(error))
    if found is None:
        return error
    column = next((name for word, name in WORDS if word in found[2]), "")
    return _refusal(f"{int(found[1]):04d}：{found[2]}", column)


def _refusal(text: str, column: str) -> UserError:
    error = UserError(text)
    error.field = column
    return error
