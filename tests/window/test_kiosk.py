"""签到屏 and 评价屏: the whole screen, and no way back without the PIN."""

from datetime import timedelta

import pytest
from visitdesk import of_kind

from desk import asking, screenpin
from desk.checkinscreen import CheckInScreen
from desk.pages.settingslock import ScreenPinCard
from desk.ratingscreen import RatingScreen
from models import clock
from models.errors import UserError
from models.people import person_signing_in
from models.pins import has_screen_pin, set_screen_pin
from models.services import ServiceKind
from models.visits import RatedBy, Visit, void_visit

PIN, MINE, ZHANG = "250814", "0001110001", "0002220001"


@pytest.fixture
def guarded(at_work, drive):
    """The window, with a PIN for its screens; none is up in the end."""
    at_work.show("visits")
    set_screen_pin(PIN, by=at_work.person)
    at_work.root.focus_force()
    yield at_work
    if at_work.cover is not None:
        at_work.cover.go()
    drive.wait_until(lambda: not at_work.root.attributes("-fullscreen"))


def answers_pin(kiosk, *words):
    for word in words:
        kiosk.leaving.pinpad.buttons[word].invoke()
    kiosk.leaving.yes_button.invoke()


def test_a_screen_is_left_by_the_pin_alone_and_then_it_is_locked(guarded, drive):
    root = guarded.root
    root.geometry("1200x700+20+20")
    drive.pump(0.2)
    size = root.winfo_width(), root.winfo_height()
    guarded.show("settings")
    guarded.page.cards[ScreenPinCard].screen_button.invoke()
    guarded.cover.go()
    guarded.show("attendance")
    guarded.page.list_buttons["签到屏"].invoke()
    kiosk = guarded.cover
    drive.wait_until(lambda: root.winfo_height() == root.winfo_screenheight())
    drive.wait_until(lambda: root.focus_get() is kiosk.field, "the field")
    drive.keys("F2", "F10", "ctrl+l", "ctrl+t", "F1", "Tab", "Escape", "shift+Tab")
    assert guarded.cover is kiosk and kiosk.leaving is None
    assert root.focus_get() is kiosk.field
    drive.keys("alt+F4")
    drive.wait_until(lambda: kiosk.leaving is not None, "the question")
    drive.keys("Escape")
    assert kiosk.leaving is None and root.focus_get() is kiosk.field
    assert not guarded.may_close() and kiosk.leaving is not None
    guarded.idle.look()
    assert guarded.cover is kiosk

    with clock.set_at(clock.now()):
        drive.swipe(ZHANG)  # a card is no try
        assert "6 位数字" in kiosk.leaving.problem.cget("text")
        for _ in range(5):
            answers_pin(kiosk, *"135790")
            assert "屏幕密码不对" in kiosk.leaving.problem.cget("text")
        answers_pin(kiosk, *PIN)
        assert "过 5 分钟" in kiosk.leaving.problem.cget("text")
    with clock.set_at(clock.now() + timedelta(minutes=6)):
        answers_pin(kiosk, "9", "退格", "8", "清空", *PIN)
    drive.wait_until(lambda: (root.winfo_width(), root.winfo_height()) == size)
    assert guarded.is_locked and guarded.cover.title == "已锁定"
    drive.swipe(MINE)
    drive.wait_until(lambda: not guarded.is_locked, "the desk")
    assert guarded.page.title == "签到签退"


def when_asked(window, what):
    """Call *what* with the dialog as soon as it is there; it is gone in any case."""
    dialog = asking.innermost()
    if dialog is None or not dialog.winfo_viewable():
        window.after(20, when_asked, window, what)
        return
    try:
        what(dialog)
    finally:
        dialog.close(None)


def test_a_screen_waits_for_a_pin_that_a_teacher_sets(window, drive):
    window.sign_in(person_signing_in("2023010101"))
    window.show("attendance")
    with pytest.raises(UserError, match=r"老师.*登录"):
        window.page.on_check_in_screen()
    assert window.cover is None
    window.sign_in(person_signing_in("T001"))
    window.show("attendance")

    def type_it(dialog):
        for pins, problem in ((("111111",) * 2, "猜到"), ((PIN, "1"), "不一样")):
            for entry, pin in zip((dialog.pin, dialog.again), pins, strict=True):
                entry.delete(0, "end")
                entry.insert(0, pin)
            dialog.yes_button.invoke()
            assert problem in dialog.problem.cget("text")
        for entry in (dialog.pin, dialog.again):
            entry.delete(0, "end")
            entry.insert(0, PIN)
        dialog.yes_button.invoke()

    when_asked(window, type_it)
    window.page.on_check_in_screen()
    assert has_screen_pin() and isinstance(window.cover, CheckInScreen)
    window.cover.leave()
    window.cover.go()
    when_asked(window, lambda dialog: dialog.reset_button.invoke())
    assert not screenpin.change_screen_pin(window)
    assert not has_screen_pin() and "清除" in window.status.text


@pytest.fixture
def visit(guarded, drive):
    """One that has just been taken down."""
    page = guarded.page
    page.form.set("visitor", page.students.suggest("zs")[0].record)
    page.form.set("service", of_kind(page, ServiceKind.INSTANT))
    page.save_button.invoke()
    drive.pump()
    return Visit.get()


def test_a_student_rates_once_and_nobody_else_comes_back(guarded, visit, drive):
    guarded.page.focus_first()
    drive.keys("ctrl+5")
    kiosk = guarded.cover
    drive.wait_until(lambda: guarded.root.focus_get() is kiosk.faces[2], "the faces")
    texts = shown_texts(kiosk)
    assert visit.number in texts and visit.visitor_name not in texts
    drive.keys("Escape", "F2", "ctrl+l", "ctrl+s")
    assert guarded.cover is kiosk
    drive.swipe(ZHANG)  # its digits rate nothing
    drive.pump(0.3)
    assert Visit.get().rating is None
    drive.keys("Right", "Right", "Right", "Left", "Return", delay=100)
    drive.wait_until(lambda: Visit.get().rating == 4, "the rating")
    assert Visit.get().rated_by == RatedBy.STUDENT
    drive.keys("5", "Return", "Escape", delay=100)
    kiosk.rate(1)
    assert Visit.get().rating == 4 and "满意" not in shown_texts(kiosk)
    kiosk.ask_to_leave()
    answers_pin(kiosk, *PIN)
    assert guarded.cover.title == "已锁定"
    guarded.cover.go()
    with pytest.raises(UserError, match="另选一条"):
        guarded.page.on_ask_rating()
    assert guarded.cover is None


def test_a_visit_that_is_void_or_unanswered_stays_unrated(guarded, visit, drive):
    kiosk = RatingScreen.begin(guarded, visit)
    kiosk.give_up()
    kiosk.faces[0].event_generate("<ButtonRelease-1>")
    assert Visit.get().rating is None and "没有评价" in shown_texts(kiosk)
    kiosk.go()
    kiosk = RatingScreen.begin(guarded, visit)
    drive.keys("2")
    drive.wait_until(lambda: Visit.get().rating == 2, "the rating")
    kiosk.go()
    with pytest.raises(UserError, match="已经评价过"):
        RatingScreen.begin(guarded, Visit.get())
    void_visit(Visit.get(), by=guarded.person, reason="重复")
    with pytest.raises(UserError, match="已经作废"):
        RatingScreen.begin(guarded, Visit.get())
    assert guarded.cover is None


def shown_texts(widget):
    """All that labels, buttons and faces in sight say."""
    found = ""
    for child in widget.winfo_children():
        if child.winfo_manager():
            if child.winfo_class() in ("TLabel", "TButton"):
                found += f"{child.cget('text')}\n"
            found += shown_texts(child)
    return found
