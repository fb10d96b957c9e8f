"""One story of two desks on every kind of share; and names, places and turns."""

import errno
import os
import shutil
import subprocess
import sys

import pytest
from exchange import add_station, assert_alike, batches_of, work
from oddshare import ALL, LITTER, OddShare
from smallcentre import Centre

import models
from exports.sync import share, sync, sync_state, turn
from exports.sync.lookout import Lookout
from exports.sync.sharenames import long_form, ours_first, share_place
from models import UserError
from models.alarms import open_alarms
from models.base import db
from models.progress import unheard
from models.troubles import count_open


@pytest.fixture(scope="module")
def two_desks(small_centre, tmp_path_factory):
    made = Centre(tmp_path_factory.mktemp("two") / "centre")
    shutil.copytree(small_centre, made.root)
    for folder in (made.office, made.station):
        models.open_database(folder)
        models.set_share(str(made.share))
    add_station(made, "xuesheng")
    models.close_database()
    return made.root


@pytest.fixture
def story(two_desks, tmp_path):
    made = Centre(tmp_path / "centre")
    shutil.copytree(two_desks, made.root)
    for folder in (made.office, made.station, made.root / "xuesheng"):
        models.open_database(folder)
        models.set_share(str(made.share))
    yield made
    models.close_database()


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_two_desks_and_the_office_agree_on_every_kind_of_share(story, kind):
    desks = (story.station, story.root / "xuesheng")
    odd = OddShare(story.share)
    kind(odd)
    memories = {folder: {} for folder in (story.office, *desks)}
    strangers = set()
    with odd.mounted():
        for turn_of in range(5):
            for folder in (*desks, story.office, *desks):
                if turn_of == 0 and folder != story.office:
                    work(folder, 1)
                models.open_database(folder)
                watch = Lookout(unfinished=memories[folder])
                with watch.watching(unheard):
                    sync()
                strangers |= watch.strangers
                assert count_open() == (0, 0), folder.name
    assert_alike(story.office, *desks)
    for folder in memories:
        models.open_database(folder)
        assert open_alarms() == []
    assert bool(strangers) == (kind.__name__ == "littered")
    assert not list(story.share.rglob("*.part"))


def test_a_file_that_grows_no_more_is_bad_and_said_to_be(story):
    """Whoever comes again waits once; whoever comes only once says it at once."""
    work(story.station, 1)
    sync()
    made = batches_of(story, story.station)[-1]
    made.write_bytes(made.read_bytes()[:-7])
    models.open_database(story.office)
    seen: dict[str, str] = {}
    for expected in (0, 1):
        with Lookout(unfinished=seen).watching(unheard):
            sync()
        assert count_open()[0] == expected


def test_who_may_only_read_still_receives_and_is_told(story):
    models.open_database(story.office)
    models.add_person(
        by=models.person_signing_in("B0001"),
        number="T900",
        name="新老师",
        role=models.PersonRole.TEACHER,
        department=models.department_by_name("教务处"),
    )
    sync()
    work(story.station, 1)
    before = models.open_database(story.station).synced_at
    odd = OddShare(story.share)

    def refuse(path, writes):
        if writes:
            raise OSError(errno.EROFS, "read-only", path)

    odd.opening = refuse
    with odd.mounted(), pytest.raises(UserError, match="没有权限"):
        sync()
    state = sync_state()
    assert models.person_signing_in("T900").name == "新老师"
    assert (state.away_since, state.synced_at) == (None, before)
    assert state.waiting > 0 and "没有权限" in state.trouble


def test_since_when_the_share_is_away_is_kept_until_it_is_back(story):
    from datetime import datetime

    from models import clock

    models.open_database(story.station)
    gone = story.share.with_name("gone")
    story.share.rename(gone)
    for hour in (10, 11):
        with clock.set_at(datetime(2026, 11, 23, hour, 12)):
            with pytest.raises(UserError, match="共享文件夹"):
                sync()
            assert sync_state().away_since == datetime(2026, 11, 23, 10, 12)
    gone.rename(story.share)
    sync()
    assert sync_state().away_since is None


def test_an_exchange_stops_at_any_call_and_leaves_nothing_half_done(story):
    class Stopped(Exception):
        pass

    stopped_at = 0
    while True:
        work(story.station, 1)
        calls = [0]
        stopped_at += 1

        def stop(done, total, text, calls=calls, last=stopped_at):
            calls[0] += 1
            if calls[0] == last:
                raise Stopped

        try:
            with Lookout().watching(stop):
                sync(stop)
        except Stopped:
            assert not list(story.share.rglob("*.part"))
            continue
        break
    assert stopped_at > 10
    for folder in (story.office, story.station, story.root / "xuesheng"):
        models.open_database(folder)
        sync()
    assert_alike(story.office, story.station)


def test_another_program_keeps_the_turn_until_it_ends_or_gives_up(story):
    models.open_database(story.station)
    lock = os.path.join(os.path.dirname(db.database), turn.LOCK)
    program = (
        "import fcntl,sys; f=open(sys.argv[1],'ab'); fcntl.flock(f,fcntl.LOCK_EX);"
        "print('held',flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, lock],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(turn.TurnTaken):
        sync()
    assert sync_state().trouble == ""  # nothing is wrong
    other.kill()
    other.communicate()
    sync()
    with turn.my_turn():
        turn.give_up()  # as the program does that leaves an exchange behind
        with turn.my_turn():
            pass


def test_names_and_places_of_every_system():
    strangers: list[str] = []
    mine = [
        "0" * 10 + "-" + "0" * 9 + "5-" + "ab" * 12 + ".batch",
        "." + "0" * 16 + ".part",
    ]
    found = [mine[0].upper(), *LITTER, mine[1], "0001" + "a" * 12]
    assert mine[0] in list(ours_first(found, strangers.append))
    assert strangers == list(LITTER)
    both = [mine[0].upper(), mine[0]]
    assert list(ours_first(both, strangers.append)) == both  # two files, not one

    def windows(text):
        return share_place(text, windows=True)

    unc = "\\\\nas\\中心\\同步"
    for typed in (
        unc,
        "//nas/中心/同步",
        f'"{unc}"',
        "file://nas/中心/同步",
        f" {unc} ",
    ):
        assert windows(typed) == unc
    assert windows("file:///Z:/x%20y") == "Z:\\x y"
    for refused in ("同步", "Z:", "\\\\nas", "\\x", ""):
        with pytest.raises(UserError, match="完整位置"):
            windows(refused)
    for refused in (unc, "Z:\\同步"):
        with pytest.raises(UserError, match="Windows"):
            share_place(refused, windows=False)
        with pytest.raises(UserError, match="Windows"):
            share.read_marker(share.Path(refused))
    assert share_place("file:///mnt/nas", windows=False) == "/mnt/nas"
    deep = "\\" + "d" * 200
    assert long_form(unc + deep, windows=True) == "\\\\?\\UNC\\nas\\中心\\同步" + deep
    assert long_form("C:" + deep, windows=True) == "\\\\?\\C:" + deep
    assert long_form("C:\\x", windows=True) == "C:\\x"
    assert long_form("/" + "d" * 300, windows=False) == "/" + "d" * 300
