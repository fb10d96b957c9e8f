"""Who comes to a desk of the sample college on one day, for what, and how it ends."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import models
from desk.samplecrew import Crew, at, some_time
from desk.sampleduty import Event
from models import (
    Case,
    Desk,
    LateVisit,
    Service,
    ServiceKind,
    Student,
    Visit,
    VisitChannel,
    VisitOutcome,
)

# How many of a hundred visits end how.
OUTCOMES = {
    VisitOutcome.DONE: 38,
    VisitOutcome.ENQUIRY: 28,
    VisitOutcome.PROMISED: 16,
    VisitOutcome.NOTIFIED: 8,
    VisitOutcome.REFERRED: 6,
    VisitOutcome.REFUSED: 4,
}
CHANNELS = [VisitChannel.IN_PERSON] * 14 + [
    VisitChannel.PHONE,
    VisitChannel.PHONE,
    VisitChannel.ONLINE,
    VisitChannel.KIOSK,
    VisitChannel.PROXY,
]
APPLIED_FOR = (ServiceKind.INSTANT, ServiceKind.PROMISED)
KINDS = {
    VisitOutcome.ENQUIRY: (ServiceKind.ENQUIRY,),
    VisitOutcome.PROMISED: (ServiceKind.PROMISED,),
    VisitOutcome.REFERRED: (ServiceKind.PROMISED,),
    VisitOutcome.DONE: (ServiceKind.INSTANT,),
    VisitOutcome.NOTIFIED: APPLIED_FOR,
    VisitOutcome.REFUSED: APPLIED_FOR,
}
RESULTS = {
    VisitOutcome.DONE: "当场办妥",
    VisitOutcome.NOTIFIED: "缺学生证原件，请带来后再办",
    VisitOutcome.REFUSED: "申请已过截止日期，不符合办理条件",
    VisitOutcome.REFERRED: "不属本窗口，已转办",
}
# In place of whom somebody may come again.
RETURNING = (VisitOutcome.DONE, VisitOutcome.ENQUIRY)
WITH_MATERIALS = (VisitOutcome.PROMISED, VisitOutcome.REFERRED)

# Of a hundred comings, in how many somebody has a second matter, comes again ...
SEVERAL, AGAIN = 7, 15
# ... and of a hundred promises and visits, how many lack materials and are void.
INCOMPLETE, VOID = 12, 1

# Where the queue is written down on paper first, and how many lines of it a day.
PAPER_DESK, PAPER_LINES = "houqin", 2


@dataclass
class Matter:
    """One thing that somebody wants, and how it ends."""

    outcome: VisitOutcome
    service: Service
    refer_to: Desk | None = None

    def fields(self, chance: random.Random) -> dict[str, Any]:
        """What is noted of it, but for who came."""
        complete = (
            self.outcome != VisitOutcome.PROMISED or chance.randrange(100) >= INCOMPLETE
        )
        needed = [name for name in self.service.materials.split("、") if name]
        brought = needed if complete else needed[:-1]
        missing = needed[-1] if needed else "身份证复印件"
        return {
            "service": self.service,
            "outcome": self.outcome,
            "refer_to": self.refer_to,
            "materials": [
                {"name": name, "count": chance.choice((1, 1, 1, 2))}
                for name in brought
                if self.outcome in WITH_MATERIALS
            ],
            "materials_complete": complete,
            "result": RESULTS.get(self.outcome, "") if complete else f"缺{missing}",
        }


def visit_events(
    day: date,
    crew: Crew,
    count: int,
    students: list[Student],
    chance: random.Random,
    *,
    is_busy: bool,
) -> Iterator[Event]:
    """*count* visits; some are several of one coming, some on paper on busy days."""
    visits = _Visits(day, crew, students, chance)
    outcomes = visits.outcomes(count)
    has_paper = is_busy and crew.desk.code == PAPER_DESK
    written = min(PAPER_LINES, count // 2) if has_paper else 0
    lines, outcomes = outcomes[:written], outcomes[written:]
    for together in _comings(outcomes, chance):
        # Whoever comes again comes for something that was not settled.
        is_single = len(together) == 1 and together[0] in RETURNING
        again = visits.returning() if is_single else None
        yield again or visits.coming(together)
    if lines:
        yield visits.paper(lines)


def _comings(
    outcomes: Sequence[VisitOutcome], chance: random.Random
) -> Iterator[list[VisitOutcome]]:
    """The outcomes of what each visitor comes for."""
    waiting = list(outcomes)[::-1]
    while waiting:
        together = [waiting.pop()]
        named = together[0] != VisitOutcome.ENQUIRY
        if named and waiting and chance.randrange(100) < SEVERAL:
            together.append(waiting.pop())
        yield together


class _Visits:
    """The visits of one day at one desk."""

    def __init__(
        self, day: date, crew: Crew, students: list[Student], chance: random.Random
    ) -> None:
        self.day, self.crew, self.chance = day, crew, chance
        self.students = students
        self.services = models.services_of(crew.desk, day)
        self.elsewhere = models.other_services(crew.desk, day)
        self._unsettled = _left_unsettled(day, crew.desk)

    def outcomes(self, count: int) -> list[VisitOutcome]:
        kinds = list(OUTCOMES)
        outcomes = self.chance.choices(kinds, list(OUTCOMES.values()), k=count)
        if count >= len(kinds):
            outcomes[: len(kinds)] = kinds
        elif count:
            # On quiet days each comes in its turn.
            codes = [plan.code for plan in models.centre.DESKS]
            turn = self.day.toordinal() + codes.index(self.crew.desk.code)
            outcomes[0] = kinds[turn % len(kinds)]
        return outcomes

    def matter(self, outcome: VisitOutcome) -> Matter:
        kinds = KINDS[outcome]
        if outcome == VisitOutcome.REFERRED:
            # What is another desk's is taken down here, once, and sent there.
            fitting = [found for found in self.elsewhere if found[0].kind in kinds]
            return Matter(outcome, *self.chance.choice(fitting))
        fitting = [service for service in self.services if service.kind in kinds]
        return Matter(outcome, self.chance.choice(fitting or self.services))

    def coming(self, outcomes: Sequence[VisitOutcome]) -> Event:
        """Somebody comes for one thing or several."""
        matters = [self.matter(outcome) for outcome in outcomes]
        moment = some_time(self.day, self.chance)
        if outcomes[0] == VisitOutcome.REFERRED:
            moment = self._evening() or moment
        act = self._taking(self.chance.choice(self.students), matters)
        return moment, act

    def _evening(self) -> datetime | None:
        """After hours the enquiry desk takes what is for the others (P10)."""
        evening = at(self.day, 18, 40)
        desk = self.crew.desk
        hours = models.openings_on(desk, self.day)
        if not any(o.is_duty and o.begins < evening < o.ends for o in hours):
            return None
        if not models.is_enquiry_time(desk, evening):
            return None
        return evening + timedelta(minutes=self.chance.randrange(90))

    def _taking(
        self, student: Student, matters: Sequence[Matter]
    ) -> Callable[[], object]:
        chance, presence = self.chance, self.crew.presence
        told = [matter.fields(chance) for matter in matters]
        named = matters[0].outcome != VisitOutcome.ENQUIRY or chance.random() < 0.5
        channel = chance.choice(CHANNELS)
        rating = chance.choice((None, None, 5, 5, 5, 4, 3)) if named else None
        # What was sent to another desk is not void: that one may have begun.
        is_void = chance.randrange(100) < VOID and matters[0].refer_to is None

        def act() -> None:
            by, first = presence.on_duty, None
            if not named and channel == VisitChannel.PHONE:
                models.record_enquiry(by=by)
                return
            for fields in told:
                visit = models.record_visit(
                    by=by,
                    student=student if named else None,
                    channel=channel,
                    occasion=first,
                    **fields,
                )
                first = first or visit
            if is_void and len(told) == 1:
                models.void_visit(visit, by=by, reason="重复登记")
            elif rating:
                models.rate_visit(first, rating, by=by)

        return act

    def returning(self) -> Event | None:
        """Somebody comes again for what was not settled (跑腿次数)."""
        if not self._unsettled or self.chance.randrange(100) >= AGAIN:
            return None
        before = self._unsettled.pop(0)
        student = models.student_by_number(before.student_number)
        known = Service.get(Service.uid == before.service_uid)
        service = models.version_on(known, self.day)
        if service is None:
            return None  # given up since
        if before.outcome == VisitOutcome.PROMISED:
            fields = {"outcome": VisitOutcome.ENQUIRY, "result": "还在办理，已说明进度"}
        else:
            fields = {"outcome": VisitOutcome.DONE, "result": "材料已补齐，当场办妥"}
        presence, moment = self.crew.presence, some_time(self.day, self.chance)

        def act() -> None:
            repeat = models.proposed_repeat(student, service)
            models.record_visit(
                by=presence.on_duty,
                student=student,
                service=service,
                follows=repeat.visit if repeat else None,
                repeat_cause=repeat.cause if repeat else "",
                **fields,
            )

        return moment, act

    def paper(self, outcomes: Sequence[VisitOutcome]) -> Event:
        """Lines of paper that are entered at the end of the day (补录)."""
        entries = []
        for number, outcome in enumerate(outcomes):
            student = self.chance.choice(self.students)
            is_enquiry = outcome == VisitOutcome.ENQUIRY
            fields = self.matter(outcome).fields(self.chance)
            entries.append(
                LateVisit(
                    arrived_at=at(self.day, 10, 12 + 7 * number),
                    visitor="" if is_enquiry else student.number,
                    note="排队高峰，先记在纸上",
                    **fields,
                )
            )
        presence = self.crew.presence
        return (
            at(self.day, 16, 46),
            lambda: models.record_late_visits(entries, by=presence.on_duty),
        )


def _left_unsettled(day: date, desk: Desk) -> list[Visit]:
    """Earlier visits of students who were told what is missing, or still wait."""
    since = at(day - timedelta(days=20), 0)
    told = Visit.select().where(
        (Visit.desk_uid == desk.uid)
        & (Visit.outcome == VisitOutcome.NOTIFIED)
        & Visit.arrived_at.between(since, at(day, 0))
        & ~Visit.is_void
    )
    found: list[Visit] = list(told.order_by(Visit.number))
    found += [case.visit for case in models.all_open_cases(desk) if _is_own(case, day)]
    followed = {
        row.follows_uid
        for row in Visit.select(Visit.follows_uid).where(Visit.follows_uid != "")
    }
    return [v for v in found if v.student_number and v.uid not in followed]


def _is_own(case: Case, day: date) -> bool:
    visit = case.visit
    is_promised = visit.outcome == VisitOutcome.PROMISED
    return is_promised and visit.desk_uid == case.desk_uid and not case.is_paused
