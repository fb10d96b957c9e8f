"""`python -m tests.proof [strace|play|fuzz|sabotage …]`: the long campaigns.

Prints what was done, how each ended and what did not hold; exit code 1 when anything
did not.  `--many` makes them shorter or longer, `--seed` another one.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

SHM = Path("/dev/shm")


def _base(folder: Path):
    """The centre that each step begins from."""
    from smallcentre import found_small_centre

    from proof.deeds import prepare

    found_small_centre(folder / "work")
    return prepare(folder / "work")


def _strace(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    from proof.faults_by_strace import campaign

    for one in campaign(_base(folder), many, seed):
        name = f"{one.point.deed:14} {one.fault:6} {one.ended if one.hit else 'missed'}"
        yield name, f"{one.point} {one.fault} {one.hit}", one.wrong


def _powercut(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    from proof.powercut import campaign

    for one in campaign(_base(folder), many, seed):
        told = len([kind for kind, _ in one.told if kind not in ENDS])
        when = f"change {one.at} of {one.changes}" if one.at else "the end"
        yield f"{one.time:14} {told} told", f"{one.time}, {when}", one.wrong


def _samba(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    from proof.samba import kills, running

    base = _base(folder)
    with running(folder / "server") as samba:
        for one in kills(base, samba, many, seed):
            name = f"{one.deed:14} {one.kills} session killed, {one.ended}"
            yield name, f"{one.deed} {one.plan}", one.wrong


def _play(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    from proof.play import campaign

    yield from campaign(folder, many, seed)


def _fuzz(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    from proof.fuzz import campaign

    yield from campaign(folder, many, seed)


def _sabotage(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    from proof.sabotage import campaign

    yield from campaign(folder, many, seed)


ENDS = ("words", "no words", "end")
# What each does, and how much of it in the long run: 0 is every single point.
CAMPAIGNS = {
    "strace": (_strace, 0),
    "powercut": (_powercut, 200),
    "samba": (_samba, 120),
    "play": (_play, 50_000),
    "fuzz": (_fuzz, 100_000),
    "sabotage": (_sabotage, 0),
}


def run(name: str, many: int | None, seed: int) -> int:
    campaign, usual = CAMPAIGNS[name]
    counts: Counter[str] = Counter()
    wrong, begun = 0, time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="proof-", dir=SHM if SHM.is_dir() else None))
    try:
        for outcome, where, fault in campaign(
            folder, usual if many is None else many, seed
        ):
            counts[outcome] += 1
            if fault:
                wrong += 1
                print(f"WRONG {where}\n{fault}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for outcome, times in sorted(counts.items()):
        print(f"{times:6} {outcome}")
    seconds = round(time.monotonic() - begun)
    print(f"{name}: {counts.total()} faults, {wrong} wrong, {seconds} s", flush=True)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof")
    parser.add_argument("campaigns", nargs="*", choices=[[], *CAMPAIGNS], default=[])
    parser.add_argument("--many", type=int, help="how many steps; 0 is every one")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    names = chosen.campaigns or [*CAMPAIGNS]
    return 1 if sum(run(name, chosen.many, chosen.seed) for name in names) else 0


if __name__ == "__main__":
    sys.exit(main())
