"""What somebody came for before: a line to read out, and why they had to come again."""

from collections.abc import Sequence
from typing import NamedTuple

from desk.wording import unbroken
from models import clock
from models.casefold import Case, CaseStatus
from models.cases import case_of, cases_of
from models.desks import this_desk
from models.repeats import (
    Stranger,
    earlier_visits,
    is_same_matter,
    proposed_repeat,
)
from models.services import Service
from models.students import Student
from models.visits import REPEAT_CAUSE_LABELS, Visit, visits_of

# Chosen where another coming made this one not necessary.
NOT_THE_SAME = ""
CAUSES = [(label, cause) for cause, label in REPEAT_CAUSE_LABELS.items()]
CAUSES.append(("不是同一件事", NOT_THE_SAME))


class Coming(NamedTuple):
    """Somebody came for several services: the first visit, and how many there are."""

    first: Visit
    count: int = 1

    @property
    def uid(self) -> str:
        """What all visits of the coming have in common."""
        return self.first.occasion_uid or self.first.uid

    def holds(self, visit: Visit) -> bool:
        """Was *visit* taken down during this coming?"""
        return self.uid in (visit.uid, visit.occasion_uid)

    def with_one_more(self) -> "Coming":
        return self._replace(count=self.count + 1)

    @property
    def words(self) -> str:
        return f"同一人第 {self.count + 1} 项"


class Earlier(NamedTuple):
    """The visit that this one may follow, and the cause to begin with."""

    visit: Visit
    cause: str

    @property
    def words(self) -> str:
        """`11-20 来过：一次性告知，缺证明（JW20261120-003）`."""
        visit, case = self.visit, case_of(self.visit)
        said = [visit.outcome_label]
        if not case.is_closed:
            said.append(case.status_label)
        said.append(case.pause_reason or case.result or visit.result)
        told = "，".join(filter(None, said))
        return unbroken(f"{_day(visit)} 来过：{told}（{visit.number}）")


def _day(visit: Visit) -> str:
    at = visit.arrived_at
    return f"今日 {at:%H:%M}" if at.date() == clock.today() else f"{at:%m-%d}"


def earlier_of(
    who: Student | Stranger, service: Service, coming: Coming | None
) -> Earlier | None:
    """The last visit for the same matter, this coming left aside.

    Where it left nothing to come back for, this one is taken for another matter.
    """
    proposed = proposed_repeat(who, service)
    if proposed and not (coming and coming.holds(proposed.visit)):
        return Earlier(proposed.visit, proposed.cause)
    for visit in earlier_visits(who, service):
        if not (coming and coming.holds(visit)):
            return Earlier(visit, NOT_THE_SAME)
    return None


def waiting_cases(student: Student) -> list[Case]:
    """What a student is asked to bring something for, to this desk.

    By the student's number: of 200 open cases that took 1 ms, and all of them 50.
    """
    here = this_desk()
    unfinished = Visit.select().where(
        (Visit.student_number == student.number)
        & Visit.finished_at.is_null()
        & ~Visit.is_void
    )
    return [
        case
        for case in cases_of(unfinished)
        if case.desk_uid == here.uid and case.status == CaseStatus.WAITING
    ]


def likeliest_case(cases: Sequence[Case], service: Service | None) -> Case | None:
    """The first case of the chosen service, else the first of all."""
    return same_case(cases, service) or next(iter(cases), None)


def same_case(cases: Sequence[Case], service: Service | None) -> Case | None:
    """The first case that is about the chosen service."""
    if service is None:
        return None
    return next((c for c in cases if is_same_matter(c.visit, service)), None)


def goes_on_choices(case: Case) -> list[tuple[str, bool]]:
    """Whether a visit goes on with a case that waits, or is another matter."""
    return [(f"补齐 {case.visit.number} 的材料", True), ("另办一件，照下面登记", False)]


def waiting_words(cases: Sequence[Case], key: str) -> str:
    """`等材料：学籍证明办理（缺证明）。按 Ctrl+O 打开办件`."""
    if not cases:
        return ""
    named = [f"{c.visit.service_name}（{c.pause_reason}）" for c in cases]
    return unbroken(f"等材料：{'；'.join(named)}。点这里或按 {key} 打开办件")


def student_words(student: Student, coming: Coming | None) -> str:
    """Who it is, and whether they were here today: a hint, never a block."""
    about = [student.number, student.class_name]
    today = visits_of(student, clock.today())
    earlier = [visit for visit in today if not (coming and coming.holds(visit))]
    if earlier:
        about.append(
            f"今日已来过\N{NO-BREAK SPACE}{len(earlier)} 次：{earlier[-1].service_name}"
        )
    return unbroken("  ".join(filter(None, about)))
