"""The main window: pages in the middle, and what is always there around them."""

import logging
import tkinter
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import ttkbootstrap as ttk

from desk import asking, dialogs, theme
from desk.ahead import Ahead
from desk.autobackup import AutoBackup
from desk.autosync import AutoSync
from desk.bars import Header, InfoBar, PassingNote, StatusBar
from desk.care import FULL, Care
from desk.drafts import DraftKeeper
from desk.idle import IdleWatch
from desk.jobs import Jobs
from desk.keymap import key_at, keys_of
from desk.lastread import LastRead
from desk.looks import Looks
from desk.opening import READ_ONLY, Opening, open_station
from desk.pages import PageEntry, first_page, pages_of
from desk.settings import Settings, load_settings
from desk.sidebar import Sidebar
from desk.stack import PageStack
from desk.widgets import STARTED_ANEW
from desk.windowkeys import WindowKeys
from desk.wording import in_short
from models import mishaps, readonly, storage
from models.errors import UserError
from models.installation import Installation, installation
from models.people import Person
from models.stations import this_station

if TYPE_CHECKING:
    from desk.suggestions import StudentIndex
    from desk.watch import DutyWatch

log = logging.getLogger(__name__)

TITLE = "服务窗口工作站"
STATUS_MS = 400
# Its row: above it the header, what is amiss with the file, the seals, the alarm,
# drafts; below it the status.
CONTENT = 5


class MainWindow(ttk.Frame):
    """Everything inside the root.  First `show_setup` or `show_sign_in`.

    A page is a Frame with `title`, `__init__(master, window)` and `refresh()`, and
    methods named in the table of keys.  It is made at the first visit and kept.
    """

    def __init__(self, root: ttk.App, folder: Path) -> None:
        super().__init__(root)
        self.root, self.folder = root, folder
        self.settings: Settings = load_settings(folder)
        self.jobs = Jobs(root)
        self.person: Person | None = None
        self.here: Installation | None = None
        self.page: Any = None
        self.pages: dict[str, Any] = {}
        self.sidebar: Sidebar | None = None
        self._crashes: set[str] = set()
        self._students: StudentIndex | None = None
        self._watch: DutyWatch | None = None
        self.looks, self.keys = Looks(self), WindowKeys(self)
        self.last_read = LastRead(self)
        self.ahead = Ahead(self)
        self.autosync = AutoSync(self)
        self._status_timer = ""
        self.columnconfigure(1, weight=1)
        self.rowconfigure(CONTENT, weight=1)
        self.header = Header(self, on_lock=self.lock)
        self._build_bars()
        # What lies over all of it: the lock, or a screen for students.
        self.cover: Any = None
        self.idle = IdleWatch(self)
        self.content = PageStack(self)
        self.content.grid(row=CONTENT, column=1, sticky="nsew")
        self.status = StatusBar(self)
        self.status.grid(row=CONTENT + 1, column=0, columnspan=2, sticky="ew")
        self.status.sync.bind("<Button-1>", lambda event: self.show("sync"))
        self.note = PassingNote(self, content=self.content)
        self._refusal = ""
        root.report_callback_exception = self.report_error
        root.bind(STARTED_ANEW, lambda event: self.forget_refusal())
        root.bind("<FocusIn>", self._on_focus)
        root.bind(dialogs.LOCK, lambda event: self.lock())
        self.keys.bind()
        self.drafts.bind()
        self.idle.start()

    def _build_bars(self) -> None:
        """A message lies over the header: as a line of its own it would move all the
        rest, and the click on its way would land on another button."""
        self.info = InfoBar(self)
        self.info.grid(row=0, column=1, sticky="nsew")
        # Its own bar: neither a refusal nor Esc takes the place of an alarm.
        self.alarm = InfoBar(self)
        self.drafts = DraftKeeper(self)
        self.care, self.autobackup = Care(self), AutoBackup(self)
        pad = theme.text_width(self, 0.4)
        below = (self.care.bar, self.header.seals, self.alarm, self.drafts.bar)
        for row, bar in enumerate(below, 1):
            bar.grid(row=row, column=1, sticky="ew", pady=(0, pad))
        for bar in (self.info, *below):
            bar.hide()

    # -- what is in front ---------------------------------------------------

    def open_station(self) -> None:
        """Show the sign-in page of the station whose database is open.

        A desk the office has not let in yet shows what it waits for instead.
        """
        self.here = installation()
        self.root.title(f"{TITLE} — {self.here.name}")
        if self.here.is_office or this_station() is not None:
            self.show_sign_in()
        else:
            self.show_waiting()

    def show_opened(self, opening: Opening, why: str = FULL) -> None:
        """Show what was found in the data folder when it was opened."""
        if opening.state == "new":
            self.show_setup()
        elif opening.state == "trouble":
            self.show_trouble(opening)
        else:
            self.open_station()
            if opening.state == READ_ONLY:
                self.care.say(why)

    def show_trouble(self, opening: Opening | None = None) -> None:
        """The data cannot be opened as they are: what can be done?"""
        from desk.pages.trouble import TroublePage

        self._leave_station()
        self.root.title(TITLE)
        self._bring("trouble", lambda: TroublePage)
        self._forget_pages()
        self.page.tell(opening or open_station(self.folder))

    def show_lost_key(self) -> None:
        """The key of the data is lost: other ways to it."""
        from desk.pages.keys import KeyPage

        self._bring("keys", lambda: KeyPage)

    def show_restore(self, path: Path | None = None) -> None:
        """Choose a backup and put it back; no database is open meanwhile."""
        from desk.pages.restoring import RestorePage

        self._bring("restore", lambda: RestorePage)
        self.page.begin(path)

    def leave_for_restore(self) -> None:
        """From work that can only be looked at."""
        if self.jobs.running:
            raise UserError("还有一项操作没有完成，请等它结束再恢复。")
        self._leave_station()
        self.show_restore()
        self._forget_pages()

    def leave_restore(self) -> None:
        """Back to what there is without it."""
        self.show_opened(open_station(self.folder))

    def open_restored(self, text: str) -> None:
        """A backup was put back: open it, say so, and sync as soon as possible."""
        self.show_opened(open_station(self.folder))
        self.info.show(text, "success")
        self.autosync.soon()
        self.care.check(full=True)

    def _leave_station(self) -> None:
        """Nobody is signed in and nothing is open any more."""
        self._uncover()
        self.autosync.stop()
        self.care.stop()
        self.person = None
        if self.sidebar is not None:
            self.sidebar.destroy()
            self.sidebar = None
        self.header.grid_remove()
        self.drafts.hide()
        if self._watch is not None:
            self._watch.stop()
        self.ahead.stop()
        self.status.forget()
        storage.close_database()

    def _forget_pages(self) -> None:
        """They show a database that is not there any more; the one in front stays."""
        for name, page in list(self.pages.items()):
            if page is not self.page:
                self.content.forget(self.pages.pop(name))

    def show_setup(self) -> None:
        """The first run: what should this PC become?"""
        from desk.pages.setup import SetupPage

        self.root.title(TITLE)
        self._bring("setup", lambda: SetupPage)

    def show_waiting(self) -> None:
        """A desk that has asked to join."""
        from desk.pages.waiting import WaitingPage

        self._bring("waiting", lambda: WaitingPage)

    def show_sign_in(self) -> None:
        """Nobody is signed in: only the card field is there."""
        from desk.pages.signin import SignInPage

        self._bring("signin", lambda: SignInPage)
        self.autosync.start()

    def sign_in(self, person: Person) -> None:
        """Let *person* work, on the first page."""
        assert self.here is not None
        self._uncover()
        self.person = person
        entries = pages_of(self.here)
        if self.sidebar is None:
            self.sidebar = Sidebar(
                self, entries=entries, on_choose=self.show, heading=self.here.name
            )
        self.sidebar.grid(row=0, column=0, rowspan=CONTENT + 1, sticky="ns")
        self.header.grid(row=0, column=1, sticky="ew")
        self.header.person.configure(
            text=f"{person.name}（{person.role_label}） · {self.here.name}"
        )
        self.show(first_page(self.here))
        self.watch.start()
        self.drafts.offer(person)
        self.update_status()
        self.ahead.start()
        self.autobackup.start()

    def lock(self) -> None:
        """Cover everything until a card unlocks it; nothing is lost below."""
        if self.person is None or self.cover is not None:
            return
        from desk.lockscreen import LockScreen

        self.drafts.look_everywhere()
        LockScreen(self).rise()

    @property
    def is_locked(self) -> bool:
        """Whether something lies over it that only a card or a PIN takes away."""
        return self.cover is not None

    def _uncover(self) -> None:
        """Without giving back what was asked: somebody else comes, or the end."""
        if self.cover is not None:
            asking.give_up()
            self.cover.go()

    def _retitle(self, text: str) -> None:
        """For the title bar, as soon as nothing covers the window."""
        if self.cover is None:
            self.root.title(text)
        else:
            self.cover.title_below = text

    def show(self, name: str) -> None:
        """Bring a page to the front, made now if it never was."""
        if self.person is None or self.here is None or self.sidebar is None:
            return
        entry = next((e for e in pages_of(self.here) if e.name == name), None)
        if entry is None:
            return
        # First of all: what is not made must not be announced.
        self._make_for_sidebar(entry)
        self.drafts.on_page_change()
        self.info.hide()
        if self.page is not self.pages.get(name):
            self.note.hide()  # what it told was of the page that goes
            self.status.say("")
        self.sidebar.choose(name)
        self.header.title.configure(text=entry.title)
        self._retitle(f"{TITLE} — {entry.title} — {self.person.name}")
        self._show_hints(self.pages[name])  # before the page: it is laid out but once
        self._bring(name, entry.load)

    def _show_hints(self, page: Any) -> None:
        answers = (self, page)  # a key that nobody answers is of no use here
        self.status.show_hints(
            [
                key_at(page, key)
                for key in keys_of(self.here)
                if any(hasattr(one, key.action) for one in answers)
            ]
        )

    def _make_for_sidebar(self, entry: PageEntry) -> None:
        """Should it fail, the sidebar goes on marking the page that stays in front."""
        try:
            self._make(entry.name, entry.load)
        except Exception:
            front = [n for n, page in self.pages.items() if page is self.page]
            if self.sidebar is not None and front[0] in self.sidebar.buttons:
                self.sidebar.choose(front[0])
            raise

    def forget_roster(self) -> None:
        """The roster has changed: whoever asks for it next reads it again."""
        self._students = None
        self.last_read.forget()

    @property
    def watch(self) -> "DutyWatch":
        """Who is on duty; nobody asks before somebody signs in."""
        from desk.watch import DutyWatch

        if self._watch is None:
            self._watch = DutyWatch(self)
        return self._watch

    @property
    def students(self) -> "StudentIndex":
        """The roster in memory, one for all pages."""
        from desk.suggestions import StudentIndex

        if not self._students:
            self._students = StudentIndex.of_roster()
        return self._students

    def _make(self, name: str, load: Callable[[], Any]) -> Any:
        if name not in self.pages:
            self.pages[name] = load()(self.content, self)
        return self.pages[name]

    def made_page(self, name: str) -> Any:
        """A page of the sidebar, made now if it never was; what is in front stays."""
        assert self.here is not None
        entry = next(e for e in pages_of(self.here) if e.name == name)
        return self._make(name, entry.load)

    def _bring(self, name: str, load: Callable[[], Any]) -> None:
        page = self._make(name, load)
        self.last_read.keep_rows(self.page)
        if self.page is not None and self.page is not page:
            self.forget_refusal()
        self.keys.close_sheet()
        self.page = page
        self.content.bring(page)
        self.last_read.bring(name, page)
        page.focus_first()
        self.last_read.note_focus()

    def open_finding(self, kind: str = "visits", **filters: Any) -> None:
        """Bring 查找 with these filters, as `FindingPage.ask` takes them, and no
        others."""
        self.show("finding")
        self.page.ask(kind, **filters)

    def refresh_attendance(self) -> None:
        """Somebody was checked out elsewhere than on the page in front."""
        if self.page is not None and self.page is self.pages.get("attendance"):
            self.page.refresh()

    def _on_focus(self, event: tkinter.Event) -> None:
        """The root has it back from another program; within, its widgets have it."""
        if event.widget is self.root:
            self.looks.follow_system()

    # -- what is said -------------------------------------------------------

    def say(self, text: str) -> None:
        """Tell a result: in passing over the page, and lastingly in the status bar."""
        self.forget_refusal()
        free = self.header.winfo_ismapped() and not self.info.is_shown
        self.note.show(text, self.header if free else None)
        self.status.say(text)
        self.update_status()

    def say_rows(self, text: str) -> None:
        """How many rows the page in front shows."""
        self.status.rows.configure(text=text)

    def update_status(self) -> None:
        """Read the sync state soon; several calls in a row make one reading."""
        if self._status_timer:
            self.after_cancel(self._status_timer)
        self._status_timer = self.after(STATUS_MS, self._show_status)

    def _show_status(self) -> None:
        from desk.syncstate import sync_words

        self._status_timer = ""
        if self.here is not None and self.person is not None:
            read_only = ("只读，不能登记", "bad")
            words = sync_words(activity=self.autosync.activity)
            self.status.show_sync(*(read_only if readonly.is_on() else words))

    def show_sync_state(self) -> None:
        """Something about sync has changed: texts only."""
        self._show_status()
        show = getattr(self.page, "show_sync_state", None)
        if show is not None:
            show()

    def forget_refusal(self) -> None:
        """Something new has begun or succeeded: an old refusal is over."""
        if not self._refusal:
            return
        if self.info.text == self._refusal:
            self.info.hide()
        if self.status.text == " ".join(self._refusal.split()):
            self.status.say("")
        self._refusal = ""

    # -- errors -------------------------------------------------------------

    def report_error(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Last stop of every error raised in a button, a key, a timer or a job."""
        error = mishaps.told(error) or error
        if isinstance(error, UserError):
            self._refusal = in_short(str(error))
            self.info.show(self._refusal, "danger")
            self.status.say(self._refusal)
            if isinstance(error, mishaps.Damaged):
                self.care.check()
            return
        log.error("unexpected error", exc_info=(kind, error, trace))
        lines = traceback.format_exception(kind, error, trace)
        where = "".join(lines[-2:])
        if where not in self._crashes:  # a timer that fails would stack dialogs
            self._crashes.add(where)
            dialogs.show_crash(self, "".join(lines), self.folder)

    def on_refresh(self) -> None:
        """F5 where the page does not do more."""
        if self.page is not None:
            self.forget_refusal()
            self.page.refresh()
            self.status.say("已刷新。")
        self.update_status()
        self.autosync.soon()

    # -- the end ------------------------------------------------------------

    def may_close(self) -> bool:
        """Ask first when work is under way.  What is typed is kept for the next start;
        only where it cannot be, that is asked about too."""
        if self.cover is not None:
            return self.cover.may_close()
        if not self.drafts.is_all_kept() and not dialogs.confirm(
            self,
            "填写的内容没能留存，退出就没有了。要退出吗？",
            yes="退出",
            danger=True,
        ):
            return False
        return not self.jobs.running or dialogs.confirm(
            self,
            "还有一项操作没有完成，要取消它并退出吗？",
            yes="取消操作并退出",
            no="继续等待",
        )

    def destroy(self) -> None:
        if self._status_timer:
            self.after_cancel(self._status_timer)
            self._status_timer = ""
        if self._watch is not None:
            self._watch.stop()
        self.idle.stop()
        self.last_read.stop()
        self.ahead.stop()
        self.care.stop()
        self.autobackup.stop()
        self._uncover()
        self.autosync.stop()
        self.jobs.close()
        for event in (STARTED_ANEW, "<FocusIn>"):
            self.root.unbind(event)
        self.looks.close()
        self.drafts.close()
        self.root.unbind(dialogs.LOCK)
        self.keys.release()
        super().destroy()
