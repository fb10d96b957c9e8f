"""The printers of this PC, and sending a document to one of them.

Not every system prints any document on a named printer: Windows asks the program of the
document, elsewhere PDF goes to CUPS and Word documents through LibreOffice.
"""

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_SECONDS = 5  # a print server may be gone
PRINT_SECONDS = 120  # LibreOffice starts in 10 on an office PC
DEVICES = r"Software\Microsoft\Windows NT\CurrentVersion\Devices"
LIBREOFFICE_OF_MACOS = "/Applications/LibreOffice.app/Contents/MacOS/soffice"


def printers() -> list[str]:
    """Their names, sorted; none where the system does not say."""
    names = _devices() if sys.platform == "win32" else _queues()
    return sorted(set(names))


def _devices() -> list[str]:
    """The printers this user of Windows can choose, those of the network as well."""
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, DEVICES) as key:
            count = winreg.QueryInfoKey(key)[1]
            return [winreg.EnumValue(key, index)[0] for index in range(count)]
    except OSError as error:
        log.info("no list of printers: %s", error)
        return []


def _queues() -> list[str]:
    try:
        done = subprocess.run(
            ["lpstat", "-e"], capture_output=True, text=True, timeout=LOOK_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.info("no list of printers: %s", error)
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def print_on(path: Path, printer: str) -> bool:
    """Send a document to *printer*; False when this system cannot.

    It waits for the program that does it, so not on the Tk thread.
    """
    if sys.platform == "win32":
        return _print_to(path, printer)
    command = _command(path, printer)
    if not command:
        return False
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PRINT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s was not printed: %s", path.name, error)
        return False
    if done.returncode:
        log.warning("%s was not printed: %s", path.name, done.stderr.strip())
    return not done.returncode


def _print_to(path: Path, printer: str) -> bool:
    try:
        os.startfile(path, "printto", f'"{printer}"')
    except OSError as error:  # no program, or one that cannot
        log.warning("%s was not printed: %s", path.name, error)
        return False
    return True


def _command(path: Path, printer: str) -> list[str]:
    if path.suffix.lower() == ".pdf":
        return ["lp", "-d", printer, "--", str(path)] if shutil.which("lp") else []
    office = shutil.which("soffice") or _libreoffice_of_macos()
    return [office, "--headless", "--pt", printer, str(path)] if office else []


def _libreoffice_of_macos() -> str:
    return LIBREOFFICE_OF_MACOS if Path(LIBREOFFICE_OF_MACOS).exists() else ""
