"""Who plays: it does one step after the other in a world, and has what befell told."""

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import models
from models import UserError, clock, machine
from proof.world import World

PICK = st.integers(0, 1 << 16)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What the program refuses in words is refused."""
    with contextlib.suppress(UserError):
        yield


class Player(RuleBasedStateMachine):
    """Lets time pass and places exchange; others add what befalls them."""

    template: ClassVar[Path]
    root: ClassVar[Path]
    total: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.is_wrong = False
        self.real_name: Callable[[], str] = machine.machine_name
        models.close_database()
        os.environ["XDG_STATE_HOME"] = str(self.root / "state")

    @initialize()
    def found(self) -> None:
        self.world = World(self.template, self.root)
        machine.machine_name = self.world.machine_name  # type: ignore[assignment]

    def teardown(self) -> None:
        try:
            if not self.is_wrong:
                self.all_exchange("the end")
        finally:
            machine.machine_name = self.real_name
            models.close_database()

    @contextlib.contextmanager
    def step(self, name: str, minutes: int = 11) -> Iterator[World]:
        self.total[name] += 1
        self.world.done.append(name)
        self.world.now += timedelta(minutes=minutes)
        with clock.set_at(self.world.now), self.failing():
            yield self.world

    @contextlib.contextmanager
    def failing(self) -> Iterator[None]:
        """What was done before something did not hold is told with it."""
        try:
            yield
        except Exception as error:
            error.add_note(f"after: {', '.join(self.world.done)}")
            self.is_wrong = True
            raise

    def desk(self, pick: int) -> Path:
        return self.world.desks[pick % len(self.world.desks)]

    @rule(pick=PICK)
    def sync_desk(self, pick: int) -> None:
        with self.step("sync a desk") as world:
            world.sync(self.desk(pick))

    @rule()
    def sync_office(self) -> None:
        with self.step("sync the office") as world:
            world.sync(world.office)

    @rule(pick=PICK)
    def full_sync(self, pick: int) -> None:
        if pick % 4 == 0:
            self.all_exchange("full sync")

    def all_exchange(self, name: str) -> None:
        self.total[name] += 1
        self.world.done.append(name)
        with self.failing():
            self.world.full_sync()

    @rule(days=st.sampled_from((-40, -1, 1, 3, 400)))
    def clock_jump(self, days: int) -> None:
        with self.step("clock jump") as world:
            world.now += timedelta(days=days)
            world.hurt.add("clock")
