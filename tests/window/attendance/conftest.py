"""A plan in force, a clock to set, and the attendance page on its Monday."""

import pytest
from attendancepage import (
    WANG,
    WANG_CARD,
    ZHANG,
    ZHANG_CARD,
    choose_first_shift,
    focused,
    put_in_force,
    result,
    sign_in,
)
from duty import MONDAY, at, line, person

from models import Attendance, Correction, clock, storage


@pytest.fixture
def planned(centre):
    """Mondays 08:30–10:00 and 10:00–12:00, then 14:00–16:00; 张小明 and 王芳."""
    storage.open_database(centre / "office")
    zhang, wang = person(ZHANG), person(WANG)
    put_in_force(
        centre,
        [
            line("08:30", "10:00", zhang, wang),
            line("10:00", "12:00", zhang),
            line("14:00", "16:00", wang, zhang),
        ],
    )
    return centre


@pytest.fixture
def at_time():
    """Sets the clock, again and again; puts it right at the end."""
    opened = []

    def set_to(hours, day=MONDAY):
        context = clock.set_at(at(hours, day))
        context.__enter__()
        opened.append(context)

    yield set_to
    while opened:
        opened.pop().__exit__(None, None, None)


@pytest.fixture
def page(planned, at_time, request, drive):
    """The page at 08:26 on the Monday, with teacher 李老师 signed in."""
    at_time("08:26")
    return sign_in(request.getfixturevalue("window"), drive)


@pytest.fixture
def asked(page, drive, at_time):
    """王芳, B, has come at 08:31; 张小明, A, has not."""
    at_time("08:31")
    drive.swipe(WANG_CARD)
    drive.wait_until(lambda: page.questions.winfo_ismapped(), "the question")
    drive.pump(0.35)  # past the time a new question ignores keys
    return page


@pytest.fixture
def requested(page, drive, at_time):
    """张小明 came at 08:26 and swiped at 08:50 only; a correction is asked for."""
    at_time("08:50")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: Attendance.select().count() == 1, "the check-in")
    at_time("12:05")
    drive.swipe(ZHANG_CARD)
    drive.wait_until(lambda: "签退成功" in result(page), "the check-out")
    choose_first_shift(page)
    page.list_buttons["申请更正"].invoke()
    drive.pump(0.3)
    assert focused(page) is page.correcting.widget("came")
    page.correcting.set("came", "0828")
    page.correcting.submit()
    assert page.correcting.problems() == ["请写明更正原因。"]
    page.correcting.set("reason", "忘记刷卡")
    page.correcting.submit()
    assert Correction.select().count() == 1
    return page
