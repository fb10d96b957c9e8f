"""Slow work off the Tk thread: one worker, one job at a time, plain data across."""

import gc
import queue
import threading
import tkinter
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from models.base import connection
from models.errors import UserError
from models.progress import Report

POLL_MS = 30
COLLECT_MS = 20_000
# A call on a dead share may last for minutes.  The program ends without it: what was
# begun is then as after a power cut, which every writer here allows for.
CLOSE_SECONDS = 1.0

Task = Callable[[Report], Any]


class JobCancelled(Exception):
    """Raised by report() inside a task that should stop here."""


class Jobs:
    """Runs task(report) on a worker thread and hands the outcome back to Tk.

    The task gets plain data and returns plain data: it must not touch a widget, a
    Tk variable or an image, nor be the last thing to hold one.  Callbacks run on
    the Tk thread, and an error raised by the task is raised there too, so it ends
    in the same place as an error raised by a button.

    What must not wait for each other has a `Jobs` of its own, named in the log.
    """

    def __init__(self, root: tkinter.Misc, name: str = "job") -> None:
        self._root, self._name = root, name
        self._work: _Work | None = None
        self._callbacks: tuple[Callable, ...] = ()
        self._poll_id = ""

    @property
    def running(self) -> bool:
        """Whether a job has been started and its outcome not yet handed over."""
        return self._work is not None

    def start(
        self,
        task: Task,
        *,
        on_done: Callable[[Any], None],
        on_progress: Callable[[int, int, str], None] = lambda *_: None,
        on_end: Callable[[], None] = lambda: None,
        on_error: Callable[[BaseException], None] | None = None,
        connected: bool = True,
        patience: float = 0,
    ) -> None:
        """Run *task*; `on_end` comes first and always, `on_done` only on success.

        An error is raised, unless it is given to `on_error`.  The task has a database
        connection, unless it is to open databases itself.  What is done within
        *patience* seconds is handed over at once: a share that is there answers so.
        """
        if self.running:
            raise UserError("上一项操作还没有完成，请稍候。")
        self._callbacks = (on_done, on_progress, on_end, on_error or _raise)
        work = self._work = _Work(task)
        # A daemon: the interpreter does not wait for it when the program ends.
        threading.Thread(
            target=work.run, args=(connected,), name=self._name, daemon=True
        ).start()
        if patience and work.ended.wait(patience):
            self._poll()
        else:
            self._poll_id = self._root.after(POLL_MS, self._poll)

    def cancel(self) -> None:
        """Ask the job to stop at its next report()."""
        if self._work is not None:
            self._work.cancelled.set()

    def close(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Cancel, wait a moment for the worker and stop polling; did it end?

        Outcomes are dropped.  One that has not ended is left behind, cancelled.
        """
        if self._work is None:
            return True
        self._work.cancelled.set()
        has_ended = self._work.ended.wait(seconds)
        self._root.after_cancel(self._poll_id)
        self._let_go()
        return has_ended

    def _let_go(self) -> None:
        self._work, self._callbacks, self._poll_id = None, (), ""

    def _poll(self) -> None:
        assert self._work is not None
        on_done, on_progress, on_end, on_error = self._callbacks
        progress = None
        while True:
            try:
                kind, value = self._work.messages.get_nowait()
            except queue.Empty:
                if progress:  # only the newest: a fast task reports thousands
                    on_progress(*progress)
                self._poll_id = self._root.after(POLL_MS, self._poll)
                return
            if kind == "progress":
                progress = value
                continue
            self._let_go()
            on_end()
            if kind == "done":
                on_done(value)
            elif not isinstance(value, JobCancelled):
                on_error(value)
            return


def _raise(error: BaseException) -> None:
    raise error


class _Work:
    """A task on its thread: it holds nothing of Tk's, and the messages are its own,
    so what one left behind says reaches nobody."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.messages: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self.cancelled, self.ended = threading.Event(), threading.Event()

    def run(self, connected: bool) -> None:
        try:
            with connection() if connected else nullcontext():
                message = ("done", self._task(self._report))
        except BaseException as error:
            message = ("error", error)
        self.messages.put(message)
        self.ended.set()

    def _report(self, done: int, total: int, text: str = "") -> None:
        if self.cancelled.is_set():
            raise JobCancelled
        if total or text:  # without either it was only asked whether to go on
            self.messages.put(("progress", (done, total, text)))


def collect_garbage_on_this_thread(root: tkinter.Misc) -> None:
    """Keep Python from collecting Tk variables and images on a worker thread.

    Python runs its collector on whichever thread happens to allocate next, and Tk
    objects may only be deleted by the thread that made them (cpython #83274: the
    process aborts).
    """
    gc.disable()
    gc.collect()
    root.after(COLLECT_MS, collect_garbage_on_this_thread, root)
