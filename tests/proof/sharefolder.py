"""What becomes of the share, by accident or by a vandal's hand."""

import random
import shutil
from pathlib import Path

from exchange import Forger, stored
from hypothesis import strategies as st
from hypothesis.stateful import rule

from exports.sync import batch, enrolment
from models import Visit
from proof.player import PICK, Player, quiet
from proof.world import FORGED, World


class Share(Player):
    """Files that go, come, change and are made up."""

    def files(self) -> list[Path]:
        return sorted(self.world.share.glob("*/*/*/*.batch"))

    @rule(pick=PICK)
    def wipe(self, pick: int) -> None:
        if pick % 2 == 0:
            self.wipe_share()

    def wipe_share(self) -> None:
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
                world.marker_back()

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
                chance, data = random.Random(pick), path.read_bytes()
                changed = _with_a_bit_changed(data, chance)
                path.write_bytes(changed[: chance.choice((len(data), len(data) // 2))])
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
                data = _with_a_bit_changed(path.read_bytes(), random.Random(pick))
                first, last = batch.range_of(path.name)
                if first:
                    name = batch.file_name(first, last, data)
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


def _with_a_bit_changed(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


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
