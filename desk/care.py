"""Cares for the file of the records while the window is open.

Reads it through in the background, turns to looking only when it does not hold or
cannot be written, and back again by itself when there is room.
"""

import logging
from typing import Any

from desk.bars import InfoBar
from desk.looking import Look
from models import readonly, storage
from models.errors import UserError

log = logging.getLogger(__name__)

AGAIN_MS = 10_000
DAMAGED = (
    "只读：数据文件有损坏，已停止登记，只能查看和导出台账。"
    "请从备份恢复，现在的文件会留在旁边。"
)
FULL = (
    "只读：硬盘空间不足或数据文件夹不能写入，只能查看和导出台账。"
    "请清理磁盘，有了空间会自动恢复登记。"
)
UNOPENABLE = "只读：只能查看和导出台账，不能登记和更改。"


class Care:
    """`bar` stands under the header and says 只读; it cannot be closed."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self.bar = InfoBar(window, closable=False)
        self._timer = ""
        self._look: Look | None = None
        self._check: Any = None
        self.is_checked = False  # whether a reading of the file has ended

    # -- reading the file through -------------------------------------------

    def check(self, *, full: bool | None = None) -> None:
        """Begin to read the file through, the full way when that is due."""
        from exports.backup.plan import is_check_due, read_state
        from models import clock
        from models.soundness import Check

        if self._check is not None or readonly.is_on() or storage.on_server():
            return
        if full is None:
            full = is_check_due(read_state(self._window.folder), clock.now())
        check = self._check = Check(self._window.folder, full=full)
        self._look = Look(
            self._window, check.run, lambda told: self._on_checked(told, full)
        )

    def _on_checked(self, told: str | None, full: bool) -> None:
        self._check, self._look = None, None
        if told is None:
            return
        self.is_checked = True
        if told:
            log.warning("the database is damaged: %s", told)
            self._note(damage=told)
            self.look_only(DAMAGED)
        elif full:
            from models import clock

            self._note(damage="", checked_at=clock.now())

    def _note(self, **changes: object) -> None:
        from exports.backup.plan import change_state

        try:
            change_state(self._window.folder, **changes)
        except (OSError, UserError) as error:
            log.warning("the outcome of the check is not kept: %s", error)

    # -- looking only ---------------------------------------------------------

    def look_only(self, why: str) -> None:
        """From now on nothing is written, and the bar says why."""
        if not readonly.is_on():
            try:
                readonly.open_read_only(self._window.folder)
            except UserError:
                self._window.show_trouble()
                return
        self.say(why)

    def say(self, why: str) -> None:
        """The station is open for looking already."""
        ways = {FULL: ("现在再试", self._try_again)}
        way = ways.get(why, ("从备份恢复", self._window.leave_for_restore))
        self.bar.show(why, "danger", way)
        self._window.update_status()
        if why == FULL:
            self._wait()

    def _wait(self) -> None:
        self._stop_timer()
        self._timer = self._window.after(AGAIN_MS, self._try_again)

    def _try_again(self) -> None:
        """Is there room again?  A full disk may take its time to say."""
        self._stop_timer()
        if self._look is None:
            folder = self._window.folder
            self._look = Look(
                self._window, lambda: readonly.can_write(folder), self._on_tried
            )

    def _on_tried(self, can_write: bool) -> None:
        self._look = None
        if not can_write or self._window.jobs.running:
            self._wait()
            return
        storage.open_database(self._window.folder)
        readonly.forget_copies()
        self.bar.hide()
        self._window.last_read.forget()
        if self._window.page is self._window.pages.get("dashboard"):
            self._window.page.refresh()  # what could not be counted
        self._window.say("可以写入了，已恢复正常登记。")

    # -- the end --------------------------------------------------------------

    def _stop_timer(self) -> None:
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""

    def stop(self) -> None:
        """The window goes, or another database comes."""
        self._stop_timer()
        if self._check is not None:
            self._check.stop()
            self._check = None
        if self._look is not None:
            self._look.drop()
            self._look = None
        self.bar.hide()
