"""What the command line understands, and its help in Chinese."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from desk import keycommands

PROGRAM = "desk"

Handler = Callable[[argparse.Namespace], int]

# argparse asks gettext for its own words; these are all that people get to see.
WORDS = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示帮助",
    "the following arguments are required: %s": "缺少参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "expected one argument": "后面要跟一个值",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "没有“%(value)s”，可用：%(choices)s"
    ),
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid %(type)s value: %(value)r": "“%(value)s”不是有效的值",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s 不明确，可以是 %(matches)s"
    ),
    "ignored explicit argument %r": "不需要值 %r",
}


def parser_of(handlers: dict[str, Handler]) -> argparse.ArgumentParser:
    """The parser; *handlers* has what runs for each command, and "" for the window."""
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="本机数据所在的文件夹（默认为系统的应用数据文件夹）",
    )
    shared.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="出错时显示完整的错误信息",
    )
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        parents=[shared],
        description="一站式学生社区服务中心的窗口工作站。不带命令时打开窗口。",
    )
    parser.set_defaults(run=handlers[""])
    commands = parser.add_subparsers(title="命令", metavar="命令")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, parents=[shared], help=text, description=text + "。"
        )
        command.set_defaults(run=handlers[name])
        return command

    _add_found(add("found", "建立新中心，这台电脑成为中心办公室"))
    _add_demo(add("demo", "在空文件夹里建立样例中心，六个窗口各工作几天"))
    _add_json(add("status", "本机的状态：流水、记录、同步"))
    _add_import(add("import", "导入学生名册"))
    _add_export(add("export", "导出 Word 台账和表"))
    _add_json(add("sync", "与共享文件夹同步一次"))
    _add_verify(add("verify", "逐条核对流水、记录和用印编号，或核验一份导出的台账"))
    _add_backup(add("backup", "备份本机的数据，写好后打开核对"))
    _add_restore(add("restore", "从备份恢复本机的数据；原来的文件留在旁边"))
    key = add("key", "本机数据和办公室的密钥：测试、找回、导出")
    keycommands.add_arguments(key, shared)
    add("doctor", "检查这台电脑能不能正常工作")
    return parser


def _add_json(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument(
        "--json", action="store_true", help="标准输出的最后一行是一个 JSON 对象"
    )
    return command


def _add_found(command: argparse.ArgumentParser) -> None:
    command.add_argument("--share", type=Path, required=True, metavar="DIR")
    command.add_argument("--centre", required=True, metavar="名称", help="中心名称")
    command.add_argument("--number", required=True, metavar="工号", help="第一位人员")
    command.add_argument("--name", required=True, metavar="姓名", help="第一位人员")
    command.add_argument(
        "--recovery",
        type=Path,
        required=True,
        metavar="FILE",
        help="恢复密钥写到哪里：U 盘上的新文件",
    )
    command.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="记录放在 PostgreSQL 服务器上：postgresql://用户@主机:端口/库名，不含密码",
    )
    command.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="数据库密码所在的文件（第一行）；读过以后可以删去",
    )


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="空的或新的文件夹")
    command.add_argument(
        "--days", type=_count, default=2, metavar="N", help="工作天数（默认 2）"
    )
    command.add_argument(
        "--visits",
        type=_count,
        metavar="N",
        help="六个窗口每天合计的来访数（默认 200，按周建立时为 12）",
    )
    command.add_argument(
        "--weeks",
        type=_count,
        default=0,
        metavar="N",
        help="改为建立一个学期的前 N 周（20 为整个学期），每周同步一次",
    )
    command.add_argument(
        "--seed", type=int, default=1, metavar="N", help="随机种子（默认 1）"
    )
    _add_json(command)


def _add_import(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=["roster"], help="roster：学生名册")
    command.add_argument(
        "file", type=Path, metavar="FILE", help="xlsx、xls 或 csv 文件"
    )
    command.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    command.add_argument("--by", metavar="工号", help="经办的办公室人员")
    _add_json(command)


def _add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "ledger", nargs="?", metavar="台账", help="台账或表的代码、名称"
    )
    command.add_argument("--list", action="store_true", help="列出所有台账和表")
    command.add_argument(
        "--from",
        dest="first",
        type=_day,
        metavar="日期",
        help="开始日期；表：所在的月份或适用的日期（默认今天）",
    )
    command.add_argument("--to", dest="last", type=_day, metavar="日期")
    command.add_argument("--desk", metavar="窗口", help="窗口代码或名称")
    command.add_argument("--seal", metavar="印章", help="印章或部门名称")
    command.add_argument("--department", metavar="部门", help="部门名称")
    command.add_argument("--person", metavar="学号", help="签到签退表：只要这个人的")
    command.add_argument(
        "--masked", action="store_true", help="隐去电话、学号的中间几位"
    )
    command.add_argument(
        "--split", choices=["none", "month", "rows"], help="按月或按条数分成几个文件"
    )
    command.add_argument(
        "-o",
        dest="file",
        type=Path,
        metavar="FILE",
        help="写到哪里：.docx 或 .xlsx 文件；台账填 all 时是文件夹",
    )


def _add_verify(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ledger",
        type=Path,
        metavar="FILE",
        help="核验这份导出的 Word 台账是不是打印时的记录",
    )
    _add_json(command)


def _add_backup(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="DIR",
        help="备份到这个文件夹（默认按“设置”里的备份位置）",
    )
    _add_json(command)


def _add_restore(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    command.add_argument(
        "--recovery", type=Path, metavar="FILE", help="U 盘上的“中心恢复密钥.txt”"
    )
    command.add_argument(
        "--code", action="store_true", help="用打印的应急码打开，从标准输入读取"
    )
    command.add_argument("--yes", action="store_true", help="不再询问")
    _add_json(command)


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError(f"“{text}”不是有效的整数")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}”不是日期，请写成 2026-11-23"
        raise argparse.ArgumentTypeError(message) from None
