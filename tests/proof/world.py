"""A centre on the disk, and what is known of it from outside.

What was shown as 已确认, what anybody ever wrote and what was done to whom is noted
beside the real databases; after each step the place where something happened is asked,
and now and then everybody exchanges until all agree.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from exchange import rows_by
from smallcentre import Centre

import models
from exports.sync import officekeys, sync, sync_state
from models import UserError, clock, journal, witness
from models.alarms import open_alarms
from models.base import db
from models.installation import Installation

STARTS = datetime(2026, 11, 23, 9)
DESKS = ("jiaowu", "dangtuan")
ROUNDS = 4
FORGED = "伪造"
SHARE_HURT = {"share wiped", "share put back", "file deleted", "file damaged"}
# What is lost on the share alone comes back by itself, to the letter.
MENDED = {"share wiped", "share put back", "file deleted", "foreign file", "clock"}

Entry = tuple[str, int, str]  # row, revision, digest


class Wrong(AssertionError):
    """What must hold does not."""


def require(holds: object, words: str) -> None:
    if not holds:
        raise Wrong(words)


class World:
    """The places of a centre, what befell them, and what must hold at each."""

    def __init__(self, template: Path, root: Path) -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(template, root)
        self.root, self.now = root, STARTS
        self.centre = Centre(root)
        self.office, self.share = self.centre.office, self.centre.share
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
        self.marker_back()
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

    def marker_back(self) -> None:
        away = self.share / "centre.away"
        if away.exists():
            away.rename(self.share / "centre.marker")


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
