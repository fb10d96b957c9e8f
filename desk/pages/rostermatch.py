"""The second step of a roster: which column of the file is what."""

import tkinter
from typing import Any, NamedTuple

from desk.pages.rostersteps import Step
from desk.widgets.form import Form
from desk.widgets.table import Column
from exports.roster import FIELD_NAMES, Sheet, chosen_columns, column_letters

LEFT_OUT, TO_CHOOSE = "不导入", "请选择"
NEEDED = {"number", "name"}
WIDTHS = {"number": 8, "name": 5, "class_name": 9, "college": 11, "phone": 8}


class Sample(NamedTuple):
    """A row of the file as it would be taken over."""

    place: str
    cells: dict[str, str]


def column_name(sheet: Sheet, column: int) -> str:
    """A heading; with the letter of its column where it alone would not tell."""
    title = sheet.titles[column]
    if title and sheet.titles.count(title) == 1:
        return title
    return f"{title or '没有表头'}（{column_letters(column)} 列）"


def _columns() -> list[Column]:
    columns = [Column("行", lambda sample: sample.place, 3)]
    for field, name in FIELD_NAMES.items():
        columns.append(
            Column(
                name,
                lambda sample, field=field: sample.cells.get(field, ""),
                WIDTHS[field],
                stretch=True,
            )
        )
    return columns


class MatchStep(Step):
    """A closed list for each thing we keep; the first rows show what goes where."""

    def __init__(self, master: tkinter.Misc, page: Any) -> None:
        super().__init__(master, page)
        self.sheet: Sheet | None = None
        self._remembered: dict[tuple[str, ...], dict[str, int | None]] = {}
        form = self.form = Form(self, title="匹配列", command=self._go_on)
        self.put_left(form)
        form.add_fact("found", "文件")
        for field, name in FIELD_NAMES.items():
            label = f"{name}（必选）" if field in NEEDED else name
            form.add_list(field, label, on_change=self._show_samples)
        form.add_fact("unused", "没用到的列")
        self.next_button = form.add_button("下一步", form.submit, primary=True)
        self.back_button = self.add_back()
        self.build_list(name="roster_columns", columns=_columns(), empty="先选择文件。")
        self.show_heading("文件的前几行会这样导入")

    def focus_first(self) -> None:
        """At the first thing that was not recognised, else at the way on."""
        columns = self.chosen()
        missing = [field for field in NEEDED if columns.get(field) is None]
        if missing:
            self.form.focus_field("number" if "number" in missing else "name")
        else:
            self.next_button.focus_set()

    def bring(self, sheet: Sheet, file_name: str) -> None:
        """Begin with what was recognised, or was chosen for such headings before."""
        if sheet is self.sheet:
            return
        self.sheet = sheet
        self.form.clear_problems()
        places = range(len(sheet.titles))
        choices = [(column_name(sheet, column), column) for column in places]
        before = self._remembered.get(tuple(sheet.titles), sheet.columns)
        for field in FIELD_NAMES:
            blank = TO_CHOOSE if field in NEEDED else LEFT_OUT
            self.form.set_choices(field, [(blank, None), *choices])
            self.form.set(field, before.get(field))
        where = f"{file_name}，工作表“{sheet.name}”" if sheet.name else file_name
        self.form.set(
            "found", f"{where}：表头在第 {sheet.heading_row} 行，下面 {sheet.rows:,} 行"
        )
        self._show_samples()

    def chosen(self) -> dict[str, int | None]:
        """Field -> column, None for what is not imported."""
        return {field: self.form.value(field) for field in FIELD_NAMES}

    def _show_samples(self) -> None:
        sheet = self.sheet
        assert sheet is not None
        columns = {
            field: column
            for field, column in self.chosen().items()
            if column is not None
        }
        rows = [("表头", sheet.titles)]
        rows += [(str(number), cells) for number, cells in sheet.samples]
        self.table.show(
            [
                Sample(place, {field: cells[at] for field, at in columns.items()})
                for place, cells in rows
            ]
        )
        used = set(columns.values())
        unused = [
            column_name(sheet, column)
            for column in range(len(sheet.titles))
            if column not in used
        ]
        self.form.set("unused", "、".join(unused) or "无")

    def _go_on(self) -> None:
        assert self.sheet is not None
        columns = self.chosen()
        chosen_columns(self.sheet.titles, columns)
        self._remembered[tuple(self.sheet.titles)] = columns
        self.page.check(self.sheet, columns)
