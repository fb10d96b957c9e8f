"""Every reader, given some damaged files; `python -m tests.proof fuzz` gives many."""

import logging

import pytest
from proof.fuzz import campaign
from proof.mutations import packed

from desk.settings import FILE, Settings, load_settings
from exports.backup import plan, trailer
from exports.roster import read_roster
from exports.roster.tables import LARGEST_CONTENT
from exports.sync import enrolment, keys, share
from models import UserError, keyslots, witness


def test_no_damaged_file_ends_the_program_or_is_taken_for_a_true_one(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    logging.disable(logging.WARNING)
    try:
        tried = list(campaign(tmp_path, 1200, seed=3))
    finally:
        logging.disable(logging.NOTSET)
    assert [f"{where}: {wrong}" for _, where, wrong in tried if wrong] == []
    assert len({name for name, _, _ in tried}) > 20 and len(tried) > 1000


def test_settings_nested_too_deep_are_begun_anew(tmp_path):
    (tmp_path / FILE).write_text('{"zoom": ' + "[" * 100_000)
    assert load_settings(tmp_path) == Settings()


def test_a_workbook_that_unpacks_to_more_than_the_memory_is_refused(tmp_path):
    parts = {"xl/workbook.xml": b"0" * LARGEST_CONTENT, "xl/x.xml": b"0"}
    (tmp_path / "名单.xlsx").write_bytes(packed(parts))
    with pytest.raises(UserError, match="太大"):
        read_roster(tmp_path / "名单.xlsx")


def test_a_key_file_that_asks_for_more_memory_than_there_is_is_refused():
    sealed = keys.encrypt_by_passphrase(b"x", "pass")
    greedy = sealed.replace(b'"kib":65536', b'"kib":524288')
    assert greedy != sealed
    with pytest.raises(keys.WrongPassphrase):
        keys.decrypt_by_passphrase(greedy, "pass")


def test_json_that_is_nested_too_deep_is_refused_by_all_that_read_it(tmp_path):
    """Nobody has to be trusted to put such a file where it is read."""
    deep = b'{"x":' + b"[" * 1900 + b"]" * 1900 + b"}"
    (tmp_path / share.MARKER).write_bytes(deep + b"\nsignature")
    with pytest.raises(UserError, match="标记已损坏"):
        share.read_marker(tmp_path)
    assert enrolment._read_request(deep + b"\nsignature") is None
    with pytest.raises(keys.WrongPassphrase):
        keys.decrypt_by_passphrase(deep + b"\nbox", "pass")
    end = b"0" * trailer.MAC + f"{len(deep):08d}".encode() + trailer.END
    (tmp_path / "x.deskbackup").write_bytes(deep + end)
    with pytest.raises(UserError, match="不是本程序的备份文件"):
        trailer.read_trailer(tmp_path / "x.deskbackup")
    (tmp_path / plan.FILE).write_bytes(deep)
    assert plan.read_state(tmp_path) == plan.State()
    (tmp_path / "witness").write_bytes(deep)
    assert witness._read(tmp_path / "witness") is None


def test_a_header_that_does_not_end_is_not_read_to_its_end(tmp_path):
    """A desk gone bad signs what it likes, and the office would read it for hours."""
    mine = keys.new_identity()
    cipher = keys.encrypt(b"plain", [mine.recipient] * 100)
    assert keys.decrypt(cipher, mine.age_identity) == b"plain"
    endless = cipher[:30] + b"<a>" * 30_000 + cipher[30:]
    with pytest.raises(keys.CannotDecrypt, match="does not end"):
        keys.decrypt(endless, mine.age_identity)
    slot = keyslots.MAGIC + b"recovery\n" + b"0" * 64 + b"\n" + endless
    with pytest.raises(keyslots.BadSlot, match="不完整"):
        keyslots.open_with_recovery(slot, tmp_path / "never read")
