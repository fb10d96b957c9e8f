"""The notice 服务时间安排 (P31): where it goes, and how one gets to it afterwards."""

from datetime import date
from pathlib import Path
from typing import Any

from desk import dialogs
from desk.files import open_with_system, usual_folder
from desk.pages.time_section import TimeSection


def export_notice(section: TimeSection, day: date) -> None:
    """Ask for a file and write the hours of all desks that hold on *day*."""
    window = section.window
    kept = window.settings.ledger_folder
    path = dialogs.choose_new_file(
        section,
        title="导出服务时间安排",
        name=f"服务时间安排_{day}.docx",
        folder=Path(kept) if kept else usual_folder(),
    )
    if path is None:
        return
    person = window.person

    def task(report: Any) -> Any:
        from exports.sheets import export_openings

        return export_openings(path, on=day, person=person)

    window.status.say("正在导出服务时间安排…")
    window.jobs.start(task, on_done=lambda done: _on_exported(window, path))


def _on_exported(window: Any, path: Path) -> None:
    window.say(f"已导出 {path.name}。")
    window.info.show(
        f"服务时间安排已保存为 {path}",
        "success",
        ("打开", lambda: open_with_system(path)),
    )
