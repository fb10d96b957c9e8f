"""Keys and stations in the window: a lost key, tests, sticks, codes, revoking."""

import re

import pytest

from desk import dialogs
from desk.opening import open_station
from desk.pages.keycards import KeyCard, OfficeKeysCard
from desk.widgets.qrcode import INK, PAPER, QUIET
from exports.sync import enrolment, sync
from exports.sync.share import read_marker
from models import keyrecovery, keystore, storage
from models.stations import Station


def join(centre, name):
    storage.close_database()
    enrolment.join_centre(
        centre / "new",
        share_folder=centre / "share",
        marker=read_marker(centre / "share"),
        name=name,
        key_in_file=True,
    )
    fingerprint = enrolment.my_request(storage.open_database(centre / "new"))
    storage.close_database()
    storage.open_database(centre / "office")
    return fingerprint.fingerprint


def read_code(canvas):
    """The modules as they are painted, without the quiet zone, as rows of 0 and 1."""
    side = int(canvas.cget("width"))
    boxes = [canvas.coords(item) for item in canvas.find_all()]
    unit = min(x2 - x1 for x1, _, x2, _ in boxes)
    assert all(canvas.itemcget(item, "fill") == INK for item in canvas.find_all())
    assert QUIET >= 4  # ISO 18004 asks for it
    count = round(side / unit)
    dark = {(round(y / unit), round(x / unit)) for x, y, *_ in boxes}
    edge = range(QUIET, count - QUIET)
    assert all(y in edge and x in edge for y, x in dark)
    return [[int((y, x) in dark) for x in edge] for y in edge]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_waiting_pc_shows_its_fingerprint_in_groups_and_as_a_code(
    first_run, drive, centre, tmp_path, mode
):
    import segno

    from desk import theme

    window = first_run(tmp_path / "new")
    theme.set_mode(window.root, mode)
    join_here = tmp_path / "new"
    enrolment.join_centre(
        join_here,
        share_folder=centre / "share",
        marker=read_marker(centre / "share"),
        name="学生窗口 1 号机",
        key_in_file=True,
    )
    window.open_station()
    drive.pump(0.1)
    page = window.page
    groups = page.fingerprint.cget("text").split()
    assert len(groups) == 8 and all(re.fullmatch("[0-9A-F]{4}", g) for g in groups)
    said = page.code.said
    assert said == f"学生窗口 1 号机\n{' '.join(groups)}"
    assert page.code.cget("background") == PAPER
    wanted = [[*row] for row in segno.make(said, error="m", micro=False).matrix]
    assert read_code(page.code) == wanted


def test_a_lost_key_is_found_again_in_the_window(first_run, drive, centre, tmp_path):
    folder = centre / "desk"
    storage.open_database(folder)
    code = keyrecovery.write_code(folder)
    storage.close_database()
    window = first_run(folder)
    for field, typed, wrong in (
        ("file", str(centre / "recovery.key"), "不是恢复密钥文件"),
        ("code", code, "应急码有 6 组"),
    ):
        (folder / keystore.KEY_FILE).unlink()
        window.show_opened(open_station(folder))
        window.page.buttons["keys"].invoke()
        drive.pump()
        form = window.page.form
        form.set(field, str(folder / "desk.db") if field == "file" else "7KQ2M")
        window.page.open_button.invoke()
        assert wrong in form.problems()[0]
        form.set(field, typed)
        window.page.open_button.invoke()
        assert window.page.title == "登录" or window.here is not None
        assert "记录没有丢失" in window.info.text
        assert keyrecovery.check_slots(folder)[0].state == "opened"
        storage.close_database()


def test_the_office_tests_its_keys_and_puts_them_on_two_sticks(
    at_office, drive, tmp_path, monkeypatch, centre
):
    at_office.show("settings")
    card, keys = (at_office.page.cards[k] for k in (KeyCard, OfficeKeysCard))
    assert "没有系统密钥库" in card.value("store")
    assert card.value("recovery").startswith("●")
    monkeypatch.setattr(
        dialogs, "choose_file", lambda *_, **__: centre / "recovery.key"
    )
    card.with_button.invoke()
    assert card.value("recovery") == "✔ 试过，能打开数据"
    assert "没有发现问题" in at_office.status.text
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    keys.set("first", str(tmp_path / "one"))
    keys.set("second", str(tmp_path / "one"))
    at_office.root.focus_force()
    keys.focus_field("passphrase")
    for name in ("passphrase", "again"):
        keys.widget(name).insert(0, "12345678")
    drive.pump(0.05)
    drive.keys("End")  # as after typing
    assert keys.value("strength").startswith("太弱")
    keys.save_button.invoke()
    assert "太弱" in keys.problems()[0]
    for name in ("passphrase", "again"):
        keys.widget(name).delete(0, "end")
        keys.widget(name).insert(0, "青山 铁锅 灯塔 走廊 三七")
    keys.save_button.invoke()
    assert "两个不同的" in keys.problems()[0]
    keys.set("second", str(tmp_path / "two"))
    keys.save_button.invoke()
    assert [len([*(tmp_path / n).iterdir()]) for n in ("one", "two")] == [1, 1]
    assert keys.widget("passphrase").get() == ""
    assert "还没有" not in keys.value("saved")


def test_a_pc_is_revoked_or_replaced_in_one_walk(at_office, drive, centre, monkeypatch):
    fingerprint = join(centre, "教务 2 号机")
    asked = []
    monkeypatch.setattr(
        dialogs, "confirm", lambda *given, **_: asked.append(given[1]) or True
    )
    at_office.show("stations")
    page = at_office.page
    (row,) = page.table.tree.get_children()
    page.save_button.invoke()
    page.table.tree.selection_set(row)
    drive.pump()
    page.form.set("task", "replace")
    page.form.set("reason", "硬盘损坏")
    assert page.form.value("fingerprint").split() == fingerprint.split()
    page.save_button.invoke()
    assert "核对指纹" in page.form.problems()[0]
    page.form.set("compared", True)
    page.save_button.invoke()
    assert "已接替" in at_office.status.text
    old, new = (Station.get(Station.name == n) for n in ("教务事务窗口", "教务 2 号机"))
    assert old.is_revoked and new.replaces == old.station_uid
    states = [
        page.table.tree.item(i, "values")[2] for i in page.table.tree.get_children()
    ]
    assert sorted(states) == ["在用", "已注销，由教务 2 号机接替"]
    assert page.heading.cget("text") == "工作站 1 台在用，共 2 台"
    # And the new one, alone: without a reason nothing is done.
    chosen = next(
        i
        for i in page.table.tree.get_children()
        if page.table.tree.item(i, "values")[0] == new.name
    )
    page.table.tree.selection_set(chosen)
    drive.pump()
    page.form.set("task", "revoke")
    page.save_button.invoke()
    assert "请写明注销原因" in page.form.problems()[0]
    page.form.set("reason", "电脑遗失")
    page.save_button.invoke()
    assert Station.get(Station.uid == new.uid).is_revoked
    assert "不能再恢复" in asked[-1]
    sync()
