"""临时窗口: open a desk for a time (P8: 阶段性集中服务), and close one."""

import re
import tkinter
import unicodedata
from typing import Any

from desk import dialogs
from desk.pages.time_section import TimeSection, ask_date, read_names, refusal
from desk.widgets.form import Form
from desk.widgets.table import Column
from models import clock
from models.deskchanges import close_desk, open_desk
from models.desks import (
    Department,
    Desk,
    department_by_name,
    departments,
    departments_of,
)
from models.errors import UserError
from models.services import SERVICE_KIND_LABELS, ServiceKind

_KINDS = {label: kind for kind, label in SERVICE_KIND_LABELS.items()}


class DesksSection(TimeSection):
    """A desk that was opened keeps its code and number prefix for ever."""

    name = "临时窗口"
    effect = (
        "临时窗口从启用日期起可以分配电脑、登记来访，停用日期是最后一天；"
        "服务时间请到“服务时间”录入，排班另行报送。各窗口下次同步后生效。"
    )

    def __init__(self, master: tkinter.Misc, window: Any) -> None:
        super().__init__(master, window)
        form = self.form = Form(self, title="开设临时窗口", command=self._save)
        self.put_left(form)
        form.add_entry("name", "窗口名称")
        form.add_words("name", "名称")
        form.add_entry("code", "窗口代码")
        form.add_words("code", "代码")
        form.need("name", "请填写窗口名称。")
        form.need("code", "请填写窗口代码：2 到 16 个小写字母或数字，以字母开头。")
        form.add_entry("prefix", "编号前缀")
        form.need("prefix", "请填写编号前缀：2 到 4 个大写英文字母。")
        form.add_fact("letters", "")
        form.add_list("leading", "牵头部门")
        form.add_words("leading", "一个部门")
        form.add_entry("others", "协同部门")
        form.add_date("opens_on", "启用日期")
        form.add_date("closes_on", "停用日期")
        form.add_words("closes_on", "停用日期不能早于")
        form.add_text("services", "办理事项", height=5)
        form.add_words("services", "事项", "承诺件")
        form.add_fact("sample", "")
        form.add_entry("basis", "依据")
        form.add_button("开设", form.submit, primary=True)
        form.add_button("清空", self.on_new)
        self.build_section(
            columns=[
                Column("窗口", lambda desk: desk.name, 10),
                Column("状态", _state_of, 3),
                Column("启用", lambda desk: desk.opens_on or "一直", 6),
                Column("停用", lambda desk: desk.closes_on or "—", 6),
                Column("部门", _departments_of, 8, stretch=True),
                Column("前缀", lambda desk: desk.prefix, 3),
            ],
            empty="还没有窗口。",
            buttons={"停用窗口": self.on_void},
            is_void=lambda desk: _state_of(desk) == "已停用",
        )
        self._write_hints()

    def refresh(self) -> None:
        """Show every desk there is, was or will be."""
        choices = [(department.name, department.uid) for department in departments()]
        self.form.set_choices("leading", choices)
        known = list(Desk.select().order_by(Desk.uid))
        self.table.show(known)
        here = sum(desk.in_service(clock.today()) for desk in known)
        self.show_heading(f"窗口 {here} 个在用")
        self.window.say_rows(f"{len(known)} 个窗口")

    def focus_first(self) -> None:
        """Begin with the name."""
        self.form.focus_field("name")

    def on_new(self) -> None:
        """Ctrl+N."""
        self.form.clear()
        self._write_hints()
        self.focus_first()

    def _write_hints(self) -> None:
        self.form.set(
            "sample",
            "一行一项：报名咨询 咨询\n材料盖章 即办\n学籍核对 承诺 3（工作日）",
        )
        self.form.set("letters", "代码用小写字母，前缀用 2 到 4 个大写字母，都不再改")
        self.form.set("opens_on", clock.today())

    def _save(self) -> None:
        form = self.form
        opens_on, closes_on = form.value("opens_on"), form.value("closes_on")
        if opens_on is None:
            raise refusal("请填写启用日期。", "opens_on")
        if closes_on is None:
            raise refusal("请填写停用日期：临时窗口到这一天为止。", "closes_on")
        desk = open_desk(
            by=self.window.person,
            code=form.text("code"),
            prefix=form.text("prefix"),
            name=form.text("name"),
            departments=self._departments(),
            opens_on=opens_on,
            closes_on=closes_on,
            services=read_services(form.value("services")),
            basis=form.text("basis"),
        )
        self.on_new()
        self.refresh()
        self.tell(
            f"已开设“{desk.name}”，{opens_on} 至 {closes_on}；"
            "请接着到“服务时间”录入它的时段。"
        )

    def _departments(self) -> list[Department]:
        """The leading one answers for the services; others by name, parted by 、."""
        uid = self.form.value("leading")
        found = [department for department in departments() if department.uid == uid]
        try:
            others = map(department_by_name, read_names(self.form.text("others")))
            found += [other for other in others if other.uid != uid]
        except UserError as error:
            raise refusal(str(error), "others") from error
        return found

    def on_void(self) -> None:
        """Delete, or the button: the marked desk serves until a day."""
        desk = self.one_selected()
        if _state_of(desk) == "已停用":
            raise UserError(f"“{desk.name}”已经停用了。")
        today = clock.today()
        last = ask_date(
            self,
            f"“{desk.name}”最后服务到哪一天？之后不能再登记来访和签到，记录保留。",
            initial=max(today, desk.opens_on or today),
            least=max(today, desk.opens_on or today),
            yes="下一步",
        )
        if last is None:
            return
        basis = dialogs.ask_text(
            self,
            f"停用“{desk.name}”的依据是什么？例如“领导小组第 3 次会议纪要”。",
            title="请填写依据",
            yes="停用窗口",
        )
        if basis is not None:
            close_desk(desk, by=self.window.person, closes_on=last, basis=basis)
            self.refresh()
            self.tell(f"“{desk.name}”服务到 {last} 为止，次日起不再受理。")


def read_services(text: str) -> list[tuple[str, str, int]]:
    """Lines such as `学籍核对 承诺 3`; without a kind it is an enquiry."""
    found = []
    for at, line in enumerate(text.splitlines(), start=1):
        words = unicodedata.normalize("NFKC", line).split()
        if not words:
            continue
        found.append(_read_service(words, at))
    return found


def _read_service(words: list[str], at: int) -> tuple[str, str, int]:
    days = 0
    match = re.fullmatch(r"(\d+)(?:个?工作日|天|日)?", words[-1])
    if match and len(words) > 1:
        days, words = int(match[1]), words[:-1]
    kind = _KINDS.get(words[-1].removesuffix("件"), "")
    if kind and len(words) > 1:
        words = words[:-1]
    elif days:
        kind = ServiceKind.PROMISED
    else:
        kind = ServiceKind.ENQUIRY
    if kind == ServiceKind.PROMISED and not days:
        raise refusal(
            f"第 {at} 行“{' '.join(words)}”是承诺件，请写明几个工作日，"
            "例如“学籍核对 承诺 3”。",
            "services",
        )
    return " ".join(words), kind, days


def _departments_of(desk: Desk) -> str:
    day = max(clock.today(), desk.opens_on or clock.today())
    return "、".join(d.name for d in departments_of(desk, day))


def _state_of(desk: Desk) -> str:
    today = clock.today()
    if desk.closes_on is not None and desk.closes_on < today:
        return "已停用"
    if desk.opens_on is not None and desk.opens_on > today:
        return "未启用"
    return "在用"
