"""What becomes of the cases of a desk of the sample college, day by day (P10, P22).

Cases are referred, taken, worked and answered at several desks; some wait for the
student, some are put off with the reason, some are late, a few are refused.  Once two
desks act without knowing of each other.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date

import models
from desk.samplecrew import Crew, at, some_time
from desk.sampleduty import Event
from models import Case, CaseStatus, Desk, StepKind, VisitStep, clock

# Of a hundred cases that were referred here, so many are taken, and done at once ...
TAKEN, DONE_AT_ONCE = 90, 25
# ... of those that wait so many students bring what is missing, or give up ...
BROUGHT, GIVEN_UP = 45, 5
# ... and of those in work so many are finished, wait for something, go to another
# desk, are refused, or have some progress; of those that are due most are finished.
FINISHED, PAUSED, REFERRED, REFUSED, PROGRESS = 30, 12, 8, 3, 15
FINISHED_WHEN_DUE, EXTENDED = 60, 20

# Here one case is taken back while the other desk takes it on.
TAKING_BACK_DESK, TAKEN_BACK = "dangtuan", "学生改在本窗口办理，收回"

Act = Callable[[], object]


def case_events(
    day: date, crew: Crew, chance: random.Random, *, is_fresh: bool
) -> Iterator[Event]:
    """The next step of each case that is here, and answers that are passed on.

    On a *fresh* day there was a sync this morning, and none has been since.
    """
    with clock.set_at(at(day, 8)):
        here, sent = models.cases_here(), models.cases_sent()
    for case in here:
        act = _Work(case, day, crew, chance, is_fresh=is_fresh).next_act()
        if act is not None:
            yield some_time(day, chance), act
    for case in sent:
        if case.is_closed:
            yield some_time(day, chance), _telling(case, crew)
    if is_fresh and crew.desk.code == TAKING_BACK_DESK:
        yield from _taking_back(day, sent, crew)


def _telling(case: Case, crew: Crew) -> Act:
    """The first desk passes on what the other one answered."""
    note = f"已电话告知：{case.result}"
    presence = crew.presence
    return lambda: models.notify_visitor(case.visit, by=presence.on_duty, note=note)


def _taking_back(day: date, sent: list[Case], crew: Crew) -> Iterator[Event]:
    """Once, a case that nobody has taken yet as far as is known here."""
    if VisitStep.get_or_none(VisitStep.note == TAKEN_BACK) is not None:
        return
    waiting = [case.visit for case in sent if case.status == CaseStatus.REFERRED]
    presence = crew.presence
    if waiting:
        yield (
            at(day, 9, 20),
            lambda: models.take_case(waiting[0], by=presence.on_duty, note=TAKEN_BACK),
        )


class _Work:
    """What a desk does today to one case that it has."""

    def __init__(
        self,
        case: Case,
        day: date,
        crew: Crew,
        chance: random.Random,
        *,
        is_fresh: bool,
    ) -> None:
        self.is_fresh = is_fresh
        self.case, self.visit, self.day = case, case.visit, day
        self.crew, self.chance = crew, chance
        self._luck = chance.randrange(100)

    def next_act(self) -> Act | None:
        if self.case.contradictions:
            return self._progress("已与对方窗口核对，以本窗口接办为准")
        if self.case.status == CaseStatus.REFERRED:
            is_taken = self._luck < TAKEN or self._may_be_disputed()
            return self._take if is_taken else None
        if not self.is_fresh and self._may_be_disputed():
            return None
        if self.case.status == CaseStatus.WAITING:
            return self._bring()
        return self._work()

    def _falls(self, *chances: int) -> int | None:
        """Which of several events of so many in a hundred happens, if any."""
        reached = 0
        for at_, share in enumerate(chances):
            reached += share
            if self._luck < reached:
                return at_
        return None

    def _may_be_disputed(self) -> bool:
        """Nobody goes on with it before both desks know what the other one did."""
        sender = self.case.sender_uid
        return any(
            desk.uid == sender and desk.code == TAKING_BACK_DESK
            for desk in models.desks()
        )

    def _take(self) -> None:
        by = self.crew.presence.on_duty
        models.take_case(self.visit, by=by)
        if self._may_be_disputed():
            return
        if self._luck < DONE_AT_ONCE:
            models.finish_case(self.visit, by=by, result="已办妥，请学生来领取")
        else:
            models.note_progress(self.visit, by=by, note="已联系学生核对情况")

    def _bring(self) -> Act | None:
        brought = self._falls(BROUGHT, GIVEN_UP)
        if brought is None:
            return None
        if brought == 0:
            return lambda: models.resume_case(
                self.visit, by=self.crew.presence.on_duty, note="材料已补齐"
            )
        return lambda: models.refuse_case(
            self.visit, by=self._teacher, note="多次通知仍未补材料，学生同意撤回"
        )

    def _work(self) -> Act | None:
        due = self.case.due_on
        if due is not None and due <= self.day:
            which = self._falls(FINISHED_WHEN_DUE, EXTENDED)
            return None if which is None else (self._finish, self._extend)[which]
        acts = (self._finish, self._pause, self._refer, self._refuse)
        which = self._falls(FINISHED, PAUSED, REFERRED, REFUSED, PROGRESS)
        if which is None:
            return None
        return acts[which] if which < len(acts) else self._progress("部门正在审核")

    @property
    def _teacher(self) -> models.Person:
        return self.crew.teacher_for(self.visit.department_uid)

    def _progress(self, note: str) -> Act:
        presence = self.crew.presence
        return lambda: models.note_progress(self.visit, by=presence.on_duty, note=note)

    def _finish(self) -> None:
        by = self.crew.presence.on_duty
        if not any(step.kind == StepKind.PROGRESS for step in self.case.steps):
            models.note_progress(self.visit, by=by, note="部门已审核")
        models.finish_case(self.visit, by=by, result="已办结，通知学生领取")

    def _pause(self) -> None:
        by = self.crew.presence.on_duty
        models.pause_case(self.visit, by=by, note="缺辅导员签字的申请表")

    def _refuse(self) -> None:
        note = "经部门审核不符合条件，已向学生说明"
        models.refuse_case(self.visit, by=self._teacher, note=note)

    def _extend(self) -> None:
        assert self.case.due_on is not None  # see _work
        later = models.working_day_after(max(self.case.due_on, self.day), 2)
        note = "需上级部门会签，已告知学生"
        models.extend_case(self.visit, by=self._teacher, note=note, due_on=later)

    def _refer(self) -> None:
        by = self.crew.presence.on_duty
        note = "需要贵窗口一并办理"
        models.refer_case(self.visit, by=by, desk=self._next_desk(), note=note)

    def _next_desk(self) -> Desk:
        """One that has not had the case yet."""
        had = {self.visit.desk_uid, self.crew.desk.uid, self.case.sender_uid}
        fresh = [desk for desk in models.desks() if desk.uid not in had]
        return fresh[self._luck % len(fresh)]
