"""Days at a desk: what chance alone would seldom do with a seal in the right order."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sealing import person
from sealplay import DESKS, HOLDERS, PEOPLE, STATIONS, Sealing

import models
from models import Seal, SealOuting


class SealDays(Sealing):
    """Adds taking the seal outside, and what usually follows upon single steps."""

    @rule(at=STATIONS, who=PEOPLE)
    def take_out(self, at: str, who: str) -> None:
        at = self.at(at)
        self.now += timedelta(minutes=7)
        should = self.may_use(at, who) and not self.places[at].is_out
        self.now -= timedelta(minutes=7)
        said = dict.fromkeys(("unit", "applicant", "reason", "place", "approver"), "甲")
        back = self.now + timedelta(hours=3)
        if self.attempt(
            at,
            should,
            lambda seal: models.take_out(
                seal, by=person(who), due_back_at=back, **said
            ),
        ):
            self.places[at].is_out = True

    @rule(at=STATIONS)
    def bring_back(self, at: str) -> None:
        at = self.at(at)
        self.go_to(at)
        outing = SealOuting.get_or_none(SealOuting.returned_at.is_null())
        if outing is None:
            return
        by, checker = person(self.term(at).holder), person("2024110201")

        def do(_seal: Seal) -> None:
            models.bring_back(outing, by=by, checker=checker, condition="完好")

        if self.attempt(at, True, do):
            self.places[at].is_out = False

    @rule()
    def everybody_tries(self) -> None:
        """To seal, to refuse, to print a sheet, to take the seal along."""
        for who in HOLDERS:
            self.use("home", who, who == "T002")
            self.reserve("home", who, 1)
        self.settle("home", 1)
        self.take_out("home", "T002")

    @rule(kinds=st.permutations(models.TransferKind), to=PEOPLE)
    def is_handed_on(self, kinds: list[str], to: str) -> None:
        self.is_as_usual()
        self.hands_on(kinds, to)

    def hands_on(self, kinds: list[str], to: str) -> None:
        for kind in kinds:
            if kind != "collected":
                for receiver in (to, *HOLDERS):
                    self.transfer("home", receiver, kind)

    @rule(hours=st.sampled_from((1, 60)), on=st.booleans())
    def lends(self, hours: int, on: bool) -> None:
        """Until tomorrow; after that there is no sealing, only giving back."""
        self.is_as_usual()
        lender = self.term(self.at("home")).holder
        self.transfer("home", "T101", models.TransferKind.TEMPORARY)
        if on:
            self.transfer("home", "T002", models.TransferKind.TEMPORARY)
            self.transfer("home", "T101", models.TransferKind.RETURN)
        self.wait(hours)
        self.everybody_tries()
        self.bring_back("home")
        self.transfer("home", lender, models.TransferKind.RETURN)
        self.everybody_tries()

    @rule(to=PEOPLE)
    def is_outside(self, to: str) -> None:
        """Whoever has it there seals there, and nobody hands it over."""
        self.is_as_usual()
        for _ in range(2):
            self.take_out("home", self.term(self.at("home")).holder)
        self.hands_on(list(models.TransferKind), to)
        self.everybody_tries()

    def is_as_usual(self) -> None:
        """A desk has the seal, it is in use, and nobody has it outside."""
        if not self.office.is_active:
            self.stop_or_resume()
        for place in ("office", *DESKS, "office"):
            self.sync_office() if place == "office" else self.sync_station(place)
        if self.term(self.at("home")).holder == "B0001":
            self.assign(self.at("home"), "T001")
            self.sync_office()
        for desk in DESKS:
            self.sync_station(desk)
        self.bring_back("home")

    @rule()
    def is_stopped(self) -> None:
        self.is_as_usual()
        self.stop_or_resume()
        self.sync_office()
        self.sync_station("home")
        self.everybody_tries()

    @rule()
    def leaves_a_sheet(self) -> None:
        """What was printed is copied in before the seal is handed in."""
        self.is_as_usual()
        self.use("home", self.term(self.at("home")).holder, False)
        self.reserve("home", "T001", 2)
        self.transfer("home", "B0001", models.TransferKind.COLLECTED)
        for seed in range(9):
            self.settle("home", seed)
        self.transfer("home", "B0001", models.TransferKind.COLLECTED)
        self.everybody_tries()
        self.put_right("home", "T001", 0, True)

    @rule(at=STATIONS)
    @precondition(lambda self: self.opened)
    def collect_and_give_elsewhere(self, at: str) -> None:
        """What chance alone would seldom do in the right order."""
        at = self.at(at)
        home = next((desk for desk in DESKS if self.is_home(desk)), None)
        if home is None:
            return
        self.bring_back(home)
        for seed in range(9):
            self.settle(home, seed)
        self.transfer(home, "B0001", models.TransferKind.COLLECTED)
        for step in (home, "", "assign", "", at):
            if step == "assign":
                for keeper in ("T101", "B0001", "T002"):
                    self.assign(at, keeper)
            elif step:
                self.sync_station(step)
            else:
                self.sync_office()
