"""Founding a centre, asking to join it, and being let in."""

from pathlib import Path

import msgspec
import pytest
from exchange import approve_all, assert_alike, exchange, join, work

import models
from exports.sync import enrolment, keys, share, sync, sync_state
from models import UserError
from models.storage import FILE


def found(root, share_folder, **more):
    fields = {
        "centre_name": "另一个中心",
        "number": "B0009",
        "name": "钱主任",
        "recovery_file": root / "recovery.key",
        "key_in_file": True,
    }
    folder = more.pop("folder", root / "office")
    return enrolment.found_centre(folder, share_folder=share_folder, **fields | more)


def test_a_new_centre_has_its_marker_its_recovery_key_and_its_first_person(tmp_path):
    here = found(tmp_path, tmp_path / "share")
    marker = share.read_marker(tmp_path / "share")
    assert (marker.realm, marker.centre_name) == (here.realm, "另一个中心")
    assert marker.recovery_recipient == here.recovery_recipient
    secret = (tmp_path / "recovery.key").read_text(encoding="ascii")
    assert secret.startswith("AGE-SECRET-KEY-1")
    assert models.person_signing_in("B0009").role == models.PersonRole.OFFICE
    assert not (tmp_path / "office" / "setting-up").exists()


def test_a_share_that_belongs_to_a_centre_is_refused_before_anything_is_made(centre):
    with pytest.raises(UserError, match="已经属于一个中心"):
        found(centre.root / "second", centre.share)
    assert not (centre.root / "second").exists()


@pytest.mark.parametrize("place", ["share", "share/deep", "office"])
def test_the_recovery_key_is_not_left_where_what_it_saves_lies(tmp_path, place):
    with pytest.raises(UserError, match="恢复密钥不能放在"):
        found(
            tmp_path,
            tmp_path / "share",
            recovery_file=tmp_path / place / "recovery.key",
        )
    assert not (tmp_path / "share").exists()


def test_a_file_is_no_share(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="是一个文件"):
        found(tmp_path, tmp_path / "file")
    with pytest.raises(UserError, match="请检查位置"):
        found(tmp_path, tmp_path / "file" / "below")


def test_a_folder_that_holds_a_station_is_refused(centre, tmp_path):
    with pytest.raises(UserError, match="已经有工作站的数据"):
        found(tmp_path, tmp_path / "share2", folder=centre.office)
    with pytest.raises(UserError, match="已经有工作站的数据"):
        join(centre, centre.station, "再来一台")
    models.open_database(centre.office)
    assert models.verify().faults == []


def test_a_set_up_that_broke_off_starts_again_in_the_same_folder(tmp_path, monkeypatch):
    """Whatever is done so far lies in a draft, so there is no half-made station."""
    from models import centre as first_data

    def break_off(**fields):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(first_data, "found_centre", break_off)
        with pytest.raises(OSError, match="No space"):
            found(tmp_path, tmp_path / "share")
    assert not (tmp_path / "office" / FILE).exists()
    assert not (tmp_path / "share" / share.MARKER).exists()
    with pytest.raises(UserError, match="没有工作站的数据"):
        models.open_database(tmp_path / "office")
    found(tmp_path, tmp_path / "share")
    sync()
    assert models.verify().faults == []


def test_a_founding_killed_before_the_marker_is_finished_by_the_first_sync(tmp_path):
    found(tmp_path, tmp_path / "share")
    marker = tmp_path / "share" / share.MARKER
    first = marker.read_bytes()
    marker.unlink()
    sync()
    assert marker.read_bytes() == first


def test_a_marker_that_went_missing_later_is_never_made_again(centre):
    (centre.share / share.MARKER).unlink()
    for folder in (centre.office, centre.station):
        models.open_database(folder)
        with pytest.raises(UserError, match="没有找到服务中心的标记"):
            sync()
    assert not (centre.share / share.MARKER).exists()


def test_another_centres_share_is_refused_and_nothing_goes_there(centre, tmp_path):
    found(tmp_path, tmp_path / "other")
    work(centre.station)
    models.set_share(str(tmp_path / "other"))
    before = sorted((tmp_path / "other").rglob("*"))
    with pytest.raises(UserError, match="另一个服务中心"):
        sync()
    assert sorted((tmp_path / "other").rglob("*")) == before
    assert "另一个服务中心" in sync_state().trouble
    models.set_share(str(centre.share))
    exchange(centre.station, centre.office, centre.station)
    assert_alike(centre.office, centre.station)


@pytest.mark.parametrize(
    "marker", [b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"x" * 100_000]
)
def test_a_damaged_marker_stops_the_exchange_in_words(centre, marker):
    path = centre.share / share.MARKER
    whole = path.read_bytes()
    for data in (marker, whole.replace("测试".encode(), "假冒".encode())):
        path.write_bytes(data)
        models.open_database(centre.station)
        with pytest.raises(UserError, match="标记"):
            sync()
    path.write_bytes(whole)
    exchange(centre.station)


def test_a_marker_with_another_key_of_the_office_stops_the_desk(centre):
    """Somebody who may write to the share puts a marker with a key of theirs there."""
    import msgspec

    marker = share.read_marker(centre.share)
    seed = enrolment.keys.new_identity()
    forged = msgspec.structs.replace(marker, office_key=seed.sign_key)
    (centre.share / share.MARKER).unlink()
    share.write_marker(centre.share, forged, seed.sign_seed)
    assert share.read_marker(centre.share).fingerprint != marker.fingerprint
    work(centre.station)
    before = sorted((centre.share / "up").rglob("*.batch"))
    with pytest.raises(UserError, match="可能有人冒充办公室"):
        sync()
    assert sorted((centre.share / "up").rglob("*.batch")) == before


def test_a_centre_that_moved_to_a_newer_format_asks_for_an_upgrade(centre):
    import msgspec

    here = models.open_database(centre.office)
    marker = share.read_marker(centre.share)
    (centre.share / share.MARKER).unlink()
    newer = msgspec.structs.replace(marker, min_format=2, max_format=2)
    share.write_marker(centre.share, newer, here.sign_seed)
    with pytest.raises(UserError, match="升级"):
        sync()


def test_two_people_compare_the_same_eight_groups(centre):
    folder = centre.root / "new"
    join(centre, folder, "新窗口 1 号机")
    mine = enrolment.my_request(models.open_database(folder)).fingerprint
    assert len(mine.split()) == 8 and all(len(group) == 4 for group in mine.split())
    models.open_database(centre.office)
    (request,) = enrolment.requests()
    assert (request.fingerprint, request.name) == (mine, "新窗口 1 号机")


def test_a_station_is_let_in_once_and_by_the_office_only(centre):
    folder = centre.root / "new"
    join(centre, folder, "新窗口 1 号机")
    models.open_database(centre.office)
    (request,) = enrolment.requests()
    desk, by = models.desk_by_code("jiuye"), models.person_signing_in("B0001")
    with pytest.raises(UserError):
        enrolment.approve(request, desk=desk, by=models.person_signing_in("T001"))
    enrolment.approve(request, desk=desk, by=by)
    with pytest.raises(UserError, match="已经批准"):
        enrolment.approve(request, desk=desk, by=by)
    assert enrolment.requests() == []


def test_a_request_altered_on_the_way_is_not_shown(centre):
    join(centre, centre.root / "new", "新窗口 1 号机")
    models.open_database(centre.office)
    (path,) = (
        path
        for path in (centre.share / "enrol").iterdir()
        if b"\xe6\x96\xb0" in path.read_bytes()
    )
    path.write_bytes(path.read_bytes().replace("新窗口".encode(), "假窗口".encode()))
    assert enrolment.requests() == []


def test_a_request_that_no_station_forms_is_not_shown(centre):
    """Signed by whoever may write to the share: the uid becomes a folder's name."""
    models.open_database(centre.office)
    folder, mine = centre.share / "enrol", enrolment.my_request(models.installation())

    def ask(**changed) -> Path:
        stranger = keys.new_identity()
        made = {"sign_key": stranger.sign_key, "recipient": stranger.recipient}
        changed = {"station_uid": "0" * 32, "name": "新机"} | made | changed
        request = msgspec.structs.replace(mine, **changed)
        body = msgspec.json.encode(request)
        signature = keys.sign(stranger.sign_seed, b"desk-request-1\0" + body)
        path = folder / request.file_name
        path.write_bytes(body + b"\n" + signature.encode() + b"\n")
        return path

    wrong = {"station_uid": ["../../x", "0" * 31], "name": ["", "a\nb", "长" * 61]}
    wrong |= {"recipient": ["age1x"], "realm": ["0" * 32]}
    for field, values in wrong.items():
        for value in values:
            ask(**{field: value})
            assert enrolment.requests() == [], (field, value)
    true = ask()
    true.with_name("0" * len(true.stem) + true.suffix).write_bytes(true.read_bytes())
    assert [request.file_name for request in enrolment.requests()] == [true.name]


def test_a_request_that_was_lost_is_sent_again(centre):
    folder = centre.root / "new"
    join(centre, folder, "新窗口 1 号机")
    for path in (centre.share / "enrol").iterdir():
        path.unlink()
    exchange(folder)
    approve_all(centre, "jiuye")
    exchange(centre.office, folder)
    assert sync_state().approved


@pytest.mark.parametrize("name", ["", "  ", "长" * 61, "a\nb"])
def test_a_station_needs_a_name_that_can_be_shown(centre, name):
    with pytest.raises(UserError, match="名称"):
        join(centre, centre.root / "new", name)
    assert not (centre.root / "new").exists()
