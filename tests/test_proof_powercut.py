"""The power goes: what was shown as saved is there when it is back; some cuts.

`python -m tests.proof powercut` makes hundreds.
"""

import shutil
from pathlib import Path

import pytest
from proof.deeds import prepare
from proof.powercut import TIMES, cut

FUSE = Path("/dev/fuse")
pytestmark = pytest.mark.skipif(
    not FUSE.exists() or shutil.which("fusermount3") is None,
    reason="nothing can be mounted here: apt install fuse3, and /dev/fuse",
)


@pytest.fixture(scope="module")
def base(small_centre, tmp_path_factory):
    place = tmp_path_factory.mktemp("powercut") / "work"
    shutil.copytree(small_centre, place)
    return prepare(place)


# 0 is after the last change: some 800 of a day, 160, 140, and 960 of founding.
CUTS = {
    "a day": (0, 105, 400),
    "ledgers": (0,),
    "restore": (100,),
    "founding": (0, 700),
}


@pytest.mark.parametrize("time", TIMES)
def test_what_was_told_is_there_when_the_power_is_back(base, time):
    for at in CUTS[time]:
        done = cut(time, base, at, seed=at + 1)
        assert not done.wrong, f"at change {at} of {done.changes}: {done.wrong}"
