"""Does anything with a seal at two desks and the office, and reckons what should be.

Each step says by itself whether the program should refuse it.
"""

import copy
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sealing import ASKED, hand, person, row, use

import models
from exports.sync import sync
from models import Seal, SealReservation, SealUse, UserError, clock

HOLDERS = ("T001", "T002", "T101", "B0001")  # of the department, another, the office
DESKS = ("jiaowu", "dangtuan")
STARTS = datetime(2026, 12, 29, 8)

PEOPLE = st.sampled_from(HOLDERS)
STATIONS = st.sampled_from(("home", "home", "home", *DESKS))


@dataclass
class Known:
    """The register as a station knows it; *time* counts the desks it was given to."""

    desk: str = "jiaowu"
    time: int = 0
    keeper: str = "T001"
    is_active: bool = True


@dataclass
class Term:
    """In whose hands, until when, from whom."""

    holder: str
    until: date | None = None
    lender: str = ""


@dataclass
class Place:
    """What a station should think; its terms of custody begin with the keeper."""

    known: Known = field(default_factory=Known)
    terms: list[Term] = field(default_factory=lambda: [Term("T001")])
    is_out: bool = False


class Sealing(RuleBasedStateMachine):
    """Does each thing for real, and reckons by itself whether it should be refused."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="seals-")
        self.root = Path(self.folder.name) / "centre"
        self.now = STARTS
        self.office = Known()
        self.office_terms = [Term("T001")]
        self.published = Known()
        self.sent: dict[str, tuple[int, list[Term]]] = {}
        self.places = {desk: Place() for desk in DESKS}
        self.given: Counter[int] = Counter()
        self.opened = ""

    @initialize()
    def found(self) -> None:
        shutil.copytree(self.template, self.root)
        for name in ("office", *DESKS):
            self.go_to(name)
            models.set_share(str(self.root / "share"))

    def go_to(self, name: str) -> None:
        if self.opened != name:
            models.open_database(self.root / name)
            self.opened = name

    def at(self, name: str) -> str:
        """Mostly the desk that has the seal: elsewhere everything is refused."""
        if name != "home":
            return name
        return next((desk for desk in DESKS if self.is_home(desk)), DESKS[0])

    def attempt(self, at: str, should: bool, do) -> bool:
        """Do it at a place; it is refused when, and only when, it should be."""
        self.go_to(at)
        self.now += timedelta(minutes=7)
        before = models.journal.tip()
        with clock.set_at(self.now):
            try:
                do(Seal.get())
            except UserError as error:
                assert not should, error
                assert models.journal.tip() == before
                return False
        assert should, "it was not refused"
        return True

    # -- what should be ------------------------------------------------------

    def is_home(self, at: str) -> bool:
        return self.places[at].known.desk == at

    def term(self, at: str) -> Term:
        return self.places[at].terms[-1]

    def may_use(self, at: str, who: str) -> bool:
        term = self.term(at)
        over = term.until is not None and term.until < self.now.date()
        active = self.places[at].known.is_active
        mine = self.is_home(at) and term.holder == who != "B0001"
        return mine and active and not over

    # -- uses ----------------------------------------------------------------

    @rule(at=STATIONS, who=PEOPLE, refuses=st.booleans())
    def use(self, at: str, who: str, refuses: bool) -> None:
        at = self.at(at)

        def do(seal: Seal) -> None:
            if refuses:
                asked = {k: ASKED[k] for k in ("applicant", "unit", "document_title")}
                by = person(who)
                models.refuse_seal_use(by=by, seal=seal, reason="缺签字", **asked)
            else:
                use(person(who), seal)

        self.now += timedelta(minutes=7)
        should = self.may_use(at, who)
        self.now -= timedelta(minutes=7)
        if self.attempt(at, should, do):
            self.given[self.now.year] += 1

    @rule(at=STATIONS, who=PEOPLE, which=st.integers(0, 9), corrects=st.booleans())
    def put_right(self, at: str, who: str, which: int, corrects: bool) -> None:
        at = self.at(at)
        self.go_to(at)
        lines = list(SealUse.select().order_by(SealUse.uid.desc()).limit(10))
        if not lines:
            return
        line = lines[which % len(lines)]
        by = person(who)
        should = not line.is_void and who != "B0001"
        should &= by.department_uid == line.department_uid or by.uid == line.sealer_uid
        if corrects:
            should &= self.is_home(at) and self.term(at).holder != "B0001"

        def do(_seal: Seal) -> None:
            if corrects:
                models.correct_seal_use(line, by=by, reason="错", note=f"{self.now}")
            else:
                models.void_seal_use(line, by=by, reason="错")

        if self.attempt(at, should, do) and corrects:
            self.given[self.now.year] += 1

    @rule(at=STATIONS, who=PEOPLE, count=st.integers(1, 3))
    def reserve(self, at: str, who: str, count: int) -> None:
        at = self.at(at)
        place, term = self.places[at], self.term(at)
        should = self.is_home(at) and place.known.is_active and term.holder != "B0001"
        should &= who in ("T001", "T002") or (who == "T101" == term.holder)

        def do(seal: Seal) -> None:
            day = self.now.date()
            models.reserve_numbers(seal, by=person(who), count=count, for_day=day)

        if self.attempt(at, should, do):
            self.given[self.now.year] += count

    @rule(at=STATIONS, seed=st.integers(0, 99))
    def settle(self, at: str, seed: int) -> None:
        at = self.at(at)
        self.go_to(at)
        chance = random.Random(seed)
        sheets = models.open_reservations(models.this_desk())
        if sheets:
            sheet = chance.choice(sheets)
            numbers = range(sheet.first, sheet.last + 1)
            rows = [row(n, self.now) for n in numbers if chance.random() < 0.5]
            by = person("T002")
            more = {"rows": rows, "void_reason": "未停电"}
            self.attempt(
                at, True, lambda _: models.settle_reservation(sheet, by=by, **more)
            )

    # -- custody -------------------------------------------------------------

    @rule(at=STATIONS, to=PEOPLE, kind=st.sampled_from(models.TransferKind))
    def transfer(self, at: str, to: str, kind: str) -> None:
        at = self.at(at)
        self.go_to(at)
        place, term = self.places[at], self.term(at)
        sheets = SealReservation.select().where(SealReservation.settled_at.is_null())
        should = self.is_home(at) and term.holder not in (to, "B0001")
        should &= not place.is_out
        if kind == "collected":
            should &= to == "B0001" and not sheets.exists()
        elif kind == "return":
            should &= to == term.lender
        elif kind == "temporary":
            should &= to != "B0001"
        else:
            should &= to in ("T001", "T002")
        until = self.now.date() + timedelta(days=1)
        more = {"until": until, "approver": "处长"} if kind == "temporary" else {}
        giver, witness = person(term.holder), person("2024110201")
        if self.attempt(
            at,
            should,
            lambda seal: hand(seal, giver, person(to), witness, kind=kind, **more),
        ):
            if kind == "temporary":
                place.terms.append(Term(to, until, term.holder))
            elif kind == "return":
                place.terms.pop()
            else:
                place.terms = [Term(to)]

    # -- the office ----------------------------------------------------------

    @rule()
    def stop_or_resume(self) -> None:
        change = models.stop_seal if self.office.is_active else models.resume_seal

        def do(seal: Seal) -> None:
            change(seal, by=person("B0001"), reason="换章", approver="院长")

        self.attempt("office", True, do)
        self.office.is_active = not self.office.is_active

    @rule(desk=st.sampled_from(DESKS), keeper=PEOPLE)
    def assign(self, desk: str, keeper: str) -> None:
        should = self.office_terms[-1].holder == "B0001" and keeper in ("T001", "T002")

        def do(seal: Seal) -> None:
            models.assign_seal(
                seal,
                by=person("B0001"),
                desk=models.desk_by_code(desk),
                keeper=person(keeper),
                reason="调整",
            )

        if self.attempt("office", should, do):
            active, time = self.office.is_active, self.office.time + 1
            self.office = Known(desk, time, keeper, active)
            self.office_terms = [Term(keeper)]

    # -- time and sync -------------------------------------------------------

    @rule(hours=st.sampled_from((1, 14, 30)))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(at=STATIONS)
    def sync_station(self, at: str) -> None:
        at = self.at(at)
        self.go_to(at)
        sync()
        place = self.places[at]
        if self.is_home(at):
            self.sent[at] = (place.known.time, copy.deepcopy(place.terms))
        if place.known.time != self.published.time:
            place.terms = [Term(self.published.keeper)]
        place.known = copy.copy(self.published)

    @rule()
    def sync_office(self) -> None:
        self.go_to("office")
        sync()
        for time, terms in self.sent.values():
            if time == self.office.time:
                self.office_terms = terms
        self.published = copy.copy(self.office)

    # -- what holds at any time ---------------------------------------------

    @invariant()
    def who_is_asked_names_the_holder(self) -> None:
        if self.opened in DESKS and self.is_home(self.opened):
            seal = Seal.get()
            numbers = {"T001": "李老师", "T002": "何老师", "T101": "白老师"}
            held = numbers.get(self.term(self.opened).holder, "顾主任")
            assert models.holder_of(seal).name == held
            if self.term(self.opened).holder == "B0001":
                return  # handed in: it may be elsewhere by now
            year = self.now.year
            assert models.next_seal_number(seal, year) == self.given[year] + 1

    def teardown(self) -> None:
        try:
            if self.opened:
                self.all_agree()
        finally:
            models.close_database()
            self.folder.cleanup()

    def all_agree(self) -> None:
        """At no more than one station may anybody seal; all is well at the office."""
        for name in (*DESKS, "office", *DESKS, "office"):
            self.sync_office() if name == "office" else self.sync_station(name)
        users = 0
        for desk in DESKS:
            self.go_to(desk)
            assert models.verify().faults == []
            with clock.set_at(self.now):
                users += sum(self.is_let(person(who)) for who in HOLDERS)
        assert users <= 1
        self.go_to("office")
        assert models.verify().faults == []
        home = self.office.desk
        held = person(self.term(home).holder)
        assert models.holder_of(Seal.get()).uid == held.uid
        for year, given in self.given.items():
            assert numbers_at_the_office(year) == list(range(1, given + 1))

    def is_let(self, who) -> bool:
        try:
            models.custody.require_user(Seal.get(), who)
        except UserError:
            return False
        return True


def numbers_at_the_office(year: int) -> list[int]:
    """Lines and the numbers of sheets that were not copied in."""
    lines = SealUse.select(SealUse.number).where(SealUse.year == year)
    numbers = [line.number for line in lines]
    for sheet in SealReservation.select().where(SealReservation.year == year):
        if not sheet.is_settled:
            numbers += range(sheet.first, sheet.last + 1)
    return sorted(numbers)
