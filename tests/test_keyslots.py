"""The key of a database, and the slots that give it back when it is lost."""

import os
import stat

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

import models
from exports.sync import enrolment, share
from models import UserError, keyrecovery, keyslots, keystore, papercode
from models.keyrecovery import SlotState
from models.storage import FILE


class Store(KeyringBackend):
    """A key store of the system, in memory."""

    priority = -2  # never chosen by itself, only where a test sets it

    def __init__(self):
        self.kept, self.locked = {}, False

    def get_password(self, service, username):
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def store():
    """This system has a key store."""
    before, made = keyring.get_keyring(), Store()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def desk_pc(centre, store):
    """A new desk's PC with its key in the key store; nothing open."""
    enrolment.join_centre(
        centre.root / "pc",
        share_folder=centre.share,
        marker=share.read_marker(centre.share),
        name="新窗口 1 号机",
    )
    models.close_database()
    return centre.root / "pc"


def states(folder, **given):
    return [found.state for found in keyrecovery.check_slots(folder, **given)]


def lost(folder):
    with pytest.raises(keystore.KeyLost) as refused:
        models.open_database(folder)
    return str(refused.value)


def test_a_new_pc_has_its_key_in_the_store_and_a_slot_for_the_recovery_key(
    desk_pc, store, centre
):
    (key,) = store.kept.values()
    assert not (desk_pc / keystore.KEY_FILE).exists()
    whole = [path.read_bytes() for path in desk_pc.iterdir() if path.is_file()]
    assert not any(key.encode() in data or bytes.fromhex(key) in data for data in whole)
    assert states(desk_pc) == [SlotState.OPENED, SlotState.WHOLE, SlotState.ABSENT]
    assert states(desk_pc, recovery_file=centre.root / "recovery.key")[1] == "opened"
    opened = keyslots.open_with_recovery(
        (desk_pc / "desk.recovery").read_bytes(), centre.root / "recovery.key"
    )
    assert opened == key
    if os.name != "nt":
        assert stat.S_IMODE((desk_pc / "desk.recovery").stat().st_mode) == 0o600


def test_a_lost_key_store_is_survived_with_the_recovery_key_or_the_paper(
    desk_pc, store, centre
):
    code = keyrecovery.write_code(desk_pc)
    before = dict(store.kept)
    for given in (
        {"recovery_file": centre.root / "recovery.key"},
        {"code": code.lower().replace("-", " ")},
    ):
        store.kept.clear()
        words = lost(desk_pc)
        assert (
            "系统密钥库里找不到" in words and "恢复密钥 U 盘或用打印的应急码" in words
        )
        keyrecovery.recover(desk_pc, **given)
        assert store.kept == before  # under its old name: other users still find it
        models.open_database(desk_pc)
        models.close_database()


def test_a_store_that_is_locked_or_gone_says_so_and_the_file_takes_over(
    desk_pc, store, centre
):
    store.locked = True
    assert "记录没有丢失" in lost(desk_pc)
    assert states(desk_pc)[:2] == [SlotState.BAD, SlotState.BAD]
    keyrecovery.recover(desk_pc, recovery_file=centre.root / "recovery.key")
    first = keyrecovery.check_slots(desk_pc)[0]
    assert (first.slot, first.state) == ("密钥文件", SlotState.OPENED)
    assert "没有系统密钥库" in first.text
    models.open_database(desk_pc)
    if os.name != "nt":
        (desk_pc / keystore.KEY_FILE).chmod(0o644)
        assert "别人也能读" in keyrecovery.check_slots(desk_pc)[0].text


def test_a_slot_that_is_missing_or_damaged_is_made_again_at_the_next_start(centre):
    slot = centre.station / "desk.recovery"
    models.open_database(centre.station)
    whole = slot.read_bytes()
    models.open_database(centre.station)
    assert slot.read_bytes() == whole  # what is whole is left alone
    for damage in (None, b"", whole[:-1], whole.replace(b"recovery", b"receover")):
        slot.unlink()
        if damage is not None:
            slot.write_bytes(damage)
        assert states(centre.station)[1] == SlotState.BAD
        models.open_database(centre.station)
        given = {"recovery_file": centre.root / "recovery.key"}
        assert states(centre.station, **given)[1] == SlotState.OPENED


def test_each_slot_is_tried_with_what_it_is_given_and_told_as_it_is(centre):
    folder, recovery = centre.station, centre.root / "recovery.key"
    models.open_database(folder)
    code = keyrecovery.write_code(folder)
    assert states(folder) == [SlotState.OPENED, SlotState.WHOLE, SlotState.WHOLE]
    assert states(folder, code=code)[2] == SlotState.OPENED
    assert states(folder, code=papercode.new_code())[2] == SlotState.BAD
    # Another centre's key, what is no key, and a slot of other data.
    other = centre.root / "other.key"
    other.write_text(enrolment.keys.new_age_identity()[0])
    for wrong, why in (
        (other, "打不开"),
        (folder / FILE, "不是恢复密钥文件"),
        (centre.root / "nowhere", "U 盘"),
    ):
        with pytest.raises(UserError, match=why):
            keyrecovery.recover(folder, recovery_file=wrong)
    models.open_database(centre.office)
    (folder / "desk.recovery").write_bytes(
        keystore.seal_key_for_recovery(centre.office)
    )
    assert states(folder)[1] == SlotState.BAD
    assert states(folder, recovery_file=recovery)[1] == SlotState.BAD
    with pytest.raises(UserError, match="打不开这份数据"):
        keyrecovery.recover(folder, recovery_file=recovery)
    # A key that is formed well and is another one.
    (folder / keystore.KEY_FILE).unlink()
    keystore.write_private(folder / keystore.KEY_FILE, "0" * 64)
    assert states(folder)[0] == SlotState.BAD


def test_the_sum_over_a_slot_refuses_a_key_that_was_put_into_it(centre):
    """Somebody who may write beside the database seals a key of their own."""
    models.open_database(centre.station)
    mine = (centre.station / "desk.recovery").read_bytes()
    theirs = keyslots.seal_to_recovery(
        "ab" * 32, models.installation().recovery_recipient
    )
    forged = b"\n".join([*mine.split(b"\n", 2)[:2], theirs.split(b"\n", 2)[2]])
    with pytest.raises(keyslots.BadSlot, match="改动过"):
        keyslots.open_with_recovery(forged, centre.root / "recovery.key")


def test_a_new_printed_code_puts_the_old_one_out_of_use(centre):
    first = keyrecovery.write_code(centre.station)
    second = keyrecovery.write_code(centre.station)
    with pytest.raises(UserError, match="换过新码"):
        keyrecovery.recover(centre.station, code=first)
    keyrecovery.recover(centre.station, code=second)
    data = [path.read_bytes() for path in centre.station.iterdir() if path.is_file()]
    assert not any(second[:11].encode() in text for text in data)
    keyrecovery.take_code_back(centre.station)
    assert states(centre.station)[2] == SlotState.ABSENT


def test_every_slip_of_the_hand_in_a_code_is_seen_and_said_of_its_group():
    code = papercode.new_code()
    assert papercode.read(code) == code
    alike = code.replace("0", "o").replace("1", "l").lower().replace("-", "")
    assert papercode.read(alike) == code
    for at in range(len(code)):
        if code[at] == "-":
            continue
        for sign in papercode.SIGNS:
            if sign != code[at]:
                with pytest.raises(UserError, match=f"第 {at // 6 + 1} 组"):
                    papercode.read(code[:at] + sign + code[at + 1 :])
    swapped = 0
    for at in range(len(code) - 1):
        a, b = code[at : at + 2]
        if "-" not in (a, b) and a != b:
            with pytest.raises(UserError, match=f"第 {at // 6 + 1} 组"):
                papercode.read(code[:at] + b + a + code[at + 2 :])
            swapped += 1
    assert swapped
    groups = code.split("-")
    with pytest.raises(UserError, match="第 1 组"):
        papercode.read("-".join([groups[1], groups[0], *groups[2:]]))
    for typed, why in (("U" * 30, "没有“U”"), (code[:-1], "29 个"), ("", "0 个")):
        with pytest.raises(UserError, match=why):
            papercode.read(typed)


def test_a_full_disk_keeps_the_old_slot_and_stops_nobody(centre, monkeypatch):
    models.open_database(centre.station)
    whole = (centre.station / "desk.recovery").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keyslots.put_slot(centre.station, "recovery", b"half")
        assert (centre.station / "desk.recovery").read_bytes() == whole
        (centre.station / "desk.recovery").unlink()
        assert not keystore.repair_recovery_slot(
            centre.station, models.installation().recovery_recipient
        )
    models.open_database(centre.station)
    assert (centre.station / "desk.recovery").exists()
