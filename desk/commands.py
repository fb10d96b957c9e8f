"""The command line.

Exit codes: 0 done, 1 refused or failed (one Chinese line on standard error), 2 wrong
usage.  With `--json` the last line of standard output is one JSON object; words and
progress go to standard error.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from models.errors import UserError

PROGRAM = "desk"

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


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    chosen = _parser().parse_args(arguments)
    try:
        return chosen.run(chosen)
    except UserError as error:
        _say(str(error))
    except KeyboardInterrupt:
        _say("已取消。")
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except Exception as error:
        if chosen.debug:
            raise
        logging.getLogger(__name__).debug("command failed", exc_info=True)
        _say(f"程序出错，记录没有丢失：{type(error).__name__}: {error}"[:300])
    return 1


def default_folder() -> Path:
    """Where this person's station keeps its data unless `--data` says otherwise."""
    import platformdirs

    return Path(platformdirs.user_data_dir("desk-workstation", appauthor=False))


def _parser() -> argparse.ArgumentParser:
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
    parser.set_defaults(run=_open_window, data=None, debug=False)
    commands = parser.add_subparsers(title="命令", metavar="命令")

    def add(name: str, text: str, handler: Any) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, parents=[shared], help=text, description=text + "。"
        )
        command.set_defaults(run=handler)
        return command

    _add_demo(add("demo", "在空文件夹里建立样例中心，六个窗口各工作几天", _demo))
    add_json(add("status", "本机的状态：流水、记录、同步", _status))
    _add_import(add("import", "导入学生名册", _import))
    _add_export(add("export", "导出 Word 台账", _export))
    add_json(add("sync", "与共享文件夹同步一次", _sync))
    add_json(add("verify", "逐条核对流水、记录和用印编号", _verify))
    add("doctor", "检查这台电脑能不能正常工作", _doctor)
    return parser


def add_json(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument(
        "--json", action="store_true", help="标准输出的最后一行是一个 JSON 对象"
    )
    return command


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="空的或新的文件夹")
    command.add_argument(
        "--days", type=_count, default=2, metavar="N", help="工作天数（默认 2）"
    )
    command.add_argument(
        "--visits",
        type=_count,
        default=200,
        metavar="N",
        help="六个窗口每天合计的来访数（默认 200）",
    )
    command.add_argument(
        "--seed", type=int, default=1, metavar="N", help="随机种子（默认 1）"
    )
    add_json(command)


def _add_import(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", choices=["roster"], help="roster：学生名册")
    command.add_argument(
        "file", type=Path, metavar="FILE", help="xlsx、xls 或 csv 文件"
    )
    command.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    command.add_argument("--by", metavar="工号", help="经办的办公室人员")
    add_json(command)


def _add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("ledger", nargs="?", metavar="台账", help="台账代码或名称")
    command.add_argument("--list", action="store_true", help="列出所有台账")
    command.add_argument("--from", dest="first", type=_day, metavar="日期")
    command.add_argument("--to", dest="last", type=_day, metavar="日期")
    command.add_argument("--desk", metavar="窗口", help="窗口代码或名称")
    command.add_argument("--seal", metavar="印章", help="印章或部门名称")
    command.add_argument("--department", metavar="部门", help="部门名称")
    command.add_argument("-o", dest="file", type=Path, metavar="FILE", help="写到哪里")


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


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _answer(chosen: argparse.Namespace, result: dict[str, Any], words: str) -> None:
    """The result as JSON if it was asked for, in words otherwise."""
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
    else:
        print(words, flush=True)


class Progress:
    """One line on standard error: overwritten on a screen, new ones in a log."""

    def __init__(self) -> None:
        self._screen = sys.stderr is not None and sys.stderr.isatty()
        self._said = ""

    def __call__(self, done: int, total: int, text: str) -> None:
        if not self._screen and text == self._said:
            return
        self._said = text
        share = f"{100 * done // total:3d}% " if total > 1 else ""
        print(
            f"\r{share}{text}\x1b[K" if self._screen else f"{share}{text}",
            end="" if self._screen else "\n",
            file=sys.stderr,
            flush=True,
        )

    def end(self) -> None:
        if self._screen and self._said:
            print(file=sys.stderr)


def _open_station(chosen: argparse.Namespace) -> None:
    from models.storage import open_database

    open_database(chosen.data or default_folder())


def _open_window(chosen: argparse.Namespace) -> int:
    from desk.main import open_window

    return open_window(chosen.data or default_folder())


def _demo(chosen: argparse.Namespace) -> int:
    from desk.demo import make_demo

    progress = Progress()
    result = make_demo(
        chosen.folder,
        days=chosen.days,
        visits=chosen.visits,
        seed=chosen.seed,
        report=progress,
    )
    progress.end()
    lines = ["样例中心已建立，六个窗口的记录都已汇总到办公室。"]
    lines += [
        f"  {code}：来访 {n['visits']}，用印 {n['seal_uses']}，"
        f"签到 {n['attendances']}，交接班 {n['handovers']}"
        for code, n in result["stations"].items()
    ]
    lines.append(
        f"已确认 {result['confirmed']} 条，未确认 {result['unconfirmed']} 条。"
    )
    lines.append("台账：")
    lines += [f"  {made['path']}（{made['rows']} 行）" for made in result["ledgers"]]
    lines.append(
        f"打开教务窗口：--data “{chosen.folder / 'stations' / 'jiaowu'}”，"
        "用学号 2024110205 登录。"
    )
    _answer(chosen, result, "\n".join(lines))
    return 0


def _status(chosen: argparse.Namespace) -> int:
    from exports.sync import sync_state
    from models import journal
    from models.installation import installation
    from models.storage import row_counts

    _open_station(chosen)
    here, state = installation(), sync_state()
    length, head = journal.tip()
    result = {
        "station": here.station_uid,
        "name": here.name,
        "kind": here.kind,
        "epoch": here.epoch,
        "journal": {"length": length, "head": head},
        "rows": row_counts(),
        "confirmed": state.confirmed,
        "published": state.published,
        "waiting": state.waiting,
        "quarantined": state.quarantined,
        "conflicts": state.conflicts,
        "missing": state.missing_rows,
        "synced_at": state.synced_at,
        "trouble": state.trouble,
    }
    lines = [
        f"{here.name}（{here.kind_label}），{here.centre_name}",
        f"流水 {length} 条；已确认 {state.confirmed}，已上传 {state.published}，"
        f"未上传 {state.waiting}",
        f"隔离的文件 {state.quarantined} 个，冲突 {state.conflicts} 条",
        *(f"缺少 {gap.name} 第 {gap.first}–{gap.last} 条" for gap in state.missing),
        f"上次同步：{state.synced_at or '还没有'}"
        + (f"；{state.trouble}" if state.trouble else ""),
    ]
    _answer(chosen, result, "\n".join(lines))
    return 0


def _import(chosen: argparse.Namespace) -> int:
    from exports.roster import import_roster

    _open_station(chosen)
    progress = Progress()
    done = import_roster(
        chosen.file,
        by=_office_person(chosen.by),
        dry_run=chosen.dry_run,
        report=progress,
    )
    progress.end()
    result = {
        "new": done.new,
        "updated": done.updated,
        "skipped": done.skipped,
        "rejected": [
            {"row": refused.row, "reason": refused.reason} for refused in done.rejected
        ],
    }
    lines = [
        ("检查结果（没有写入）" if chosen.dry_run else "已导入")
        + f"：新增 {done.new}，更新 {done.updated}，跳过 {done.skipped}，"
        f"拒绝 {len(done.rejected)}",
        *(f"  第 {refused.row} 行：{refused.reason}" for refused in done.rejected),
    ]
    _answer(chosen, result, "\n".join(lines))
    return 0


def _office_person(number: str | None) -> Any:
    """Who imports: the one named, or the only person of the office there is."""
    from models.people import PersonRole, people, person_signing_in

    if number:
        return person_signing_in(number)
    staff = people(PersonRole.OFFICE)
    if len(staff) != 1:
        raise UserError("请用 --by 写明经办的办公室人员的工号。")
    return staff[0]


def _export(chosen: argparse.Namespace) -> int:
    from exports.ledgers import LEDGERS, export_ledger, ledger_by_code
    from models.desks import department_by_name, desk_by_code
    from models.seals import seal_by_name

    if chosen.list:
        for ledger in LEDGERS:
            print(f"{ledger.code}\t{ledger.title}")
        return 0
    for value, name in (
        (chosen.ledger, "台账的代码或名称"),
        (chosen.first, "--from 开始日期"),
        (chosen.last, "--to 结束日期"),
        (chosen.file, "-o 文件"),
    ):
        if value is None:
            _say(f"{PROGRAM}：缺少{name}；export --list 列出所有台账。")
            return 2
    ledger = ledger_by_code(chosen.ledger)
    _open_station(chosen)
    progress = Progress()
    made = export_ledger(
        ledger,
        chosen.file,
        first=chosen.first,
        last=chosen.last,
        desk=desk_by_code(chosen.desk) if chosen.desk else None,
        seal=seal_by_name(chosen.seal) if chosen.seal else None,
        department=(
            department_by_name(chosen.department) if chosen.department else None
        ),
        report=progress,
    )
    progress.end()
    print(f"{made.path}（{made.rows} 行）")
    return 0


def _sync(chosen: argparse.Namespace) -> int:
    from exports.sync import sync, sync_state

    _open_station(chosen)
    progress = Progress()
    done = sync(progress)
    progress.end()
    state = sync_state()
    result = {
        "published": done.published,
        "merged": done.merged,
        "confirmed": state.confirmed,
        "waiting": state.waiting,
        "quarantined": state.quarantined,
        "conflicts": state.conflicts,
        "missing": state.missing_rows,
        "trouble": done.trouble,
    }
    words = f"已上传 {done.published} 条，收到 {done.merged} 条。{done.trouble}"
    _answer(chosen, result, words)
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    from models.verification import verify

    _open_station(chosen)
    progress = Progress()
    found = verify(progress)
    progress.end()
    result = {
        "entries": found.entries,
        "faults": [
            {"what": fault.what, "where": fault.where} for fault in found.faults
        ],
    }
    lines = [f"核对了 {found.entries} 条流水，发现 {len(found.faults)} 处问题。"]
    lines += [f"  {fault.where}：{fault.what}" for fault in found.faults]
    _answer(chosen, result, "\n".join(lines))
    return 1 if found.faults else 0


def _doctor(chosen: argparse.Namespace) -> int:
    from desk.doctor import examine

    findings = examine(chosen.data or default_folder())
    for finding in findings:
        print(f"{'✓' if finding.good else '✗'} {finding.text}")
    return 0 if all(finding.good for finding in findings) else 1
