"""How the window looks: size of the type, light or dark."""

from typing import Any

from desk import theme
from desk.looking import Look
from desk.settings import save_settings
from desk.stack import fit_all
from desk.systemmode import system_mode

SAVE_MS = 120


class Looks:
    """What the keys for size and mode do; kept for the next start."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self._look: Look | None = None
        self._timer = ""

    def zoom_in(self) -> None:
        """Next larger font size."""
        self._zoom(+1)

    def zoom_out(self) -> None:
        """Next smaller font size."""
        self._zoom(-1)

    def zoom_reset(self) -> None:
        """Font size as at first."""
        self._zoom(0)

    def _zoom(self, step: int) -> None:
        zooms, kept = theme.ZOOMS, self._window.settings.zoom
        here = zooms.index(kept) if kept in zooms else 1
        there = max(0, min(here + step, len(zooms) - 1)) if step else zooms.index(100)
        self.set_zoom(zooms[there])

    def set_zoom(self, zoom: int) -> None:
        """*zoom* per cent, one of `theme.ZOOMS`."""
        window = self._window
        window.settings.zoom = zoom
        theme.set_fonts(window.root, zoom)
        theme.set_mode(window.root, theme.mode())
        window.root.update_idletasks()  # what widgets ask for now is known
        fit_all(window, theme.left_out())
        self._restyle_soon()
        self._save_soon()
        window.status.say(f"字号 {zoom}%")

    def toggle_mode(self) -> None:
        """From light to dark and back, whatever the system is."""
        self.set_mode("light" if theme.mode() == "dark" else "dark")

    def set_mode(self, mode: str) -> None:
        """Use the light or the dark palette, or the one the system has."""
        window = self._window
        window.settings.mode = mode
        self.use_kept_mode()
        self._save_soon()

    def use_kept_mode(self) -> None:
        """As the settings have it."""
        mode = self._window.settings.mode
        self._use(system_mode() if mode == "system" else mode)

    def follow_system(self) -> None:
        """The window has the keys back: the system may have been set otherwise.

        Asking it starts a program on some systems, so nothing waits for the answer.
        """
        if self._window.settings.mode != "system":
            return
        if self._look is None or not self._look.is_open:
            self._look = Look(self._window, system_mode, self._on_answer)

    def _on_answer(self, mode: str) -> None:
        if self._window.settings.mode == "system" and mode != theme.mode():
            self._use(mode)

    def _use(self, mode: str) -> None:
        if mode != theme.mode():
            theme.set_mode(self._window.root, mode)
            self._restyle_soon()

    def _restyle_soon(self) -> None:
        """The pages that are not in front have another look now."""
        if self._window.person is not None:
            self._window.ahead.start()

    def _save_soon(self) -> None:
        """To flush it to the disk takes longer than the key may: when that is painted,
        and once for several in a row."""
        if self._timer:
            self._window.after_cancel(self._timer)
        self._timer = self._window.after(SAVE_MS, self._save)

    def _save(self) -> None:
        self._timer = ""
        save_settings(self._window.folder, self._window.settings)

    def close(self) -> None:
        """The window closes; all settings are kept with its place."""
        if self._timer:
            self._window.after_cancel(self._timer)
            self._timer = ""
        if self._look is not None:
            self._look.drop()
