"""时间设置 on a Monday in November, with the office signed in."""

from datetime import datetime

import pytest

from models import clock


@pytest.fixture(autouse=True)
def november():
    with clock.set_at(datetime(2026, 11, 2, 9)):
        yield


@pytest.fixture
def page(at_office, drive):
    at_office.show("timesettings")
    at_office.root.focus_force()
    at_office.page.focus_first()
    drive.pump(0.1)
    return at_office.page


@pytest.fixture
def opened(page, drive):
    """Opens a tab and gives its section."""

    def open_tab(name):
        section = page.open_section(name)
        drive.pump(0.05)
        return section

    return open_tab
