"""Light or dark, as the system is set.

The package for it, darkdetect, has had no release since 2022; on Linux it waits without
limit for a program that may hang, and calls every failure light.
"""

import logging
import subprocess
import sys

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds
PERSONALIZE = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
GNOME = ["gsettings", "get", "org.gnome.desktop.interface"]


def system_mode() -> str:
    """ "light" or "dark"; "light" where the system does not say."""
    if sys.platform == "win32":
        return _on_windows()
    if sys.platform == "darwin":
        # There is no such key while it is light.
        dark = _said(["defaults", "read", "-g", "AppleInterfaceStyle"]) == "Dark"
    else:
        dark = _is_dark_desktop()
    return "dark" if dark else "light"


def _on_windows() -> str:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, PERSONALIZE) as key:
            light, _ = winreg.QueryValueEx(key, "AppsUseLightTheme")
    except OSError:  # Windows before 10, or never set: light
        return "light"
    return "light" if light else "dark"


def _is_dark_desktop() -> bool:
    """By the freedesktop preference; desktops older than it have a theme by name."""
    preferred = _said([*GNOME, "color-scheme"])
    if preferred in ("'prefer-dark'", "'prefer-light'"):
        return preferred == "'prefer-dark'"
    return _said([*GNOME, "gtk-theme"]).lower().endswith("-dark'")


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.info("the system does not say whether it is dark: %s", error)
        return ""
    return done.stdout.strip()
