"""The command line.

Exit codes: 0 done, 1 refused or failed (one Chinese line on standard error), 2 wrong
usage.  With `--json` the last line of standard output is one JSON object; words and
progress go to standard error.
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desk.arguments import PROGRAM, Handler, parser_of
from desk.console import Progress, answer, say
from models.errors import UserError


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Given before or after the command; argparse lets one default undo the other.
    given = argparse.Namespace(data=None, debug=False)
    chosen = parser_of(HANDLERS).parse_args(arguments, given)
    try:
        return chosen.run(chosen)
    except UserError as error:
        say(str(error))
    except KeyboardInterrupt:
        say("已取消。")
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except Exception as error:
        if chosen.debug:
            raise
        from models import mishaps

        if (mishap := mishaps.told(error)) is not None:
            say(str(mishap))
            return 1
        logging.getLogger(__name__).debug("command failed", exc_info=True)
        say(f"程序出错，记录没有丢失：{type(error).__name__}: {error}"[:300])
    return 1


def default_folder() -> Path:
    """Where this person's station keeps its data unless `--data` says otherwise."""
    import platformdirs

    return Path(platformdirs.user_data_dir("desk-workstation", appauthor=False))


def _open_station(chosen: argparse.Namespace) -> None:
    from models.storage import open_database

    open_database(chosen.data or default_folder())


def _open_window(chosen: argparse.Namespace) -> int:
    from desk.main import open_window

    return open_window(chosen.data or default_folder())


def _found(chosen: argparse.Namespace) -> int:
    from desk.founding import found, own_fingerprint

    found(
        chosen.data or default_folder(),
        centre_name=chosen.centre,
        share_folder=chosen.share,
        recovery_file=chosen.recovery,
        number=chosen.number,
        name=chosen.name,
        database=chosen.database,
        password_file=chosen.password_file,
    )
    print(f"已建立“{chosen.centre}”，办公室的指纹：{own_fingerprint()}")
    print(f"恢复密钥在“{chosen.recovery}”，请收进保险柜，不要留在电脑上。")
    return 0


def _demo(chosen: argparse.Namespace) -> int:
    from desk.demo import VISITS, VISITS_BY_WEEK, make_demo
    from desk.samplesums import in_words

    progress = Progress()
    usual = VISITS_BY_WEEK if chosen.weeks else VISITS
    result = make_demo(
        chosen.folder,
        days=chosen.days,
        weeks=chosen.weeks,
        visits=usual if chosen.visits is None else chosen.visits,
        seed=chosen.seed,
        report=progress,
    )
    progress.end()
    lines = in_words(chosen.folder, result)
    answer(chosen, result, "\n".join(lines))
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
        "alarms": state.alarms,
        "silent": state.silent,
        "office_word": state.office_word,
    }
    lines = [
        f"{here.name}（{here.kind_label}），{here.centre_name}",
        f"流水 {length} 条；"
        + (
            f"已发布 {state.published}，待发布 {state.waiting}"
            if here.is_office
            else f"已确认 {state.confirmed}，已上传 {state.published}，"
            f"未上传 {state.waiting}"
        ),
        f"隔离的文件 {state.quarantined} 个，冲突 {state.conflicts} 条",
        *(f"缺少 {gap.name} 第 {gap.first}–{gap.last} 条" for gap in state.missing),
        f"上次同步：{state.synced_at or '还没有'}"
        + (f"；{state.trouble}" if state.trouble else ""),
        *([state.office_word] if state.office_word else []),
        *(f"注意：{text}" for text in (*state.alarms, *state.silent)),
    ]
    answer(chosen, result, "\n".join(lines))
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
    answer(chosen, result, "\n".join(lines))
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
    from desk import exporting

    if chosen.list:
        for code, title in exporting.listed():
            print(f"{code}\t{title}")
        return 0
    lacks = exporting.missing(chosen)
    if lacks:
        say(f"{PROGRAM}：缺少{lacks}；export --list 列出所有台账和表。")
        return 2
    _open_station(chosen)
    progress = Progress()
    made = exporting.export(chosen, progress)
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
    answer(chosen, result, words)
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    if chosen.ledger:
        return _verify_ledger(chosen)
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
    answer(chosen, result, "\n".join(lines))
    return 1 if found.faults else 0


def _verify_ledger(chosen: argparse.Namespace) -> int:
    from exports.ledgers.checking import check_ledger

    _open_station(chosen)
    progress = Progress()
    check = check_ledger(chosen.ledger, progress)
    progress.end()
    result = {**asdict(check), "good": check.good}
    lines = [
        f"{check.title}，{check.station} {check.printed_at} 导出，{check.rows} 行",
        *([check.selection] if check.selection else []),
        f"{_mark(check.cells_agree)} 打印的内容与文件自己的校验码",
        f"{_mark(check.chain_holds)} 流水摘要与本机的历史",
        f"{_mark(check.rows_agree)} 打印的行与打印时的记录",
        *(f"  {text}" for text in check.faults),
        *(f"  注：{text}" for text in check.notes),
        *(f"  打印之后：{text}" for text in check.later),
        check.verdict,
    ]
    answer(chosen, result, "\n".join(lines))
    return 0 if check.good else 1


def _mark(agrees: bool | None) -> str:
    return "未核对" if agrees is None else "✓ 一致　" if agrees else "✗ 不符　"


def _doctor(chosen: argparse.Namespace) -> int:
    from desk.doctor import examine

    findings = examine(chosen.data or default_folder())
    for finding in findings:
        print(f"{'✓' if finding.good else '✗'} {finding.text}")
    return 0 if all(finding.good for finding in findings) else 1


def _backup(chosen: argparse.Namespace) -> int:
    from desk.backups import back_up

    return back_up(chosen, (chosen.data or default_folder()).absolute())


def _restore(chosen: argparse.Namespace) -> int:
    from desk.backups import restore

    return restore(chosen, chosen.data or default_folder())


def _key(chosen: argparse.Namespace) -> int:
    from desk import keycommands

    return keycommands.run(chosen, chosen.data or default_folder())


HANDLERS: dict[str, Handler] = {
    "": _open_window,
    "found": _found,
    "demo": _demo,
    "status": _status,
    "import": _import,
    "export": _export,
    "sync": _sync,
    "verify": _verify,
    "backup": _backup,
    "restore": _restore,
    "key": _key,
    "doctor": _doctor,
}
