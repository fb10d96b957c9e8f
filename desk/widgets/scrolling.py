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
