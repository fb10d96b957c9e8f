"""What the type-ahead fields suggest: students, services, people."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import Any

from desk.widgets.suggest import Suggestion
from models.base import change_mark
from models.desks import Desk
from models.enquiries import other_services
from models.people import Person
from models.quicklist import pinned_services, quick_services
from models.services import Service, services_of
from models.students import Student, each_of_roster, student_by_number

MOST = 50


class StudentIndex:
    """The roster in memory: number prefix, initials prefix, part of a name.

    Built from plain tuples, of which only what is shown is kept: 5 MB for 20,000 where
    all of them took 26.  The record is read from the database when picked.
    """

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self._numbers: list[str] = []  # the roster comes sorted by number
        self._shown: list[str] = []
        self._classes: list[str] = []
        # Places as Python's own numbers take four to eight times as much memory.
        self._starts = array("L")
        likely: list[tuple[str, int]] = []
        rare: list[tuple[str, int]] = []
        start = 0
        for at, (_, number, name, class_name, _, _, initials) in enumerate(rows):
            self._numbers.append(number)
            self._shown.append(name)
            self._classes.append(intern(class_name))  # once for all of a class
            self._starts.append(start)
            start += len(name.lower()) + 1
            # The likeliest reading comes first.
            for place, reading in enumerate(initials.lower().split()):
                (rare if place else likely).append((intern(reading), at))
        self._likely, self._rare = _Initials(likely), _Initials(rare)
        # One string to search in: twenty times faster than asking row by row.
        self._names = "\n".join(self._shown).lower()

    @classmethod
    def of_roster(cls) -> "StudentIndex":
        """The roster as the database has it now."""
        return cls(each_of_roster())

    def __len__(self) -> int:
        return len(self._numbers)

    def suggest(self, text: str) -> list[Suggestion]:
        """At most `MOST` students for what was typed."""
        text = text.strip().lower()
        if not text:
            return []
        found = dict.fromkeys(self._found(text))
        return [self._line(at) for at in list(found)[:MOST]]

    def _found(self, text: str) -> Iterator[int]:
        if text.isascii():
            yield from _prefix(self._numbers, text.upper(), range(len(self)))
            if text.upper() != text:
                yield from _prefix(self._numbers, text, range(len(self)))
            # Whoever is mostly read so comes before whoever may be read so.
            yield from self._likely.starting_with(text)
            yield from self._rare.starting_with(text)
            yield from self._in_names(text)
        else:
            yield from self._in_names(text)

    def _in_names(self, text: str) -> Iterator[int]:
        at = self._names.find(text)
        for _ in range(MOST):
            if at < 0:
                return
            yield bisect_left(self._starts, at + 1) - 1
            at = self._names.find(text, at + len(text))

    def _line(self, at: int) -> Suggestion:
        number, name = self._numbers[at], self._shown[at]
        shown = f"{name}  {number}  {self._classes[at]}"
        return Suggestion(shown, StudentPick(number, name))


class _Initials:
    """Initials in their order, and in which row of the roster each was found."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        ordered = sorted(pairs)
        self._keys = [initials for initials, _ in ordered]
        self._places = array("L", (at for _, at in ordered))

    def starting_with(self, text: str) -> Iterator[int]:
        return _prefix(self._keys, text, self._places)


def _prefix(keys: list[str], text: str, places: Sequence[int]) -> Iterator[int]:
    at = bisect_left(keys, text)
    for index in range(at, min(at + MOST, len(keys))):
        if not keys[index].startswith(text):
            return
        yield places[index]


class StudentPick:
    """A student picked from the index; `student` reads the record.

    Once for each state of the database: what follows a pick asks for it several times.
    """

    def __init__(self, number: str, name: str) -> None:
        self.number, self.name = number, name
        self._read: tuple[Any, Student | None] = None, None

    def __str__(self) -> str:
        return self.name

    @property
    def student(self) -> Student | None:
        mark = change_mark()
        if mark != self._read[0]:
            self._read = mark, student_by_number(self.number)
        return self._read[1]


class ServiceIndex:
    """The services of a desk, those likely next first; then what other desks do.

    With *everywhere* nothing need be typed for the others either: the enquiry desk
    (咨询台, P10) takes their matters outside regular hours.
    """

    def __init__(
        self,
        own: Sequence[Service] = (),
        *,
        quick: Sequence[Service] = (),
        pinned: Sequence[Service] = (),
        others: Sequence[tuple[Service, Desk]] = (),
        everywhere: bool = False,
    ) -> None:
        self.own, self._quick, self.elsewhere = own, quick, others
        self._pinned = {service.item for service in pinned}
        self._everywhere = everywhere

    @classmethod
    def of_desk(cls, desk: Desk, *, everywhere: bool = False) -> "ServiceIndex":
        """What there is to choose at *desk* today."""
        return cls(
            services_of(desk),
            quick=quick_services(desk),
            pinned=pinned_services(desk),
            others=other_services(desk),
            everywhere=everywhere,
        )

    def is_pinned(self, service: Service) -> bool:
        """Whether this PC's quick list begins with it."""
        return service.item in self._pinned

    def suggest(self, text: str) -> list[Suggestion]:
        """By part of the name or initials; without text the quick list comes first."""
        text = text.strip().lower()
        if text:
            own = [service for service in self.own if _is_named(service, text)]
            return [self._line(service) for service in own] + self._elsewhere(text)
        quick = {service.item for service in self._quick}
        rest = [service for service in self.own if service.item not in quick]
        found = [self._line(service, is_quick=True) for service in self._quick]
        found += [self._line(service) for service in rest]
        return found + (self._elsewhere("") if self._everywhere else [])

    def _line(self, service: Service, *, is_quick: bool = False) -> Suggestion:
        mark = "  · 常用" if is_quick else ""
        if self.is_pinned(service):
            mark = "  ★ 置顶"
        return Suggestion(f"{service.name}（{service.kind_label}）{mark}", service)

    def _elsewhere(self, text: str) -> list[Suggestion]:
        return [
            Suggestion(f"{service.name}（{desk.name}）", service)
            for service, desk in self.elsewhere
            if not text or _is_named(service, text)
        ]


def _is_named(service: Service, text: str) -> bool:
    return text in service.name.lower() or _has(service.initials, text)


def suggest_people(people: Iterable[Person], text: str) -> list[Suggestion]:
    """People by number prefix, part of the name or initials; all for no text."""
    text = text.strip().lower()
    return [
        Suggestion(f"{person.name}  {person.number}  {person.department_name}", person)
        for person in people
        if not text
        or text in person.name.lower()
        or person.number.lower().startswith(text)
        or _has(person.initials, text)
        or person.card == text  # swiped instead of typed
    ]


def name_of(record: Any) -> str:
    """What a field shows for a picked record."""
    return record.name


def _has(initials: str, text: str) -> bool:
    """Does any reading contain *text*?  In a service the first word may be skipped."""
    return any(text in reading for reading in initials.lower().split())
