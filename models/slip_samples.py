"""What a template of a slip is tried out on: a record of this station, or a sample."""

from datetime import timedelta

from models import clock
from models.base import db, table_of
from models.desks import Department, Desk, desks
from models.handovers import Handover
from models.people import Person
from models.seal_transfers import SealTransfer, TransferKind
from models.seals import Seal
from models.services import Service
from models.slip_templates import SlipKind, templates
from models.visits import Visit, VisitOutcome

_OUTCOMES: dict[str, VisitOutcome] = {
    SlipKind.ACCEPTANCE: VisitOutcome.PROMISED,
    SlipKind.NOTICE: VisitOutcome.NOTIFIED,
    SlipKind.REFUSAL: VisitOutcome.REFUSED,
}
# Older ones would be looked for among a million visits.
_RECENT = timedelta(days=60)
_MADE_UP = "样张"


def sample_of(
    kind: str, department: Department | None, *, by: Person
) -> Visit | Handover | SealTransfer:
    """What a slip of *kind* is made of, the newest there is; never written."""
    if kind == SlipKind.HANDOVER:
        return _newest_handover() or _made_up_handover(by)
    if kind == SlipKind.TRANSFER:
        return _newest_transfer(department) or _made_up_transfer(department, by)
    return sample_visit(kind, department, by=by)


def _newest_handover() -> Handover | None:
    return Handover.select().order_by(Handover.shift_to.desc()).first()


def _made_up_handover(by: Person) -> Handover:
    desk, now = _desk_of(None), clock.now()
    return Handover(
        desk_uid=desk.uid,
        desk_name=desk.name,
        shift_from=now - timedelta(hours=3),
        shift_to=now,
        journal_upto=0,
        outgoing_uid=by.uid,
        outgoing_name=by.name,
        outgoing_signed_at=now,
        incoming_name="张样例",
        incoming_signed_at=now,
        visit_count=12,
        visits_by_outcome={"done": 9, "promised": 3},
        open_items=[],
        seal_ranges=[],
        instructions="（上级交办的事）",
    )


def _newest_transfer(department: Department | None) -> SealTransfer | None:
    query = SealTransfer.select()
    if department is not None:
        seals = Seal.select(Seal.uid).where(Seal.department_uid == department.uid)
        query = query.where(SealTransfer.seal_uid.in_(seals))
    return query.order_by(SealTransfer.at.desc()).first()


def _made_up_transfer(department: Department | None, by: Person) -> SealTransfer:
    of_department = Seal.department_uid == (department.uid if department else "")
    seal = Seal.select().where(of_department).first() or Seal.select().first()
    return SealTransfer(
        seal_uid=seal.uid if seal else "",
        seal_name=seal.name if seal else "（印章名称）",
        at=clock.now(),
        place="（移交地点）",
        giver_uid=by.uid,
        giver_name=by.name,
        receiver_name="张样例",
        witness_name="（监交人）",
        reason="岗位变动",
        kind=TransferKind.POST,
        first_number=1,
        last_number=12,
    )


def sample_visit(kind: str, department: Department | None, *, by: Person) -> Visit:
    """A visit whose slip of *kind* is made from the template that holds for a
    department (None: for those that have none of their own); never written."""
    return _newest_visit(kind, department) or _made_up(kind, department, by)


def _newest_visit(kind: str, department: Department | None) -> Visit | None:
    if department is not None:
        which, values = f"department_uid = {db.param}", [department.uid]
    else:
        values = [t.department_uid for t in templates() if t.kind == kind]
        which = f"department_uid NOT IN ({', '.join([db.param] * len(values))})"
    table = table_of(Visit)
    row = db.execute_sql(
        f"{table.select_sql} WHERE arrived_at >= {db.param} AND outcome = {db.param} "
        f"AND NOT is_void AND {which} ORDER BY arrived_at DESC, uid DESC LIMIT 1",
        ((clock.now() - _RECENT).isoformat(" "), _OUTCOMES[kind], *values),
    ).fetchone()
    return table.record_of(row) if row else None


def _made_up(kind: str, department: Department | None, by: Person) -> Visit:
    """Everything a slip may name, with nobody's data in it."""
    service = _service_of(department)
    desk = _desk_of(service)
    day = clock.today()
    return Visit(
        number=_MADE_UP,
        desk_uid=desk.uid,
        desk_name=desk.name,
        department_uid=department.uid if department else "",
        department_name=department.name if department else "（责任部门）",
        arrived_at=clock.now(),
        student_number="2026000000",
        visitor_name="张样例",
        class_name="样例2601",
        phone="13800000000",
        service_uid=service.uid if service else "",
        service_name=service.name if service else "（事项名称）",
        service_kind=service.kind if service else "promised",
        materials=[{"name": "申请表", "count": 1}, {"name": "证明材料", "count": 2}],
        outcome=_OUTCOMES[kind],
        first_receiver_uid=by.uid,
        first_receiver_name=by.name,
        handler_uid=by.uid,
        handler_name=by.name,
        result="" if kind == SlipKind.ACCEPTANCE else "缺学生证复印件，请补齐后再来",
        due_on=day + timedelta(days=3) if kind == SlipKind.ACCEPTANCE else None,
        finished_at=None if kind == SlipKind.ACCEPTANCE else clock.now(),
    )


def _service_of(department: Department | None) -> Service | None:
    if department is None:
        return None
    of_department = Service.department_uid == department.uid
    return Service.select().where(of_department).order_by(Service.uid.desc()).first()


def _desk_of(service: Service | None) -> Desk:
    known = desks()
    uid = service.desk_uid if service else ""
    return next((desk for desk in known if desk.uid == uid), known[0])
