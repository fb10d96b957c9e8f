"""Changing what desks offer (P2): items are added, changed from a day on, and retired.

Nothing is overwritten: the version that held ends the day before the next begins.
"""

from datetime import date, timedelta
from typing import Any

from peewee import fn

from models.base import transaction
from models.catalogue import ChangeKind, note_change, refusal, require_basis
from models.clock import today
from models.desks import Department, Desk
from models.errors import UserError
from models.people import Person
from models.permissions import Operation, require
from models.servicechecks import check_service
from models.services import Service, ServiceKind, desk_of, versions_of
from models.servicewords import TOLD, differing, in_full, said

_COLUMNS = (*TOLD, "department_uid", "initials")

ONE_DAY = timedelta(days=1)


def add_service(
    *,
    by: Person,
    desk: Desk,
    department: Department,
    name: str,
    kind: str,
    working_days: int = 0,
    starts_on: date | None = None,
    materials: str = "",
    guide: str = "",
    place: str = "",
    phone: str = "",
    basis: str = "",
) -> Service:
    """Offer something new at *desk*, from today unless another day is given."""
    require(by, Operation.CATALOGUE)
    with transaction():
        return write_service(
            desk,
            department,
            by=by,
            name=name,
            kind=kind,
            working_days=working_days,
            starts_on=starts_on or today(),
            basis=basis,
            materials=materials,
            guide=guide,
            place=place,
            phone=phone,
        )


def write_service(
    desk: Desk,
    department: Department,
    *,
    by: Person,
    name: str,
    kind: str,
    working_days: int,
    starts_on: date,
    basis: str = "",
    **texts: str,
) -> Service:
    """Enter a new item; runs inside a transaction, that of opening a desk too."""
    service = Service(starts_on=starts_on)
    _put(
        service,
        name=name,
        kind=kind,
        working_days=working_days,
        desk=desk,
        department=department,
        **texts,
    )
    check_service(service, desk)
    service.write(by=by)
    note_change(
        ChangeKind.SERVICE_ADDED,
        service,
        by=by,
        desk=desk,
        departments=[service.department_name],
        effective_on=starts_on,
        after=in_full(service),
        basis=basis,
    )
    return service


def change_service(
    service: Service,
    *,
    by: Person,
    starts_on: date | None = None,
    basis: str,
    **fields: Any,
) -> Service:
    """Let *fields* of an item hold from a day on, today unless one is given.

    *fields* are `name kind working_days desk department materials guide place phone`.
    A later version that was decided already still comes, with what is changed now
    wherever it says nothing else.  A second change for the same day replaces the
    first; an item that was retired by then is taken up again.
    """
    require(by, Operation.CATALOGUE)
    first = starts_on or today()
    if first < today():
        raise refusal("新版本最早从今天开始，请改生效日期。", "starts_on")
    require_basis(basis)
    with transaction():
        versions = versions_of(service)
        before = _version_before(service, versions, first)
        later = [version for version in versions if version.first_day > first]
        changed = _next_version(before, starts_on=first, ends_on=before.ends_on)
        _put(changed, **fields)
        resumed = not before.holds_on(first)
        if resumed:
            changed.ends_on = later[0].first_day - ONE_DAY if later else None
        elif not differing(before, changed):
            raise UserError("与现在的版本没有不同，请先修改再保存。")
        else:
            _end(before, first - ONE_DAY, by)
        check_service(changed, desk_of(changed))
        changed.write(by=by)
        _note_version(before, changed, resumed, by=by, basis=basis)
        for version in later:
            _carry_into(version, before, changed, by=by)
    return changed


def retire_service(
    service: Service, *, by: Person, ends_on: date, basis: str
) -> Service:
    """Let *ends_on* be the last day of an item; its versions and records stay.

    Yesterday is the earliest: what is offered today may cease at once.  Asked again
    before that day has passed, it moves the day.
    """
    require(by, Operation.CATALOGUE)
    if ends_on < today() - ONE_DAY:
        raise refusal("最后办理日最早是昨天，请核对。", "ends_on")
    require_basis(basis)
    with transaction():
        versions = versions_of(service)
        if not versions or versions[-1].last_day < today():
            raise UserError(f"“{service.name}”已经停办了，请刷新后再看。")
        begun = [version for version in versions if version.first_day <= ends_on]
        for version in versions[len(begun) :]:
            _end(version, version.first_day - ONE_DAY, by)
        last = begun[-1] if begun else versions[0]
        if begun:
            _end(last, ends_on, by)
        note_change(
            ChangeKind.SERVICE_RETIRED,
            last,
            by=by,
            desk=desk_of(last),
            departments=[last.department_name],
            effective_on=ends_on + ONE_DAY,
            before=in_full(last),
            after=f"{last.name}：办理至 {ends_on}，次日起停办",
            basis=basis,
        )
    return last


def _put(
    service: Service,
    *,
    desk: Desk | None = None,
    department: Department | None = None,
    **fields: Any,
) -> None:
    """Give a version what was typed."""
    from models.pinyin import initials_of

    if desk is not None:
        service.desk_uid = desk.uid
    if department is not None:
        service.department_uid = department.uid
        service.department_name = department.name
    for field, value in fields.items():
        if field not in TOLD:
            raise TypeError(f"a service has no {field}")
        setattr(service, field, value.strip() if isinstance(value, str) else value)
    if service.kind != ServiceKind.PROMISED:
        service.working_days = 0
    service.initials = initials_of(service.name)


def _version_before(service: Service, versions: list[Service], first: date) -> Service:
    """The version that a change from *first* on starts from."""
    begun = [version for version in versions if version.first_day <= first]
    if begun:
        return begun[-1]
    if versions:
        begins = versions[0].first_day
        raise refusal(
            f"“{service.name}”从 {begins} 起才办理，请填这一天或以后。", "starts_on"
        )
    raise UserError(f"“{service.name}”没有办理过就停办了，请重新新增。")


def _next_version(
    before: Service, *, starts_on: date | None, ends_on: date | None
) -> Service:
    """A copy with the item's next number, not written yet."""
    newest = (
        Service.select(fn.MAX(Service.version))
        .where((Service.uid == before.item) | (Service.item_uid == before.item))
        .scalar()
    )
    kept = {column: getattr(before, column) for column in _COLUMNS}
    return Service(
        **kept,
        item_uid=before.item,
        version=newest + 1,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _end(version: Service, last: date, by: Person) -> None:
    version.ends_on = last
    version.write(by=by)


def _carry_into(
    version: Service, before: Service, changed: Service, *, by: Person
) -> None:
    """Replace a later version by one with what is changed and it left as it was."""
    carried = {
        column: getattr(changed, column)
        for column in _COLUMNS
        if getattr(before, column) == getattr(version, column)
        and getattr(before, column) != getattr(changed, column)
    }
    if not carried:
        return
    replacing = _next_version(
        version, starts_on=version.starts_on, ends_on=version.ends_on
    )
    _end(version, version.first_day - ONE_DAY, by)
    for column, value in carried.items():
        setattr(replacing, column, value)
    if replacing.kind != ServiceKind.PROMISED:
        replacing.working_days = 0
    check_service(replacing, desk_of(replacing))
    replacing.write(by=by)


def _note_version(
    before: Service, changed: Service, resumed: bool, *, by: Person, basis: str
) -> None:
    columns = differing(before, changed)
    told = [
        f"{version.name}：" + "；".join(said(version, name) for name in columns)
        for version in (before, changed)
    ]
    if resumed:
        told = [f"{before.name}：已停办", f"恢复办理：{in_full(changed)}"]
    note_change(
        ChangeKind.SERVICE_CHANGED,
        changed,
        by=by,
        desk=desk_of(changed),
        departments=[changed.department_name],
        effective_on=changed.first_day,
        before=told[0],
        after=told[1],
        basis=basis,
    )
