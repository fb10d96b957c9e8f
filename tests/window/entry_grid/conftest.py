"""A grid on a frame of its own, focused, with a button behind it."""

import pytest
import ttkbootstrap as ttk
from papergrid import COLUMNS

from desk import theme
from desk.widgets.entrygrid import EntryGrid


@pytest.fixture
def bench(root, drive):
    usual = root.geometry()
    root.geometry("1000x520+0+0")
    frame = ttk.Frame(root, padding=20)
    frame.pack(fill="both", expand=True)
    theme.set_mode(root, "light")
    root.update()
    root.focus_force()
    yield frame
    frame.destroy()
    root.geometry(usual)
    root.update()


@pytest.fixture
def show(bench, drive):
    """Makes a grid, with a button behind it, and focuses its first cell."""

    def show(**options):
        grid = EntryGrid(bench, columns=COLUMNS, **options)
        grid.pack(fill="both", expand=True)
        grid.after_it = ttk.Button(bench, text="保存")
        grid.after_it.pack()
        bench.update()
        grid.focus_set()
        drive.wait_until(grid.has_focus, "the focus")
        return grid

    return show


@pytest.fixture
def grid(show):
    return show(rows=12)
