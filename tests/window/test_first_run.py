"""The first run as a new user sees it: founding, joining, waiting."""

import pytest


@pytest.fixture
def joining(first_run, drive, centre, tmp_path):
    """The window of a new PC with the card 加入已有中心 in front."""
    window = first_run(tmp_path / "new")
    window.page.buttons["join"].invoke()
    drive.pump(0.05)
    return window


def is_in_sight(widget):
    return widget.winfo_viewable() and widget.winfo_width() > 1


def test_the_waiting_page_is_in_sight_after_asking_to_join(joining, drive, centre):
    form = joining.page.cards["join"]
    form.set("share", str(centre / "share"))
    form.set("name", "学生窗口 1 号机")
    form.primary.invoke()
    form.set("compared", True)
    joining.page.join_button.invoke()
    drive.wait_until(lambda: joining.page.title == "等待批准", "the waiting page")
    drive.pump(0.1)
    page = joining.page
    assert is_in_sight(page.fingerprint) and is_in_sight(page.check_button)
    assert page.winfo_height() == joining.content.winfo_height()


def test_joining_by_the_keyboard_alone(joining, drive, centre):
    form = joining.page.cards["join"]
    joining.root.focus_force()
    form.focus_field("share")
    drive.typing(str(centre / "share"))
    drive.keys("ctrl+s")
    assert form.value("fingerprint")
    assert joining.root.focus_get() is form.widget("name")
    drive.typing("PC1")
    drive.keys("Return", "space", "Return", "Return")
    drive.wait_until(lambda: joining.page.title == "等待批准", "the waiting page")


def test_another_share_is_compared_anew(joining, drive, centre):
    form = joining.page.cards["join"]
    form.set("share", str(centre / "share"))
    form.primary.invoke()
    form.set("compared", True)
    joining.root.focus_force()
    form.focus_field("share")
    drive.keys("End", "x")
    assert (form.value("centre"), form.value("fingerprint")) == ("", "")
    assert not form.value("compared")
    assert form.primary is joining.page.read_button


@pytest.mark.parametrize("card", ["found", "join"])
def test_a_file_is_no_share(joining, drive, tmp_path, card):
    (tmp_path / "file.txt").write_text("x", encoding="ascii")
    joining.page.buttons[card].invoke()
    form = joining.page.cards[card]
    form.set("share", str(tmp_path / "file.txt"))
    if card == "found":
        form.set("recovery", str(tmp_path))
        for name in ("centre_name", "number", "name"):
            form.set(name, "9001")
    form.primary.invoke()
    drive.wait_until(form.problems)
    assert form.problems() == ["这是一个文件，请选择文件夹。"]


@pytest.mark.parametrize("place", ["share", "new"])
def test_the_recovery_key_is_refused_at_its_field(joining, tmp_path, place, drive):
    page = joining.page
    page.buttons["found"].invoke()
    for name in ("share", "new"):
        (tmp_path / name).mkdir(exist_ok=True)
    form = page.cards["found"]
    typed = {
        "centre_name": "服务中心",
        "share": str(tmp_path / "share"),
        "recovery": str(tmp_path / place),
        "number": "B001",
        "name": "顾主任",
    }
    for name, text in typed.items():
        form.set(name, text)
    joining.root.focus_force()
    drive.keys("ctrl+s")
    drive.wait_until(form.problems)
    assert "恢复密钥不能放在" in form.problems()[0]
    assert joining.root.focus_get() is form.widget("recovery")
    form.set("recovery", str(tmp_path))
    assert form.problems() == []
