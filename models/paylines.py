"""What a month of work comes to: hours, limits, money (P27).

The limit of a week and of a month (教财〔2018〕12号) cuts nothing off: time beyond it
is shown as excess, and somebody decides what becomes of it.  For each line holds

    worked + carried in + adjusted = paid + carried out + volunteer + refused

Carried in is what an earlier month left for this one; adjusted is what was corrected or
approved about months that were closed by then.  Minutes keep post and rate of the day
they were worked, so a rate that changes changes nothing that was earned.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from models.attendance import Post
from models.duty import DutyLine, duty_lines
from models.facts import DAY
from models.hours import limits_on
from models.people import Person
from models.rules import WorkRules, rules_on

# Minutes by (post, fen an hour).
Minutes = dict[tuple[str, int], int]


class Excess(StrEnum):
    """What becomes of time beyond a limit.  Stored and synced: never rename a value."""

    NEXT_MONTH = "next_month"
    VOLUNTEER = "volunteer"
    REFUSED = "refused"


EXCESS_LABELS: dict[str, str] = {
    Excess.NEXT_MONTH: "转入下月",
    Excess.VOLUNTEER: "计志愿时长",
    Excess.REFUSED: "不予计薪",
}


@dataclass
class PayLine:
    """One person's month at one department; times in minutes, money in fen."""

    person_uid: str
    person_number: str
    person_name: str
    class_name: str
    department_uid: str
    department_name: str
    daily: dict[int, int] = field(default_factory=dict)
    worked_parts: Minutes = field(default_factory=dict)
    carried_in_parts: Minutes = field(default_factory=dict)
    # By the closed month it is about, `2026-09`.
    adjusted_parts: dict[str, Minutes] = field(default_factory=dict)
    excess_parts: Minutes = field(default_factory=dict)
    paid_parts: Minutes = field(default_factory=dict)
    # A debt that the month could not make good; it goes on like carried time.
    debt_parts: Minutes = field(default_factory=dict)
    decision: str = ""
    pending: int = 0
    note: str = ""

    @property
    def worked(self) -> int:
        return sum(self.worked_parts.values())

    @property
    def carried_in(self) -> int:
        return sum(self.carried_in_parts.values())

    @property
    def adjusted(self) -> int:
        return sum(sum(parts.values()) for parts in self.adjusted_parts.values())

    @property
    def excess(self) -> int:
        return sum(self.excess_parts.values())

    @property
    def paid(self) -> int:
        return sum(self.paid_parts.values())

    @property
    def carried_out_parts(self) -> Minutes:
        """What the next month begins with."""
        left = self.excess_parts if self.decision == Excess.NEXT_MONTH else {}
        return _added(left, self.debt_parts)

    @property
    def carried_out(self) -> int:
        return sum(self.carried_out_parts.values())

    @property
    def volunteer(self) -> int:
        return self.excess if self.decision == Excess.VOLUNTEER else 0

    @property
    def refused(self) -> int:
        return self.excess if self.decision == Excess.REFUSED else 0

    @property
    def needs_decision(self) -> bool:
        return self.excess > 0 and not self.decision

    @property
    def decision_label(self) -> str:
        return EXCESS_LABELS.get(self.decision, self.decision)

    @property
    def amount(self) -> int:
        """Fen, the sum rounded once, half a fen up."""
        return (_worth(self.paid_parts) * 2 + 60) // 120

    def as_stored(self) -> dict[str, Any]:
        stored = asdict(self)
        for name in _PARTS:
            stored[name] = _listed(getattr(self, name))
        stored["adjusted_parts"] = {
            month: _listed(parts) for month, parts in self.adjusted_parts.items()
        }
        stored["daily"] = {str(day): minutes for day, minutes in self.daily.items()}
        return stored


_PARTS = (
    *("worked_parts", "carried_in_parts", "excess_parts"),
    *("paid_parts", "debt_parts"),
)


def line_of(stored: dict[str, Any]) -> PayLine:
    """A line as `PayLine.as_stored` left it."""
    read = dict(stored)
    for name in _PARTS:
        read[name] = _parts_of(stored[name])
    read["adjusted_parts"] = {
        month: _parts_of(parts) for month, parts in stored["adjusted_parts"].items()
    }
    read["daily"] = {int(day): minutes for day, minutes in stored["daily"].items()}
    return PayLine(**read)


def _listed(parts: Minutes) -> list[list[Any]]:
    return [[post, rate, minutes] for (post, rate), minutes in sorted(parts.items())]


def _parts_of(listed: Iterable[Sequence[Any]]) -> Minutes:
    return {(post, rate): minutes for post, rate, minutes in listed}


def _worth(parts: Minutes) -> int:
    """Minutes times fen an hour."""
    return sum(rate * minutes for (_, rate), minutes in parts.items())


def _added(*several: Minutes) -> Minutes:
    total: Minutes = defaultdict(int)
    for parts in several:
        for part, minutes in parts.items():
            total[part] += minutes
    return {part: minutes for part, minutes in total.items() if minutes}


def month_days(month: date) -> tuple[date, date]:
    """The first and the last day of the month of a day."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - DAY


def month_name(month: date) -> str:
    """`2026-09`, as months are stored."""
    return f"{month:%Y-%m}"


class Reckoning:
    """The lines of one month, from what was worked and what came before.

    *before* are the closed months' lines by month, oldest first; *decisions* are what
    was decided about a person's excess, and about how many minutes of it.
    """

    def __init__(
        self,
        month: date,
        before: dict[str, list[PayLine]],
        decisions: dict[str, tuple[str, int]],
    ) -> None:
        self.first, self.last = month_days(month)
        self._lines: dict[tuple[str, str], PayLine] = {}
        self._lines_of: dict[str, list[PayLine]] = defaultdict(list)
        self._rules: dict[date, WorkRules] = {}
        self._week_used: dict[tuple[str, date], int] = defaultdict(int)
        self._people = {person.uid: person for person in Person.select()}
        if before:
            self._carry_in(before[max(before)])
        for name, lines in before.items():
            if name >= _a_year_before(self.first):
                self._adjust(name, lines, before)
        self._work()
        self._decide(decisions)
        for line in self._lines.values():
            _settle_debt(line)

    @property
    def lines(self) -> list[PayLine]:
        said = [line for line in self._lines.values() if _says_anything(line)]
        return sorted(said, key=lambda line: (line.department_uid, line.person_number))

    def _line(self, of: DutyLine | PayLine) -> PayLine:
        uid = of.who.uid if isinstance(of, DutyLine) else of.person_uid
        key = (uid, of.department_uid)
        if key not in self._lines:
            number, name = (
                (of.who.number, of.who.name)
                if isinstance(of, DutyLine)
                else (of.person_number, of.person_name)
            )
            person = self._people.get(uid)
            self._lines[key] = PayLine(
                uid,
                number,
                name,
                person.class_name if person else "",
                of.department_uid,
                of.department_name,
            )
            self._lines_of[uid].append(self._lines[key])
        return self._lines[key]

    def _decide(self, decisions: dict[str, tuple[str, int]]) -> None:
        """A decision holds for the time it was about, and no more."""
        excess: dict[str, int] = defaultdict(int)
        for line in self._lines.values():
            excess[line.person_uid] += line.excess
        for line in self._lines.values():
            choice, minutes = decisions.get(line.person_uid, ("", 0))
            if line.excess and excess[line.person_uid] <= minutes:
                line.decision = choice

    def _carry_in(self, lines: Sequence[PayLine]) -> None:
        for before in lines:
            if before.carried_out_parts:
                line = self._line(before)
                line.carried_in_parts = before.carried_out_parts
                self._take(line, before.carried_out_parts)

    def _adjust(
        self, name: str, lines: Sequence[PayLine], before: dict[str, list[PayLine]]
    ) -> None:
        """What is true of a closed month now, less what was counted for it."""
        month = date.fromisoformat(f"{name}-01")
        counted: dict[tuple[str, str], Minutes] = {}
        known: dict[tuple[str, str], DutyLine | PayLine] = {}
        for line in lines:
            key = (line.person_uid, line.department_uid)
            counted[key], known[key] = line.worked_parts, line
        for later in before.values():
            for line in later:
                key = (line.person_uid, line.department_uid)
                earlier = line.adjusted_parts.get(name, {})
                counted[key] = _added(counted.get(key, {}), earlier)
                known.setdefault(key, line)
        now: dict[tuple[str, str], Minutes] = {}
        for duty in duty_lines(*month_days(month)):
            if duty.paid:
                key = (duty.who.uid, duty.department_uid)
                now[key] = _added(now.get(key, {}), {self._part(duty): duty.paid})
                known.setdefault(key, duty)
        for key in sorted(counted.keys() | now.keys()):
            negated = {part: -n for part, n in counted.get(key, {}).items()}
            change = _added(now.get(key, {}), negated)
            if change:
                line = self._line(known[key])
                line.adjusted_parts[name] = change
                self._take(line, change)

    def _work(self) -> None:
        """Every duty of the month, in order of time; and of the week it begins in."""
        monday = self.first - timedelta(days=self.first.weekday())
        for duty in duty_lines(monday, self.last):
            if duty.day < self.first:
                self._week_used[duty.who.uid, _week(duty.day)] += duty.paid
                continue
            if not duty.paid and not duty.pending:
                continue
            line = self._line(duty)
            line.pending += duty.pending
            if not duty.paid:
                continue
            part = self._part(duty)
            line.daily[duty.day.day] = line.daily.get(duty.day.day, 0) + duty.paid
            line.worked_parts = _added(line.worked_parts, {part: duty.paid})
            self._take(line, {part: duty.paid}, duty.day)

    def _take(self, line: PayLine, parts: Minutes, day: date | None = None) -> None:
        """Pay minutes as far as the limits leave room; the rest is excess.

        Time of an earlier month uses up the month, but no week of it.
        """
        week_limit, month_limit = limits_on(
            day or self.first, self._rules_on(day or self.first)
        )
        week = (line.person_uid, _week(day or self.first))
        # What was too much first: it makes room for what takes its place.
        for part, minutes in sorted(parts.items(), key=lambda item: item[1]):
            room = minutes
            if minutes > 0 and day and week_limit is not None:
                room = min(room, max(week_limit - self._week_used[week], 0))
            if minutes > 0 and month_limit is not None:
                room = min(room, max(month_limit - self._month_used(line), 0))
            if day:
                self._week_used[week] += minutes
            line.paid_parts = _added(line.paid_parts, {part: room})
            line.excess_parts = _added(line.excess_parts, {part: minutes - room})

    def _month_used(self, line: PayLine) -> int:
        """What is paid for the month so far, as seen by one line.

        A debt at another department makes no room here: it is not made good by what
        is paid here but goes on, and would make the same room again next month.
        """
        others = (
            max(other.paid, 0)
            for other in self._lines_of[line.person_uid]
            if other is not line
        )
        return line.paid + sum(others)

    def _part(self, duty: DutyLine) -> tuple[str, int]:
        rules = self._rules_on(duty.day)
        return duty.post, rules.rate_a if duty.post == Post.A else rules.rate_b

    def _rules_on(self, day: date) -> WorkRules:
        if day not in self._rules:
            self._rules[day] = rules_on(day)
        return self._rules[day]


def _a_year_before(first: date) -> str:
    """What is changed about an older month than this is not reckoned any more."""
    return month_name(first.replace(year=first.year - 1))


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _settle_debt(line: PayLine) -> None:
    """Nobody pays time or money back: a negative sum waits for the next month."""
    if line.paid < 0 or _worth(line.paid_parts) < 0:
        line.debt_parts, line.paid_parts = line.paid_parts, {}


def _says_anything(line: PayLine) -> bool:
    return bool(
        line.worked_parts
        or line.carried_in_parts
        or line.adjusted_parts
        or line.pending
    )
