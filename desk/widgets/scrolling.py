"""What scrolls shows a scrollbar only where there is something to scroll."""

import ttkbootstrap as ttk


def show_bar_if_needed(area: ttk.ScrolledFrame) -> None:
    """Now that what is in it, or the room for it, has changed."""
    if area.winfo_reqheight() > area.master.winfo_height():
        area.show_scrollbars()
    else:
        area.hide_scrollbars()


def follow_size(area: ttk.ScrolledFrame) -> None:
    """From now on, whenever it changes."""

    def look() -> None:
        if area.winfo_exists():
            show_bar_if_needed(area)

    for part in (area, area.master):
        # When idle: the grid has then found its new heights.
        part.bind("<Configure>", lambda event: area.after_idle(look), add="+")


TAG = """
proc ::tag_for_wheel {window tag is_over} {
    set tags [bindtags $window]
    set at [lsearch -exact $tags $tag]
    if {$is_over && $at < 0} {
        bindtags $window [linsert $tags 1 $tag]
    } elseif {!$is_over && $at >= 0} {
        bindtags $window [lreplace $tags $at $at]
    }
    foreach child [winfo children $window] {
        if {[winfo toplevel $child] ne $child} {
            ::tag_for_wheel $child $tag $is_over
        }
    }
}
"""


class Scrolled(ttk.ScrolledFrame):
    """The library goes through all that is in it, in Python, whenever the pointer comes
    or goes: with a page that is shown under the pointer too, half a frame and more."""

    def _add_scroll_binding(self) -> None:
        self._tag_all(is_over=True)

    def _del_scroll_binding(self) -> None:
        self._tag_all(is_over=False)

    def _tag_all(self, *, is_over: bool) -> None:
        if not int(self.tk.call("winfo", "exists", self._canvas)):
            return
        if not self.tk.call("info", "commands", "::tag_for_wheel"):
            self.tk.eval(TAG)
        self.tk.call("::tag_for_wheel", self._canvas, self._wheel_tag, is_over)
