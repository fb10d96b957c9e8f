"""The kernel refuses, or the process dies, at each single call that writes.

A deed is done once under `strace` to see which calls it makes on the centre's files.
Then, each time from the same beginning, one of them fails: the process is killed as it
makes the call, or the call gives EIO or ENOSPC.
"""

import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from proof import checks
from proof.deeds import DEEDS, Base, Places, Told
from proof.processes import LONGEST, Doing, looked_at

CALLS = (
    "write,writev,pwrite64,fsync,fdatasync,rename,renameat2,ftruncate,unlink,unlinkat,"
    "openat,mkdir,link,rmdir"
)
FAULTS = {"kill": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
ENDS = ("words", "no words", "end")
LINE = re.compile(r"(?P<thread>\d+)\s+(?P<call>\w+)\((?P<rest>.*)")


class Point(NamedTuple):
    """The *nth* such call of a deed."""

    deed: str
    call: str
    nth: int


class Strike(NamedTuple):
    """One fault at one point: what it hit and what did not hold after it."""

    point: Point
    fault: str
    hit: str  # the call that failed, as strace wrote it; "" when none did
    ended: str  # "done", "said so", "killed", or "no words"
    wrong: str


def traced(deed: str, root: Path, *inject: str) -> tuple[list[Told], str]:
    """Do a deed under strace; what it told and the calls it made."""
    log = root / "strace.log"
    doing = Doing((deed,), root)
    options = ["-f", "-y", "-o", str(log), "-e", f"trace={CALLS}", *inject]
    with subprocess.Popen(
        ["strace", *options, "-p", str(doing.process.pid)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as strace:
        assert strace.stderr is not None
        line = strace.stderr.readline()
        if "attached" not in line:
            doing.process.kill()
            raise RuntimeError(f"strace cannot look on: {line}")
        doing.go()
        told = doing.told()
        strace.wait(LONGEST)
    text = log.read_text(errors="replace")
    log.unlink()
    return told, text


def points_of(deed: str, base: Base) -> list[Point]:
    """Each call of a deed that changes a file of the centre."""
    root = base.copied()
    told, log = traced(deed, root)
    ends = {kind for kind, _ in told} & {*ENDS}
    assert len(told) > 1 and ends == {"end"}, f"{deed} without a fault: {told}"
    return [
        Point(deed, call, nth)
        for call, nth, rest in _numbered(log.splitlines())
        if str(root) in rest and (call != "openat" or "O_CREAT" in rest)
    ]


def _numbered(lines: Iterable[str]) -> Iterable[tuple[str, int, str]]:
    """Calls as strace counts them: each by its name, in each thread."""
    count: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if (found := LINE.match(line)) is not None:
            name = found["thread"], found["call"]
            count[name] += 1
            yield found["call"], count[name], found["rest"]


def strike(point: Point, fault: str, base: Base) -> Strike:
    """Do the deed from the beginning with one fault in it, and look at the outcome."""
    root = base.copied()
    old = checks.editions(Places(root))
    inject = f"inject={point.call}:{FAULTS[fault]}:when={point.nth}"
    told, log = traced(point.deed, root, "-e", inject)
    hit = _hit(log.splitlines())
    ended = _end_of(told)
    saved = [*base.told, *(one for one in told if one[0] not in ENDS)]
    # Who is killed cleans nothing up, and what cannot be removed stays.
    tidy = fault != "kill" and not point.call.startswith("unlink")
    wrong = looked_at(root, (point.deed,), saved, old, tidy)
    if ended == "no words":
        wrong += f"\nsaid: {told}"
    return Strike(point, fault, hit, ended, wrong)


def _hit(lines: list[str]) -> str:
    killed = any("killed by SIGKILL" in line for line in lines)
    if killed:
        calls = [line for line in lines if LINE.match(line)]
        return calls[-1] if calls else ""
    return next((line for line in lines if "(INJECTED)" in line), "")


def _end_of(told: list[Told]) -> str:
    """How the process ended by its own word; one that was killed has none."""
    last = told[-1][0] if told else ""
    ends = {"words": "said so", "no words": last, "end": "done"}
    return ends.get(last, "killed")


def chosen(points: list[Point], many: int, seed: int) -> list[tuple[Point, str]]:
    """Some points with a fault each, different ones for another seed."""
    chance = random.Random(seed)
    some = chance.sample(points, min(many, len(points)))
    return [(point, chance.choice([*FAULTS])) for point in some]


def campaign(base: Base, many: int, seed: int) -> Iterator[Strike]:
    """*many* strikes of each deed, each fault in turn; 0 for every single one."""
    for deed in DEEDS:
        points = points_of(deed, base)
        every = [(point, fault) for point in points for fault in FAULTS]
        some = chosen(points, many, seed) if many else every
        for point, fault in some:
            yield strike(point, fault, base)
