"""Printing the slip of a visit (打印单据): written to a folder, opened in Word.

What makes slips costs most of a second on an office PC: it is imported on the worker,
the first time somebody prints one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from desk.files import NoProgramError, open_with_system, usual_folder
from desk.printers import print_on
from models.casefold import CaseStatus
from models.cases import case_of
from models.errors import UserError
from models.progress import Report
from models.seal_transfers import SealTransfer
from models.slip_templates import SLIP_KIND_LABELS, SlipKind
from models.visits import Visit, VisitOutcome

# Slips are many: they do not lie loose among other documents.
FOLDER = "服务窗口单据"
# What a visitor should not leave without.
OFFERED: dict[str, str] = {
    VisitOutcome.PROMISED: SlipKind.ACCEPTANCE,
    VisitOutcome.NOTIFIED: SlipKind.NOTICE,
    VisitOutcome.REFUSED: SlipKind.REFUSAL,
}


def print_slip(window: Any, visit: Visit | None) -> None:
    """Write the slip of *visit* into the remembered folder, and open it.

    Raises `UserError` when there is nothing to print.
    """
    if visit is None:
        raise UserError("请先选中一条来访，再打印单据。")
    if visit.is_void:
        raise UserError(f"{visit.number} 已经作废，没有单据可打印。")
    refused = case_of(visit).status == CaseStatus.REFUSED
    folder, person = slip_folder(window), window.person

    def write(report: Report) -> Path:
        from exports.slips import slip_file_name, slip_kind_for, write_slip

        kind = SlipKind.REFUSAL if refused else slip_kind_for(visit)
        if kind is None:
            raise UserError(
                f"{visit.number} 是{visit.outcome_label}，没有单据可打印。"
                "承诺、转办、一次性告知和不予受理才有单据。"
            )
        path = folder / slip_file_name(kind, visit)
        return write_slip(kind, visit, path, person=person)

    write_and_open(window, write, f"正在生成 {visit.number} 的单据…")


def print_record(window: Any, kind: str, record: Any) -> None:
    """Write the form of one handover or transfer of a seal, and open it."""
    folder, person = slip_folder(window), window.person

    def write(report: Report) -> Path:
        from exports.slips import slip_file_name, write_slip

        path = folder / slip_file_name(kind, record)
        return write_slip(kind, record, path, person=person)

    write_and_open(window, write, f"正在生成{SLIP_KIND_LABELS[kind]}…")


def offer_transfer_form(window: Any, done: SealTransfer) -> None:
    """Say that a seal was handed over, with the form of it to print."""
    said = f"{done.seal_name}已由{done.giver_name}移交给{done.receiver_name}。"
    window.say(said)
    window.info.show(
        said,
        "success",
        ("打印移交单", lambda: print_record(window, SlipKind.TRANSFER, done)),
    )


def write_and_open(window: Any, write: Callable[[Report], Path], words: str) -> None:
    """Write a document on the worker, and print it if a printer is chosen; else open
    it, and say so.  *words* come first."""
    printer = window.settings.printer

    def make(report: Report) -> tuple[Path, bool]:
        path = write(report)
        return path, bool(printer) and print_on(path, printer)

    def done(made: tuple[Path, bool]) -> None:
        path, printed = made
        if printed:
            window.say(f"单据已送到打印机“{printer}”；文件在 {path}")
            return
        to_printer = f"没能直接送到打印机“{printer}”，" if printer else ""
        try:
            open_with_system(path)
        except NoProgramError:
            window.say(f"已写好：{path}；没有能打开它的程序，请到该文件夹打开。")
        else:
            window.say(f"{to_printer}单据已存到 {path}，正在打开，请在其中打印。")

    _show_busy(window, words)
    try:
        window.jobs.start(make, on_done=done, on_end=lambda: _end_busy(window))
    except UserError:
        _end_busy(window)
        raise


def slip_offer(visit: Visit, key: str) -> str:
    """`按 Ctrl+P 打印受理回执`; "" where nothing should be taken along."""
    kind = OFFERED.get(visit.outcome)
    return f"按 {key} 打印{SLIP_KIND_LABELS[kind]}" if kind else ""


def slip_folder(window: Any) -> Path:
    """One of their own, where documents were saved last or usually are.

    A stick where they were saved may have been pulled out since.
    """
    kept = window.settings.ledger_folder
    under = Path(kept) if kept and Path(kept).is_dir() else usual_folder()
    folder = under / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(
            f"不能在 {under} 建“{FOLDER}”文件夹，请在“台账”页里换一个文件夹。"
        ) from error
    return folder


def _show_busy(window: Any, words: str) -> None:
    window.status.say(words)
    window.root.configure(cursor="watch")


def _end_busy(window: Any) -> None:
    window.root.configure(cursor="")
