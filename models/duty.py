"""Plan against fact: late, early, absent, uncovered, and the minutes that are paid.

The one place where these are reckoned; the sheet of check-ins, the hours and the pay
all read it, so their sums agree.

- Paid is what was planned and done (planned ∩ actual), in whole units rounded down;
  a minute that two check-ins of one person share is paid once, to the earlier one.
- Late is the time from the start of a shift to A's arrival that nobody stood in for,
  early likewise at the end; up to the grace of the rules it is nothing.  A substitute
  is never late, and nobody is whose post a substitute took.
- Absent is an A who never came and whom nobody replaced.  B stands by: no duty to come.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from models import calendar, clock
from models.attendance import Interval, Post, minutes_between, rounded_down
from models.facts import DAY, Fact, FactState, facts_between, seconds_in, subtract
from models.rules import rules_on
from models.shifts import Shift, Who, shifts_between


class DutyLine(NamedTuple):
    """One person and one shift: a line of the sheet of check-ins.

    Minutes are whole.  `fact` is None for an A who did not come; `shift` is None for
    time outside any plan in force.
    """

    day: date
    shift: Shift | None
    fact: Fact | None
    who: Who
    post: str
    late: int = 0
    early: int = 0
    is_absent: bool = False
    covered_by: tuple[str, ...] = ()
    # Minutes that count, and those that would if they were approved.
    paid: int = 0
    pending: int = 0
    # Minutes left out because another check-in of the person has them already.
    twice: int = 0

    @property
    def desk_uid(self) -> str:
        return self.fact.desk_uid if self.fact else _shift_of(self).desk_uid

    @property
    def desk_name(self) -> str:
        return self.fact.desk_name if self.fact else _shift_of(self).desk_name

    @property
    def department_uid(self) -> str:
        if self.fact:
            return self.fact.department_uid
        return _shift_of(self).department_uid

    @property
    def department_name(self) -> str:
        if self.fact:
            return self.fact.department_name
        return _shift_of(self).department_name

    @property
    def begins(self) -> datetime:
        """What the lines are ordered by."""
        return self.fact.checked_in_at if self.fact else _shift_of(self).begins

    @property
    def planned(self) -> Interval | None:
        if self.fact is not None:
            begins, ends = self.fact.planned_from, self.fact.planned_to
            return (begins, ends) if begins and ends else None
        return self.shift.begins, _shift_of(self).ends  # type: ignore[union-attr]

    @property
    def place(self) -> str:
        """`第9周 周一 3–4节`."""
        begins, ends = self.planned or (self.begins, None)
        return calendar.place_in_term(begins, ends)


def _shift_of(line: DutyLine) -> Shift:
    assert line.shift is not None  # a line without a fact is about a shift
    return line.shift


def duty_lines(
    first: date, last: date, *, desk_uid: str = "", person_uid: str = ""
) -> list[DutyLine]:
    """Every line of some days in order of time; of one desk or person if asked."""
    now = clock.now()
    # Whoever comes after midnight may come to a shift of the day before.
    facts = facts_between(first - DAY, last + DAY, person_uid)
    keys = {fact.shift_key for fact in facts if fact.person_uid == person_uid}
    shifts = shifts_between(first - DAY, last, person_uid=person_uid, keys=keys)
    lines = _lines(facts, shifts, now)
    return [
        line
        for line in lines
        if first <= line.day <= last
        and desk_uid in ("", line.desk_uid)
        and person_uid in ("", line.who.uid)
    ]


def _lines(
    facts: Sequence[Fact], shifts: Sequence[Shift], now: datetime
) -> list[DutyLine]:
    by_place = {(shift.key, shift.begins): shift for shift in shifts}
    at: dict[tuple[str, datetime], list[Fact]] = defaultdict(list)
    for fact in facts:
        shift = _shift_for(fact, by_place)
        if shift is not None:
            at[shift.key, shift.begins].append(fact)
    paid = paid_intervals(facts)
    lines = [_line(fact, _shift_for(fact, by_place), at, paid, now) for fact in facts]
    lines += [
        _missing(shift, at[shift.key, shift.begins])
        for shift in shifts
        if shift.a and shift.ends <= now and not _came(shift.a, at, shift)
    ]
    return sorted(lines, key=lambda line: (line.begins, line.who.number))


def _shift_for(fact: Fact, by_place: dict[tuple[str, datetime], Shift]) -> Shift | None:
    if not fact.shift_key or fact.planned_from is None:
        return None
    return by_place.get((fact.shift_key, fact.planned_from))


def _came(who: Who, at: dict[tuple[str, datetime], list[Fact]], shift: Shift) -> bool:
    return any(
        fact.person_uid == who.uid and _has_come(fact)
        for fact in at[shift.key, shift.begins]
    )


def _has_come(fact: Fact) -> bool:
    """A check-in that was refused is shown as that, not as absence besides."""
    return fact.was_there or fact.state == FactState.REFUSED


def paid_intervals(facts: Iterable[Fact]) -> dict[str, list[Interval]]:
    """For each fact, by its uid, the time that is its own: no minute twice.

    Who checked in first keeps the time.  What waits for approval claims nothing from
    what counts.
    """
    claimed: dict[str, list[Interval]] = defaultdict(list)
    own: dict[str, list[Interval]] = {}
    for state in (FactState.COUNTED, FactState.PENDING):
        for fact in facts:
            planned = fact.within_plan()
            if fact.state != state or not fact.pays or planned is None:
                continue
            own[fact.uid] = subtract(planned, claimed[fact.person_uid])
            claimed[fact.person_uid].append(planned)
    return own


def _line(
    fact: Fact,
    shift: Shift | None,
    at: dict[tuple[str, datetime], list[Fact]],
    paid: dict[str, list[Interval]],
    now: datetime,
) -> DutyLine:
    day = (fact.planned_from or fact.checked_in_at).date()
    own = seconds_in(paid.get(fact.uid, ())) // 60
    minutes = rounded_down(own, day)
    whole = minutes_between(*(fact.within_plan() or (None, None)))
    late, early = 0, 0
    if shift is not None and shift.a and shift.a.uid == fact.person_uid:
        late, early = _tardiness(fact, shift, at[shift.key, shift.begins], now)
    return DutyLine(
        day=day,
        shift=shift,
        fact=fact,
        who=Who(fact.person_uid, fact.person_number, fact.person_name),
        post=fact.post,
        late=late,
        early=early,
        paid=minutes if fact.state == FactState.COUNTED else 0,
        pending=minutes if fact.state == FactState.PENDING else 0,
        twice=whole - own if fact.uid in paid else 0,
    )


def _missing(shift: Shift, facts: Sequence[Fact]) -> DutyLine:
    """A did not come: replaced, or absent."""
    assert shift.a is not None
    covers = tuple(dict.fromkeys(f.person_name for f in _substitutes(shift, facts)))
    return DutyLine(
        day=shift.begins.date(),
        shift=shift,
        fact=None,
        who=shift.a,
        post=Post.A,
        is_absent=not covers,
        covered_by=covers,
    )


def _substitutes(shift: Shift, facts: Iterable[Fact]) -> list[Fact]:
    """Who took the place of A, and was there."""
    return [
        fact
        for fact in facts
        if shift.a and fact.cover_for_uid == shift.a.uid and fact.was_there
    ]


def _tardiness(
    fact: Fact, shift: Shift, facts: Sequence[Fact], now: datetime
) -> tuple[int, int]:
    """How late A came and how early A went, in minutes nobody stood in for."""
    mine = [f for f in facts if f.person_uid == fact.person_uid and _has_come(f)]
    covers = [f.actual(now) for f in _substitutes(shift, facts)]
    rules = rules_on(shift.begins.date())
    late = early = 0
    if mine and fact is min(mine, key=lambda f: f.checked_in_at):
        came = min(fact.checked_in_at, shift.ends)
        late = _beyond(rules.late_grace, shift.begins, came, covers)
    if mine and fact is max(mine, key=lambda f: f.checked_in_at):
        left = max(fact.checked_out_at or shift.ends, shift.begins)
        early = _beyond(rules.early_grace, left, shift.ends, covers)
    return late, early


def _beyond(
    grace: int, begins: datetime, ends: datetime, covers: Iterable[Interval]
) -> int:
    """Uncovered whole minutes between two moments, if they are more than the grace."""
    if begins >= ends:
        return 0
    minutes = seconds_in(subtract((begins, ends), covers)) // 60
    return minutes if minutes > grace else 0
