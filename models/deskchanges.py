"""Changing the desks themselves (P2, P8): opened, renamed, changed, closed.

A desk keeps its code and its prefix for ever; records keep the name it had.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from models.base import transaction
from models.catalogue import ChangeKind, note_change, refusal, require_basis
from models.clock import today
from models.desks import Department, Desk, DeskDepartment, departments_of
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.servicechanges import write_service


def open_desk(
    *,
    by: Person,
    code: str,
    prefix: str,
    name: str,
    departments: Sequence[Department],
    opens_on: date,
    closes_on: date | None = None,
    services: Sequence[tuple[str, str, int]] = (),
    basis: str = "",
) -> Desk:
    """Open a desk, for a time when *closes_on* is given (P8: 阶段性集中服务).

    *services* are (name, kind, working days), answered for by the first department.
    """
    require(by, Operation.CATALOGUE)
    code, prefix, name = code.strip().lower(), prefix.strip().upper(), name.strip()
    _check_names(code, prefix, name)
    if not departments:
        raise UserError("请至少选择一个部门。")
    if closes_on is not None and closes_on < opens_on:
        raise UserError("停用日期不能早于启用日期，请核对。")
    with transaction():
        _refuse_taken(code, prefix, name)
        desk = Desk(
            code=code, prefix=prefix, name=name, opens_on=opens_on, closes_on=closes_on
        ).write(by=by)
        for department in departments:
            DeskDepartment(
                desk_uid=desk.uid, department_uid=department.uid, starts_on=opens_on
            ).write(by=by)
        until = f" 至 {closes_on}" if closes_on else " 起"
        _note(
            ChangeKind.DESK_OPENED,
            desk,
            by=by,
            effective_on=opens_on,
            after=f"开设“{name}”，{opens_on}{until}",
            basis=basis,
        )
        _offer(desk, departments[0], services, by=by, basis=basis)
    return desk


def _offer(
    desk: Desk,
    department: Department,
    services: Sequence[tuple[str, str, int]],
    *,
    by: Person,
    basis: str,
) -> None:
    for name, kind, days in services:
        write_service(
            desk,
            department,
            by=by,
            name=name,
            kind=kind,
            working_days=days,
            starts_on=desk.opens_on or today(),
            basis=basis,
        )


def _check_names(code: str, prefix: str, name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]{1,15}", code):
        raise UserError("窗口代码请用 2 到 16 个小写字母或数字，以字母开头。")
    if not re.fullmatch(r"[A-Z]{2,4}", prefix):
        raise UserError("编号前缀请用 2 到 4 个英文字母。")
    if not name:
        raise UserError("请填写窗口名称。")


def _refuse_taken(code: str, prefix: str, name: str) -> None:
    """Codes and prefixes are never used again: numbers given under them remain."""
    for desk in Desk.select():
        for ours, theirs, what in (
            (code, desk.code, "代码"),
            (prefix, desk.prefix, "编号前缀"),
            (name, desk.name, "名称"),
        ):
            if ours == theirs:
                raise UserError(f"{what}“{ours}”已有窗口用过，请换一个。")


def close_desk(desk: Desk, *, by: Person, closes_on: date, basis: str = "") -> Desk:
    """Let *closes_on* be the desk's last day; its records stay."""
    require(by, Operation.CATALOGUE)
    if closes_on < (desk.opens_on or closes_on):
        raise UserError("停用日期不能早于启用日期，请核对。")
    if closes_on < today():
        raise UserError("停用日期不能早于今天，请核对。")
    with transaction():
        before = f"服务至 {desk.closes_on}" if desk.closes_on else "一直服务"
        desk.closes_on = closes_on
        desk.write(by=by)
        _note(
            ChangeKind.DESK_CLOSED,
            desk,
            by=by,
            effective_on=closes_on + timedelta(days=1),
            before=before,
            after=f"服务至 {closes_on}，次日起停用",
            basis=basis,
        )
    return desk


def rename_desk(desk: Desk, *, by: Person, name: str, basis: str) -> Desk:
    """Give a desk another name from now on; what was recorded keeps the old one."""
    require(by, Operation.CATALOGUE)
    name = name.strip()
    if not name:
        raise refusal("请填写窗口名称。", "name")
    if name == desk.name:
        raise refusal("名称没有改动，请先修改再保存。", "name")
    require_basis(basis)
    with transaction():
        if Desk.select().where((Desk.name == name) & (Desk.uid != desk.uid)).exists():
            raise refusal(f"名称“{name}”已有窗口用过，请换一个。", "name")
        before, desk.name = desk.name, name
        desk.version += 1
        desk.write(by=by)
        _note(
            ChangeKind.DESK_RENAMED,
            desk,
            by=by,
            effective_on=today(),
            before=before,
            after=name,
            basis=basis,
        )
    return desk


def set_enquiry_desk(
    desk: Desk, *, by: Person, takes_enquiries: bool, basis: str
) -> Desk:
    """Let a desk be, or no longer be, the 咨询台 outside ordinary hours (P10)."""
    require(by, Operation.CATALOGUE)
    require_basis(basis)
    with transaction():
        if desk.takes_enquiries == takes_enquiries:
            raise UserError("没有改动，请先修改再保存。")
        before = _enquiry_words(desk)
        desk.takes_enquiries = takes_enquiries
        desk.write(by=by)
        _note(
            ChangeKind.DESK_CHANGED,
            desk,
            by=by,
            effective_on=today(),
            before=before,
            after=_enquiry_words(desk),
            basis=basis,
        )
    return desk


def _enquiry_words(desk: Desk) -> str:
    return "非集中服务期间兼咨询台" if desk.takes_enquiries else "不兼咨询台"


def set_department_phone(
    department: Department, *, by: Person, phone: str, basis: str
) -> Department:
    """The number that service cards tell for whatever has no number of its own."""
    require(by, Operation.CATALOGUE)
    phone = " ".join(phone.split())
    if phone == department.phone:
        raise refusal("电话没有改动，请先修改再保存。", "phone")
    require_basis(basis)
    with transaction():
        before, department.phone = department.phone, phone
        department.write(by=by)
        note_change(
            ChangeKind.DEPARTMENT_CHANGED,
            department,
            by=by,
            desk=None,
            departments=[department.name],
            effective_on=today(),
            before=f"电话 {before or '无'}",
            after=f"电话 {phone or '无'}",
            basis=basis,
        )
    return department


def _note(
    kind: ChangeKind,
    desk: Desk,
    *,
    by: Person,
    effective_on: date,
    after: str,
    before: str = "",
    basis: str = "",
) -> None:
    serving = departments_of(desk, max(today(), desk.opens_on or today()))
    note_change(
        kind,
        desk,
        by=by,
        desk=desk,
        departments=[department.name for department in serving],
        effective_on=effective_on,
        before=before,
        after=after,
        basis=basis,
    )
