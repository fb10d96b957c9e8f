"""The share on a real Samba: a few of the sessions that `python -m tests.proof samba`
kills, and a server that is full, locked or slow."""

import os
import shutil
from pathlib import Path

import pytest
from proof.deeds import prepare
from proof.samba import SMBD, Slow, fill, round_of, running

CAN_MOUNT = Path("/dev/fuse").exists() and shutil.which("fusermount3") is not None
pytestmark = [
    pytest.mark.skipif(SMBD is None, reason="no Samba: apt install samba"),
    pytest.mark.skipif(
        not CAN_MOUNT, reason="nothing can be mounted: fuse3, /dev/fuse"
    ),
    pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="smbd wants root"),
]


@pytest.fixture(scope="module")
def base(small_centre, tmp_path_factory):
    place = tmp_path_factory.mktemp("samba") / "work"
    shutil.copytree(small_centre, place)
    return prepare(place)


@pytest.fixture(scope="module")
def samba(tmp_path_factory):
    with running(tmp_path_factory.mktemp("server"), room="8m") as server:
        yield server


# The call, whether it was carried out, calls without a server after it, the error.
@pytest.mark.parametrize(
    ("deed", "plan"),
    [
        ("publish", (38, False, 0, 5)),
        ("publish", (52, True, 10_000, 112)),
        ("merge", (45, True, 2, 104)),
    ],
)
def test_a_session_that_dies_in_an_exchange_loses_nothing(base, samba, deed, plan):
    done = round_of(deed, base, samba, plan)
    assert done.kills == 1
    assert not done.wrong, done.wrong
    assert done.ended == "end" or "共享文件夹" in done.words


def test_a_share_that_is_full_or_locked_is_said_and_a_slow_one_waited_for(base, samba):
    full = round_of("publish", base, samba, before=lambda: fill(samba.served))
    assert not full.wrong, full.wrong
    assert "共享文件夹已满" in full.words
    locked = round_of("publish", base, samba, share="locked")
    assert not locked.wrong, locked.wrong
    assert "没有权限读写共享文件夹" in locked.words
    way = Slow(samba.port, 0.005)
    slow = round_of("merge", base, samba, port=way.port)
    way.close()
    assert not slow.wrong, slow.wrong
    assert slow.ended == "end"
