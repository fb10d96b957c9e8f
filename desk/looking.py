"""A look at something outside that may keep us waiting: off the Tk thread.

A share that is gone answers after half a minute, a print server likewise.  Such a look
is no job: nothing waits for it, it has no database, and jobs may run beside it.
"""

import logging
import queue
import threading
import tkinter
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

POLL_MS = 40


class Look:
    """Calls *question* on a thread and *on_answer* with what it gave, on this one.

    The question takes and gives plain data.  Nobody hears the answer any more once
    the widget is gone or the look was dropped.
    """

    def __init__(
        self,
        widget: tkinter.Misc,
        question: Callable[[], Any],
        on_answer: Callable[[Any], None],
    ) -> None:
        self._widget, self._on_answer = widget, on_answer
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._answers = answers
        threading.Thread(
            target=_answer, args=(question, answers), name="look", daemon=True
        ).start()
        self._timer = widget.after(POLL_MS, self._poll)

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to come."""
        return bool(self._timer)

    def drop(self) -> None:
        """The answer is of no use any more."""
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""

    def _poll(self) -> None:
        try:
            answer = self._answers.get_nowait()
        except queue.Empty:
            self._timer = self._widget.after(POLL_MS, self._poll)
            return
        self._timer = ""
        if isinstance(answer, Exception):
            raise answer
        self._on_answer(answer)


def _answer(question: Callable[[], Any], answers: Any) -> None:  # on the thread
    try:
        answers.put(question())
    except Exception as error:  # raised on the Tk thread, where errors are shown
        answers.put(error)
