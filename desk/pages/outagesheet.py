"""断电表: numbers set apart, printed on a blank sheet, and copied in afterwards."""

from pathlib import Path
from typing import Any

from desk.files import open_with_system, usual_folder
from desk.keymap import key_of_action
from desk.pages.sealrows import sheet_words
from desk.widgets.form import Form
from models import clock
from models.days import working_day_after
from models.desks import this_desk
from models.errors import UserError
from models.progress import Report
from models.reservations import (
    MOST_NUMBERS,
    SealReservation,
    open_reservations,
    reserve_numbers,
)
from models.seals import Seal

USUAL_LINES = 20
HOW = (
    "留存的编号打在表上，停电时按号手写；来电后在“补录”里逐行录入，没用的号写明原因作废。"
    "留存期间电脑上的用印接着后面的号登记。"
)


class OutageCard(Form):
    """Sets numbers apart and prints them; the page's `on_paper` copies them in."""

    def __init__(self, page: Any) -> None:
        super().__init__(page, title="断电表", command=self._reserve)
        self._page = page
        self._seal: Seal | None = None
        page.put_left(self)
        self.add_fact("seal", SealReservation.seal_name.verbose_name)
        self.add_number("count", "预留行数", initial=USUAL_LINES, most=MOST_NUMBERS)
        self.add_words("count", "行数")
        self.add_date("for_day", SealReservation.for_day.verbose_name)
        self.add_fact("how", "").configure(style="Muted.TLabel")
        self.add_list("sheet", "未补录的表")
        self.add_fact("waits", "").configure(style="Muted.TLabel")
        self.add_button("留号并打印", self.submit, primary=True)
        self.again_button = self.add_button("重印", self.on_print_again)
        self.paper_button = self.add_button("补录", self.on_paper)
        self.add_button("返回", page.on_escape)

    # -- shown --------------------------------------------------------------

    def offer(self, seal: Seal) -> None:
        """*seal*'s next numbers, and the sheets that wait to be copied in."""
        self._seal = seal
        self.set("seal", seal.name)
        self.set("how", HOW)
        if self.widget("for_day").read() is None:
            self.start_over()
        self._show_sheets()

    def start_over(self) -> None:
        """What is usual: a page of lines for the next working day."""
        self.clear(keep=("seal", "how", "sheet", "waits"))
        self.set("for_day", working_day_after(clock.today(), 1))

    def focus_first(self) -> None:
        self.focus_field("count")

    def _show_sheets(self) -> None:
        sheets = open_reservations(this_desk())
        self.set_choices("sheet", [(_line_of(sheet), sheet.uid) for sheet in sheets])
        if not sheets:
            self.set("sheet", None)
        key = key_of_action("on_late_entry")
        self.set("waits", f"按 {key} 补录" if sheets else "没有")
        for button in (self.again_button, self.paper_button):
            button.configure(state="normal" if sheets else "disabled")

    def chosen(self) -> SealReservation:
        """The sheet that is chosen; UserError when none waits."""
        uid = self.value("sheet")
        for sheet in open_reservations(this_desk()):
            if sheet.uid == uid:
                return sheet
        raise UserError("没有等着补录的断电表。要备用请先留号并打印。")

    # -- done ---------------------------------------------------------------

    def _reserve(self) -> None:
        if self._seal is None:
            raise UserError("请选择印章。")
        day = self.value("for_day")
        if day is None:
            raise UserError("请填写备用日期。")
        window = self._page.window
        if window.jobs.running:  # else numbers were set apart and not printed
            raise UserError("上一项操作还没有完成，请稍候。")
        sheet = reserve_numbers(
            self._seal, by=window.person, count=self.value("count"), for_day=day
        )
        self._show_sheets()
        self.set("sheet", sheet.uid)
        self._page.show_seal()
        print_sheet(window, sheet)

    def on_print_again(self) -> None:
        """The paper was lost, or the printer was out of it."""
        print_sheet(self._page.window, self.chosen())

    def on_paper(self) -> None:
        """Copy the chosen sheet in."""
        self._page.copy_in(self.chosen())


def _line_of(sheet: SealReservation) -> str:
    return f"{sheet_words(sheet)}　备用 {sheet.for_day:%m-%d}　{sheet.person_name}打印"


def print_sheet(window: Any, sheet: SealReservation) -> None:
    """Write the sheet into the remembered folder and open it, to be printed there."""
    kept = window.settings.ledger_folder
    folder = Path(kept) if kept and Path(kept).is_dir() else usual_folder()
    numbers = f"{sheet.year}-{sheet.first:04d}-{sheet.last:04d}"
    path, person = folder / f"断电表_{sheet.seal_name}_{numbers}.docx", window.person

    def write(report: Report) -> Path:
        # What makes documents costs most of a second: only when one is asked for.
        from exports.sheets import export_outage_sheet

        return export_outage_sheet(sheet, path, person=person).path

    def done(written: Path) -> None:
        window.say(
            f"断电表 {sheet_words(sheet)} 已存到 {written}，正在打开，请在其中打印。"
        )
        open_with_system(written)

    window.status.say(f"正在生成断电表 {sheet_words(sheet)}…")
    window.jobs.start(write, on_done=done)
