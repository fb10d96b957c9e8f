"""Opening the window: log, lock, database, root, main loop."""

import contextlib
import errno
import faulthandler
import gc
import logging
import logging.handlers
import platform
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from desk.files import LOG_FOLDER
from desk.opening import READ_ONLY, READY, open_station
from models import storage, witness
from models.errors import UserError

log = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
LOG_FILES = 5
UNWRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC)
SMALLEST = (1024, 640)
USUAL = (1280, 760)
TITLE_LINES = 2  # a title bar is no higher than that many lines of text
ALREADY_OPEN = "这份数据已经在另一个窗口中打开，请切换到那个窗口。"
RAISE_FILE = "window.raise"  # a second start asks the first window to come forward
RAISE_MS = 500


def open_window(folder: Path) -> int:
    """Run the window on the data in *folder* until it is closed; the exit code."""
    gc.disable()  # from now on only desk.jobs lets go of things
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    crash_file = _start_log(folder)
    lock = lock_folder(folder)
    if lock is None:
        (folder / RAISE_FILE).touch()
        _show_notice(ALREADY_OPEN)
        raise UserError(ALREADY_OPEN)
    try:
        return _run(folder)
    finally:
        storage.close_database()
        lock.close()
        faulthandler.disable()
        crash_file.close()


def _run(folder: Path) -> int:
    from desk import accessibility, jobs, repairs, theme
    from desk.window import TITLE, MainWindow

    opening = open_station(folder)
    ready = opening.state in (READY, READ_ONLY)
    root = theme.create_root(TITLE)
    log.info("Tk %s", root.tk.call("info", "patchlevel"))
    repairs.install(root)
    accessibility.enable(root)
    window = MainWindow(root, folder)
    if window.settings.zoom != 100:
        theme.set_fonts(root, window.settings.zoom)
        theme.set_mode(root, theme.mode())
    window.looks.use_kept_mode()
    window.ahead.is_on = window.autosync.is_on = True
    window.pack(fill="both", expand=True)
    window.autobackup.is_on = True
    window.show_opened(opening)
    restore_geometry(root, kept_geometry(root, window.settings))

    def on_close() -> None:
        if window.may_close():
            keep_geometry(root, window)
            window.autosync.leave(end)

    def end() -> None:
        witness.note_end()
        window.destroy()
        root.destroy()

    root.protocol("WM_DELETE_WINDOW", on_close)
    root.deiconify()
    root.after_idle(pull_onto_screen, root)
    jobs.collect_garbage_on_this_thread(root)
    with contextlib.suppress(OSError):
        (folder / RAISE_FILE).unlink(missing_ok=True)
    come_forward_when_asked(root, folder / RAISE_FILE)
    if ready:
        threading.Thread(target=_read_ahead, daemon=True).start()
        window.care.check()
    root.mainloop()
    return 0


def _read_ahead() -> None:
    """What the first page needs, while somebody looks for their card."""
    import desk.helpsheet
    import desk.pages.dashboard
    import desk.pages.visits
    import desk.watch  # noqa: F401


def come_forward_when_asked(root: Any, asked: Path) -> None:
    """Raise the window when a second start has left the file *asked*."""
    if asked.exists():
        asked.unlink(missing_ok=True)
        root.deiconify()
        root.lift()
        root.focus_force()
    root.after(RAISE_MS, come_forward_when_asked, root, asked)


def _show_notice(text: str) -> None:
    """A small window with *text*, for who started by a double click."""
    import tkinter

    from desk import theme
    from desk.window import TITLE

    try:
        root = theme.create_root(TITLE)
    except tkinter.TclError:  # no display: the line on standard error has to do
        log.info("no display for the notice")
        return
    build_notice(root, text)
    root.deiconify()
    root.focus_force()
    root.mainloop()


def build_notice(root: Any, text: str) -> None:
    """Fill *root* with a text and a button that ends it, as Enter and Esc do."""
    import ttkbootstrap as ttk

    from desk import theme

    pad = theme.text_width(root, 1.5)
    body = ttk.Frame(root, padding=pad)
    body.pack(fill="both", expand=True)
    ttk.Label(body, text=text, wraplength=theme.text_width(root, 28)).pack()
    button = ttk.Button(body, text="知道了", command=root.destroy, bootstyle="primary")
    button.pack(pady=(pad, 0))
    for key in ("<Return>", "<Escape>", "<space>"):
        root.bind(key, lambda event: root.destroy())
    root.resizable(False, False)
    root.update_idletasks()
    x = (root.winfo_screenwidth() - root.winfo_reqwidth()) // 2
    root.geometry(f"+{x}+{root.winfo_screenheight() // 3}")


def screen_of(root: Any) -> str:
    """`1366x768`, by which a place is remembered: a laptop stands on two desks."""
    return f"{root.winfo_screenwidth()}x{root.winfo_screenheight()}"


def kept_geometry(root: Any, settings: Any) -> str:
    """What was kept on a screen of this size; "" for none."""
    return settings.geometries.get(screen_of(root), settings.geometry)


def restore_geometry(root: Any, kept: str) -> None:
    """Size and place of last time, pulled back onto the screen there is now."""
    import ttkbootstrap as ttk

    wide, high = root.winfo_screenwidth(), _height_under_title(root)
    least = [min(ttk.scale_size(root, SMALLEST[0]), wide)]
    least.append(min(ttk.scale_size(root, SMALLEST[1]), high))
    root.minsize(*least)
    size = [ttk.scale_size(root, side) for side in USUAL]
    place = None
    if kept and kept != "zoomed":
        try:
            size_text, x, y = kept.split("+")
            size = [int(side) for side in size_text.split("x")]
            place = [int(x), int(y)]
        except ValueError:
            log.warning("kept geometry not readable: %r", kept)
    size = [max(least[0], min(size[0], wide)), max(least[1], min(size[1], high))]
    if place is None:
        place = [(wide - size[0]) // 2, (high - size[1]) // 3]
    x = max(0, min(place[0], wide - size[0]))
    y = max(0, min(place[1], high - size[1]))
    root.geometry(f"{size[0]}x{size[1]}+{x}+{y}")
    if kept == "zoomed" or wide <= USUAL[0] * 1.1:
        _maximise(root)


def _height_under_title(root: Any) -> int:
    """What a title bar leaves of the screen.  It is not there before the window is,
    and a window asked to be higher than that loses its last line, the status bar."""
    from desk import theme

    return root.winfo_screenheight() - round(theme.line_height(root) * TITLE_LINES)


def pull_onto_screen(root: Any) -> None:
    """Give back what hangs over the lower edge, now that the title bar is there."""
    root.update_idletasks()
    over = root.winfo_rooty() + root.winfo_height() - root.winfo_screenheight()
    if over <= 0:
        return
    high = root.winfo_height() - over
    wide, least = root.minsize()
    root.minsize(wide, min(least, high))
    root.geometry(f"{root.winfo_width()}x{high}")


def _maximise(root: Any) -> None:
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.attributes("-zoomed", True)
    else:
        root.state("zoomed")


def keep_geometry(root: Any, window: Any) -> None:
    """Remember size and place for the next start."""
    from desk.settings import save_settings

    if root.tk.call("tk", "windowingsystem") == "x11":
        zoomed = bool(root.attributes("-zoomed"))
    else:
        zoomed = root.state() == "zoomed"
    place = "zoomed" if zoomed else root.geometry()
    window.settings.geometries[screen_of(root)] = place
    window.settings.geometry = ""
    try:
        save_settings(window.folder, window.settings)
    except (OSError, UserError) as error:  # a full disk must not keep it open
        log.warning("the place of the window is not kept: %s", error)


def lock_folder(folder: Path) -> IO[bytes] | None:
    """Hold the data folder for this process; None when another one holds it.

    The lock is the system's: it is gone with the process, however that ended.
    """
    try:
        file = open(folder / "window.lock", "a+b")  # kept open: it is the lock
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        # Where nothing can be written nobody else writes: one only looks there.
        return tempfile.TemporaryFile()
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _start_log(folder: Path) -> IO[str]:
    """Log to a rotating file; crashes of the interpreter to a file of their own."""
    place = _log_folder(folder)
    to_file = logging.handlers.RotatingFileHandler(
        place / "desk.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    to_file.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.getLogger().addHandler(to_file)
    logging.getLogger().setLevel(logging.INFO)
    if sys.stderr is not None:  # None in a windowed build
        to_screen = logging.StreamHandler(sys.stderr)
        to_screen.setLevel(logging.ERROR)
        logging.getLogger().addHandler(to_screen)
    log.info("start: Python %s on %s", platform.python_version(), platform.platform())
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    crash_file = open(place / "crash.log", "a", encoding="utf-8")
    faulthandler.enable(crash_file)
    return crash_file


def _log_folder(folder: Path) -> Path:
    """Beside the data, or where the system keeps what passes if that is protected."""
    place = folder / LOG_FOLDER
    try:
        place.mkdir(exist_ok=True)
        with (place / "desk.log").open("a"):
            pass
    except OSError:
        return Path(tempfile.mkdtemp(prefix="desk-log-"))
    return place


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    log.critical("uncaught", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    error = args.exc_value or args.exc_type()
    log.critical(
        "uncaught in thread", exc_info=(args.exc_type, error, args.exc_traceback)
    )
