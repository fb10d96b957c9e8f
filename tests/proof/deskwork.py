"""What people do at the desks and at the office on any day."""

from exchange import note_visit, use_seal
from hypothesis.stateful import rule

import models
from models import Visit, VisitOutcome
from models.erasure import erase_record
from proof.player import PICK, Player, quiet
from proof.world import DESKS


class Work(Player):
    """Visits, cases, seals, hours; and people and records at the office."""

    @rule(pick=PICK)
    def visit(self, pick: int) -> None:
        with self.step("visit") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                note_visit(f"来访人{pick}")
            world.look(folder)

    @rule(pick=PICK)
    def refer(self, pick: int) -> None:
        with self.step("refer") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                to = next(code for code in DESKS if code != models.this_desk().code)
                models.record_visit(
                    by=models.person_signing_in("2024110201"),
                    service=models.services_of(models.this_desk())[0],
                    outcome=VisitOutcome.REFERRED,
                    visitor_name=f"转办人{pick}",
                    refer_to=models.desk_by_code(to),
                )
            world.look(folder)

    @rule(pick=PICK)
    def case_step(self, pick: int) -> None:
        """A teacher goes on with a case, or finishes it."""
        with self.step("case step") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                waiting = [case.visit for case in models.cases_here()]
                by = models.person_signing_in(_teacher())
                if waiting and pick % 2:
                    models.take_case(waiting[pick % len(waiting)], by=by)
                elif waiting:
                    visit = waiting[pick % len(waiting)]
                    models.finish_case(visit, by=by, result="已批准")
            world.look(folder)

    @rule(pick=PICK)
    def seal_use(self, pick: int) -> None:
        with self.step("seal use") as world:
            folder = world.desks[0] if pick % 3 else self.desk(pick)
            world.at(folder)
            with quiet():
                for seal in models.seals_of(models.this_desk()):
                    use_seal(seal)
            world.look(folder)

    @rule(pick=PICK)
    def attendance(self, pick: int) -> None:
        with self.step("attendance") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                person = models.person_signing_in(f"202411020{1 + pick % 3}")
                here = models.open_attendance(person)
                if here is None:
                    models.check_in(person, forced_reason="临时顶班")
                else:
                    models.check_out(here)
            world.look(folder)

    @rule(pick=PICK)
    def hire(self, pick: int) -> None:
        with self.step("hire") as world:
            world.at(world.office)
            with quiet():
                models.add_person(
                    by=models.person_signing_in("B0001"),
                    number=f"2025{pick:06d}",
                    name=f"新人{pick}",
                    role=models.PersonRole.ASSISTANT,
                    department=models.department_by_name("教务处"),
                )
            world.look(world.office)

    @rule(pick=PICK)
    def erase(self, pick: int) -> None:
        with self.step("erase") as world:
            world.at(world.office)
            done = list(Visit.select().order_by(Visit.uid))
            if done:
                with quiet():
                    by = models.person_signing_in("B0001")
                    erase_record(done[pick % len(done)], by=by, reason="本人申请")
                world.look(world.office)


def _teacher() -> str:
    return {"jiaowu": "T001", "dangtuan": "T101"}.get(models.this_desk().code, "T001")
