"""Random days at a desk: plans, swipes, corrections and decisions, played in order.

A story is plain values, so that hypothesis can shrink it; `play` acts it out at the
desk's station through the operations, with what the office says taken over as a merge
would.  `undone` takes everything back, so that one database serves many stories.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from duty import MONDAY, TERM_ENDS, at, line
from hypothesis import strategies as st

import models
from models import Attendance, CoverReason, Person, RecordedBy, UserError, clock
from models.approvals import Approval, Side
from models.base import Record, db, table_of
from models.installation import installation
from models.plan_decisions import PlanDecision
from models.reviews import Waiting
from models.uids import new_uid

CREW = ("2024110201", "2024110202", "2024110203")
REASONS = tuple(CoverReason)


class Planned(NamedTuple):
    """A shift: its day of the week, first minute, length, and who by place in CREW."""

    day: int
    begins: int
    length: int
    a: int
    b: tuple[int, ...]
    weeks: str


class Event(NamedTuple):
    """Something done *minutes* from the beginning of a shift, by A, a B or another.

    *stays* is for how many minutes somebody who attends does; *back* by how many
    seconds the clock is wrong.
    """

    what: str
    shift: int
    who: int
    minutes: int
    stays: int
    back: int
    choice: int


class Story(NamedTuple):
    shifts: list[Planned]
    events: list[Event]


# Half hours make shifts that adjoin and overlap; ten minutes ones that nearly do.
_SHIFTS = st.builds(
    Planned,
    day=st.integers(0, 4),
    begins=st.one_of(
        st.integers(12, 47).map(lambda n: n * 30),
        st.integers(42, 143).map(lambda n: n * 10),
    ),
    length=st.sampled_from((30, 60, 90, 100, 150, 240)),
    a=st.integers(0, 2),
    b=st.sets(st.integers(0, 2), min_size=1, max_size=2).map(tuple),
    weeks=st.sampled_from(("all",) * 5 + ("odd", "odd", "even")),
).map(lambda shift: shift._replace(b=tuple(n for n in shift.b if n != shift.a)))

_EVENTS = st.builds(
    Event,
    what=st.sampled_from(
        ("attend",) * 8
        + ("swipe", "swipe", "proxy", "leave", "stand_in", "close")
        + ("correct", "correct", "correct", "missed", "decide", "decide", "decide")
    ),
    shift=st.integers(0, 5),
    who=st.sampled_from((0, 0, 0, 1, 1, 1, 2, 3)),
    minutes=st.one_of(st.integers(-40, 10), st.integers(0, 60), st.integers(0, 240)),
    stays=st.integers(1, 260),
    back=st.sampled_from((0,) * 30 + (20, 300, 3600)),
    choice=st.integers(0, 10_000),
)

STORIES = st.builds(
    Story,
    shifts=st.lists(_SHIFTS, min_size=1, max_size=6),
    events=st.lists(_EVENTS, min_size=8, max_size=20),
)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside never was."""
    with db.atomic() as transaction:
        try:
            yield
        finally:
            transaction.rollback()


def take_over(*records: Record) -> None:
    """Rows of another station, as a merge puts them."""
    for record in records:
        record.revision = 1
        table = table_of(type(record))
        db.execute_sql(table.insert_sql, table.values_of(record))


def say_as_office(subject: Record, approved: bool, moment: datetime) -> Approval:
    """What the office decided, come to the desk by sync."""
    approval = Approval(
        station=installation().office_uid,
        subject_uid=subject.uid,
        side=Side.OFFICE,
        approved=approved,
        note="" if approved else "不同意",
        decided_at=moment,
        decider_uid="office",
        decider_name="顾主任",
    )
    take_over(approval)
    return approval


def crew() -> list[Person]:
    """The assistants of the plan, and one teacher."""
    return [models.person_signing_in(number) for number in (*CREW, "T002")]


def file_plan(shifts: Sequence[dict[str, Any]], desk=None, **more: Any) -> PlanDecision:
    """A plan the office has accepted, come to this station by sync."""
    desk = desk or models.this_desk()
    department = models.departments_of(desk, MONDAY)[0]
    said: dict[str, Any] = {
        "station": installation().office_uid,
        "desk_uid": desk.uid,
        "desk_name": desk.name,
        "department_uid": department.uid,
        "department_name": department.name,
        "version": 1,
        "starts_on": MONDAY,
        "ends_on": TERM_ENDS,
        "shifts": [{"key": new_uid(), **shift} for shift in shifts],
        "author_uid": "",
        "author_name": "",
        "plan_uid": new_uid(),
        "accepted": True,
        "number": "AB〔2026〕1号",
        "decided_on": MONDAY,
        "in_force_from": MONDAY,
        "decider_name": "顾主任",
        **more,
    }
    decision = PlanDecision(**said)
    take_over(decision)
    return decision


def planned_line(shift: Planned, people: Sequence[Person]) -> dict[str, Any]:
    return line(
        _hour(shift.begins),
        _hour(shift.begins + shift.length),
        people[shift.a],
        *(people[n] for n in shift.b),
        weekday=shift.day,
        weeks=shift.weeks,
    )


def _hour(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


class Player:
    """Acts a story out, with a clock of its own."""

    def __init__(self, story: Story) -> None:
        self.people = crew()
        self.teacher = models.person_signing_in("T001")
        self.plan = file_plan([planned_line(s, self.people) for s in story.shifts])
        self.now = at("07:00")
        self.latest = self.now
        self.story = story

    def play(self, after_each=lambda: None) -> None:
        steps = [step for event in self.story.events for step in self._steps(event)]
        for moment, back, act, who, choice in sorted(steps):
            self.latest = max(self.latest, moment)
            self.now = moment - timedelta(seconds=back)
            with clock.set_at(self.now):
                getattr(self, act)(self.people[who], choice)
                after_each()

    def _steps(self, event: Event) -> Iterator[tuple[datetime, int, str, int, int]]:
        shift = self.story.shifts[event.shift % len(self.story.shifts)]
        begins = at("00:00") + timedelta(days=shift.day, minutes=shift.begins)
        named = [shift.a, *shift.b]
        crew = [*named, *(n for n in range(4) if n not in named)]
        who, choice = crew[event.who], event.choice
        minutes = timedelta(minutes=event.minutes, seconds=choice % 60)
        if event.what in ("correct", "missed", "decide", "close"):
            minutes += timedelta(hours=choice % 72)
        moment = begins + minutes
        if event.what != "attend":
            yield moment, event.back, f"_{event.what}", who, choice
            return
        yield moment, event.back, "_come", who, choice
        yield moment + timedelta(minutes=event.stays), 0, "_go", who, choice

    def _come(self, person: Person, choice: int) -> None:
        if models.open_attendance(person) is None:
            self.come_or_go(person, choice)

    def _go(self, person: Person, choice: int) -> None:
        if models.open_attendance(person) is not None:
            self.come_or_go(person, choice)

    def come_or_go(self, person: Person, choice: int, **said: Any) -> str:
        """A card is swiped, and what is asked is answered."""
        if said:
            done = models.swipe_of(person, method=RecordedBy.PROXY, **said)
        else:
            done = models.swipe(person.number)
        if done.kind != "ask":
            return done.kind
        absent = done.arrival.absent if choice % 3 else None
        left = self.now - timedelta(minutes=choice % 300)
        if done.arrival.forgotten is not None:  # before that nobody left
            left = max(left, done.arrival.forgotten.checked_in_at)
        models.check_in(
            person,
            cover_for=absent,
            cover_reason=REASONS[choice % len(REASONS)] if absent else None,
            forced_reason="临时安排",
            left_at=left if choice % 2 else None,
            **said,
        )
        return "in"

    def _swipe(self, person: Person, choice: int) -> None:
        self.come_or_go(person, choice)

    def _proxy(self, person: Person, choice: int) -> None:
        self.come_or_go(person, choice, by=self.teacher)

    def _leave(self, person: Person, choice: int) -> None:
        row = models.open_attendance(person)
        if row is not None:
            models.leave(row, by=self.teacher, method=RecordedBy.PROXY)

    def _stand_in(self, person: Person, choice: int) -> None:
        row = models.open_attendance(person)
        if row is not None:
            self._try(models.stand_in, row, reason="class", by=person)

    def _close(self, person: Person, choice: int) -> None:
        models.close_all_forgotten(after=timedelta())

    def _correct(self, person: Person, choice: int) -> None:
        rows = list(
            Attendance.select()
            .where(Attendance.person_uid == person.uid)
            .order_by(Attendance.uid)
        )
        if rows:
            row = rows[choice % len(rows)]
            begins = row.planned_from or row.checked_in_at
            self._request(choice, begins, by=self.teacher, attendance=row)

    def _missed(self, person: Person, choice: int) -> None:
        day = self.now.date()
        shifts = [
            shift
            for shift in models.shifts_between(MONDAY, day)
            if shift.post_of(person.uid) and shift.begins < self.now
        ]
        if shifts:
            shift = shifts[choice % len(shifts)]
            self._request(choice, shift.begins, by=person, shift=shift)

    def _request(self, choice: int, begins: datetime, **about: Any) -> None:
        new_in = begins + timedelta(minutes=choice % 120 - 40)
        new_out = min(new_in + timedelta(minutes=choice % 7 * 40), self.now)
        self._try(
            models.request_correction,
            **about,
            new_in=new_in,
            new_out=new_out,
            reason="核对监控",
        )

    def _decide(self, person: Person, choice: int) -> None:
        for number, waiting in enumerate(models.waiting_approvals()):
            if (number + choice) % 3:
                self._decide_on(waiting, choice)

    def _decide_on(self, waiting: Waiting, choice: int) -> None:
        subject, decided = waiting
        done = {approval.side for approval in decided.approvals}
        approved = choice % 5 > 0
        if Side.DEPARTMENT not in done:
            models.decide(subject, by=self.teacher, approved=approved, note="已核对")
        if Side.OFFICE not in done and choice % 4:
            say_as_office(subject, approved, self.now)

    @staticmethod
    def _try(act, *args: Any, **said: Any) -> None:
        """Some of what people ask for is refused, in words."""
        with suppress(UserError):
            act(*args, **said)
