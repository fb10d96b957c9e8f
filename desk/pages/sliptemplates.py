"""单据模板: the Word templates of slips; departments may replace the built-in ones."""

import tkinter
from pathlib import Path
from typing import Any

import ttkbootstrap as ttk

from desk import dialogs
from desk.files import open_with_system
from desk.pages.listing import ListingPage
from desk.pages.templaterows import TemplateRow, template_rows, why_not_replace
from desk.slips import slip_folder, write_and_open
from desk.widgets.form import Form
from desk.widgets.table import Column, Table
from models.errors import UserError
from models.progress import Report
from models.slip_fields import fields_of
from models.slip_samples import sample_of
from models.slip_templates import SLIP_KIND_LABELS, put_template

COLUMNS = [
    Column("适用部门", lambda row: row.name, 6),
    Column("现用模板", lambda row: row.source, 4),
    Column("版本", lambda row: row.template.version if row.template else "", 2),
    Column("启用日期", lambda row: row.since[:10], 5),
    Column("启用人", lambda row: row.since[11:], 4),
    Column("文件", lambda row: row.template.file_name if row.template else "", 7, True),
]
FIELDS = [
    Column("字段", lambda field: written(field[0]), 9),
    Column("填入的内容", lambda field: field[1], 14, stretch=True),
]
HOW = (
    "先“另存一份”，用\u00a0Word\u00a0改版式和文字，花括号里的字段照原样写，"
    "存成\u00a0.docx，再点“换上”。换上前会检查一遍，字段不认识就不换。"
)


def written(field: str) -> str:
    """How a field is written in a template."""
    return f"{{{{ {field} }}}}"


class SlipTemplatesPage(ListingPage):
    """A kind of slip left; right whose template holds for whom, and the fields."""

    title = "单据模板"
    save_words = "换上模板"

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        self._build_form()
        self.build_list(
            name="slip_templates",
            columns=COLUMNS,
            empty="还没有部门。",
            buttons={"恢复内置": self.on_restore, "试打一份": self.on_print},
            on_open=lambda row: self.save_button.focus_set(),
        )
        self._build_fields(self.table.master)
        self.table.tree.bind(
            "<<TreeviewSelect>>", lambda event: self._show_marked(), add="+"
        )

    # -- building -----------------------------------------------------------

    def _build_form(self) -> None:
        form = self.form = Form(self, title="", command=self._replace)
        self.put_left(form)
        form.add_choice(
            "kind",
            "单据",
            SLIP_KIND_LABELS,
            columns=1,
            on_change=lambda _: self.refresh(),
        )
        form.add_fact("department", "适用部门")
        form.add_fact("holds", "现用")
        form.add_fact("since", "启用")
        form.add_fact("why_not", "说明")
        form.add_fact("how", "怎么改")
        form.set("how", HOW)
        self.save_button = form.add_button("换上…", form.submit, primary=True)
        self.copy_button = form.add_button("另存一份…", self.on_copy)

    def _build_fields(self, side: Any) -> None:
        side.rowconfigure(1, weight=2)
        side.rowconfigure(3, weight=3)
        bar = ttk.Frame(side)
        bar.grid(row=2, column=0, sticky="ew", pady=self.gap)
        self.fields_heading = ttk.Label(bar, style="Heading.TLabel")
        self.fields_heading.pack(side="left")
        self.copy_field_button = ttk.Button(
            bar, text="复制字段", command=self.on_copy_field
        )
        self.copy_field_button.pack(side="right")
        self.fields = Table(
            side,
            name="slip_fields",
            columns=FIELDS,
            empty="",
            height=6,
            on_open=lambda field: self.on_copy_field(),
        )
        self.fields.grid(row=3, column=0, sticky="nsew")
        dialogs.KeyGuard(self.fields.tree).settle()

    # -- showing ------------------------------------------------------------

    def refresh(self) -> None:
        """Show what holds for the chosen kind, the marked department kept."""
        fields = fields_of(self._kind)
        self.fields_heading.configure(text=f"可用字段 {len(fields)} 个")
        self.fields.show(list(fields.items()))
        rows = template_rows(self._kind, self.window.here, self.window.person)
        self.table.show(rows)
        own = sum(row.is_own for row in rows)
        label = SLIP_KIND_LABELS[self._kind]
        self.show_heading(f"{label}：换过的 {own} 个" if own else f"{label}：用内置的")
        self.window.say_rows(f"{len(rows)} 行")
        if not self.table.tree.selection():
            self._mark_usual(rows)
        self._show_marked()

    def _mark_usual(self, rows: list[TemplateRow]) -> None:
        """The first one may change; else the first."""
        here, by = self.window.here, self.window.person
        usual = next((r for r in rows if not why_not_replace(r, here, by)), rows[0])
        item = self.table.row_of(usual)
        self.table.tree.selection_set(item)
        self.table.tree.focus(item)

    def focus_first(self) -> None:
        """Begin with the kind of slip."""
        self.form.focus_field("kind")

    @property
    def _kind(self) -> str:
        return self.form.value("kind")

    def _show_marked(self) -> None:
        if self.window.person is None:  # the event came after signing out
            return
        row: TemplateRow | None = self.table.selected()
        reason = self._why_not(row)
        facts = {
            "department": row.name if row else "",
            "holds": row.in_words if row else "",
            "since": row.since if row else "",
            "why_not": reason,
        }
        for name, text in facts.items():
            self.form.set(name, text)
            self.form.show_field(name, bool(text))
        self.save_button.configure(state="disabled" if reason else "normal")

    def _why_not(self, row: TemplateRow | None) -> str:
        if row is None:
            return "请先在右边的列表中选中一个部门。"
        return why_not_replace(row, self.window.here, self.window.person)

    def _row(self) -> TemplateRow:
        row = self.table.selected()
        if row is None:
            raise UserError("请先在列表中选中一个部门，再试。")
        return row

    # -- changing -----------------------------------------------------------

    def _replace(self) -> None:
        """Choose a file, check it on the worker, and take it into use."""
        row, kind = self.table.selected(), self._kind
        reason = self._why_not(row)
        if reason:
            raise UserError(reason)
        title = f"选择{row.name}的{SLIP_KIND_LABELS[kind]}模板"
        path = dialogs.choose_file(self, title=title, kinds=[("Word 文档", "*.docx")])
        if path is None:
            return

        def check(report: Report) -> bytes:
            from exports.slips import check_template, read_template

            content = read_template(path)
            check_template(content, kind)
            return content

        self.window.status.say(f"正在检查“{path.name}”…")
        self.window.jobs.start(
            check, on_done=lambda content: self._put(row, kind, path.name, content)
        )

    def _put(self, row: TemplateRow, kind: str, name: str, content: bytes) -> None:
        put = put_template(
            by=self.window.person,
            kind=kind,
            department=row.department,
            file_name=name,
            content=content,
        )
        self.refresh()
        done = f"{row.name}的{put.kind_label}已换上“{name}”，第 {put.version} 版"
        self.window.say(f"{done}，{self._when()}")

    def on_restore(self) -> None:
        """Give up the marked row's own template: the one before it in rank holds."""
        row, kind = self._row(), self._kind
        reason = self._why_not(row)
        if reason:
            raise UserError(reason)
        if not row.is_own:
            source = row.source if row.department else "内置"
            raise UserError(f"{row.name}现在用的就是{source}模板，不用恢复。")
        if not dialogs.confirm(
            self,
            f"{row.name}的{SLIP_KIND_LABELS[kind]}不再用“{row.template.file_name}”，"
            "改回原来的模板，要恢复吗？",
            yes="恢复",
        ):
            return
        by = self.window.person
        put_template(
            by=by, kind=kind, department=row.department, file_name="", content=b""
        )
        self.refresh()
        self.window.say(f"{row.name}已改回原来的模板，{self._when()}")

    def _when(self) -> str:
        here = self.window.here
        return "各窗口下次同步后生效。" if here.is_office else "本窗口现在起生效。"

    # -- looking ------------------------------------------------------------

    def on_copy(self) -> None:
        """Write the template that holds to a file, and open it to be changed."""
        row, kind = self._row(), self._kind
        label = SLIP_KIND_LABELS[kind]
        path = dialogs.choose_new_file(
            self,
            title=f"另存一份{label}模板",
            name=f"{label}模板.docx",
            folder=slip_folder(self.window),
        )
        if path is None:
            return

        def copy(report: Report) -> Path:
            from exports.slips import copy_template

            return copy_template(kind, path, department_uid=row.department_uid)

        def done(path: Path) -> None:
            self.window.say(f"模板已另存到 {path}，改好存盘后再点“换上”。")
            open_with_system(path)

        self.window.jobs.start(copy, on_done=done)

    def on_print(self) -> None:
        """Ctrl+P: fill the template that holds with a visit, and open it."""
        row, kind, by = self._row(), self._kind, self.window.person
        folder = slip_folder(self.window)

        def write(report: Report) -> Path:
            from exports.slips import slip_file_name, write_slip

            record = sample_of(kind, row.department, by=by)
            path = folder / f"试打_{slip_file_name(kind, record)}"
            return write_slip(kind, record, path, person=by)

        label = SLIP_KIND_LABELS[kind]
        write_and_open(self.window, write, f"正在试打{row.name}的{label}…")

    def on_copy_field(self) -> None:
        """The marked fields go to the clipboard as a template writes them."""
        chosen = self.fields.selection()
        if not chosen:
            raise UserError("请先在字段列表中选中一个字段，再复制。")
        text = " ".join(written(name) for name, _ in chosen)
        self.clipboard_clear()
        self.clipboard_append(text)
        self.window.say(f"已复制 {text}，到 Word 里粘贴。")

    def on_save(self) -> None:
        """Ctrl+S."""
        self.form.submit()
