"""Work of the first run on a share or a server, off the Tk thread.

First they are asked; one that is gone keeps this waiting for minutes, so it can be
given up, and what the thread left behind hears later is of no use to anybody.  What is
then made is made to the end: whoever could leave it half-way would find half a station.
"""

import threading
import tkinter
from collections.abc import Callable
from typing import Any

from desk.jobs import JobCancelled, Jobs
from desk.widgets.form import Form
from desk.widgets.progress import Progress
from models import storage
from models.errors import UserError
from models.progress import Report

CLOSE_SECONDS = 1.0


class Gate:
    """Either the thread goes through, or somebody gives up: whoever comes first."""

    def __init__(self) -> None:
        self._lock, self._said = threading.Lock(), ""

    def go_through(self) -> None:
        """On the thread, before anything is made."""
        if self._say("through") != "through":
            raise JobCancelled

    def give_up(self) -> bool:
        """On the Tk thread; False when it is too late."""
        return self._say("given up") == "given up"

    def _say(self, word: str) -> str:
        with self._lock:
            self._said = self._said or word
            return self._said


class SetupWork(Progress):
    """The line that shows it, below the cards."""

    def __init__(
        self, master: tkinter.Misc, window: Any, on_running: Callable[[bool], None]
    ) -> None:
        super().__init__(master, Jobs(master, "setup"))
        self._window, self._on_running = window, on_running
        self._gate = Gate()

    def do(
        self,
        form: Form,
        ask: Callable[[], Any],
        make: Callable[[Any, Report], Any],
        *,
        on_done: Callable[[], None],
    ) -> None:
        """Make what *form* is for out of what *ask* gives; both take plain data.

        Then the station is opened, and `on_done` may say more.
        """
        if self.running:
            raise UserError("上一项操作还没有完成，请稍候。")
        gate = self._gate = Gate()

        def task(report: Report) -> None:
            answer = ask()
            gate.go_through()
            report(0, 1, "正在建立，请稍候…")
            try:
                make(answer, report)
            finally:
                storage.close_database()

        self._jobs.start(
            task,
            on_done=lambda done: self._open(on_done),
            on_progress=self._on_progress,
            on_end=self._end,
            on_error=lambda error: self._refuse(form, error),
            connected=False,
        )
        self._on_running(True)
        self.show("正在连接…没有回答可以按“取消”，填写的内容都在。")

    @property
    def running(self) -> bool:
        """Whether something is asked or made."""
        return self._jobs.running

    def cancel(self) -> None:
        """Give up what is only asked so far; nothing was made."""
        if self.running and self._gate.give_up():
            self._jobs.close(0)
            self._end()

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self.cancel_button.configure(state="normal")  # words stay while it is disabled
        self.tell(done, total, text)
        self.cancel_button.configure(state="disabled")

    def _end(self) -> None:
        self.grid_remove()
        self._on_running(False)

    def _open(self, on_done: Callable[[], None]) -> None:
        storage.open_database(self._window.folder)
        self._window.open_station()
        on_done()

    def _refuse(self, form: Form, error: BaseException) -> None:
        """Under its field.  Where only the last word to the share did not come
        through, the station is there: it says it again with the next sync."""
        if storage.has_database(self._window.folder):
            self._open(lambda: None)
        elif isinstance(error, UserError) and form.show_problem(
            str(error), error.field
        ):
            return
        raise error

    def destroy(self) -> None:
        self._jobs.close(0 if self._gate.give_up() else CLOSE_SECONDS)
        super().destroy()
