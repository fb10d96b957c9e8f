"""Stations, clones, the office and the share, and everything that can befall them.

Each step is done for real, on real databases.  What was shown as 已确认, what anybody
ever wrote and what was done to whom is noted beside them; after each step the place
where something happened is asked, and now and then everybody exchanges until all agree.
"""

import contextlib
import os
import random
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from conftest import Centre, found_small_centre
from exchange import Forger, join, rows_by, stored
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from twodesks import centre_of_two_desks

import models
from exports import backup
from exports.sync import batch, enrolment, officekeys, sync, sync_state
from exports.sync.refounding import refound_centre
from models import (
    UserError,
    Visit,
    VisitOutcome,
    clock,
    journal,
    keystore,
    machine,
    witness,
)
from models.alarms import open_alarms
from models.base import db
from models.erasure import erase_record
from models.installation import Installation
from models.stations import Station, revoke

STARTS = datetime(2026, 11, 23, 9)
DESKS = ("jiaowu", "dangtuan")
MOST_PLACES = 5  # desks' folders, clones and replacements with them
ROUNDS = 4
FORGED = "伪造"
# What is lost on the share alone comes back by itself, to the letter.
MENDED = {"share wiped", "share put back", "file deleted", "foreign file", "clock"}

Entry = tuple[str, int, str]  # row, revision, digest
PICK = st.integers(0, 1 << 16)


class Wrong(AssertionError):
    """What must hold does not."""


def require(holds: object, words: str) -> None:
    if not holds:
        raise Wrong(words)


class World:
    """A centre on the disk, and what is known of it from outside."""

    def __init__(self, template: Path, root: Path) -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(template, root)
        self.root, self.now = root, STARTS
        self.desks = [root / name for name in DESKS]
        self.machines = {folder: folder.name for folder in (*self.desks, self.office)}
        self.written: set[str] = set()  # digests, by whomever
        self.confirmed: dict[Entry, Path] = {}
        self.excused: set[Entry] = set()
        self.kept: list[tuple[Path, Path]] = []  # place, and an older state of it
        self.backups: list[tuple[Path, Path]] = []
        self.hurt: set[str] = set()
        self.behind = False  # the office has not all it had
        self.revoked: set[str] = set()
        self.done: list[str] = []  # the steps, in words
        witness._written.clear()
        for folder in (self.office, *self.desks):
            self.at(folder)
            models.set_share(str(self.share))
            self._note_written()
        self.keys = self._office_keys()

    @property
    def office(self) -> Path:
        return self.root / "office"

    @property
    def share(self) -> Path:
        return self.root / "share"

    @property
    def places(self) -> list[Path]:
        return [self.office, *self.desks]

    def _office_keys(self) -> officekeys.OfficeKeys:
        return officekeys._keys_of(self.at(self.office))

    def at(self, folder: Path) -> Installation:
        return models.open_database(folder)

    def machine_name(self) -> str:
        places = Path(str(db.database)).parents
        return next(self.machines[at] for at in places if at in self.machines)

    # -- what must hold -------------------------------------------------------------

    def _note_written(self) -> None:
        own = "SELECT digest FROM journal j JOIN stream s ON s.id = j.stream "
        rows = db.execute_sql(own + "WHERE s.own").fetchall()
        self.written.update(digest for (digest,) in rows)

    def look(self, folder: Path) -> None:
        """What must hold at a place after anything was done there."""
        self.at(folder)
        self._note_written()
        chains_hold()
        stranger = "SELECT digest FROM journal WHERE payload LIKE ?"
        require(
            not db.execute_sql(stranger, (f"%{FORGED}%",)).fetchall(),
            f"{folder.name} took over a forged row",
        )
        rows = db.execute_sql("SELECT digest FROM journal").fetchall()
        alien = {digest for (digest,) in rows} - self.written
        require(not alien, f"{folder.name} has {len(alien)} entries nobody wrote")
        state = sync_state()
        parts = (state.confirmed, state.published, state.waiting)
        require(min(parts) >= 0, f"states {parts}")
        require(sum(parts) == journal.tip()[0], f"states {parts} are not all")
        if folder == self.office:
            self._look_at_confirmed()
        else:
            self._note_confirmed(folder, state.confirmed)

    def _note_confirmed(self, folder: Path, upto: int) -> None:
        shown = entries_of(f"stream = {journal.OWN} AND seq <= {upto}")
        new = shown - self.confirmed.keys()
        self.confirmed.update((entry, folder) for entry in new)
        if new and not self.behind:
            self.at(self.office)
            lacking = new - entries_of("1 = 1")
            words = f"{folder.name} shows {len(lacking)} as 已确认 that are not there"
            require(not lacking, words)

    def _look_at_confirmed(self) -> None:
        if self.behind:
            return
        lost = self.confirmed.keys() - entries_of("1 = 1") - self.excused
        if lost:
            raise Wrong(f"the office lost {len(lost)}: {self._where(min(lost))}")

    def _where(self, entry: Entry) -> str:
        """Where an entry is to be found, for who looks into it."""
        told = [f"shown at {self.confirmed[entry].name}"]
        for folder in self.places:
            uid = self.at(folder).station_uid
            for row in db.execute_sql(
                "SELECT table_name, seq, s.sender, s.epoch, s.addressee, s.own "
                "FROM journal j JOIN stream s ON s.id = j.stream WHERE row_uid = ?",
                (entry[0],),
            ).fetchall():
                told.append(f"{folder.name} ({uid[-4:]}) {row}")
        return "\n".join([*told, f"revoked {self.revoked} hurt {self.hurt}"])

    def risk(self) -> None:
        """While the office is behind, what is at no station any more may go for good:
        only the share, if nobody touched it, can give it back."""
        if not self.behind or not self.hurt & SHARE_HURT:
            return
        there: set[Entry] = set()
        for folder in self.desks:
            uid = self.at(folder).station_uid
            if uid not in self.revoked:
                there |= entries_of(f"stream = {journal.OWN}")
        self.excused |= self.confirmed.keys() - there

    # -- exchange -------------------------------------------------------------------

    def sync(self, folder: Path) -> str:
        self.at(folder)
        try:
            trouble = sync().trouble
        except UserError as error:
            trouble = str(error)
        self.look(folder)
        return trouble

    def full_sync(self) -> None:
        """Everybody exchanges until nothing moves; then all agree, or it is said."""
        self._marker_back()
        troubles: dict[Path, str] = {}
        for _ in range(ROUNDS):
            for folder in (*self.desks, self.office):
                self.now += timedelta(minutes=13)
                with clock.set_at(self.now):
                    troubles[folder] = self.sync(folder)
        with clock.set_at(self.now):
            for folder in self.desks:
                troubles[folder] = self.sync(folder)
            self._agree(troubles)

    def _agree(self, troubles: dict[Path, str]) -> None:
        faults = {}
        for folder in self.places:
            self.at(folder)
            faults[folder] = [f"{f.what} {f.where}" for f in models.verify().faults]
        said = {folder: self._said(folder, troubles[folder]) for folder in self.places}
        chain = [f for some in faults.values() for f in some if "编号" not in f]
        require(not chain, f"does not verify: {chain[:3]}")
        self._numbers_are_single(said)
        if self.behind and not any(troubles.values()):
            self.behind = False
        self.at(self.office)
        self._look_at_confirmed()
        for folder in self.desks:
            apart = self._apart(folder)
            named = said[folder] or said[self.office]
            strict = not self.hurt - MENDED
            require(not apart or (named and not strict), f"{folder.name}: {apart}")

    def _said(self, folder: Path, trouble: str) -> list[str]:
        """What a person at a place is told that is amiss."""
        self.at(folder)
        state = sync_state()
        said = [alarm.kind for alarm in open_alarms()]
        said += [f"{state.conflicts} conflicts"] if state.conflicts else []
        said += [f"{state.quarantined} bad files"] if state.quarantined else []
        return said + ([trouble] if trouble else []) + [str(m) for m in state.missing]

    def _numbers_are_single(self, said: dict[Path, list[str]]) -> None:
        self.at(self.office)
        twice = db.execute_sql(
            "SELECT COUNT(*) FROM seal_use GROUP BY seal_uid, strftime('%Y', used_at), "
            "number HAVING COUNT(DISTINCT uid) > 1"
        ).fetchall()
        named = any("重复" in fault.what for fault in models.verify().faults)
        told = [words for some in said.values() for words in some]
        require(not twice or (named and told), "a seal number twice, and nobody told")

    def _apart(self, folder: Path) -> str:
        uid = self.at(folder).station_uid
        state, mine = sync_state(), rows_by(uid)
        unsent = state.published + state.waiting
        self.at(self.office)
        theirs = rows_by(uid)
        other = [name for name in mine if mine[name] != theirs[name]]
        return f"{unsent} unconfirmed, other rows in {other}" if unsent or other else ""

    def _marker_back(self) -> None:
        away = self.share / "centre.away"
        if away.exists():
            away.rename(self.share / "centre.marker")


SHARE_HURT = {"share wiped", "share put back", "file deleted", "file damaged"}


def entries_of(which: str) -> set[Entry]:
    sql = f"SELECT row_uid, revision, digest FROM journal WHERE {which}"
    return {tuple(row) for row in db.execute_sql(sql).fetchall()}


def chains_hold() -> None:
    """Every stream's hashes, from its first entry."""
    here = models.installation()
    for stream in journal.Stream.select():
        head = journal.genesis(here.realm, stream.sender, stream.addressee)
        rows = db.execute_sql(
            "SELECT seq, at, person, table_name, row_uid, revision, audience, digest, "
            "hash FROM journal WHERE stream = ? ORDER BY seq",
            (stream.id,),
        ).fetchall()
        for number, (*fields, said) in enumerate(rows, 1):
            head = journal.next_hash(head, *fields)
            require(fields[0] == number and said == head, "a chain does not hold")
        if not stream.own and rows:
            require((stream.upto, stream.head) == (len(rows), head), "cursor is wrong")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What the program refuses in words is refused."""
    with contextlib.suppress(UserError):
        yield


class Play(RuleBasedStateMachine):
    """Everything that people and disasters do, in any order."""

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

    # -- work -----------------------------------------------------------------------

    @rule(pick=PICK)
    def visit(self, pick: int) -> None:
        with self.step("visit") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                models.record_visit(
                    by=models.person_signing_in("2024110201"),
                    service=models.services_of(models.this_desk())[0],
                    outcome=VisitOutcome.DONE,
                    visitor_name=f"来访人{pick}",
                    result="当场办妥",
                )
            world.look(folder)

    @rule(pick=PICK)
    def refer(self, pick: int) -> None:
        with self.step("refer") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                to = next(code for code in DESKS if code != models.this_desk().code)
                models.record_visit(
                    by=models.person_signing_in("2024110201"),
                    service=models.services_of(models.this_desk())[0],
                    outcome=VisitOutcome.REFERRED,
                    visitor_name=f"转办人{pick}",
                    refer_to=models.desk_by_code(to),
                )
            world.look(folder)

    @rule(pick=PICK)
    def case_step(self, pick: int) -> None:
        """A teacher goes on with a case, or finishes it."""
        with self.step("case step") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                waiting = [case.visit for case in models.cases_here()]
                by = models.person_signing_in(_teacher())
                if waiting and pick % 2:
                    models.take_case(waiting[pick % len(waiting)], by=by)
                elif waiting:
                    visit = waiting[pick % len(waiting)]
                    models.finish_case(visit, by=by, result="已批准")
            world.look(folder)

    @rule(pick=PICK)
    def seal_use(self, pick: int) -> None:
        with self.step("seal use") as world:
            folder = world.desks[0] if pick % 3 else self.desk(pick)
            world.at(folder)
            with quiet():
                for seal in models.seals_of(models.this_desk()):
                    models.record_seal_use(
                        by=models.person_signing_in("T001"),
                        seal=seal,
                        applicant="张伟",
                        unit="数字化学院",
                        document_title="在读证明",
                        purpose="办理助学贷款",
                        approver="李老师",
                    )
            world.look(folder)

    @rule(pick=PICK)
    def attendance(self, pick: int) -> None:
        with self.step("attendance") as world:
            folder = self.desk(pick)
            world.at(folder)
            with quiet():
                person = models.person_signing_in(f"202411020{1 + pick % 3}")
                here = models.open_attendance(person)
                if here is None:
                    models.check_in(person, forced_reason="临时顶班")
                else:
                    models.check_out(here)
            world.look(folder)

    @rule(pick=PICK)
    def hire(self, pick: int) -> None:
        with self.step("hire") as world:
            world.at(world.office)
            with quiet():
                models.add_person(
                    by=models.person_signing_in("B0001"),
                    number=f"2025{pick:06d}",
                    name=f"新人{pick}",
                    role=models.PersonRole.ASSISTANT,
                    department=models.department_by_name("教务处"),
                )
            world.look(world.office)

    @rule(pick=PICK)
    def erase(self, pick: int) -> None:
        with self.step("erase") as world:
            world.at(world.office)
            done = list(Visit.select().order_by(Visit.uid))
            if done:
                with quiet():
                    by = models.person_signing_in("B0001")
                    erase_record(done[pick % len(done)], by=by, reason="本人申请")
                world.look(world.office)

    # -- exchange -------------------------------------------------------------------

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

    # -- copies of a station --------------------------------------------------------

    @rule(pick=PICK, same=st.booleans())
    def clone(self, pick: int, same: bool) -> None:
        """A disk copied to another PC, or a virtual machine copied whole."""
        if len(self.world.desks) >= MOST_PLACES:
            return
        with self.step("VM clone" if same else "disk clone") as world:
            folder = self.desk(pick)
            models.close_database()
            copy = world.root / f"clone{len(world.machines)}"
            shutil.copytree(folder, copy)
            world.machines[copy] = world.machines[folder] if same else copy.name
            world.desks.append(copy)
            world.hurt.add("clone")

    @rule(pick=PICK)
    def keep(self, pick: int) -> None:
        with self.step("older copy") as world:
            place = [world.share, *world.places][pick % (len(world.desks) + 2)]
            models.close_database()
            copy = world.root / f"kept{len(world.kept)}"
            shutil.copytree(place, copy)
            world.kept.append((place, copy))

    @rule(pick=PICK, how=st.sampled_from(("database", "folder", "no witness")))
    def put_back(self, pick: int, how: str) -> None:
        """An older state of a desk, of the office or of the share."""
        if not self.world.kept:
            return
        with self.step("older copy put back") as world:
            place, copy = world.kept[pick % len(world.kept)]
            models.close_database()
            if place == world.share:
                world._marker_back()
                shutil.rmtree(place)
                shutil.copytree(copy, place)
                world.hurt.add("share put back")
            else:
                _put_back(copy, place, how)
                world.hurt.add("put back")
                world.behind |= place == world.office
            world.risk()

    @rule(pick=PICK)
    def back_up(self, pick: int) -> None:
        with self.step("backup") as world:
            place = world.places[pick % len(world.places)]
            world.at(place)
            stick = world.root / "stick" / str(len(world.backups))
            with quiet():
                world.backups.append((place, backup.make_backup(stick).path))

    @rule(pick=PICK)
    def restore(self, pick: int) -> None:
        if not self.world.backups:
            return
        with self.step("restore") as world:
            place, path = world.backups[pick % len(world.backups)]
            models.close_database()
            with quiet():
                stick = world.root / "recovery.key"
                contents = backup.open_backup(path, place, recovery_file=stick)
                backup.restore(contents, place)
                world.hurt.add("restored")
                world.behind |= place == world.office
            world.at(place)
            models.set_share(str(world.share))
            world.look(place)
            world.risk()

    @rule(pick=PICK)
    def replace(self, pick: int) -> None:
        """A PC dies; another one takes its place."""
        if len(self.world.desks) >= MOST_PLACES:
            return
        with self.step("PC replaced") as world:
            old = self.desk(pick)
            uid = world.at(old).station_uid
            new = world.root / f"new{len(world.machines)}"
            world.machines[new] = new.name
            with quiet():
                name = f"新机 {len(world.machines)}"
                join(Centre(world.root), new, name=name)
                world.at(world.office)
                mine = [r for r in enrolment.requests() if r.name == name]
                known = Station.get_or_none(Station.station_uid == uid)
                if known is None or not mine:
                    return
                enrolment.replace_station(
                    known,
                    mine[0],
                    by=models.person_signing_in("B0001"),
                    reason="硬盘损坏",
                )
                world.revoked.add(uid)
                world.desks.append(new)
                world.desks.remove(old)
            world.hurt.add("replaced")
            world.look(world.office)
            world.risk()

    @rule(pick=PICK)
    def revoke(self, pick: int) -> None:
        if pick % 4 or len(self.world.revoked) > 1:
            return
        with self.step("revoked") as world:
            uid = world.at(self.desk(pick)).station_uid
            world.at(world.office)
            with quiet():
                station = Station.get_or_none(Station.station_uid == uid)
                by = models.person_signing_in("B0001")
                if station is not None:
                    revoke(station, by=by, reason="电脑遗失")
                    world.revoked.add(uid)
            world.hurt.add("revoked")
            world.look(world.office)

    @rule(pick=PICK)
    def rebuild_office(self, pick: int) -> None:
        """From its keys and what it had published."""
        if pick % 4:
            return
        with self.step("office rebuilt") as world:
            models.close_database()
            world._marker_back()
            old = world.root / "old-office"
            shutil.rmtree(old, ignore_errors=True)
            world.office.rename(old)
            try:
                refound_centre(
                    world.office,
                    office_keys=world.keys,
                    share_folder=world.share,
                    key_in_file=True,
                )
            except UserError:
                models.close_database()
                shutil.rmtree(world.office, ignore_errors=True)
                old.rename(world.office)
                return
            world.hurt.add("rebuilt")
            world.behind = True
            world.risk()
            world.look(world.office)

    # -- the share ------------------------------------------------------------------

    def files(self) -> list[Path]:
        return sorted(self.world.share.glob("*/*/*/*.batch"))

    @rule(pick=PICK)
    def wipe(self, pick: int) -> None:
        if pick % 2 == 0:
            self._wipe()

    def _wipe(self) -> None:
        with self.step("share wiped") as world:
            for part in ("up", "down", "enrol"):
                shutil.rmtree(world.share / part, ignore_errors=True)
            world.hurt.add("share wiped")
            world.risk()

    @rule(pick=PICK)
    def lose_share(self, pick: int) -> None:
        if pick % 3:
            return
        with self.step("marker away, or back") as world:
            marker = world.share / "centre.marker"
            if marker.exists():
                marker.rename(world.share / "centre.away")
            else:
                world._marker_back()

    @rule(pick=PICK)
    def delete_file(self, pick: int) -> None:
        with self.step("file deleted") as world:
            if files := self.files():
                files[pick % len(files)].unlink()
                world.hurt.add("file deleted")
                world.risk()

    @rule(pick=PICK)
    def damage_file(self, pick: int) -> None:
        with self.step("file damaged") as world:
            if files := self.files():
                path = files[pick % len(files)]
                chance, data = random.Random(pick), bytearray(path.read_bytes())
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                path.write_bytes(data[: chance.choice((len(data), len(data) // 2))])
                world.hurt.add("file damaged")
                world.risk()

    @rule(pick=PICK)
    def foreign_file(self, pick: int) -> None:
        with self.step("foreign file") as world:
            folders = sorted(world.share.glob("*/*/*")) or [world.share]
            names = ("Thumbs.db", "报名表.docx", "~$x.tmp", "0000000001-x.batch")
            name = names[pick % 4]
            (folders[pick % len(folders)] / name).write_bytes(b"x" * (pick % 999))
            world.hurt.add("foreign file")

    # -- a vandal -------------------------------------------------------------------

    @rule(pick=PICK, key=st.sampled_from(("own", "made up", "of another")))
    def forge(self, pick: int, key: str) -> None:
        """Rows of others, or under a key that was never let in."""
        with self.step(f"forged, key {key}") as world:
            folder = self.desk(pick)
            world.at(folder)
            made = Visit.select().order_by(Visit.uid.desc()).first()
            if made is None:
                return
            forger = Forger(folder, world.share)
            payload = stored(made) | {"visitor_name": FORGED, "revision": 9}
            payload["station"] = "0" * 32 if key == "own" else payload["station"]
            if key != "own":
                forger.here.sign_seed = _other_seed(world, folder, key)
            with quiet():
                forger.publish(forger.line("visit", payload))
            world.hurt.add("forged")
            world.risk()

    @rule(pick=PICK)
    def alter(self, pick: int) -> None:
        """A true batch with a byte changed, under the name that fits."""
        with self.step("altered") as world:
            if files := self.files():
                path = files[pick % len(files)]
                chance, data = random.Random(pick), bytearray(path.read_bytes())
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                first, last = batch.range_of(path.name)
                if first:
                    name = batch.file_name(first, last, bytes(data))
                    (path.parent / name).write_bytes(data)
                    world.hurt.add("altered")

    @rule(pick=PICK)
    def replay(self, pick: int) -> None:
        """A true batch in somebody else's folder, or under another epoch."""
        with self.step("replayed") as world:
            folders = sorted(world.share.glob("*/*/*"))
            if files := self.files():
                path = files[pick % len(files)]
                into = folders[pick // 7 % len(folders)]
                if not (into / path.name).exists():
                    shutil.copy(path, into / path.name)
                    world.hurt.add("replayed")

    # -- all at once ----------------------------------------------------------------

    @rule(pick=PICK)
    def fire(self, pick: int) -> None:
        """The office from an old copy, the share empty, and a desk put back."""
        if pick % 4:
            return
        self.total["fire"] += 1
        self.world.done.append("fire")
        self.world.hurt.add("fire")
        for place in (self.world.office, self.desk(pick)):
            states = [copy for of, copy in self.world.kept if of == place]
            if states:
                models.close_database()
                _put_back(states[pick % len(states)], place, "no witness")
                self.world.behind |= place == self.world.office
        self._wipe()
        with clock.set_at(self.world.now):
            self.world.risk()


def _teacher() -> str:
    return {"jiaowu": "T001", "dangtuan": "T101"}.get(models.this_desk().code, "T001")


def _put_back(copy: Path, place: Path, how: str) -> None:
    keys = [folder / keystore.KEY_FILE for folder in (copy, place)]
    if how == "database" and keys[0].read_bytes() == keys[1].read_bytes():
        for name in ("desk.db-wal", "desk.db-shm"):
            (place / name).unlink(missing_ok=True)
        shutil.copy(copy / "desk.db", place / "desk.db")
        return
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    if how == "no witness":
        models.open_database(place)
        for path in witness.places():
            path.unlink(missing_ok=True)
            witness._written.pop(path, None)
        models.close_database()


def _other_seed(world: World, folder: Path, key: str) -> str:
    """The key of another desk, or one that nobody let in."""
    if key == "made up":
        return enrolment.keys.new_identity().sign_seed
    mine = world.at(folder).station_uid
    for other in world.desks:
        here = world.at(other)
        if here.station_uid != mine:
            return here.sign_seed
    return enrolment.keys.new_identity().sign_seed


def play(template: Path, root: Path, examples: int, steps: int, seed: int) -> None:
    """So many centres, with so many steps each; raises for what does not hold."""
    machine_of = type(
        "Played", (Play,), {"template": template, "root": root, "total": Play.total}
    )
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
        print_blob=False,
    )
    run_state_machine_as_test(hypothesis_seed(seed)(machine_of), settings=chosen)


def campaign(folder: Path, many: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """At least *many* steps, a few centres at a time."""
    template = folder / "template"
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    found_small_centre(folder / "small")
    centre_of_two_desks(folder / "small", template)
    while Play.total.total() < many:
        before, seed, wrong = Counter(Play.total), seed + 1, ""
        try:
            play(template, folder / "work", 10, 50, seed)
        except Exception:
            wrong = traceback.format_exc(limit=-8)
        for name, times in (Play.total - before).items():
            for _ in range(times):
                yield name, f"seed {seed}", ""
        if wrong:
            yield "WRONG", f"seed {seed}", wrong
