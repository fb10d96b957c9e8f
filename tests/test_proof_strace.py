"""The kernel refuses, or the process is killed, at calls that write; some of them.

`python -m tests.proof strace` does all of them.
"""

import shutil

import pytest
from proof.deeds import DEEDS, prepare
from proof.faults_by_strace import chosen, points_of, strike

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not there: apt install strace"
)


@pytest.fixture(scope="module")
def base(small_centre, tmp_path_factory):
    place = tmp_path_factory.mktemp("strace") / "work"
    shutil.copytree(small_centre, place)
    return prepare(place)


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_lost_whichever_call_fails(base, deed):
    points = points_of(deed, base)
    assert points
    for point, fault in chosen(points, 2, seed=7):
        done = strike(point, fault, base)
        assert done.hit, f"{point} was not reached"
        assert not done.wrong, f"{done.hit}: {done.wrong}"
        assert done.ended != "no words"
