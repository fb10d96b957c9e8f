"""What the form of 印章管理 does when a seal is stopped, assigned or destroyed."""

from typing import Any

from desk import dialogs
from desk.pages.registerrows import is_destroyed
from models.custody import holder_of, is_with_office
from models.disposals import assign_seal, destroy_seal, resume_seal, stop_seal
from models.errors import UserError
from models.people import Person, person_signing_in
from models.reservations import open_sheets
from models.seals import Seal, SealState, ledger_station_of
from models.stations import stations


def stop_or_resume(form: Any) -> str:
    """停用 of a seal in use, 恢复启用 of a stopped one; what was done, in words."""
    resumes = form.seal.state == SealState.STOPPED
    act = resume_seal if resumes else stop_seal
    done = act(
        form.seal,
        by=form.page.window.person,
        on=form.value("on"),
        reason=form.text("reason"),
        approver=form.text("approver"),
    )
    return f"{done.seal_name}已{done.kind_label}。"


def assign(form: Any) -> str:
    """调配 of a seal the office has, to a desk and a keeper there."""
    several = len(form.widget("station").choices) > 1
    done = assign_seal(
        form.seal,
        by=form.page.window.person,
        desk=form.desk(),
        station=form.value("station") if several else None,
        keeper=form.keeper(),
        reason=form.text("reason"),
        approver=form.text("approver"),
    )
    return f"{done.seal_name}已调配至{done.desk_name}，由{done.receiver_name}保管。"


def destroy(form: Any) -> str:
    """销毁 or 遗失作废; "" when it was thought better of."""
    lost = form.value("lost")
    decided: dict[str, Any] = {
        "on": form.value("on"),
        "reason": form.text("reason"),
        "approver": form.text("approver"),
        "note": form.text("note"),
        "lost": lost,
    }
    if not lost:
        decided["method"] = form.text("method")
        decided["place"] = form.text("place")
        decided["witnesses"] = _witnesses(form)
    _require_said(form, lost)
    what = "遗失作废" if lost else "销毁"
    if not dialogs.confirm(
        form,
        f"登记{form.seal.name}{what}后不能恢复，要登记吗？",
        yes=f"登记{what}",
        danger=True,
    ):
        return ""
    done = destroy_seal(form.seal, by=form.page.window.person, **decided)
    return f"{done.seal_name}已登记{what}。"


def _require_said(form: Any, lost: bool) -> None:
    """Nobody is asked to confirm what will be refused for an empty line."""
    for name in ("reason", "approver", *([] if lost else ["method"])):
        if not form.text(name):
            with form.about(name):
                raise UserError(f"请填写{form.label(name)}。")


def _witnesses(form: Any) -> list[Person]:
    """Both, by card, number or name; what is wrong is shown at the one it is about."""
    found: list[Person] = []
    for name in ("witness1", "witness2"):
        with form.about(name):
            person = form.value(name) or _typed_person(form.text(name))
            if person.uid == form.page.window.person.uid:
                raise UserError("经办人不能兼任监销人，请另选一人。")
            if person in found:
                raise UserError("两名监销人要是不同的人，请另选一人。")
            found.append(person)
    return found


def _typed_person(text: str) -> Person:
    if not text or not text.isascii():
        raise UserError("请刷卡、输入学工号，或从候选中选择监销人。")
    return person_signing_in(text)


# -- why something cannot be done now ------------------------------------------


def why_not(task: str, seal: Seal | None, *, lost: bool = False) -> str:
    """Why a task cannot be done with the marked seal; "" when it can."""
    if task == "register":
        return ""
    if seal is None:
        return "请先在右边的列表中选中一枚印章。"
    if is_destroyed(seal):
        return "这枚印章已销毁，只能查看。"
    if task == "assign" and not _is_revoked(seal):
        return _why_not_in_hand(seal, "再调配") or _why_not_copied_in(seal)
    if task == "destroy" and not lost:
        return _why_not_in_hand(seal, "再销毁；找不到时请勾选“遗失”")
    return ""


def _is_revoked(seal: Seal) -> bool:
    """The PC of its ledger was revoked: it can never hand the seal in."""
    keeps = ledger_station_of(seal)
    return any(
        station.station_uid == keeps and station.revoked_after is not None
        for station in stations()
    )


def _why_not_in_hand(seal: Seal, then: str) -> str:
    if is_with_office(seal):
        return ""
    return (
        f"印章还由{holder_of(seal).name}保管。请先由保管人在窗口移交给办公室人员"
        f"（缴回办公室）并同步，{then}。"
    )


def _why_not_copied_in(seal: Seal) -> str:
    if not open_sheets(seal):
        return ""
    return "这枚印章还有断电表没有补录，请原窗口补录并同步后再调配。"
