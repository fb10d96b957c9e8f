"""The kernel refuses, or the process is killed, at calls that write; some of them.

`python -m tests.proof strace` does all of them.
"""

import os
import shutil

import pytest
from proof.deeds import DEEDS, prepare
from proof.faults_by_strace import chosen, points_of, strike

from exports.files import replacing_all

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


def test_an_old_edition_that_cannot_be_removed_spoils_no_export(tmp_path, monkeypatch):
    """As when a scanner holds it: the new ones stand, so nobody is told they do not."""
    paths = [tmp_path / name for name in ("九月.xlsx", "十月.xlsx", "十一月.xlsx")]
    for path in paths:
        path.write_bytes(b"old")
    unlink, refused = os.unlink, []

    def refuse_once(path, **more):
        if not refused:
            refused.append(path)
            raise PermissionError(13, "held", str(path))
        unlink(path, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse_once)
        with replacing_all(paths) as files:
            for file in files:
                file.write(b"new")
    assert [path.read_bytes() for path in paths] == [b"new"] * 3
    assert [*tmp_path.glob("*.part")] == refused
