"""The card 重建办公室 of the first run: the office anew from its keys and the share."""

import tkinter
from pathlib import Path
from typing import Any

from desk import dialogs, founding
from desk.pages.pinforms import DOT
from desk.pages.setupwork import SetupWork
from desk.widgets.form import Form
from models.errors import UserError
from models.progress import Report


class RefoundCard(Form):
    """The share, the file on the stick, and its passphrase."""

    def __init__(self, master: tkinter.Misc, window: Any, work: SetupWork) -> None:
        super().__init__(master, title="重建办公室", command=self._refound)
        self.window, self.work = window, work
        self.add_entry("share", "共享文件夹")
        self.add_words("share", "这是一个文件", "共享文件夹属于")
        self.add_entry("file", "办公室密钥文件")
        self.add_words("file", "U 盘")
        self.add_entry("passphrase", "口令", show=DOT)
        self.add_fact("hint", "")
        self.set(
            "hint",
            "密钥不变，各窗口不用重新加入；他们没有得到确认的记录会重新上传。"
            "有办公室的备份时，请先恢复备份，能找回得更多。",
        )
        self.add_button("重建", self.submit, primary=True)
        self.add_button("选择共享文件夹", self._choose_share)
        self.add_button("选择密钥文件", self._choose_file)

    def _choose_share(self) -> None:
        folder = dialogs.choose_folder(self, title="选择共享文件夹")
        if folder is not None:
            self.set("share", str(folder))

    def _choose_file(self) -> None:
        path = dialogs.choose_file(
            self, title="选择办公室密钥文件", kinds=[("办公室密钥", "*.deskkeys")]
        )
        if path is not None:
            self.set("file", str(path))

    def _refound(self) -> None:
        for name, words in (
            ("share", "请选择共享文件夹。"),
            ("file", "请选择 U 盘上的办公室密钥文件。"),
            ("passphrase", "请输入导出时设的口令。"),
        ):
            if not self.text(name):
                raise UserError(words)
        data, share = self.window.folder, self.text("share")
        file, passphrase = Path(self.text("file")), self.widget("passphrase").get()

        def ask() -> Any:
            keys = founding.office_keys_in(file, passphrase)
            return founding.existing_folder(share), keys

        def make(answer: Any, report: Report) -> None:
            place, keys = answer
            founding.refound(data, share_folder=place, office_keys=keys, report=report)

        self.work.do(self, ask, make, on_done=self._on_refounded)

    def _on_refounded(self) -> None:
        self.clear()
        self.window.info.show(
            "办公室已重建。请登录后按 F5 同步：各窗口的记录会重新收进来。", "success"
        )
