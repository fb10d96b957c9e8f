"""Stations, clones, the office and the share, and everything that can befall them.

Each step is done for real, on real databases, in any order.
"""

import os
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as hypothesis_seed
from hypothesis.stateful import rule, run_state_machine_as_test
from smallcentre import found_small_centre
from twodesks import centre_of_two_desks

import models
from models import clock
from proof.deskwork import Work
from proof.player import PICK
from proof.sharefolder import Share
from proof.stations import Stations, put_folder_back


class Play(Work, Stations, Share):
    """Everything that people and disasters do."""

    @rule(pick=PICK)
    def fire(self, pick: int) -> None:
        """The office from an old copy, the share empty, and a desk put back."""
        if pick % 4:
            return
        self.total["fire"] += 1
        self.world.done.append("fire")
        self.world.hurt.add("fire")
        for place in (self.world.office, self.desk(pick)):
            states = [copy for of, copy in self.world.kept if of == place]
            if states:
                models.close_database()
                put_folder_back(states[pick % len(states)], place, "no witness")
                self.world.behind |= place == self.world.office
        self.wipe_share()
        with clock.set_at(self.world.now):
            self.world.risk()


def play(template: Path, root: Path, examples: int, steps: int, seed: int) -> None:
    """So many centres, with so many steps each; raises for what does not hold."""
    machine_of = type(
        "Played", (Play,), {"template": template, "root": root, "total": Play.total}
    )
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
        print_blob=False,
    )
    run_state_machine_as_test(hypothesis_seed(seed)(machine_of), settings=chosen)


def campaign(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """At least *many* steps, a few centres at a time."""
    template = folder / "template"
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    found_small_centre(folder / "small")
    centre_of_two_desks(folder / "small", template)
    while Play.total.total() < many:
        before, seed, wrong = Counter(Play.total), seed + 1, ""
        try:
            play(template, folder / "work", 10, 50, seed)
        except Exception:
            wrong = traceback.format_exc(limit=-8)
        for name, times in (Play.total - before).items():
            for _ in range(times):
                yield name, f"seed {seed}", ""
        if wrong:
            yield "WRONG", f"seed {seed}", wrong
