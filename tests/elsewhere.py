"""What another desk's station did, as it stands here after a sync."""

from datetime import timedelta

import models
from models import Visit, VisitOutcome, VisitStep, clock
from models.base import db, table_of
from models.casethreads import heads_of

STATION = "b" * 32


def stored(row):
    """Put a row of another station into the open database."""
    row.station, row.revision = STATION, 1
    table = table_of(type(row))
    db.execute_sql(table.insert_sql, table.values_of(row))
    return row


def other_desk():
    return models.desk_by_code("xuesheng")


def step_there(visit, kind, *, seen=None, to=None, station=STATION, after=0, **more):
    """A step of the other desk; unless told otherwise it has seen all that is here."""
    desk = other_desk()
    known = heads_of(models.steps_of(visit)) if seen is None else seen
    return stored(
        VisitStep(
            visit_uid=visit.uid,
            visit_number=visit.number,
            kind=kind,
            at=clock.now() + timedelta(minutes=after),
            person_uid="p" * 32,
            person_name="那边的人",
            by_desk_uid=desk.uid,
            by_desk_name=desk.name,
            desk_uid=to.uid if to else "",
            desk_name=to.name if to else "",
            seen=[getattr(step, "uid", step) for step in known],
            **more,
        )
    )


def visit_there(service, *, referred_to, outcome=VisitOutcome.REFERRED, **more):
    """A visit that the other desk took down and referred to this one."""
    desk = other_desk()
    visit = stored(
        Visit(
            number=f"{desk.prefix}20261123-001",
            desk_uid=desk.uid,
            desk_name=desk.name,
            department_uid=service.department_uid,
            department_name=service.department_name,
            arrived_at=clock.now(),
            visitor_name="张伟",
            student_number="2023110001",
            service_uid=service.uid,
            service_name=service.name,
            service_kind=service.kind,
            outcome=outcome,
            first_receiver_uid="p" * 32,
            first_receiver_name="那边的人",
            handler_uid="p" * 32,
            handler_name="那边的人",
            **more,
        )
    )
    step_there(visit, "referred", seen=(), to=referred_to, note="请贵窗口办理")
    return visit
