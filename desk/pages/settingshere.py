"""Cards of the settings that tell what this PC is, and where things lie."""

from pathlib import Path
from typing import Any

from desk import VERSION, dialogs
from desk.files import open_log_folder
from desk.looking import Look
from desk.pages.settingscard import SettingsCard
from desk.pages.time_rules import VALUES, in_unit
from desk.wording import unbroken
from models import clock
from models.desks import this_desk
from models.errors import UserError
from models.installation import installation
from models.localsettings import change_share
from models.permissions import Operation, who_may
from models.rules import rules_on

# Label, and what stands in its line: the word before a value, and the rule.
LIMITS = {
    "学期上限": (("每周", "week_limit"), ("每月", "month_limit")),
    "假期上限": (("每周", "vacation_week_limit"), ("每月", "vacation_month_limit")),
    "酬金": (("A 岗", "rate_a"), ("B 岗", "rate_b")),
}
SHARE_GOOD = "✔ 可以读取，是本中心的共享文件夹。"
SHARE_OTHER = "✖ 这是另一个中心的共享文件夹，请更换为本中心的。"
NO_SHARE = "○ 还没有设置，请选择中心的共享文件夹。"


class HereCard(SettingsCard):
    """What this PC is."""

    title = "本机与窗口"

    def build(self) -> None:
        self.add_fact("station", "工作站")
        self.add_fact("desk", "窗口")
        self.add_fact("centre", "中心")
        self.add_fact("folder", "数据文件夹")
        self.add_fact("version", "程序版本")
        self.log_button = self.add_button(
            "打开日志文件夹", lambda: open_log_folder(self.window.folder)
        )

    def show(self) -> None:
        here = self.window.here
        self.show_field("desk", not here.is_office)
        self.set("station", f"{here.name}（{here.kind_label}）")
        self.set("desk", "" if here.is_office else this_desk().name)
        self.set("centre", here.centre_name)
        self.set("folder", str(self.window.folder))
        self.set("version", VERSION)


class ShareCard(SettingsCard):
    """Whether it is there is looked at off the Tk thread: one that is gone is slow."""

    title = "共享文件夹"

    def build(self) -> None:
        self.look: Look | None = None
        self.add_fact("share", "位置")
        self.add_fact("state", "状态")
        self.add_fact("who", "")
        self.change_button = self.add_button("更换共享文件夹", self._on_change)

    def show(self) -> None:
        here = installation()
        self.set("share", here.share or "（没有）")
        self.set("who", f"{who_may(Operation.LOCAL_SETTINGS)}可以更换。")
        if self.look is not None:
            self.look.drop()
        if not here.share:
            self.set("state", NO_SHARE)
            return
        self.set("state", "● 正在查看…")
        share, realm = here.share, here.realm
        self.look = Look(
            self,
            lambda: share_words(share, realm),
            lambda text: self.set("state", text),
        )

    def _on_change(self) -> None:
        self.submit(self._change)

    def _change(self) -> None:
        folder = dialogs.choose_folder(self, title="选择中心的共享文件夹")
        if folder is not None:
            change_share(str(folder), by=self.window.person)
            self.show()
            self.window.say(f"共享文件夹已换成 {folder}，下次同步时使用。")

    def destroy(self) -> None:
        if self.look is not None:
            self.look.drop()
        super().destroy()


def share_words(share: str, realm: str) -> str:
    """In a sentence, whether *share* can be used by a station of *realm*."""
    from exports.sync.share import read_marker  # brings in the crypto libraries

    try:
        marker = read_marker(Path(share))
    except UserError as error:
        return f"✖ {error}"
    return SHARE_GOOD if marker.realm == realm else SHARE_OTHER


class LimitsCard(SettingsCard):
    """The hours and rates in force today; set at the office, in 时间设置."""

    title = "勤工助学限额（今天执行的）"

    def build(self) -> None:
        for label in LIMITS:
            self.add_fact(label, label)
        self.add_fact("who", "")
        if self.window.here.is_office:
            self.rules_button = self.add_button("打开时间设置", self._on_open)

    def show(self) -> None:
        rules = rules_on(clock.today())
        for label, parts in LIMITS.items():
            words = [f"{word} {limit_words(rules, name)}" for word, name in parts]
            self.set(label, unbroken("，".join(words)))
        self.set(
            "who",
            "在“时间设置 · 考勤规则”里更改，各窗口同步后生效。"
            if self.window.here.is_office
            else "由中心办公室在“时间设置”里更改，同步后在这里看到。",
        )

    def _on_open(self) -> None:
        self.window.show("timesettings")
        self.window.page.open_section("考勤规则")


def limit_words(rules: Any, name: str) -> str:
    """`8 小时`, `不限` or `18 元/时`."""
    value, unit = getattr(rules, name), VALUES[name][1]
    return "不限" if value is None else f"{in_unit(value, unit)} {unit.name}"
