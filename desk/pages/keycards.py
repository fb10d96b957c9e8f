"""Cards of the settings about keys: of this PC's data and, at the office, its own."""

from pathlib import Path

from desk import dialogs
from desk.pages.pinforms import DOT
from desk.pages.settingscard import SettingsCard
from desk.slips import write_and_open
from models import keyrecovery
from models.errors import UserError
from models.installation import installation
from models.keyrecovery import PAGE_FILE, SlotState
from models.permissions import Operation, require, who_may
from models.progress import Report

MARKS = {
    SlotState.OPENED: "✔",
    SlotState.WHOLE: "●",
    SlotState.BAD: "✖",
    SlotState.ABSENT: "○",
}


def slot_words(found: keyrecovery.SlotFinding) -> str:
    """`✔ 试过，能打开数据`, for a line of the card and of the command."""
    return f"{MARKS[found.state]} {found.text}"


class KeyCard(SettingsCard):
    """Where the key of the data is, and whether each way to it opens them."""

    title = "数据密钥"

    def build(self) -> None:
        for name, label in (
            ("store", "平时"),
            ("recovery", "恢复密钥"),
            ("code", "应急码"),
            ("who", ""),
        ):
            self.add_fact(name, label)
        self.test_button = self.add_button("测试密钥", lambda: self.submit(self._test))
        self.with_button = self.add_button(
            "用恢复密钥试开", lambda: self.submit(self._test_with)
        )
        self.code_button = self.add_button(
            "打印应急码", lambda: self.submit(self._print)
        )

    def show(self) -> None:
        keyrecovery.remove_page(self.window.folder)
        self._tell(keyrecovery.check_slots(self.window.folder))
        who = who_may(Operation.LOCAL_SETTINGS)
        self.set("who", f"密钥取不到时用后两样找回。{who}可以打印应急码。")

    def _tell(self, found: list[keyrecovery.SlotFinding]) -> None:
        for name, slot in zip(("store", "recovery", "code"), found, strict=True):
            text = slot_words(slot)
            self.set(name, f"{slot.slot}：{text}" if name == "store" else text)

    def _test(self, recovery_file: Path | None = None) -> None:
        found = keyrecovery.check_slots(self.window.folder, recovery_file=recovery_file)
        self._tell(found)
        bad = [slot.slot for slot in found if not slot.good]
        words = (
            f"有问题：{'、'.join(bad)}，见卡片里的说明。" if bad else "没有发现问题。"
        )
        self.window.say(f"密钥测试完成，{words}")

    def _test_with(self) -> None:
        path = dialogs.choose_file(
            self, title="选择恢复密钥文件", kinds=[("恢复密钥", "*.txt *.key")]
        )
        if path is not None:
            self._test(path)

    def _print(self) -> None:
        require(self.window.person, Operation.LOCAL_SETTINGS)
        question = (
            "将生成一张新的应急码，以前打印的随即作废。"
            "打印后请把纸放进信封锁好；打开的文件关闭后由程序删除。"
        )
        if not dialogs.confirm(self, question, yes="生成并打印"):
            return
        folder, name = self.window.folder, self.window.here.name

        def write(report: Report) -> Path:
            from exports.codepage import write_code_page

            code = keyrecovery.write_code(folder)
            return write_code_page(folder / PAGE_FILE, code, station=name)

        write_and_open(self.window, write, "正在生成应急码…")

    def destroy(self) -> None:
        keyrecovery.remove_page(self.window.folder)
        super().destroy()


class OfficeKeysCard(SettingsCard):
    """The office's keys, put on two sticks."""

    title = "办公室密钥（两个 U 盘）"
    saves = True
    office_only = True

    def build(self) -> None:
        self.add_fact("saved", "上次导出")
        self.add_fact("hint", "")
        self.add_entry("first", "第一个 U 盘")
        self.add_entry("second", "第二个 U 盘")
        self.add_entry("passphrase", "口令", show=DOT)
        self.add_entry("again", "再输一次", show=DOT)
        self.add_fact("strength", "强度")
        self.add_words("first", "两个不同的")
        self.add_words("again", "不一致")
        self.add_words("passphrase", "口令")
        entry = self.widget("passphrase")
        entry.bind("<KeyRelease>", lambda event: self._say_strength(), add="+")
        self.save_button = self.add_button("导出", self.submit, primary=True)
        self.add_button("选第一个", lambda: self._choose("first"))
        self.add_button("选第二个", lambda: self._choose("second"))

    def show(self) -> None:
        at = installation().keys_saved_at
        self.set("saved", f"{at:%Y-%m-%d %H:%M}" if at else "✖ 还没有，请尽快导出")
        self.set(
            "hint",
            "办公室电脑损坏时，凭这个文件和口令可在另一台电脑重建办公室。"
            "口令忘了无法找回，请与 U 盘分开保管。",
        )

    def _choose(self, name: str) -> None:
        folder = dialogs.choose_folder(self, title="选择 U 盘")
        if folder is not None:
            self.set(name, str(folder))

    def _say_strength(self) -> None:
        from exports.sync.officekeys import strength_words

        typed = self.widget("passphrase").get()
        self.set("strength", strength_words(typed) if typed else "")

    def save(self) -> None:
        from exports.sync.officekeys import check_passphrase, export_office_keys

        folders = [Path(self._folder(name)) for name in ("first", "second")]
        typed = [self.widget(name).get() for name in ("passphrase", "again")]
        check_passphrase(*typed)
        made = export_office_keys(
            folders, passphrase=typed[0], again=typed[1], by=self.window.person
        )
        self.clear()
        self.show()
        self.window.say(
            f"两份办公室密钥都已写好并读回核对：{'、'.join(map(str, made))}"
        )

    def _folder(self, name: str) -> str:
        text = self.text(name)
        if not text:
            raise UserError(f"请选择{self.label(name)}。")
        return text
