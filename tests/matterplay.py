"""Takes matters down and works on them at two desks, and looks on from the office.

Whoever has a case does what may be done next, and now and then what may not; clocks
jump, places sync when they like, a PC breaks down and another takes its place.
"""

import shutil
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from exchange import approve_all, join
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sealing import person
from smallcentre import Centre

import models
from exports.sync import sync
from exports.sync.oddities import ODD_STEPS
from models import StepKind, UserError, Visit, VisitOutcome, clock
from models.casechecks import possible_steps
from models.casefold import Case
from models.troubles import Conflict, Quarantine

DESKS = {"jiaowu": "T001", "dangtuan": "T101"}
STARTS = datetime(2026, 9, 28, 9)  # National Day is near

WHERE = st.sampled_from(sorted(DESKS))
WHICH = st.integers(0, 99)

# What may move a promise, or stop its clock: the reason is the step itself.
MOVES = ("accepted", "waiting", "complete", "extended", "taken", "reopened")
ENDS = ("finished", "refused")
TAKES = ("accepted", "taken", "reopened")


def place_after(step) -> str:
    """The uid of the desk that has a case after a step; "" where it stays."""
    if step.kind == "referred":
        return step.desk_uid
    return step.by_desk_uid if step.kind in (*TAKES, *ENDS) else ""


def said(case: Case) -> tuple:
    """All that a case says."""
    return (
        [step.uid for step in case.steps],
        case.status,
        (case.desk_uid, case.desk_name, case.sender_uid, case.referred_at),
        (case.due_on, case.promised_on, case.extensions, case.pauses),
        (case.complete_on, case.result, case.closed_at, case.is_told),
        (case.contradictions, case.missing),
    )


class Matters(RuleBasedStateMachine):
    """Two desks and the office, with real databases and a real share."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="matters-")
        self.centre = Centre(Path(self.folder.name) / "centre")
        self.now = STARTS
        self.opened = ""
        # Where each desk's PC has its data; a broken one is gone for good.
        self.folders = {name: name for name in ("office", *DESKS)}
        self.broken: set[str] = set()

    @initialize()
    def found(self) -> None:
        shutil.copytree(self.template, self.centre.root)
        for name in self.folders:
            self.go_to(name)
            models.set_share(str(self.centre.share))

    def go_to(self, name: str) -> None:
        if self.opened != name:
            models.open_database(self.centre.root / self.folders[name])
            self.opened = name

    def here(self, at: str):
        """At a desk, a little later: who works there."""
        self.go_to(at)
        self.now += timedelta(minutes=3)
        return person(DESKS[at])

    # -- what people do ------------------------------------------------------

    @rule(
        at=WHERE,
        outcome=st.sampled_from((*VisitOutcome, "promised", "referred")),
        complete=st.booleans(),
        late=st.sampled_from((0, 0, 3)),
    )
    def take_down(self, at: str, outcome: str, complete: bool, late: int) -> None:
        by, other = self.here(at), next(code for code in DESKS if code != at)
        complete = complete or outcome != "promised"
        with clock.set_at(self.now):
            models.record_visit(
                by=by,
                service=models.services_of(models.this_desk())[0],
                outcome=outcome,
                visitor_name="张伟",
                result="说明",
                materials_complete=complete,
                refer_to=models.desk_by_code(other) if outcome == "referred" else None,
                arrived_at=self.now - timedelta(days=late),
            )

    def case(self, which: int) -> Case | None:
        visits = list(Visit.select().order_by(Visit.uid.desc()).limit(12))
        return models.case_of(visits[which % len(visits)]) if visits else None

    @rule(at=WHERE, which=WHICH, what=WHICH, days=st.integers(0, 12))
    def go_on(self, at: str, which: int, what: int, days: int) -> None:
        """One of the steps that the page offers."""
        by = self.here(at)
        case = self.case(which)
        may = possible_steps(case, models.this_desk()) if case else []
        if case and may:
            self.add(case, may[what % len(may)], by, at, days)

    @rule(at=WHERE, which=WHICH, kind=st.sampled_from(StepKind))
    def try_anything(self, at: str, which: int, kind: str) -> None:
        """What the page would not offer is refused, and nothing is left of it."""
        by, before = self.here(at), models.journal.tip()
        case = self.case(which)
        if case and kind not in possible_steps(case, models.this_desk()):
            with clock.set_at(self.now):
                try:
                    models.add_step(case.visit, kind, by=by, note="说明")
                except UserError:
                    assert models.journal.tip() == before
                else:
                    raise AssertionError(f"{kind} was taken in {case.status}")

    def add(self, case: Case, kind: str, by, at: str, days: int) -> None:
        other = next(code for code in DESKS if code != at)
        due_on = max(self.now.date(), case.due_on or date.min) + timedelta(1 + days)
        with clock.set_at(self.now):
            try:
                step = models.add_step(
                    case.visit,
                    kind,
                    by=by,
                    note=f"说明 {self.now:%m-%d %H:%M}",
                    desk=models.desk_by_code(other) if kind == "referred" else None,
                    due_on=due_on if kind == "extended" else None,
                )
            except UserError:
                assert said(models.case_of(case.visit)) == said(case)
                raise
        self.has_moved(case, models.case_of(case.visit), step)

    def has_moved(self, before: Case, after: Case, step) -> None:
        if (after.due_on, after.promised_on) != (before.due_on, before.promised_on):
            assert step.kind in MOVES and step.note
        if step.due_on is not None:
            assert after.promised_on == step.due_on
        if step.kind in ENDS:
            assert after.is_closed and after.closing.uid == step.uid
        assert (after.extensions > before.extensions) == (step.kind == "extended")

    @rule(at=WHERE, which=WHICH)
    @precondition(lambda self: self.now.day % 5 == 0)
    def void(self, at: str, which: int) -> None:
        by, case = self.here(at), self.case(which)
        mine = case and case.visit.station == models.base.station_uid()
        if case and mine and not case.visit.is_void:
            with clock.set_at(self.now):
                models.void_visit(case.visit, by=by, reason="重复")

    # -- time, sync and broken PCs -------------------------------------------

    @rule(hours=st.sampled_from((1, 20, 70, 300, -1, -30, -200)))
    def clock_jumps(self, hours: int) -> None:
        """No day that passes, or comes again, does anything to a case."""
        if not self.opened:
            return
        before = self.all_here()
        self.now += timedelta(hours=hours)
        with clock.set_at(self.now):
            assert self.all_here() == before
            models.all_open_cases()

    def all_here(self) -> dict[str, tuple]:
        return {case.visit.uid: said(case) for case in models.cases_of(Visit.select())}

    @rule(at=st.sampled_from(("office", *DESKS)))
    def sync_one(self, at: str) -> None:
        self.go_to(at)
        with clock.set_at(self.now):
            assert not sync().trouble

    @rule(at=WHERE, which=WHICH, back=st.booleans())
    def send_over(self, at: str, which: int, back: bool) -> None:
        """A case goes to the other desk by way of the office, and perhaps back."""
        other = next(code for code in DESKS if code != at)
        self.take_down(at, "referred", True, 0)
        for place in (at, "office", other):
            self.sync_one(place)
        self.go_on(other, 0, 0, 3)
        self.go_on(other, 0, which, 3)
        for kind in StepKind:
            self.try_anything(at, 0, kind)
        if back:
            self.finish_here(other)
            for place in (other, "office", at):
                self.sync_one(place)
            if which % 2:
                self.go_on(at, 0, 0, 3)

    def finish_here(self, at: str) -> None:
        by, case = self.here(at), self.case(0)
        if "finished" in possible_steps(case, models.this_desk()):
            self.add(case, "finished", by, at, 0)

    @rule(at=WHERE, saved=st.booleans())
    @precondition(lambda self: not self.broken)
    def pc_is_replaced(self, at: str, saved: bool) -> None:
        """Another PC is let in at the desk; what was not sent is lost with the old."""
        if saved:
            self.sync_one(at)
        self.broken.add(self.folders[at])
        folder = self.centre.root / f"{at}2"
        join(self.centre, folder, name=f"{at} 2 号机")
        self.opened, self.folders[at] = "", f"{at}2"
        with clock.set_at(self.now):
            approve_all(self.centre, at)
        for place in ("office", at, "office", at):
            self.opened = ""
            self.sync_one(place)

    # -- what holds in the end ------------------------------------------------

    def teardown(self) -> None:
        try:
            if self.opened:
                with clock.set_at(self.now):
                    self.all_agree()
        finally:
            models.close_database()
            self.folder.cleanup()

    def all_agree(self) -> None:
        for _ in range(2):
            for place in (*DESKS, "office"):
                self.sync_one(place)
        for place in (*DESKS, "office"):
            self.sync_one(place)
        self.sync_one("jiaowu")
        told, lists, desks = {}, {}, {}
        for place in ("office", *DESKS):
            self.go_to(place)
            self.is_whole()
            told[place] = self.all_here()
            lists[place] = {case.visit.uid for case in self.listed(place)}
            if place in DESKS:
                desks[place] = models.this_desk().uid
                self.sent_is_right(place)
        for place in DESKS:
            for uid, case in told[place].items():
                assert told["office"][uid] == case
        self.go_to("office")
        for case in models.cases_of(Visit.select()):
            self.is_listed_once(case, told, lists, desks)
            self.is_as_its_steps_say(case)

    def is_whole(self) -> None:
        assert models.verify().faults == []
        # Of steps that did not know of each other people are told, and nothing else.
        others = [c for c in Conflict.select() if not c.reason.startswith(ODD_STEPS)]
        assert not others and not list(Quarantine.select())

    def listed(self, place: str) -> list[Case]:
        return models.all_open_cases() if place == "office" else models.cases_here()

    def sent_is_right(self, place: str) -> None:
        """On the list is what another desk has, and whose answer nobody passed on."""
        here = models.this_desk().uid
        listed = {case.visit.uid for case in models.cases_sent()}
        for case in models.cases_of(Visit.select()):
            away = case.visit.desk_uid == here != case.desk_uid
            away &= not case.visit.is_void
            mine = [step for step in case.steps if step.by_desk_uid == here]
            tells = [step for step in mine if step.kind == "notified"]
            if case.is_closed and away and not {step.kind for step in mine} & {*ENDS}:
                is_told = any(case.closing.uid in step.seen for step in tells)
                assert (case.visit.uid in listed) != is_told or len(tells) > 1
            if not case.is_closed:
                assert (case.visit.uid in listed) == away

    def is_listed_once(self, case: Case, told, lists, desks) -> None:
        uid = case.visit.uid
        assert (uid in lists["office"]) == (not case.is_closed)
        for place in DESKS:
            has_it = desks[place] == case.desk_uid and uid in told[place]
            assert (uid in lists[place]) == (has_it and not case.is_closed)
        has_referral = any(step.kind == "referred" for step in case.steps)
        if not case.is_closed and (has_referral or not self.broken):
            assert sum(uid in lists[place] for place in DESKS) == 1

    def is_as_its_steps_say(self, case: Case) -> None:
        """The last promise that was told stands; nothing is closed by itself."""
        promises = [step.due_on for step in case.steps if step.due_on]
        assert case.promised_on == [case.visit.due_on, *promises][-1]
        places = [(step.kind, place_after(step)) for step in case.steps]
        moves = [(kind, place) for kind, place in places if place]
        if case.closing:
            assert case.desk_uid == case.closing.by_desk_uid
        elif moves:
            assert case.desk_uid == moves[-1][1]
        if not case.is_closed:
            is_sent = bool(moves) and moves[-1][0] == "referred"
            assert (case.status == "referred") == is_sent
        if case.visit.is_void:
            assert case.status == "void"
        elif case.visit.outcome in ("promised", "referred"):
            ended = any(step.kind in ENDS for step in case.steps)
            assert ended or not case.is_closed
        assert not case.missing
        order = [step.uid for step in case.steps]
        for at, step in enumerate(case.steps):
            assert set(step.seen) <= set(order[:at])
