"""What is typed and not saved is kept while one works, and offered at the next start.

A place is a page by its name.  While what an earlier start left in a place is still
offered, what is typed anew there gets a place of its own beside it (`visits@2`), so
that neither takes the place of the other.
"""

import itertools
import json
import logging
from time import monotonic
from typing import Any

from desk import dialogs
from desk.bars import InfoBar
from desk.keymap import key_of_action
from desk.pages import PageEntry, pages_of
from desk.widgets import STARTED_ANEW
from models import clock
from models.base import transaction
from models.drafts import Draft, drafts, forget_draft, keep_draft
from models.errors import UserError
from models.people import Person

log = logging.getLogger(__name__)

PAUSE_MS = 800
LONGEST_MS = 4000  # for who never pauses
CHANGES = ("<KeyRelease>", "<ButtonRelease>", "<<ComboboxSelected>>", "<<Paste>>")
# A write waits for the disk, 3 ms as a rule and 10 at times; a key costs 5 µs.


class DraftKeeper:
    """A page with something to keep has `draft()`, a dict as JSON has it or None, and
    `bring_draft(kept)`.  One that `parks_drafts` takes a draft while it has another."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self.bar = InfoBar(window, closable=False)
        self._person: Person | None = None
        self._offered: list[Draft] | None = None  # None until somebody signs in
        self._places: dict[str, str] = {}  # where each page's draft is kept
        self._kept: dict[str, str] = {}  # what is kept there
        self._touched: set[str] = set()
        self._timer = ""
        self._first = self._last = 0.0

    def bind(self) -> None:
        """From now on hear of every change, whichever page it is in."""
        root = self._window.root
        for sequence in CHANGES:
            root.bind(sequence, lambda event: self._on_change(), add="+")
        root.bind(STARTED_ANEW, lambda event: self._look_soon(), add="+")
        root.bind("<FocusOut>", lambda event: self._on_focus_out(), add="+")

    def close(self) -> None:
        """The window goes."""
        self._stop_timer()
        for sequence in (*CHANGES, STARTED_ANEW, "<FocusOut>"):
            self._window.root.unbind(sequence)

    # -- when to look -----------------------------------------------------------

    def _front(self) -> str:
        window = self._window
        return next((n for n, page in window.pages.items() if page is window.page), "")

    def _on_change(self) -> None:
        """One timer for all keys: it finds out itself whether they have paused."""
        if self._person is None:
            return
        self._touched.add(self._front())
        self._last = monotonic()
        if not self._timer:
            self._first = self._last
            self._timer = self._window.after(PAUSE_MS, self._on_timer)

    def _on_timer(self) -> None:
        now = monotonic()
        paused, all_in_all = (now - t for t in (self._last, self._first))
        if paused * 1000 >= PAUSE_MS or all_in_all * 1000 >= LONGEST_MS:
            self._timer = self._window.after_idle(self.look)
        else:
            rest = PAUSE_MS - round(paused * 1000)
            self._timer = self._window.after(rest, self._on_timer)

    def _look_soon(self) -> None:
        """As soon as what goes on now is over: something was saved or emptied."""
        if self._person is None:
            return
        self._touched.add(self._front())
        self._stop_timer()
        self._timer = self._window.after_idle(self.look)

    def _on_focus_out(self) -> None:
        if self._timer and not str(self._window.tk.call("focus")):
            self._look_soon()  # the whole window was left

    def on_page_change(self) -> None:
        """Another page comes to the front."""
        if self._touched:
            self._look_soon()

    def _stop_timer(self) -> None:
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""

    # -- keeping ----------------------------------------------------------------

    def look(self) -> None:
        """Put down what stands in the pages that were touched, if it is new."""
        self._stop_timer()
        touched, self._touched = self._touched, set()
        for name in touched:
            self._keep(name)

    def look_everywhere(self) -> None:
        """Put down what stands in any page: nobody may come back to it."""
        if self._person is not None:
            self._touched.update(self._window.pages)
            self.look()

    def is_all_kept(self) -> bool:
        """Whether everything typed is kept now; what is in the way is in the log."""
        try:
            self.look_everywhere()
        except UserError as error:  # the disk is full, or one only looks
            log.warning("drafts are not kept: %s", error)
            return False
        except Exception:
            log.exception("drafts are not kept")
            return False
        return True

    def _keep(self, name: str) -> None:
        page = self._window.pages.get(name)
        if not hasattr(page, "draft"):
            return
        typed = page.draft()
        payload = json.dumps(typed, ensure_ascii=False) if typed else ""
        if payload == self._kept.get(name, ""):
            return
        if payload:
            by = self._person
            keep_draft(
                self._place(name),
                payload,
                person_uid=by.uid if by else "",
                person_name=by.name if by else "",
            )
        else:
            forget_draft(self._place(name))
        self._kept[name] = payload

    def _place(self, name: str) -> str:
        if name not in self._places:
            taken = {draft.place for draft in self._offered or ()}
            more = (f"{name}@{number}" for number in itertools.count(2))
            places = itertools.chain([name], more)
            self._places[name] = next(place for place in places if place not in taken)
        return self._places[name]

    # -- offering ---------------------------------------------------------------

    def offer(self, person: Person) -> None:
        """Somebody has signed in: show what an earlier start left, whoever's it is."""
        self._person = person
        if self._offered is None:
            self._offered = [draft for draft in drafts() if self._is_readable(draft)]
        self._show()

    def hide(self) -> None:
        """Nobody is signed in."""
        self.bar.hide()

    def _entries(self) -> dict[str, PageEntry]:
        return {entry.name: entry for entry in pages_of(self._window.here)}

    def _is_readable(self, draft: Draft) -> bool:
        try:
            readable = isinstance(json.loads(draft.payload), dict)
        except ValueError:
            readable = False
        if not readable or _page_of(draft) not in self._entries():
            log.warning("draft of %s dropped: not readable", draft.place)
            forget_draft(draft.place)
            return False
        return True

    def _named(self, offered: list[Draft]) -> str:
        return "、".join(f"{self._title(draft)}（{_when(draft)}）" for draft in offered)

    def _title(self, draft: Draft) -> str:
        return self._entries()[_page_of(draft)].title

    def _show(self, busy: bool = False) -> None:
        offered = self._offered
        if not offered:
            return self.bar.hide()
        if len(offered) == 1:
            text = f"{self._title(offered[0])}有没保存的内容（{_when(offered[0])}）"
        else:
            text = f"有没保存的内容：{self._named(offered)}"
        if busy:
            text += "。正在填写的请先保存或清空，再恢复"
        self.bar.show(
            text,
            "warning" if busy else "info",
            (f"恢复 {key_of_action('bring_drafts')}", self.bring_drafts),
            other=("丢弃", self.discard),
        )

    def discard(self) -> None:
        """What was left is not wanted."""
        offered = self._offered or []
        if not dialogs.confirm(
            self._window,
            f"丢弃没保存的内容：{self._named(offered)}？丢弃后不能恢复。",
            yes="丢弃",
            danger=True,
        ):
            return
        with transaction():
            for draft in offered:
                forget_draft(draft.place)
        self._offered = []
        self._show()

    # -- bringing back ------------------------------------------------------------

    def bring_drafts(self) -> None:
        """Back into the pages with it, where nothing else is being typed."""
        if not self._offered:
            raise UserError("没有可以恢复的内容。")
        window, offered = self._window, self._offered
        focus = str(window.tk.call("focus"))
        brought, self._offered = [], []
        for draft in offered:
            if self._is_busy(_page_of(draft)):
                self._offered.append(draft)
            elif self._bring(draft):
                brought.append(draft)
        self._show(busy=bool(self._offered))
        window.page.refresh()  # those behind it have told how many rows they show
        if self._front() in map(_page_of, brought):
            window.page.focus_first()
        elif focus:
            window.tk.call("focus", focus)
        spoilt = len(offered) - len(brought) - len(self._offered)
        said = [f"已恢复：{self._named(brought)}。"] if brought else []
        said += [f"有 {spoilt} 份已经不能恢复，已丢弃。"] if spoilt else []
        if said:
            window.say("".join(said))

    def _is_busy(self, name: str) -> bool:
        page = self._window.made_page(name)
        return not getattr(page, "parks_drafts", False) and page.draft() is not None

    def _bring(self, draft: Draft) -> bool:
        """False when it cannot be read, or is about nothing any more: it is dropped."""
        name = _page_of(draft)
        page = self._window.made_page(name)
        page.refresh()
        try:
            page.bring_draft(json.loads(draft.payload))
        except Exception:  # written by another version, or spoilt
            log.warning("draft of %s dropped", draft.place, exc_info=True)
            forget_draft(draft.place)
            return False
        if page.draft() is None:  # what it was about is settled meanwhile
            log.info("draft of %s dropped: it is over", draft.place)
            forget_draft(draft.place)
            return False
        with transaction():  # it is never in no place
            if self._places.setdefault(name, draft.place) != draft.place:
                forget_draft(draft.place)
            self._keep(name)
        return True


def _page_of(draft: Draft) -> str:
    return str(draft.place).partition("@")[0]


def _when(draft: Draft) -> str:
    """`张三 14:32`, with the day unless it is today."""
    day = "" if draft.saved_at.date() == clock.today() else f"{draft.saved_at:%m-%d} "
    return f"{draft.person_name} {day}{draft.saved_at:%H:%M}".strip()
