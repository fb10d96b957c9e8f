"""Cards of the settings that guard the PC: idle lock, and the PIN of its screens."""

from desk.pages.settingscard import SettingsCard
from desk.screenpin import change_screen_pin
from desk.settings import save_settings
from desk.wording import unbroken
from models.localsettings import LEAST_IDLE, MOST_IDLE, change_idle_minutes
from models.permissions import Operation, require, who_may
from models.pins import has_screen_pin


class IdleCard(SettingsCard):
    """After so many minutes without key or mouse the window locks."""

    title = "自动锁定"
    saves = True

    def build(self) -> None:
        entry = self.add_entry("minutes", "没人操作（分钟）", width=6)
        entry.grid_configure(sticky="w")
        self.add_words("minutes", "自动锁定的时间")
        self.add_fact("who", "")
        self.add_button("保存", self.submit, primary=True)

    def show(self) -> None:
        if not self._fields["minutes"].is_typed:
            self.set("minutes", str(self.window.settings.idle_minutes))
        self.set(
            "who",
            unbroken(
                f"{LEAST_IDLE}–{MOST_IDLE} 分钟，刷卡继续；"
                f"随时可按\u00a0Ctrl+L。{who_may(Operation.LOCAL_SETTINGS)}可以更改。"
            ),
        )

    def save(self) -> None:
        with self.about("minutes"):
            minutes = change_idle_minutes(self.text("minutes"), by=self.window.person)
        self.window.settings.idle_minutes = minutes
        save_settings(self.window.folder, self.window.settings)
        self.set("minutes", str(minutes))
        self.window.say(f"已保存：{minutes} 分钟没人操作就锁定。")


class ScreenPinCard(SettingsCard):
    """Leaving a screen that students stand before takes this PIN."""

    title = "屏幕密码"

    def build(self) -> None:
        self.add_fact("state", "状态")
        self.add_fact("who", "")
        self.set_button = self.add_button("设置屏幕密码", self._on_set)
        if not self.window.here.is_office:
            self.screen_button = self.add_button("打开签到屏", self._on_screen)

    def show(self) -> None:
        self.set("state", "✔ 已经设置。" if has_screen_pin() else "○ 还没有设置。")
        who = who_may(Operation.SCREEN_PIN)
        about = f"退出给学生用的签到屏、评价屏时输入，6 位数字。{who}可以设置。"
        self.set("who", unbroken(about))

    def _on_set(self) -> None:
        require(self.window.person, Operation.SCREEN_PIN)
        change_screen_pin(self.window)
        self.show()

    def _on_screen(self) -> None:
        """It is looked for here as well as on the page of the check-ins."""
        from desk.checkinscreen import CheckInScreen

        CheckInScreen.begin(self.window)
