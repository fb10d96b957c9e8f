"""The card 建立新中心 of the first run: the office, its share, its first person."""

import tkinter
from pathlib import Path
from typing import Any

from desk import dialogs, founding
from desk.pages.pinforms import DOT
from desk.pages.setupwork import SetupWork
from desk.widgets.form import Form
from models.errors import UserError

FILE, SERVER = "file", "server"
PLACES = {FILE: "本机文件", SERVER: "数据库服务器"}


class FoundCard(Form):
    """What a new centre needs.  Records lie on this PC unless a server is named."""

    def __init__(self, master: tkinter.Misc, window: Any, work: SetupWork) -> None:
        super().__init__(master, title="建立新中心", command=self._found)
        self.window, self.work = window, work
        self.add_entry("centre_name", "中心名称")
        self.add_entry("share", "共享文件夹")
        self.add_words("share", "这是一个文件", "这个文件夹")
        self.add_entry("recovery", "恢复密钥存到")
        self.add_words("recovery", "恢复密钥", "恢复密钥不能放在", "文件名")
        self.add_fact("hint", "")
        self.set(
            "hint",
            "共享文件夹要放在各窗口电脑都能读写的位置，且为空。恢复密钥请存到 U 盘并"
            "锁进保险柜：办公室电脑损坏时只有它能恢复数据。",
        )
        self.add_entry("number", "您的工号")
        self.add_words("number", "学号或工号")
        self.add_entry("name", "您的姓名")
        self.add_words("name", "填写姓名")
        self._add_place()
        self.add_button("建立", self.submit, primary=True)
        self.add_button(
            "选择共享文件夹", lambda: self._choose("share", "选择共享文件夹")
        )
        self.add_button(
            "选择恢复密钥位置", lambda: self._choose("recovery", "恢复密钥存到哪里")
        )

    def _add_place(self) -> None:
        self.add_choice("place", "记录存在", PLACES, on_change=self._show_server)
        self.add_entry("database", "数据库地址")
        self.add_words("database", "PostgreSQL", "写在地址里")
        self.add_entry("password", "数据库密码", show=DOT)
        self.add_fact("example", "")
        self.set(
            "example",
            "例如 postgresql://desk@10.0.0.5/desk：用户 desk，服务器 10.0.0.5，数据库 "
            "desk。数据库由管理员先建好，要空的、UTF8 编码。一般不用，存在本机即可。",
        )
        self.set("place", FILE)
        self._show_server(FILE)

    def _show_server(self, place: str) -> None:
        for name in ("database", "password", "example"):
            self.show_field(name, place == SERVER)

    def _choose(self, field: str, title: str) -> None:
        folder = dialogs.choose_folder(self, title=title)
        if folder is not None:
            self.set(field, str(folder))

    def _found(self) -> None:
        share, recovery = self.text("share"), self.text("recovery")
        if not share:
            raise UserError("请选择共享文件夹。")
        if not recovery:
            raise UserError("请选择恢复密钥存到哪个文件夹，最好是 U 盘。")
        # Asked before anything is made: a database without its first person is lost.
        said = {name: self.text(name) for name in ("centre_name", "number", "name")}
        for name, text in said.items():
            if not text:
                raise UserError(f"请填写{self.label(name)}。")
        if not (said["number"].isascii() and said["number"].isalnum()):
            raise UserError("您的工号只能由数字和字母组成。")
        database = password = ""
        if self.value("place") == SERVER:
            database, password = self.text("database"), self.widget("password").get()
            if not database:
                raise UserError(
                    "请填写数据库地址，例如 postgresql://desk@10.0.0.5/desk。"
                )
        data: Path = self.window.folder

        def make(places: Any, report: Any) -> None:
            founding.found(
                data,
                share_folder=places[0],
                recovery_file=places[1],
                database=database,
                password=password,
                **said,
            )

        self.work.do(
            self,
            lambda: founding.ask_before_founding(share, recovery, database, password),
            make,
            on_done=lambda: self._on_founded(said["number"]),
        )

    def _on_founded(self, number: str) -> None:
        self.clear()  # the password with it
        self.window.info.show(
            f"新中心已建立。请用工号 {number} 登录，然后添加人员、登记印章、导入名册，"
            "在“时间设置”录入学期和开放时间，再到各窗口电脑上“加入已有中心”。",
            "success",
        )
