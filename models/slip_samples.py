"""What a template of a slip is tried out on: a visit taken down here, or a sample."""

from datetime import timedelta

from models import clock
from models.base import db, table_of
from models.desks import Department, Desk, desks
from models.people import Person
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
