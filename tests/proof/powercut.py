"""The power goes at any change of a file, at a station, at its office and at the share.

All of them lie on a file system that forgets what it was not asked to keep.
"""

import multiprocessing
import random
import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from proof import checks
from proof.deeds import DAY, Base, Places, Told
from proof.faults_by_strace import ENDS
from proof.processes import LONGEST, Doing, looked_at, ready

# What goes on when the power goes.
TIMES: dict[str, tuple[str, ...]] = {
    "a day": DAY,
    "ledgers": ("ledger .docx", "ledger .xlsx", "ledger split"),
    "restore": ("restore",),
    "founding": ("found",),
}
NEVER = 0


class Cut(NamedTuple):
    """One cut: when it was, what had been told by then, and what did not hold."""

    time: str
    at: int
    told: list[Told]
    changes: int
    wrong: str


def done_on_lossy(
    names: tuple[str, ...], base: Base, cut_at: int, seed: int
) -> tuple[list[Told], int]:
    """Do deeds until the power goes; what was told, and how many changes there were.

    What the disk has kept lies in the centre's place afterwards.
    """
    from proof import lossyfs  # which needs libfuse

    place = base.place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    left = place.with_name("left")
    shutil.rmtree(left, ignore_errors=True)
    said, theirs = multiprocessing.Pipe()
    arguments = (base.root, place, cut_at, seed, left, theirs)
    system = ready().Process(target=lossyfs.serve, args=arguments)
    system.start()
    theirs.close()
    try:
        assert said.poll(LONGEST) and said.recv() == "mounted"
        doing = Doing(names, place)
        doing.go()
        told = doing.told()
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
    heard = "cut"
    while heard == "cut":
        assert said.poll(LONGEST)
        heard = said.recv()
    system.join()
    said.close()
    place.rmdir()
    left.rename(place)
    return told, int(heard)


def cut(time: str, base: Base, cut_at: int = NEVER, seed: int = 0) -> Cut:
    """Cut the power at one change; at the end of it all for `NEVER`."""
    old = checks.editions(Places(base.root))
    told, changes = done_on_lossy(TIMES[time], base, cut_at, seed)
    assert cut_at or told[-1][0] == "end", told
    saved = [one for one in told if one[0] not in ENDS]
    if time != "founding":
        saved = [*base.told, *saved]
    wrong = looked_at(base.place, TIMES[time], saved, old, False)
    return Cut(time, cut_at, told, changes, wrong)


def campaign(base: Base, many: int, seed: int) -> Iterator[Cut]:
    """*many* cuts, spread over all that goes on, and one after each."""
    chance = random.Random(seed)
    each = -(-many // len(TIMES))
    for time in TIMES:
        whole = cut(time, base, NEVER, seed)
        yield whole
        for number in range(each):
            at = 1 + int(whole.changes * (number + chance.random()) / each)
            yield cut(time, base, at, chance.randrange(1 << 30))
