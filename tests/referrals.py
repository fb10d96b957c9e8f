"""What the tests of referred cases say: refer, go on with a case, look at it."""

from pathlib import Path

from exchange import exchange

import models
from models import Visit, VisitOutcome, VisitStep, epochs, journal
from models.casethreads import heads_of
from models.journal import OWN, Stream
from models.steps import StepKind
from models.tables import RECORD_BY_NAME
from models.troubles import Conflict, Quarantine

TABLES = ("visit", "visit_step")


def assistant() -> models.Person:
    return models.person_signing_in("2024110201")


def refer(folder: Path, code: str, name: str = "覃小燕") -> str:
    """A visit at *folder* that is referred to another desk; its uid."""
    models.open_database(folder)
    return models.record_visit(
        by=assistant(),
        service=models.services_of(models.this_desk())[0],
        outcome=VisitOutcome.REFERRED,
        visitor_name=name,
        refer_to=models.desk_by_code(code),
    ).uid


def go_on(
    folder: Path, uid: str, kind: str = StepKind.PROGRESS, note: str = "", to: str = ""
) -> str:
    """A step of a case, written at *folder*; its uid."""
    models.open_database(folder)
    by, desk = assistant(), models.desk_by_code(to) if to else None
    with models.transaction():
        return (
            VisitStep(
                visit_uid=uid,
                visit_number=Visit.get_by_id(uid).number,
                kind=kind,
                at=models.clock.now(),
                person_uid=by.uid,
                person_name=by.name,
                desk_uid=desk.uid if desk else "",
                desk_name=desk.name if desk else "",
                note=note,
                seen=heads_of(models.steps_of(Visit.get_by_id(uid))),
            )
            .write(by=by)
            .uid
        )


def seen_at(folder: Path) -> dict[str, list[tuple]]:
    """Every visit and step of a referred case, to the letter."""
    models.open_database(folder)
    referred = [
        step.visit_uid
        for step in VisitStep.select().where(VisitStep.kind == StepKind.REFERRED)
    ]
    visits = Visit.select().where(Visit.uid.in_(referred)).order_by(Visit.uid)
    steps = VisitStep.select().where(VisitStep.visit_uid.in_(referred))
    return {
        "visit": list(visits.tuples()),
        "visit_step": list(steps.order_by(VisitStep.uid).tuples()),
    }


def notes_at(folder: Path, uid: str) -> set[str]:
    models.open_database(folder)
    return {step.note for step in VisitStep.select().where(VisitStep.visit_uid == uid)}


def others_rows(folder: Path) -> int:
    """How many rows of other desks' stations lie at a desk, journal included."""
    me = models.open_database(folder).station_uid
    rows = sum(
        RECORD_BY_NAME[name].select().where(RECORD_BY_NAME[name].station != me).count()
        for name in TABLES
    )
    entry = journal.Entry
    copies = entry.select().where((entry.stream != OWN) & entry.table_name.in_(TABLES))
    return max(rows, copies.count())


def passed_on(office: Path, to: Path) -> list[tuple[str, int]]:
    """Row and revision of what the office has ever passed on to a station."""
    uid = models.open_database(to).station_uid
    here = models.open_database(office)
    entry = journal.Entry
    entries = (
        entry.select()
        .join(Stream)
        .where(
            (Stream.addressee == uid)
            & Stream.own
            & (Stream.epoch == here.epoch)
            & entry.table_name.in_(TABLES)
        )
    )
    return [(each.row_uid, each.revision) for each in entries]


def troubles_at(folder: Path) -> tuple[list[str], list[str]]:
    """Reasons of the conflicts and of the files in quarantine."""
    models.open_database(folder)
    conflicts = [row.reason for row in Conflict.select()]
    return conflicts, [row.reason for row in Quarantine.select()]


def begin_anew(office: Path, number: int = 2) -> None:
    """The office begins a new epoch, as after a restore."""
    models.open_database(office)
    epochs.open_epoch("restored", above=epochs.new_epoch(number - 1))


def round_of(centre, *desks: Path, times: int = 2) -> None:
    """Enough exchanges that what any desk wrote is at every other."""
    for _ in range(times):
        exchange(*desks, centre.office)
    exchange(*desks)
