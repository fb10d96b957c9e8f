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
    drive.pump(0.1)
    page = joining.page
    assert page.title == "等待批准"
    assert is_in_sight(page.fingerprint) and is_in_sight(page.check_button)
    assert page.winfo_height() == joining.content.winfo_height()
