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


# Of a day some 670 changes, of ledgers 160, of a restore 140, of founding 960.
CUTS = {
    "a day": (0, 60, 330, 520),
    "ledgers": (70,),
    "restore": (100,),
    "founding": (0, 700),
}


@pytest.mark.parametrize("time", TIMES)
def test_what_was_told_is_there_when_the_power_is_back(base, time):
    for at in CUTS[time]:
        done = cut(time, base, at, seed=at)
        assert not done.wrong, f"at change {at} of {done.changes}: {done.wrong}"
