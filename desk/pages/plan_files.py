"""排班 and files: timetables that come in, the form and the hours that go out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from desk import dialogs
from desk.files import open_with_system, usual_folder
from desk.pages.plan_cards import TimetableCard, term_ahead
from exports.naming import in_file_name
from models import clock
from models.errors import UserError


def import_from(card: TimetableCard, window: Any) -> Any:
    """Take over the timetables of the file that stands in the card."""
    from exports.timetables import import_timetables

    term = term_ahead()
    if term is None:
        raise UserError("还没有录入学期，请先由中心办公室在“时间设置”中录入。")

    def take(dry_run: bool) -> Any:
        return import_timetables(
            card.path(),
            by=window.person,
            term=term,
            person=card.value("person"),
            dry_run=dry_run,
        )

    result = take(dry_run=True)
    doubts = doubts_about(result)
    if doubts and not dialogs.confirm(window, f"{doubts}仍要导入吗？", yes="导入"):
        card.set("result", "没有导入。")
        return result
    result = take(dry_run=False)
    card.tell(result)
    window.say(f"{term.name}课表：{len(result.found)} 人，已导入。")
    return result


def doubts_about(result: Any) -> str:
    """What somebody should know before it is taken over; "" for nothing."""
    said = ""
    if result.replaced:
        names = "、".join(person.name for person in result.replaced[:6])
        said += f"{len(result.replaced)} 人已有课表（{names}），会整份换成新的。"
    if result.rejected:
        said += f"有 {len(result.rejected)} 行没有读懂，不会导入。"
    return said


def export_plan_form(record: Any, title: str, page: Any) -> None:
    """备案表 of a plan or of the decision about it."""
    from exports.sheets import export_plan

    person = page.window.person
    path = _new_file(page, f"AB岗备案表_{title}")
    if path is not None:
        _export(page.window, path, lambda: export_plan(record, path, person=person))


def export_opening_hours(page: Any) -> None:
    """服务时间安排 of all desks, as of today."""
    from exports.sheets import export_openings

    today, person = clock.today(), page.window.person
    path = _new_file(page, f"服务时间安排_{today.isoformat()}")
    if path is not None:
        _export(
            page.window, path, lambda: export_openings(path, on=today, person=person)
        )


def _new_file(page: Any, name: str) -> Path | None:
    kept = page.window.settings.ledger_folder
    folder = Path(kept) if kept and Path(kept).is_dir() else usual_folder()
    name = in_file_name(name.replace(" · ", "_")) + ".docx"
    return dialogs.choose_new_file(page, title="导出到", name=name, folder=folder)


def _export(window: Any, path: Path, write: Callable[[], Any]) -> None:
    def done(result: Any) -> None:
        window.say(f"已导出 {path.name}。")
        open_with_system(path)

    window.jobs.start(lambda report: write(), on_done=done)
