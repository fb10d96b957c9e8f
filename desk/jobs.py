"""Slow work off the Tk thread: one worker, one job at a time, plain data across."""

import gc
import queue
import tkinter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Event
from typing import Any

from models.base import connection
from models.errors import UserError
from models.progress import Report

POLL_MS = 30
COLLECT_MS = 20_000

Task = Callable[[Report], Any]


class JobCancelled(Exception):
    """Raised by report() inside a task that should stop here."""


class Jobs:
    """Runs task(report) on a worker thread and hands the outcome back to Tk.

    The task gets plain data and returns plain data: it must not touch a widget, a
    Tk variable or an image, nor be the last thing to hold one.  Callbacks run on
    the Tk thread, and an error raised by the task is raised there too, so it ends
    in the same place as an error raised by a button.
    """

    def __init__(self, root: tkinter.Misc) -> None:
        self._root = root
        self._messages: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._cancelled = Event()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._callbacks: tuple[Callable, Callable, Callable] | None = None
        self._poll_id = ""

    @property
    def running(self) -> bool:
        """Whether a job has been started and its outcome not yet handed over."""
        return self._callbacks is not None

    def start(
        self,
        task: Task,
        *,
        on_done: Callable[[Any], None],
        on_progress: Callable[[int, int, str], None] = lambda *_: None,
        on_end: Callable[[], None] = lambda: None,
        connected: bool = True,
    ) -> None:
        """Run *task*; `on_end` comes first and always, `on_done` only on success.

        It has a database connection, unless it is to open databases itself.
        """
        if self.running:
            raise UserError("上一项操作还没有完成，请稍候。")
        self._callbacks = (on_done, on_progress, on_end)
        self._cancelled.clear()
        self._pool.submit(self._run, task, connected)
        self._poll_id = self._root.after(POLL_MS, self._poll)

    def cancel(self) -> None:
        """Ask the job to stop at its next report()."""
        self._cancelled.set()

    def close(self) -> None:
        """Cancel, wait for the worker and stop polling.  Outcomes are dropped."""
        self.cancel()
        self._pool.shutdown(wait=True)
        if self._poll_id:
            self._root.after_cancel(self._poll_id)
        self._callbacks, self._poll_id = None, ""

    def _run(self, task: Task, connected: bool) -> None:  # worker thread
        try:
            with connection() if connected else nullcontext():
                result = task(self._report)
        except BaseException as error:
            self._messages.put(("error", error))
        else:
            self._messages.put(("done", result))

    def _report(self, done: int, total: int, text: str = "") -> None:  # worker thread
        if self._cancelled.is_set():
            raise JobCancelled
        self._messages.put(("progress", (done, total, text)))

    def _poll(self) -> None:
        assert self._callbacks is not None
        on_done, on_progress, on_end = self._callbacks
        progress = None
        while True:
            try:
                kind, value = self._messages.get_nowait()
            except queue.Empty:
                if progress:  # only the newest: a fast task reports thousands
                    on_progress(*progress)
                self._poll_id = self._root.after(POLL_MS, self._poll)
                return
            if kind == "progress":
                progress = value
                continue
            self._callbacks, self._poll_id = None, ""
            on_end()
            if kind == "done":
                on_done(value)
            elif not isinstance(value, JobCancelled):
                raise value
            return


def collect_garbage_on_this_thread(root: tkinter.Misc) -> None:
    """Keep Python from collecting Tk variables and images on a worker thread.

    Python runs its collector on whichever thread happens to allocate next, and Tk
    objects may only be deleted by the thread that made them (cpython #83274: the
    process aborts).
    """
    gc.disable()
    gc.collect()
    root.after(COLLECT_MS, collect_garbage_on_this_thread, root)
