"""`desk key`: the keys of this PC's data and of the office, tested and kept safe."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from desk.console import Progress, say
from models.errors import UserError

MARKS = {"opened": "✓", "whole": "●", "bad": "✗", "absent": "○"}

Handler = Callable[[argparse.Namespace, Path], int]


def add_arguments(
    command: argparse.ArgumentParser, shared: argparse.ArgumentParser
) -> None:
    """What `desk key` understands, besides what every command does."""
    tasks = command.add_subparsers(dest="task", metavar="做什么", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return tasks.add_parser(
            name, parents=[shared], help=text, description=text + "。"
        )

    test = add("test", "逐个试数据密钥的存放处，说出哪个能打开数据")
    test.add_argument("--recovery", type=Path, metavar="FILE", help="恢复密钥文件")
    test.add_argument("--code", action="store_true", help="再问打印的应急码")
    recover = add("recover", "密钥取不到时，用恢复密钥或应急码找回并存好")
    recover.add_argument("--recovery", type=Path, metavar="FILE", help="恢复密钥文件")
    check = add("check-recovery", "核对一个恢复密钥文件是不是这个中心的")
    check.add_argument("file", type=Path, metavar="FILE")
    code = add("code", "生成应急码，写成一页 Word 供打印，以前的作废")
    code.add_argument("-o", dest="file", type=Path, required=True, metavar="FILE")
    export = add("export", "把办公室密钥写到两个 U 盘（会问口令）")
    export.add_argument("folders", type=Path, nargs=2, metavar="DIR")
    export.add_argument("--by", metavar="工号", required=True)
    again = add("new-share", "共享文件夹没了：把一个空文件夹作为中心的共享文件夹")
    again.add_argument("folder", type=Path, metavar="DIR")
    again.add_argument("--by", metavar="工号", required=True)
    refound = add("refound", "办公室电脑坏了：用办公室密钥和共享文件夹重建")
    refound.add_argument("file", type=Path, metavar="FILE", help="办公室密钥文件")
    refound.add_argument("--share", type=Path, required=True, metavar="DIR")


def run(chosen: argparse.Namespace, folder: Path) -> int:
    """Do what was asked for, on the data in *folder*."""
    return HANDLERS[chosen.task](chosen, folder.absolute())


def _asked(question: str) -> str:
    """A secret: typed unseen, or the next line of a pipe."""
    if sys.stdin.isatty():
        return getpass.getpass(question, stream=sys.stderr)
    line = sys.stdin.readline()
    if not line:
        raise UserError(f"没有读到{question.rstrip('：')}，请重新运行。")
    return line.rstrip("\r\n")


def _test(chosen: argparse.Namespace, folder: Path) -> int:
    from models.keyrecovery import check_slots

    _refuse_empty(folder)
    code = _asked("应急码：") if chosen.code else ""
    found = check_slots(folder, recovery_file=chosen.recovery, code=code)
    for slot in found:
        print(f"{MARKS[slot.state]} {slot.slot}：{slot.text}")
    return 0 if all(slot.good for slot in found) else 1


def _refuse_empty(folder: Path) -> None:
    from models.storage import FILE, SERVER_FILE

    if not (folder / FILE).exists() and not (folder / SERVER_FILE).exists():
        raise UserError(f"“{folder}”里没有工作站的数据，请检查 --data 指的文件夹。")


def _recover(chosen: argparse.Namespace, folder: Path) -> int:
    from models.keyrecovery import recover

    _refuse_empty(folder)
    code = "" if chosen.recovery else _asked("应急码：")
    recover(folder, recovery_file=chosen.recovery, code=code)
    print("密钥已找回并存好，可以照常打开程序；记录没有丢失。")
    return 0


def _check_recovery(chosen: argparse.Namespace, folder: Path) -> int:
    from exports.sync.officekeys import check_recovery_file
    from models.storage import open_database

    here = open_database(folder)
    check_recovery_file(chosen.file, here)
    print(f"✓ 这是“{here.centre_name}”的恢复密钥，请放回保险柜。")
    return 0


def _code(chosen: argparse.Namespace, folder: Path) -> int:
    from exports.codepage import write_code_page
    from models.keyrecovery import write_code
    from models.storage import open_database

    here = open_database(folder)
    path = write_code_page(chosen.file, write_code(folder), station=here.name)
    say(f"应急码写在 {path}：请打印、装信封锁好，然后删除这个文件。")
    return 0


def _export(chosen: argparse.Namespace, folder: Path) -> int:
    from exports.sync.officekeys import export_office_keys, strength_words
    from models.people import person_signing_in
    from models.storage import open_database

    open_database(folder)
    by = person_signing_in(chosen.by)
    passphrase, again = _asked("口令："), _asked("再输一次：")
    say(f"口令强度：{strength_words(passphrase)}")
    for path in export_office_keys(
        chosen.folders, passphrase=passphrase, again=again, by=by
    ):
        print(f"✓ {path}（已读回核对）")
    return 0


def _refound(chosen: argparse.Namespace, folder: Path) -> int:
    from exports.sync.officekeys import read_office_keys
    from exports.sync.refounding import refound_centre

    keys = read_office_keys(chosen.file, _asked("口令："))
    progress = Progress()
    refound_centre(folder, office_keys=keys, share_folder=chosen.share, report=progress)
    progress.end()
    print(f"“{keys.centre_name}”的办公室已重建；请打开程序，按 F5 同步。")
    return 0


def _new_share(chosen: argparse.Namespace, folder: Path) -> int:
    from exports.sync.enrolment import found_share_again
    from models.people import person_signing_in
    from models.storage import open_database

    open_database(folder)
    found_share_again(chosen.folder, by=person_signing_in(chosen.by))
    print("共享文件夹已重建；请同步，再到各窗口把共享文件夹换成它。")
    return 0


HANDLERS: dict[str, Handler] = {
    "test": _test,
    "recover": _recover,
    "check-recovery": _check_recovery,
    "code": _code,
    "export": _export,
    "new-share": _new_share,
    "refound": _refound,
}
