"""Who comes to a desk of the sample college on one day, by card.

The plan in force says who should; most do, and the rest is what happens anywhere: a
course, an illness, a late bus, a check-out that is forgotten.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import models
from models import (
    Arrival,
    CoverReason,
    Desk,
    Person,
    RecordedBy,
    Shift,
    UserError,
    WarningKind,
)

Event = tuple[datetime, Callable[[], object]]

# Of a hundred shifts, in how many A ...
LATE, AWAY, ABSENT, LEAVES_EARLY, FORGETS = 8, 6, 1, 2, 4
# ... and in how many B comes along, or somebody comes who is not in the plan.
BESIDE, EXTRA = 8, 2

AWAY_REASONS = (
    CoverReason.ILLNESS,
    CoverReason.PERSONAL,
    CoverReason.TRAINING,
    CoverReason.INTERNSHIP,
)

FORCED_REASONS: dict[str, str] = {
    WarningKind.UNTRAINED: "培训期内，老师现场带教",
    WarningKind.UNPLANNED: "办理高峰，临时增援",
    WarningKind.WEEK_LIMIT: "没有别的人手，已征得老师同意",
    WarningKind.MONTH_LIMIT: "没有别的人手，已征得老师同意",
    WarningKind.EARLY: "提前布置窗口",
}


class Presence:
    """Who is at the desk now, as far as the card reader was told."""

    def __init__(self, crew: list[Person]) -> None:
        self._by_uid = {person.uid: person for person in crew}
        self._here: dict[str, Person] = {}
        self._last = crew[0]

    @property
    def on_duty(self) -> Person:
        """Whoever came last of those who are here, else was here last."""
        return next(reversed(self._here.values()), self._last)

    @property
    def crew(self) -> list[Person]:
        return list(self._by_uid.values())

    def person(self, uid: str) -> Person:
        return self._by_uid[uid]

    def come(self, person: Person, reason: str = "") -> None:
        """Swipe and answer what is asked; with a *reason* take the place of A."""
        if person.uid in self._here:
            return
        done = models.swipe(person.card)
        if done.kind == "ask" and done.arrival is not None:
            self._answer(person, done.arrival, reason)
        elif done.kind != "in":
            raise UserError(f"{person.name}刷卡没有签到（{done.kind}）。")
        self._here[person.uid] = self._last = person

    def _answer(self, person: Person, arrival: Arrival, reason: str) -> None:
        absent = arrival.absent if reason else None
        forgotten = arrival.forgotten
        models.check_in(
            person,
            method=RecordedBy.CARD,
            cover_for=absent,
            cover_reason=(arrival.reason or reason) if absent else None,
            forced_reason="；".join(
                dict.fromkeys(FORCED_REASONS[c.kind] for c in arrival.forced)
            ),
            left_at=forgotten.planned_to if forgotten else None,
        )

    def go(self, person: Person) -> None:
        """Swipe again; whoever is A of the shift that follows stays."""
        if person.uid not in self._here:
            return
        if models.swipe(person.card).kind == "out":
            self.forget(person)

    def forget(self, person: Person) -> None:
        """Go without a swipe."""
        self._here.pop(person.uid, None)

    def stay(self, teacher: Person) -> None:
        """A teacher comes, or goes."""
        models.swipe(teacher.card)


def duty_events(
    day: date, desk: Desk, presence: Presence, chance: random.Random
) -> Iterator[Event]:
    """What the card reader is told that day."""
    shifts = models.shifts_on(day, desk)
    for shift in shifts:
        yield from _ShiftEvents(shift, shifts, presence, chance)
    for stay in models.stays_between(day, day):
        if stay.desk_uid == desk.uid and chance.random() < 0.92:
            teacher = models.person_signing_in(stay.teacher.number)
            for moment in (stay.begins, stay.ends):
                late = timedelta(minutes=chance.randint(-4, 6))
                yield moment + late, _acting(presence.stay, teacher)


def _acting(act: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: act(*arguments)


class _ShiftEvents:
    """The comings and goings of one shift."""

    def __init__(
        self,
        shift: Shift,
        of_day: list[Shift],
        presence: Presence,
        chance: random.Random,
    ) -> None:
        self.shift, self.presence, self.chance = shift, presence, chance
        self._of_day = of_day

    def __iter__(self) -> Iterator[Event]:
        assert self.shift.a is not None  # no plan is submitted without
        a = self.presence.person(self.shift.a.uid)
        fate = self.chance.randrange(100)
        if models.has_class(a.uid, self.shift.begins, self.shift.ends):
            yield from self._cover(CoverReason.CLASS)
        elif fate < ABSENT:
            return
        elif fate < ABSENT + AWAY:
            yield from self._cover(self.chance.choice(AWAY_REASONS))
        else:
            yield from self._own(a, is_late=fate < ABSENT + AWAY + LATE)
            if self.chance.randrange(100) < BESIDE:
                yield from self._beside()
        if self.chance.randrange(100) < EXTRA:
            yield from self._extra()

    def _free_b(self) -> Person | None:
        """The first B of the plan who has no class now."""
        return next(
            (
                self.presence.person(b.uid)
                for b in self.shift.b
                if not models.has_class(b.uid, self.shift.begins, self.shift.ends)
            ),
            None,
        )

    def _own(self, a: Person, *, is_late: bool) -> Iterator[Event]:
        yield self._coming(7, 20, a) if is_late else self._coming(-12, -2, a)
        yield from self._leaving(a)

    def _cover(self, reason: str) -> Iterator[Event]:
        b = self._free_b()
        if b is not None:
            yield self._coming(2, 5, b, reason)
            yield from self._leaving(b)

    def _beside(self) -> Iterator[Event]:
        b = self._free_b()
        if b is not None:
            yield self._coming(3, 8, b)
            yield from self._leaving(b)

    def _extra(self) -> Iterator[Event]:
        """Somebody the plan does not name at all that day lends a hand."""
        named = {who.uid for shift in self._of_day for who in shift.people}
        crew = [p for p in self.presence.crew if p.uid not in named]
        if crew:
            helper = self.chance.choice(crew)
            yield self._coming(20, 40, helper)
            yield from self._leaving(helper)

    def _coming(self, least: int, most: int, person: Person, *more: str) -> Event:
        seconds = self.chance.randint(least * 60, most * 60)
        moment = self.shift.begins + timedelta(seconds=seconds)
        return moment, _acting(self.presence.come, person, *more)

    def _leaving(self, person: Person) -> Iterator[Event]:
        fate = self.chance.randrange(100)
        act, ends = self.presence.go, self.shift.ends
        seconds = self.chance.randint(5, 60)
        if not self._is_last_of(person):
            pass
        elif fate < FORGETS:
            act = self.presence.forget
        elif fate >= 100 - LEAVES_EARLY:
            seconds = -self.chance.randint(6 * 60, 20 * 60)
        yield ends + timedelta(seconds=seconds), _acting(act, person)

    def _is_last_of(self, person: Person) -> bool:
        return not any(
            other.post_of(person.uid)
            for other in self._of_day
            if other.begins >= self.shift.ends
        )
