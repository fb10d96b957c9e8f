"""The window on small and large screens: whole, and with its status bar."""

import pytest
import ttkbootstrap as ttk

from desk import main, theme
from desk.pages import pages_of


@pytest.fixture
def scaled(root):
    """Lets a test set tk scaling; puts it back."""
    before = float(root.tk.call("tk", "scaling"))

    def scale(to):
        ttk.enable_high_dpi_awareness(root, to)
        root.tk.call("tk", "scaling", to)
        theme.set_fonts(root)
        theme.set_mode(root, "light")

    yield scale
    scale(before)


def buttons_of(widget):
    found = [widget] if isinstance(widget, ttk.Button) else []
    for child in widget.winfo_children():
        found += buttons_of(child)
    return found


@pytest.mark.parametrize(
    ("scaling", "size"),
    [(1.33, "1366x740"), (1.67, "1600x870"), (2.0, "1920x1040")],
)
@pytest.mark.parametrize("kind", ["desk", "office"])
def test_buttons_are_on_screen_and_whole(
    request, root, drive, scaled, scaling, size, kind
):
    scaled(scaling)
    name = "at_work" if kind == "desk" else "at_office"
    window = request.getfixturevalue(name)
    root.geometry(f"{size}+0+0")
    drive.pump(0.1)
    wide, high = root.winfo_width(), root.winfo_height()
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump(0.05)
        mapped = [b for b in buttons_of(window) if b.winfo_ismapped()]
        assert mapped
        for button in mapped:
            if str(button).startswith(str(getattr(window.page, "area", "none"))):
                button.focus_set()  # this page scrolls
                drive.pump()
            right = button.winfo_rootx() - root.winfo_rootx() + button.winfo_width()
            foot = button.winfo_rooty() - root.winfo_rooty() + button.winfo_height()
            what = (entry.title, button.cget("text"), right, foot)
            assert right <= wide and foot <= high, what
            assert button.winfo_width() >= button.winfo_reqwidth(), what
            assert button.winfo_height() >= button.winfo_reqheight(), what
        form = getattr(window.page, "form", None)
        if form is not None:
            assert form.primary.winfo_viewable(), entry.title


def test_the_focused_field_is_scrolled_into_view(at_work, root, drive):
    root.geometry("1100x420+0+0")
    drive.pump(0.1)
    form = at_work.page.form
    root.focus_force()
    form.focus_field("note")
    drive.pump(0.1)
    note, canvas = form.widget("note"), form.area.master
    top, foot = canvas.winfo_rooty(), canvas.winfo_rooty() + canvas.winfo_height()
    assert top <= note.winfo_rooty()
    assert note.winfo_rooty() + note.winfo_height() <= foot
    assert form.primary.winfo_viewable()


@pytest.mark.parametrize("kept", ["", "9000x9000+5000-1", "abc", "800x600+99999+99999"])
def test_the_window_is_pulled_back_onto_the_screen(root, drive, kept):
    before = root.minsize()
    main.restore_geometry(root, kept)
    drive.pump(0.1)
    size, x, y = root.geometry().split("+")
    width, height = (int(side) for side in size.split("x"))
    assert int(x) + width <= root.winfo_screenwidth()
    assert int(y) + height <= root.winfo_screenheight()
    root.minsize(*before)
    root.geometry("1366x740+0+0")


def test_a_window_too_high_for_the_screen_keeps_its_status_bar(at_work, root, drive):
    before = root.minsize()
    root.minsize(1024, root.winfo_screenheight())
    root.geometry(f"1366x{root.winfo_screenheight()}+0+0")
    drive.pump(0.2)
    main.pull_onto_screen(root)
    drive.pump(0.2)
    status = at_work.status
    foot = status.winfo_rooty() + status.winfo_height()
    assert root.winfo_screenheight() - 40 < foot <= root.winfo_screenheight()
    assert root.minsize()[1] < root.winfo_screenheight()
    root.minsize(*before)
    root.geometry("1366x740+0+0")


def test_every_page_of_the_smallest_window_is_in_sight(at_work, root, drive):
    """A screen of 640 lines less the title bar; nothing has to be scrolled."""
    for size in ("1024x610", "1366x740", "1024x610"):
        root.geometry(f"{size}+0+0")
        drive.pump(0.1)
        sidebar, status = at_work.sidebar, at_work.status
        last = list(sidebar.buttons.values())[-1]
        assert sidebar._canvas.canvasy(0) == 0
        assert last.winfo_rooty() + last.winfo_height() <= status.winfo_rooty(), size
        foot = status.winfo_rooty() + status.winfo_height()
        assert foot == root.winfo_rooty() + root.winfo_height()
        assert status.winfo_height() >= status.winfo_reqheight()
