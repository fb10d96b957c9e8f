"""What happens to the seals of the sample college on one day (P6, P16).

Seals are used, handed over, lent, taken outside and handed in; for a power cut sheets
are printed and copied in.  What happens seldom has its desk and its turn.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import models
from desk.samplecrew import Crew, at, some_time
from desk.sampleduty import Event
from models import PaperUse, Person, Seal, SealUse, Student, TransferKind

DOCUMENTS = (
    ("在读证明", "办理助学贷款"),
    ("成绩单", "专转本报名"),
    ("实习协议", "顶岗实习"),
    ("就业协议书", "毕业生签约"),
    ("社团活动申请表", "举办社团活动"),
    ("缓考申请表", "因病缓考"),
)
# Title, purpose and impressions of what is sealed for many students at once.
BATCHES = (
    ("毕业生登记表", "2027 届毕业生登记", 1),
    ("就业协议书", "2027 届毕业生签约", 3),
)
# Of a hundred uses so many are refused, corrected and void.
REFUSED, CORRECTED, VOID = 6, 4, 4

BATCH_DESK, OUTING_DESK, LENDING_DESK = "jiuye", "dangtuan", "houqin"
# At one desk a sheet is printed on each other day and copied in on the next, at the
# other one the sheet that was printed last is still open.
SHEET_DESK, OPEN_SHEET_DESK = "xuesheng", "jiaowu"
SHEET_NUMBERS = 10
# In a long sample the office collects this department's seal, for another desk.
COLLECTED, COLLECTED_ON = "保卫处", 1


class Turn(NamedTuple):
    """Which of the days on which much happens it is."""

    number: int
    is_last: bool
    is_long: bool


def seal_events(
    day: date,
    crew: Crew,
    students: list[Student],
    chance: random.Random,
    turn: Turn | None,
) -> Iterator[Event]:
    """Uses of each seal by whoever holds it; the second teacher has it after noon.

    Without a *turn* it is a quiet day.
    """
    for place, seal in enumerate(models.seals_of(crew.desk)):
        for _ in range(1 if turn is None else chance.randint(3, 6)):
            student = chance.choice(students)
            yield some_time(day, chance), _use(seal, student, chance)
        if turn is not None:
            yield from _Custody(seal, day, crew, turn).events(place)
    if turn is not None and (seals := models.seals_of(crew.desk)):
        yield from _of_turn(day, crew, seals[-1], students, chance, turn)


def holder_of(seal: Seal) -> Person:
    return Person.get(Person.uid == models.holder_of(seal).uid)


def _use(seal: Seal, student: Student, chance: random.Random) -> Callable[[], object]:
    title, purpose = chance.choice(DOCUMENTS)
    copies, fate = chance.randint(1, 4), chance.randrange(100)

    def act() -> None:
        if models.open_outing(seal) is not None:
            return  # whoever asks comes again when the seal is back
        holder = holder_of(seal)
        asked = {
            "by": holder,
            "seal": seal,
            "applicant": student.name,
            "unit": student.college or student.class_name,
            "document_title": title,
            "purpose": purpose,
            "student": student,
        }
        if fate < REFUSED:
            models.refuse_seal_use(**asked, reason="表格没有学院签字")
            return
        use = models.record_seal_use(
            **asked, copies=copies, impressions=copies, approver=holder.name
        )
        _put_right(use, holder, fate)

    return act


def _put_right(use: SealUse, holder: Person, fate: int) -> None:
    if fate >= 100 - VOID:
        models.void_seal_use(use, by=holder, reason="学生取消，文件已收回")
    elif fate >= 100 - VOID - CORRECTED:
        more = use.copies + 1
        reason = "份数少记一份"
        models.correct_seal_use(
            use, by=holder, reason=reason, copies=more, impressions=more
        )


class _Custody:
    """The seal goes from one teacher to the other at noon, and back in the evening."""

    def __init__(self, seal: Seal, day: date, crew: Crew, turn: Turn) -> None:
        self.seal, self.day, self.crew, self.turn = seal, day, crew, turn
        teachers = models.people(models.PersonRole.TEACHER)
        own = [t for t in teachers if t.department_uid == seal.department_uid]
        self.keeper, self.second = own
        self.others = [t for t in crew.teachers if t not in own]

    def events(self, place: int) -> Iterator[Event]:
        noon, evening = at(self.day, 12, 10 + place), at(self.day, 16, 50 + place)
        if self._is_lent:
            yield noon, self._lend
            yield evening, self._give_back
        else:
            yield noon, lambda: self._hand(self.keeper, self.second)
            yield evening, lambda: self._hand(self.second, self.keeper)
        number = COLLECTED_ON if self.turn.is_long else None
        if self.seal.department_name == COLLECTED and self.turn.number == number:
            yield at(self.day, 17, 5), self._hand_in

    @property
    def _is_lent(self) -> bool:
        is_first = self.seal.department_name != COLLECTED
        of_turn = self.crew.desk.code == LENDING_DESK and self.turn.number % 2 == 0
        return is_first and of_turn

    def _hand(self, giver: Person, receiver: Person) -> None:
        self._transfer(giver, receiver, reason="交接班")

    def _lend(self) -> None:
        self._transfer(
            self.keeper,
            self.others[-1],
            reason="两位老师外出开会，下午请代管",
            kind=TransferKind.TEMPORARY,
            until=self.day,
            approver=f"{self.seal.department_name}负责人",
        )

    def _give_back(self) -> None:
        self._transfer(
            self.others[-1], self.keeper, reason="代管到期", kind=TransferKind.RETURN
        )

    def _hand_in(self) -> None:
        self._transfer(
            self.keeper,
            models.people(models.PersonRole.OFFICE)[0],
            reason="业务并入学生事务窗口办理，缴回后调配",
            kind=TransferKind.COLLECTED,
        )

    def _transfer(self, giver: Person, receiver: Person, **terms: object) -> None:
        witness = self.crew.presence.on_duty
        models.transfer_seal(
            self.seal, by=giver, receiver=receiver, witness=witness, **terms
        )


def _of_turn(
    day: date,
    crew: Crew,
    seal: Seal,
    students: list[Student],
    chance: random.Random,
    turn: Turn,
) -> Iterator[Event]:
    """What happens seldom."""
    code, is_even = crew.desk.code, turn.number % 2 == 0
    if code == BATCH_DESK:
        yield at(day, 15, 20), _batch(seal, students, chance, turn)
    if code == OUTING_DESK and is_even:
        yield from _outing(day, crew, seal)
    if code == SHEET_DESK and is_even and not turn.is_last:
        yield at(day, 16, 30), lambda: _reserve(seal, day)
    if code == SHEET_DESK and not is_even:
        yield at(day, 11, 20), _settling(day, crew, students, chance)
    if code == OPEN_SHEET_DESK and turn.is_last:
        yield at(day, 16, 30), lambda: _reserve(seal, day)


def _batch(
    seal: Seal, students: list[Student], chance: random.Random, turn: Turn
) -> Callable[[], object]:
    """One line for a class and its list of student numbers."""
    title, purpose, impressions = BATCHES[turn.number % len(BATCHES)]
    count = chance.randint(20, 60)
    first = chance.randrange(len(students) - count)
    listed = students[first : first + count]

    def act() -> None:
        holder = holder_of(seal)
        models.record_seal_use(
            by=holder,
            seal=seal,
            applicant=f"{listed[0].name}等 {count} 人",
            unit=listed[0].college or listed[0].class_name,
            document_title=title,
            purpose=purpose,
            copies=count,
            impressions=count * impressions,
            approver=holder.name,
            students=[student.number for student in listed],
            copy_kept="名单",
        )

    return act


def _outing(day: date, crew: Crew, seal: Seal) -> Iterator[Event]:
    outings = []

    def take() -> None:
        taken = models.take_out(
            seal,
            by=holder_of(seal),
            unit="校团委社团部",
            applicant="社团部指导老师",
            reason="社团活动现场审批用印",
            place="大学生活动中心",
            approver=f"{seal.department_name}负责人",
            due_back_at=at(day, 11, 30),
        )
        outings.append(taken)

    def bring() -> None:
        carrier = holder_of(seal)
        models.bring_back(
            outings[0],
            by=carrier,
            checker=crew.presence.on_duty,
            condition="完好",
            documents="社团活动申请表",
            copies=6,
        )

    yield at(day, 9, 40), take
    yield at(day, 11, 10), bring


def _reserve(seal: Seal, day: date) -> None:
    """Print a sheet for the next working day."""
    models.reserve_numbers(
        seal,
        by=holder_of(seal),
        count=SHEET_NUMBERS,
        for_day=models.working_day_after(day, 1),
    )


def _settling(
    day: date, crew: Crew, students: list[Student], chance: random.Random
) -> Callable[[], object]:
    """The power failed in the morning: what was written on the sheet is copied in."""
    written = [
        (chance.choice(students), *chance.choice(DOCUMENTS), at(day, 9, 9 * line))
        for line in range(chance.randint(3, 5))
    ]

    def act() -> None:
        for sheet in models.open_reservations(crew.desk):
            by = holder_of(models.Seal.get_by_id(sheet.seal_uid))
            rows = [
                PaperUse(
                    number=sheet.first + line,
                    used_at=moment,
                    applicant=student.name,
                    unit=student.college or student.class_name,
                    document_title=title,
                    purpose=purpose,
                    approver=by.name,
                    student=student,
                )
                for line, (student, title, purpose, moment) in enumerate(written)
            ]
            reason = "来电后改用电脑登记"
            models.settle_reservation(sheet, by=by, rows=rows, void_reason=reason)

    return act
