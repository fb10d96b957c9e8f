"""What becomes of stations: copied, put back, restored, replaced, revoked, rebuilt."""

import shutil
from pathlib import Path

from exchange import join
from hypothesis import strategies as st
from hypothesis.stateful import rule

import models
from exports import backup
from exports.sync import enrolment
from exports.sync.refounding import refound_centre
from models import UserError, keystore, witness
from models.stations import Station, revoke
from proof.player import PICK, Player, quiet

MOST_PLACES = 5  # desks' folders, clones and replacements with them


class Stations(Player):
    """PCs that are copied, die and are lost; the office's among them."""

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
                world.marker_back()
                shutil.rmtree(place)
                shutil.copytree(copy, place)
                world.hurt.add("share put back")
            else:
                put_folder_back(copy, place, how)
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
                join(world.centre, new, name=name)
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
            world.marker_back()
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


def put_folder_back(copy: Path, place: Path, how: str) -> None:
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
