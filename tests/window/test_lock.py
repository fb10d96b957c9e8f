"""锁定: it covers everything, and gives back everything, or brings somebody else."""

import pytest
from driver import WAIT_SECONDS

from desk import asking, dialogs, theme
from desk.idle import IdleWatch
from models.base import db

MINE, OTHERS = "0001110001", "0001110002"


@pytest.fixture
def typed(at_work, drive):
    """Half a visit is typed, and the list of suggestions is open."""
    at_work.root.focus_force()
    at_work.page.focus_first()
    drive.pump(0.05)
    drive.typing("zs")
    drive.wait_until(lambda: at_work.page.form.widget("visitor").is_open, "the list")
    return at_work


class Asked:
    """A dialog over a dialog; what is tried runs inside their loops, step by step."""

    def __init__(self, window, *steps):
        self.window, self.steps, self.failed = window, list(steps), None
        self.answers = []
        self.go_on(2)
        late = window.after(WAIT_SECONDS * 1000, self.give_up)
        dialog = dialogs.build_question(window, "为什么？", title="原因", yes="好")
        dialog.entry.insert(0, "写到一")
        self.when(1, lambda: self.confirm("真的吗？"))
        self.answers.append(dialog.show(dialog.entry))
        self.answers.append(window.person.name)
        window.after_cancel(late)
        if self.failed is not None:
            window.cover and window.cover.go()
            raise self.failed

    def give_up(self):
        self.failed = AssertionError("nobody has answered")
        asking.give_up()

    def confirm(self, text):
        self.answers.append(dialogs.confirm(self.window, text, yes="是"))

    def go_on(self, count):
        """The next step, as soon as so many dialogs wait."""
        self.when(count, self.step)

    def when(self, count, what):
        if asking.count() == count and (self.window.is_locked or has_keys()):
            self.window.after(300, what)  # keys that come too soon answer nothing
        else:
            self.window.after(20, self.when, count, what)

    def step(self):
        try:
            self.steps.pop(0)(self)
        except BaseException as error:
            self.failed = self.failed or error
            asking.give_up()  # so that the loops end


def has_keys():
    """Whether the innermost dialog is there, with the focus in it."""
    dialog = asking.innermost()
    if not dialog.winfo_exists():
        return False  # answered, and on its way out
    last = dialog.focus_lastfor()
    return last is not dialog and dialog.focus_get() is last


def seen(window):
    """The windows on the screen beside the main one."""
    order = window.tk.splitlist(window.tk.call("wm", "stackorder", "."))
    return [name for name in map(str, order) if name != "."]


@pytest.mark.real_dialogs
def test_the_lock_hides_everything_and_gives_it_back(typed, drive):
    root, page, mode = typed.root, typed.page, theme.mode()
    field, title = page.form.widget("visitor"), root.title()

    def lock_it(asked):
        assert asking.count() == 2 and len(seen(typed)) == 2
        typed.say("已登记赵思远。")
        drive.keys("ctrl+l")
        lock = typed.cover
        drive.wait_until(lambda: root.focus_get() is lock.field, "the lock")
        assert typed.is_locked and seen(typed) == []
        assert not typed.note.winfo_ismapped() and not field.is_open
        assert "已锁定" in root.title() and "李老师" not in root.title()
        for part in (typed.header, typed.sidebar, typed.status, page.form):
            at = part.winfo_rootx() + 5, part.winfo_rooty() + 5
            assert str(root.winfo_containing(*at)).startswith(str(lock))
        drive.keys("F4", "ctrl+t", "ctrl+l", "F1", "Escape", "ctrl+s", "Tab", "Tab")
        drive.keys("Tab", "shift+Tab")
        assert (typed.page, typed.cover, theme.mode()) == (page, lock, mode)
        assert str(root.focus_get()).startswith(str(lock))
        typed.show("ledgers")  # a job has ended, and leads on
        drive.pump(0.05)
        assert root.focus_get() is lock.field and "已锁定" in root.title()
        typed.show("visits")
        drive.swipe("4711")
        assert "没有这个学号" in lock.problem.cget("text") and typed.is_locked
        asked.go_on(3)
        asked.confirm("导出完了，打开吗？")

    def unlock(asked):
        assert asking.count() == 3 and seen(typed) == []
        drive.swipe(MINE)
        drive.wait_until(lambda: len(seen(typed)) == 3, "the dialogs")
        drive.pump(0.3)
        assert asking.count() == 3 and root.title() == title
        asked.go_on(2)
        drive.keys("Escape")

    def say_no(asked):
        assert asked.answers == [False]
        asked.go_on(1)
        drive.keys("Escape")

    def say_why(asked):
        assert asked.answers == [False, False]
        dialog = asking.innermost()
        assert root.focus_get() is dialog.entry and dialog.entry.get() == "写到一"
        dialog.yes_button.invoke()

    asked = Asked(typed, lock_it, unlock, say_no, say_why)
    assert asked.answers == [False, False, "写到一", "李老师"]
    drive.pump(0.1)
    assert field.get() == "zs" and root.focus_get() is field


@pytest.mark.real_dialogs
def test_somebody_else_takes_over_and_what_was_asked_is_given_up(typed, drive):
    def take_over(asked):
        typed.lock()
        drive.pump(0.05)
        assert "按取消处理" in typed.cover.words.cget("text")
        assert not typed.may_close()  # what waits would be lost
        drive.swipe(OTHERS)

    asked = Asked(typed, take_over)
    # Who was asked is who gave up: the other one has not answered anything.
    assert asked.answers == [False, None, "李老师"]
    drive.wait_until(lambda: not typed.is_locked, "the other person")
    assert typed.person.name == "陈老师" and "陈老师" in typed.root.title()
    assert "之前是李老师" in typed.status.text and seen(typed) == []
    assert typed.page.form.widget("visitor").get() == "zs"


def test_the_focus_comes_back_and_who_has_left_does_not(typed, drive):
    field = typed.page.form.widget("visitor")
    typed.header.lock_button.invoke()
    drive.pump(0.05)
    assert typed.may_close()  # nothing but what is kept as a draft
    drive.keys(*"T001", "Return")
    drive.wait_until(lambda: not typed.is_locked, "the window")
    assert typed.root.focus_get() is field and field.get() == "zs"
    typed.lock()
    drive.pump(0.05)
    # As the sync brings it from the office.
    db.execute_sql("UPDATE person SET status = 'left' WHERE number = 'T001'")
    drive.swipe(MINE)
    assert "已离岗" in typed.cover.problem.cget("text") and typed.is_locked


def test_an_idle_window_locks_but_not_while_something_stirs(typed, drive):
    typed.idle.stop()
    now = [1000.0]
    idle = IdleWatch(typed, now=lambda: now[0])

    def look_after(seconds):
        now[0] += seconds
        idle.look()
        return typed.is_locked

    assert not look_after(200)
    drive.keys("shift")  # any key counts, and takes no focus
    field = typed.root.focus_get()
    assert not look_after(200) and not look_after(299)
    typed.page.table.event_generate("<Motion>", x=5, y=50, warp=True)
    drive.pump(0.05)
    assert not look_after(10) and not look_after(290)
    assert typed.root.focus_get() is field
    with asking.native():
        assert not look_after(60)
    assert look_after(5)
    drive.swipe(MINE)
    drive.wait_until(lambda: not typed.is_locked, "the window")
    assert not look_after(5)
    drive.keys("shift")
    assert look_after(3600)  # the PC has slept: who wakes it is somebody else
    typed.cover.go()
    typed.settings.idle_minutes = 0
    assert not look_after(9000) and not look_after(9000)
