"""The pages of the window: one in front, the others beside it, out of sight.

A page taken out of its place and put back is mapped anew, widget by widget and level by
level: 8 ms of each key that brings one.  So it is only moved, far out of its master,
and stays laid out.  Tk takes it for one that can be seen; what follows from that is set
right here: Tab does not go there, and a change of the look reaches it when it comes to
the front, or when nobody waits.
"""

import tkinter
from collections.abc import Sequence
from typing import Any

import ttkbootstrap as ttk

from desk import theme

LEFT = "<<PageLeft>>"  # on a page from which another one was brought to the front
FAR = 16_000  # further than screens reach, and windows can still be there
_TELL_TK = """
auto_load ::tk::FocusOK
if {[info commands ::tk::FocusOKInSight] eq ""} {
    rename ::tk::FocusOK ::tk::FocusOKInSight
}
proc ::tk::FocusOK w {
    foreach page $::desk_aside {
        if {[string match "$page.*" "$w."]} {return 0}
    }
    ::tk::FocusOKInSight $w
}
proc ::desk_theme_changed top {
    event generate $top <<ThemeChanged>>
    foreach w [winfo children $top] {
        if {$w ni $::desk_aside} {::desk_theme_changed $w}
    }
}
proc ::ttk::ThemeChanged {} {::desk_theme_changed .}
"""


def fit_all(widget: Any, beside: Sequence[str] = ()) -> None:
    """Let every widget that measured text measure it again, but for those *beside*."""
    fit = getattr(widget, "fit", None)
    if fit is not None:
        fit()
    for child in widget.winfo_children():
        if str(child) not in beside:
            fit_all(child, beside)


class PageStack(ttk.Frame):
    """`bring()` a page, or `lay_aside()` one that was made before it is asked for."""

    def __init__(self, master: tkinter.Misc) -> None:
        super().__init__(master)
        self._front: Any = None
        self._aside: list[Any] = []
        self._looks: dict[Any, tuple[int, int]] = {}
        self._tell()
        self.tk.eval(_TELL_TK)

    @property
    def aside(self) -> list[Any]:
        """The pages that are not in front."""
        return list(self._aside)

    def bring(self, page: Any) -> None:
        """Show *page* in the place of the one in front."""
        if page is self._front:
            return
        self.freshen(page)
        page.place(x=0, y=0, width="", height="", relwidth=1, relheight=1)
        if page in self._aside:
            self._aside.remove(page)
        gone, self._front = self._front, page
        if gone is not None:
            # In front it has had every change of the look.
            self._looks[gone] = theme.changes(), theme.line_height(self)
            self.lay_aside(gone)
            gone.event_generate(LEFT, when="tail")
        self._tell()

    def lay_aside(self, page: Any) -> None:
        """Lay *page* out as it is in front, where nobody sees it."""
        size = {"width": self.winfo_width(), "height": self.winfo_height()}
        self.freshen(page)
        page.place(x=FAR, y=0, relwidth=0, relheight=0, **size)
        self._aside.append(page)
        self._tell()

    def freshen(self, page: Any) -> None:
        """Give *page* the look in use, if it has another one."""
        look = theme.changes(), theme.line_height(self)
        before = self._looks.get(page, look)
        self._looks[page] = look
        if before[0] != look[0]:
            theme.restyle(page)
        if before[1] != look[1]:
            page.update_idletasks()  # what its widgets ask for now is known
            fit_all(page)

    def is_stale(self, page: Any) -> bool:
        """Whether it has another look than the one in use."""
        return self._looks[page] != (theme.changes(), theme.line_height(self))

    def _tell(self) -> None:
        self.tk.call("set", "::desk_aside", [str(page) for page in self._aside])

    def destroy(self) -> None:
        self._aside.clear()
        self._tell()
        super().destroy()
