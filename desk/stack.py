"""The pages of the window: one in front, the others taken out of their place.

To keep the others mapped, moved out of sight, was tried: a page came back no sooner (of
its 7 to 13 ms nearly all is drawing), and Tab and screen readers would find them.

A change of the look goes only to what is in front.  For all pages it takes three to six
frames; each of the others is restyled when it is brought, before it is seen, or earlier
while nobody presses a key.
"""

import tkinter
from collections.abc import Sequence
from typing import Any

import ttkbootstrap as ttk

from desk import theme

FAR = 16_000  # further than screens reach, and windows can still be there


def fit_all(widget: Any, beside: Sequence[str] = ()) -> None:
    """Let every widget that measured text measure it again, but for those *beside*."""
    fit = getattr(widget, "fit", None)
    if fit is not None:
        fit()
    for child in widget.winfo_children():
        if str(child) not in beside:
            fit_all(child, beside)


class PageStack(ttk.Frame):
    """`bring()` a page; `lay_out()` one that was made before it is asked for.

    A page takes the room there is.  Were it asked for its size, one that asks for none
    (its card is placed) was never laid out in another one's stead.
    """

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        self._front: Any = None
        self._looks: dict[Any, tuple[int, int]] = {}
        self._tell()

    def bring(self, page: Any) -> None:
        """Show *page* in the place of the one in front."""
        if page is self._front:
            return
        self.freshen(page)
        page.place(x=0, width="", height="", relwidth=1, relheight=1)
        gone, self._front = self._front, page
        if gone is not None:
            self._looks[gone] = self._look()  # in front it has had every change
            gone.place_forget()
        self._tell()

    def lay_out(self, page: Any) -> None:
        """Let *page* find its places, and its widgets their windows, where nobody sees
        it; `put_away()` ends that."""
        if page is self._front:
            return
        self.freshen(page)
        page.place(x=FAR, width=self.winfo_width(), height=self.winfo_height())
        self._tell()

    def put_away(self, page: Any) -> None:
        """Take a page out of its place that is not in front."""
        if page is not self._front:
            page.place_forget()

    def forget(self, page: Any) -> None:
        """Destroy a page that is not in front."""
        self._looks.pop(page, None)
        page.destroy()
        self._tell()

    def freshen(self, page: Any) -> None:
        """Give *page* the look in use, if it has another one."""
        look = self._look()
        before = self._looks.get(page, look)
        self._looks[page] = look
        if before[0] != look[0]:
            theme.restyle(page)
        if before[1] != look[1]:
            page.update_idletasks()  # what its widgets ask for now is known
            fit_all(page)

    def stale(self) -> list[Any]:
        """The pages behind that have another look than the one in use."""
        look = self._look()
        return [
            page
            for page, its in self._looks.items()
            if page is not self._front and its != look
        ]

    def _look(self) -> tuple[int, int]:
        return theme.changes(), theme.line_height(self)

    def _tell(self) -> None:
        behind = [page for page in self._looks if page is not self._front]
        theme.leave_out(self, behind)

    def destroy(self) -> None:
        theme.leave_out(self, [])
        super().destroy()
