"""The card of the settings about backups: how the last ones went, and where to."""

from pathlib import Path
from typing import Any

from desk import dialogs
from desk.pages.settingscard import SettingsCard
from desk.wording import unbroken
from models import storage
from models.errors import UserError
from models.permissions import Operation, who_may

NO_SECOND = "○ 没有设置；硬盘坏了时只有第二份有用。"
NUMBERS = {"days": "保留天数", "weeks": "保留周数", "months": "保留月数"}


class BackupCard(SettingsCard):
    """What is typed stays until it is saved; 立即备份 runs beside the work."""

    title = "备份"
    saves = True

    def build(self) -> None:
        self.add_fact("here", "本机")
        self.add_fact("there", "第二份")
        self.add_fact("state", "")
        self.add_entry("folder", "第二份存到")
        self.add_words(
            "folder", "第二份", "完整的文件夹位置", "备份不能放", "备份只能放"
        )
        for name, label in NUMBERS.items():
            self.add_entry(name, label, width=6).grid_configure(sticky="w")
            self.add_words(name, label.replace("保留", "保留的"))
        self.add_entry("warn_after", "几天没有就提醒", width=6).grid_configure(
            sticky="w"
        )
        self.add_words("warn_after", "提醒的天数")
        self.add_fact("who", "")
        self.now_button = self.add_button("立即备份", self._on_now, primary=True)
        self.save_button = self.add_button("保存", self.submit)
        self.choose_button = self.add_button("选择文件夹", self._on_choose)
        self.window.autobackup.listen(self._on_end)

    def show(self) -> None:
        from exports.backup import read_state, warning_of

        state = read_state(self.window.folder)
        plan = state.plan
        self.set("here", outcome_words(state.here))
        self.set("there", outcome_words(state.there) if plan.folder else NO_SECOND)
        self.set("state", self._state_words(warning_of(state), state.here.made_at))
        kept = {
            "folder": plan.folder,
            "days": str(plan.keep.days),
            "weeks": str(plan.keep.weeks),
            "months": str(plan.keep.months),
            "warn_after": str(plan.warn_after),
        }
        for name, text in kept.items():
            if not self._fields[name].is_typed:
                self.set(name, text)
        self.set(
            "who",
            unbroken(
                "每天自动备份一次，写好后打开核对。第二份请选另一块硬盘或 U 盘。"
                f"{who_may(Operation.LOCAL_SETTINGS)}可以更改。"
            ),
        )

    def _state_words(self, warning: str, last: Any) -> str:
        if self.window.autobackup.running:
            return "● 正在备份…"
        if storage.on_server():
            return "○ 数据在 PostgreSQL 服务器上，请用服务器自己的备份。"
        if warning:
            return f"✖ {warning}"
        return "✔ 备份正常。" if last else "○ 还没有备份过，今天会自动备份。"

    def save(self) -> None:
        from exports.backup import change_plan

        names = ("folder", *NUMBERS, "warn_after")
        typed = {name: self.text(name) for name in names}
        change_plan(self.window.folder, by=self.window.person, **typed)
        for name, text in typed.items():
            self.set(name, text)
        self.show()
        self.window.say("已保存备份设置。")

    def _on_choose(self) -> None:
        folder = dialogs.choose_folder(self, title="第二份备份存到哪里")
        if folder is not None:
            self.set("folder", str(Path(folder)))
            self.submit()

    def _on_now(self) -> None:
        if storage.on_server():
            raise UserError("数据在 PostgreSQL 服务器上，请用服务器自己的备份。")
        self.window.autobackup.now()
        self.show()

    def _on_end(self) -> None:
        if not self.winfo_exists():
            return
        self.show()
        self.window.update_status()


def outcome_words(outcome: Any) -> str:
    """When the last good one was, and what has gone wrong since."""
    last = f"✔ {outcome.made_at:%Y-%m-%d %H:%M}" if outcome.made_at else "○ 还没有"
    return f"{last}\n✖ {outcome.trouble}" if outcome.trouble else last
